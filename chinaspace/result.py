"""The answer to a query, whole or still coming."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from chinaspace.errors import DeadlineError, QueryError

# No more of an answer is held at once.
_MOST = 2**25


@dataclass
class Reply:
    """The head of an answer, and what is there of it.

    Of a long answer *rest* gives what is not there yet, until *finish* on the
    loop's clock, and *close* must be called when no more of it is wanted. A whole
    one holds in *coded* what it is in each coding that was asked for.
    """

    media_type: str
    body: bytes
    rest: AsyncIterator[bytes] | None = None
    finish: float = 0
    close: Callable[[], None] = field(default=lambda: None)
    coded: dict[str, bytes] = field(default_factory=dict)

    async def whole(self) -> bytes:
        """Return the whole answer, for what cannot be made piece by piece.

        Raises:
            DeadlineError, KilledError: it does not come to its end.
            QueryError: it is too long to be held.
        """
        if self.rest is None:
            return self.body
        pieces, size = [self.body], len(self.body)
        try:
            async with asyncio.timeout_at(self.finish):
                async for piece in self.rest:
                    pieces.append(piece)
                    size += len(piece)
                    if size > _MOST:
                        raise QueryError(f"The answer is longer than {_MOST // 2**20} MiB. Add LIMIT, or ask for CSV.")
            return b"".join(pieces)
        except TimeoutError as error:
            raise DeadlineError("The answer took too long to write. Ask for less, or for CSV or JSON.") from error
        finally:
            self.close()
