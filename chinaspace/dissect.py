"""Dissect a query in SPARQL: tell where its outermost group begins, what that binds, and which triples it reads.

Only what is common in constraints is read: triple patterns with paths, filters
with EXISTS, OPTIONAL, BIND and VALUES. Anything else is not guessed at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

import pyoxigraph as ox

from chinaspace.names import RDF, Term

# What a query is made of, as far as finding its groups needs it; what is quoted is not looked into.
LEXED = re.compile(
    r"""(?P<text>\"{3}(?:[^\"\\]|\\.|\"(?!\"\"))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}"""
    r"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?P<iri><[^<>"{}|^`\s]*>)|(?P<remark>\#[^\n]*)"""
    r"""|[$?](?P<variable>\w+)|(?P<word>[A-Za-z_][\w:.-]*)|(?P<gap>\s+)|(?P<sign>.)""",
    re.DOTALL,
)
_NAME = re.compile(r"([A-Za-z][\w-]*):([A-Za-z_][\w-]*)")
_SCHEME = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[^\\]*>")
# What makes rows of several solutions, or leaves some out.
_APART = {"GROUP", "HAVING", "LIMIT", "OFFSET", "VALUES"}
_TYPE = ox.NamedNode(RDF + "type")


@dataclass(frozen=True)
class Pattern:
    """What one triple pattern matches: terms or names of variables; *steps* are its predicates, True for inverse ones.

    The predicate is any where there are no *steps*, and *variable* its name. Of a path that is more than one step long,
    ends and triples have nothing to do with each other: it is not *plain*. One without a step, an *empty* one, leads
    from any node to itself.
    """

    subject: Term | str
    value: Term | str
    steps: tuple[tuple[ox.NamedNode, bool], ...] = ()
    variable: str = ""
    plain: bool = True
    empty: bool = False


@dataclass(frozen=True)
class Dissected:
    """A query: where its outermost group begins, what that always binds, and all patterns."""

    head: int
    certain: frozenset[str] = frozenset()
    patterns: tuple[Pattern, ...] = ()


def dissect(text: str) -> Dissected | None:
    """Return the parts of a SELECT query; None where it has anything that is not read here."""
    try:
        return _Reader(text).read()
    except (ValueError, IndexError):
        return None


@dataclass
class _Reader:
    """Reads the groups of a query; whatever it does not expect is a ValueError."""

    text: str
    prefixes: dict[str, str] = field(default_factory=dict)
    tokens: list[tuple[str, str, int]] = field(default_factory=list)
    at: int = 0
    patterns: list[Pattern] = field(default_factory=list)

    def read(self) -> Dissected:
        for match in LEXED.finditer(self.text):
            kind = match.lastgroup or ""
            if kind not in ("gap", "remark"):
                self.tokens.append((kind, match[kind], match.end()))
        while not self._is("{"):
            self._prologue()
        head = self.tokens[self.at][2]
        certain = self._group()
        if any(text == "{" or text.upper() in _APART for _, text, _ in self.tokens[self.at :]):
            self._refuse()
        # An empty path depends on which nodes there are, unless one of its ends is bound.
        if any(one.empty and certain.isdisjoint({one.subject, one.value}) for one in self.patterns):
            self._refuse()
        return Dissected(head, frozenset(certain), tuple(self.patterns))

    def _prologue(self) -> None:
        """Read a prefix, or what is selected if it is variables alone."""
        kind, text = self._next()
        if text.upper() == "PREFIX":
            name, iri = self._next()[1], self._next()[1]
            if not _SCHEME.fullmatch(iri):
                self._refuse()
            self.prefixes[name.removesuffix(":")] = iri[1:-1]
        elif kind != "variable" and text.upper() not in ("SELECT", "DISTINCT", "REDUCED", "WHERE"):
            self._refuse()

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.at][:2]

    def _next(self) -> tuple[str, str]:
        self.at += 1
        return self.tokens[self.at - 1][:2]

    def _is(self, *signs: str) -> bool:
        kind, text = self._peek()
        return kind == "sign" and text in signs

    def _expect(self, sign: str) -> None:
        if self._next() != ("sign", sign):
            self._refuse()

    def _refuse(self) -> NoReturn:
        raise ValueError("not read here")

    def _word(self) -> str:
        kind, text = self._peek()
        return text.upper() if kind == "word" else ""

    def _group(self) -> set[str]:
        """Read a group from its brace on; return the variables that its triple patterns bind."""
        self._expect("{")
        bound: set[str] = set()
        while not self._is("}"):
            word = self._word()
            inner = {"FILTER": self._constraint, "BIND": self._brackets, "OPTIONAL": self._group}.get(word)
            if inner:
                self.at += 1
                inner()
            elif word == "VALUES":
                self._skip_values()
            elif self._is("."):
                self.at += 1
            else:
                bound |= self._triples()
        self.at += 1
        return bound

    def _skip_values(self) -> None:
        self.at += 1
        if self._next()[0] != "variable":
            self._refuse()
        self._expect("{")
        while not self._is("}"):
            if self._is("{"):
                self._refuse()
            self.at += 1
        self.at += 1

    def _constraint(self) -> None:
        if self._word() == "NOT":
            self.at += 1
        if self._word() == "EXISTS":
            self.at += 1
            self._group()
            return
        if self._peek()[0] in ("word", "iri"):
            self.at += 1  # the name of a function
        self._brackets()

    def _brackets(self) -> None:
        """Read an expression in brackets, and the groups in it."""
        self._expect("(")
        depth, before = 1, ""
        while depth:
            if self._is("{"):
                if before != "EXISTS":
                    self._refuse()
                self._group()
                before = ""
                continue
            before = self._word()
            _, sign = self._next()
            depth += (sign == "(") - (sign == ")")

    def _triples(self) -> set[str]:
        """Read what is said of one subject."""
        subject, bound = self._term(), set[str]()
        while True:
            verb = self._verb()
            while True:
                pattern = Pattern(subject, self._term(), *verb)
                self.patterns.append(pattern)
                if not pattern.empty:
                    bound |= {one for one in (subject, pattern.value, pattern.variable) if isinstance(one, str) and one}
                if not self._is(","):
                    break
                self.at += 1
            while self._is(";"):
                self.at += 1
                if self._is(".", "}"):
                    return bound
                if not self._is(";"):
                    break
            else:
                return bound

    def _term(self) -> Term | str:
        """Read a variable, a name or a plain text."""
        kind, text = self._next()
        if kind == "variable":
            return text
        if kind in ("word", "iri"):
            return self._name(kind, text)
        if kind != "text" or "\\" in text or text[:3] in ('"""', "'''") or self._is("@", "^"):
            self._refuse()
        return ox.Literal(text[1:-1])

    def _name(self, kind: str, text: str) -> ox.NamedNode:
        if kind == "iri" and _SCHEME.fullmatch(text):
            return ox.NamedNode(text[1:-1])
        named = _NAME.fullmatch(text) if kind == "word" else None
        if named is None or named[1] not in self.prefixes:
            self._refuse()
        return ox.NamedNode(self.prefixes[named[1]] + named[2])

    def _verb(self) -> tuple[tuple[tuple[ox.NamedNode, bool], ...], str, bool, bool]:
        """Read a predicate: its properties or its variable, whether it is one step long, and whether it may be none."""
        kind, text = self._peek()
        if kind == "variable":
            self.at += 1
            return (), text, True, False
        steps, plain, empty, depth = list[tuple[ox.NamedNode, bool]](), True, False, 0
        inverse, waiting = False, True
        while waiting or depth or self._is("|", "/", "*", "+", ")"):
            kind, text = self._next()
            if kind in ("word", "iri"):
                if not waiting:
                    self._refuse()
                steps.append((_TYPE if text == "a" else self._name(kind, text), inverse))
                inverse = waiting = False
            elif kind != "sign" or text not in "()^|/*+":
                self._refuse()  # also "?" and "!"
            elif text == "^":
                inverse = True
                plain = plain and self._peek()[0] in ("word", "iri")
            else:
                depth += (text == "(") - (text == ")")
                plain, empty = plain and text in "|()", empty or text == "*"
                waiting = text in "|/("
        return tuple(steps), "", plain, empty
