"""Render problems in the form that a reader asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version

from chinaspace.paths import shape_files
from chinaspace.report import Form, Problem, to_json
from chinaspace.report_github import to_github
from chinaspace.report_junit import to_junit
from chinaspace.report_sarif import to_sarif
from chinaspace.report_text import to_text
from chinaspace.report_turtle import to_turtle
from chinaspace.word import Rule, word


def render(problems: Sequence[Problem], form: Form, facts: Mapping[str, object] | None = None) -> str:
    """Return *problems* in *form*; *facts* on the run go into JSON alone.

    Raises:
        ReadError: the shapes, whose words some forms show, cannot be read.
    """
    if form is Form.SARIF:
        return to_sarif(problems, _rules(), version("chinaspace"))
    if form is Form.JUNIT:
        return to_junit(problems, _rules())
    if form is Form.JSON:
        return to_json(problems, facts)
    plain = {Form.TEXT: to_text, Form.GITHUB: to_github, Form.TURTLE: to_turtle}
    return plain[form](problems)


def _rules() -> dict[str, Rule]:
    return word(shape_files())
