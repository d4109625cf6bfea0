"""Uploads on their way in: at few addresses, from whoever may open its page, onto the disk and bounded."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.test_serving import Scope
from web import create_app
from web.receiving import MOST_AT_ONCE, NotTaken, Uploads
from web.serving import Whole
from web.uploads import LARGE, has_room, is_upload, page_of

ADDRESS = "/officers/little-town/scans"
MOST = LARGE["officers.scans"][1]


class Sender:
    """Somebody who sends a body in parts, as granian hands it on; notes what was read of it, and the answer."""

    def __init__(self, *parts: bytes) -> None:
        self.parts, self.read, self.status, self.body = parts, 0, 0, b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            self.read += len(part)
            yield part

    def response_bytes(self, status: int, _: object, body: bytes) -> None:
        self.status, self.body = status, body

    def response_str(self, status: int, headers: object, body: str) -> None:
        self.response_bytes(status, headers, body.encode())


def answering(status: str) -> Callable[..., list[bytes]]:
    """Returns an application whose page has a status, and that says how long a body it was sent and where that lies."""
    def application(environ: dict[str, Any], start: Callable[..., None]) -> list[bytes]:
        start(status, [])
        sent = environ["wsgi.input"]
        return [f"{environ['REQUEST_METHOD']} {len(sent.read())} {type(sent).__name__}".encode()]

    return application


def send(status: str, folder: Path, *parts: bytes, path: str = ADDRESS) -> Sender:
    """Returns a sender whose upload was answered."""
    async def sending() -> Sender:
        sender, length = Sender(*parts), sum(map(len, parts))
        whole = Whole(answering(status), 1000, uploads=Uploads(folder))
        await whole.__rsgi__(Scope("POST", path, headers={"content-length": str(length)}), sender)  # type: ignore[arg-type]
        return sender

    return asyncio.run(sending())


@pytest.mark.parametrize(("method", "path", "length", "taken"), [
    ("POST", ADDRESS, "200000000", True), ("POST", ADDRESS, str(MOST + 1), False), ("POST", ADDRESS, "", False),
    ("POST", ADDRESS, "-1", False), ("PUT", ADDRESS, "5", False), ("POST", f"{ADDRESS}/waiting/a", "5", False),
    ("POST", "/officers/a/b/scans", "5", False), ("POST", "/little-town/wish", "5", False), ("POST", f"{ADDRESS}\n", "5", False),
    ("POST", "/keying/little-town/attach", "9000000", True), ("POST", "/keying/little-town/attach", "200000000", False),
])
def test_few_addresses_take_uploads(method: str, path: str, length: str, taken: bool) -> None:
    assert is_upload(method, path, length) == taken


def test_an_upload_lies_on_disk_and_has_no_name_there(tmp_path: Path) -> None:
    sender = send("200 OK", tmp_path / "uploads", b"x" * 60_000, b"y" * 60_000)
    assert (sender.status, sender.body.decode().split()[:2]) == (200, ["POST", "120000"])
    assert b"BytesIO" not in sender.body
    assert (list((tmp_path / "uploads").iterdir()), (tmp_path / "uploads").stat().st_mode & 0o077) == ([], 0)


@pytest.mark.parametrize("status", ["302 Found", "403 Forbidden", "404 Not Found", "500 Error"])
def test_nothing_is_read_of_who_may_not_open_the_page(tmp_path: Path, status: str) -> None:
    sender = send(status, tmp_path / "uploads", b"x" * 60_000)
    assert (sender.status, sender.read, sender.body) == (int(status[:3]), 0, b"GET 0 BytesIO")


@pytest.mark.parametrize("path", [ADDRESS, "/keying/little-town/attach"])
def test_each_upload_comes_from_a_page_that_can_be_opened(settings: dict[str, str], path: str) -> None:
    pages = create_app(settings).url_map.bind("localhost")
    page, sent = (pages.match(*asked)[0] for asked in ((page_of(path), "GET"), (path, "POST")))
    assert page.partition(".")[0] == sent.partition(".")[0], "another role might open it"


def test_elsewhere_as_much_is_too_much(tmp_path: Path) -> None:
    assert send("200 OK", tmp_path / "uploads", b"x" * 60_000, path="/officers/little-town/cards").read == 0


def test_an_upload_waits_for_room(tmp_path: Path) -> None:
    assert has_room(tmp_path / "uploads", 1)
    assert not has_room(tmp_path / "uploads", 1 << 60)


def test_only_a_few_come_in_at_once(tmp_path: Path) -> None:
    async def crowding() -> list[str]:
        uploads, go_on = Uploads(tmp_path / "uploads"), asyncio.Event()

        async def slow() -> AsyncIterator[bytes]:
            await go_on.wait()
            yield b"late"

        scope: Any = Scope("POST", ADDRESS, headers={"content-length": "4"})
        coming = [asyncio.create_task(uploads.receive(scope, slow())) for _ in range(MOST_AT_ONCE + 1)]
        refused = await asyncio.gather(coming[-1], return_exceptions=True)
        go_on.set()
        files = await asyncio.gather(*coming[:-1])
        said = [file.read().decode() for file in files]
        for file in files:
            file.close()
        assert isinstance(refused[0], NotTaken)
        return [*said, str(refused[0].status)]

    assert asyncio.run(crowding()) == ["late"] * MOST_AT_ONCE + ["503"]
