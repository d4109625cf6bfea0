"""Taking in an upload: a few at once, onto the disk, and never whole into memory."""

from collections.abc import AsyncIterable
from pathlib import Path
from typing import BinaryIO

from granian.rsgi import Scope

from web.uploads import has_room, is_upload, nameless_file

SECONDS = 900.0  # 200 MB over a slow line
MOST_AT_ONCE = 2
BUSY = "Other files are just coming in, and nothing of this one was kept. Please go back and send it again in a minute."
NO_ROOM = "There is not enough room for this file just now, and nothing of it was kept. Please tell your administrator."
PLAIN = [("Content-Type", "text/plain"), ("Retry-After", "60")]


class NotTaken(Exception):
    """A request that is answered before it has come whole."""

    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        super().__init__(status)
        self.status, self.headers, self.body = status, headers, body


class Uploads:
    """Takes uploads in by way of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._coming = folder, 0

    def wants(self, scope: Scope) -> bool:
        """Tells whether a request is an upload, to be taken by ``receive``."""
        return is_upload(scope.method, scope.path, scope.headers.get("content-length") or "")

    async def receive(self, scope: Scope, parts: AsyncIterable[bytes]) -> BinaryIO:
        """Returns what is uploaded, as a file that goes by itself; raises NotTaken where there is no room for it."""
        if self._coming >= MOST_AT_ONCE:
            raise NotTaken(503, PLAIN, BUSY.encode())
        if not has_room(self._folder, int(scope.headers.get("content-length") or 0)):
            raise NotTaken(503, PLAIN, NO_ROOM.encode())
        self._coming += 1
        body = nameless_file(self._folder)
        try:
            async for part in parts:
                body.write(part)
            body.seek(0)
        except BaseException as failure:
            body.close()
            if isinstance(failure, OSError) and not isinstance(failure, TimeoutError):
                raise NotTaken(503, PLAIN, NO_ROOM.encode()) from failure
            raise
        finally:
            self._coming -= 1
        return body
