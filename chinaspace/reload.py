"""Put another data set in the place of the one that is served: build it beside, check it, swap."""

from __future__ import annotations

import asyncio
import gc
import sys
import time
import warnings
from collections.abc import Callable

from chinaspace.errors import ChinaSpaceError
from chinaspace.resolve import forget_names
from chinaspace.seek import forget_finders
from chinaspace.serving import Serving
from chinaspace.web import Application

# So long the data set that was served is kept at least, for requests that have begun to ask it.
_GRACE = 5.0
_LOOK = 0.2
_CHECK = "ASK {}"


class Reloader:
    """Loads anew whenever it is told, one time after the other."""

    def __init__(self, app: Application, build: Callable[[], Callable[[], Serving]]) -> None:
        """Serve in *app* what *build* makes: it loads on a thread, and what it returns starts the processes."""
        self._app, self._build = app, build
        self._asked_again = False
        self._task: asyncio.Task[None] | None = None
        self._fading: set[asyncio.Task[None]] = set()

    def ask(self) -> None:
        """Reload soon; while it is under way, once more when it is done."""
        if self._task and not self._task.done():
            self._asked_again = True
            return
        self._task = asyncio.get_running_loop().create_task(self._reload())

    async def _reload(self) -> None:
        while True:
            self._asked_again = False
            begin = time.perf_counter()
            try:
                said = await self._swap()
                self._app.metrics.count_reload("done")
            except ChinaSpaceError as error:
                said = f"not reloaded, {self._app.serving.digest} is served as before: {error}"
                self._app.metrics.count_reload("failed")
            _say(f"{said} ({time.perf_counter() - begin:.1f} seconds)")
            if not self._asked_again:
                return

    async def _swap(self) -> str:
        """Load, check and swap; return what was done.

        Raises:
            ChinaSpaceError: it cannot be loaded or does not answer; nothing has changed then.
        """
        start = await asyncio.to_thread(self._build)
        with warnings.catch_warnings():
            # Python warns of a fork beside threads. The process that is forked touches none of their locks: it has
            # the store, a socket, and forks again.
            warnings.simplefilter("ignore", DeprecationWarning)
            new = start()
        try:
            await new.answerer.ask(_CHECK, [])
        except ChinaSpaceError:
            new.close()
            raise
        old, self._app.serving = self._app.serving, new
        self._app.cache.forget_others(new.digest)
        fading = asyncio.get_running_loop().create_task(_fade(old))
        self._fading.add(fading)
        fading.add_done_callback(self._fading.discard)
        same = old.digest == new.digest
        return f"reloaded, the data set is {'the same' if same else 'another'}: {new.digest}, {new.triples} triples"


async def _fade(old: Serving) -> None:
    """Close what was served when nobody waits for it any more."""
    await asyncio.sleep(_GRACE)
    end = asyncio.get_running_loop().time() + old.patience
    while old.busy and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(_LOOK)
    old.close()
    forget_names()
    forget_finders()
    # What was served when the server began was kept out of the search for garbage.
    gc.unfreeze()


def _say(text: str) -> None:
    sys.stderr.write(f"chinaspace: {text}\n")
    sys.stderr.flush()
