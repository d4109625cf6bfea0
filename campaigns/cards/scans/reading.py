"""Having a file read in a child process that may break, hang or grow: whatever becomes of it is said by name."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from campaigns.cards.scans.frames import NotAFrame, take_frame
from campaigns.cards.scans.layout import CardLayout
from campaigns.cards.scans.limits import PAGE_SECONDS
from campaigns.cards.scans.outcomes import REFUSED, WORDS

HOUSE = Path(__file__).parents[3]
PIECE = 1 << 16
# Nothing of ours goes with it: no address of the store, no secret. One thread, since each takes memory.
SURROUNDINGS = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}


@dataclass(frozen=True)
class PageRead:
    """What was found on a page: codes, each with the picture of its card; the whole page where a person must see it.

    ``refused`` names why it could not be read; ``clash`` are the places of codes that disagree with another on their card.
    """

    place: int
    texts: tuple[str, ...] = ()
    cards: tuple[bytes, ...] = ()
    clash: tuple[int, ...] = ()
    page: bytes = b""
    refused: str = ""
    blank: bool = False
    damaged: bool = False


@dataclass(frozen=True)
class FileRead:
    """What was found of a file before its first page: how many there are, or the name of why there are none."""

    pages: int = 0
    refused: str = ""


class _Ended(Exception):
    """The child process wrote no more; the text is the outcome's name."""


def read_file(file: BinaryIO, start: int, slug: str, layout: CardLayout) -> Iterator[FileRead | PageRead]:
    """Yields what a file is, then its pages from ``start`` on (0: the first); one that breaks the reader spoils only itself.

    ``file`` must be a real file, since the child process reads it as its standard input.
    """
    total, place = -1, start
    while total < 0 or place < total:
        with _child(file, place, slug, layout) as frames:
            try:
                told = _file_read(next(frames)[0])
                if total < 0:
                    yield told
                total = told.pages
                while place < total:
                    yield _page_read(place, *next(frames))
                    place += 1
            except _Ended as ended:
                if total < 0:
                    yield FileRead(refused=str(ended))
                    return
                yield PageRead(place, refused=str(ended))
                place += 1


def _file_read(header: dict[str, Any]) -> FileRead:
    refused = str(header.get("refused", ""))
    if refused:
        return FileRead(refused=refused if refused in REFUSED else "stopped")
    return FileRead(int(header["pages"]))


def _page_read(place: int, header: dict[str, Any], pictures: list[bytes]) -> PageRead:
    """Returns a page as the child process says it is; nothing it says is taken at more than its word."""
    refused = str(header.get("refused", ""))
    if refused or header.get("blank"):
        return PageRead(place, refused=refused if refused in WORDS or not refused else "stopped", blank=bool(header.get("blank")))
    texts = tuple(str(text) for text in header.get("texts", ()))
    whole = bool(header.get("whole"))
    right = len(pictures) == len(texts) + whole and all(picture.startswith(b"\xff\xd8\xff") for picture in pictures)
    if not right:
        return PageRead(place, refused="stopped")
    return PageRead(
        place, texts, tuple(pictures[:len(texts)]), tuple(int(at) for at in header.get("clash", ())),
        pictures[-1] if whole else b"", damaged=bool(header.get("damaged")),
    )


@contextmanager
def _child(file: BinaryIO, start: int, slug: str, layout: CardLayout) -> Iterator[Iterator[tuple[dict[str, Any], list[bytes]]]]:
    file.seek(0)
    command = [sys.executable, "-m", "campaigns.cards.scans.child", str(start), slug, json.dumps(layout.numbers)]
    running = subprocess.Popen(  # noqa: S603 (the command is ours)
        command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=HOUSE,
        env={**SURROUNDINGS, "PATH": os.environ.get("PATH", os.defpath)},
    )
    try:
        yield _frames(running)
    finally:
        running.kill()
        running.communicate()


def _frames(running: subprocess.Popen[bytes]) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """Yields the child's frames; raises _Ended with the name of what became of it."""
    held = bytearray()
    deadline = time.monotonic() + PAGE_SECONDS
    assert running.stdout
    while True:
        try:
            frame = take_frame(held)
        except NotAFrame as failure:
            raise _Ended("stopped") from failure
        if frame:
            yield frame
            deadline = time.monotonic() + PAGE_SECONDS
        elif not select.select([running.stdout], [], [], max(deadline - time.monotonic(), 0))[0]:
            raise _Ended("slow")
        elif piece := os.read(running.stdout.fileno(), PIECE):
            held += piece
        else:
            raise _Ended("slow" if running.wait() == -signal.SIGXCPU else "stopped")
