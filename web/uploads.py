"""Uploads of scans: the addresses that take large bodies, which lie on disk and never whole in memory."""

import os
import re
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO

from flask import Flask, Request, current_app

from campaigns.cards.scans.limits import LARGEST_FILE
from campaigns.store.server.disk import free_bytes, room_of
from campaigns.store.server.places import data_dir, make_data_folder, make_private

FORM_AROUND = 100_000  # bytes of the form that a file comes in
LARGEST_ATTACHMENT = 10_000_000
COPIES = 3  # as it came, taken out of its form, and kept
# The addresses that take large bodies: each one's endpoint, how it reads, and how long a body may be. What the first brackets
# hold is the address of the page that the body is sent from.
LARGE = {
    "officers.scans": (re.compile(r"(/officers/[^/]+/scans)"), LARGEST_FILE + FORM_AROUND),
    "keying.attach": (re.compile(r"(/keying/[^/]+/)attach"), LARGEST_ATTACHMENT + FORM_AROUND),
}


class UploadRequest(Request):
    """A request whose files lie on the data folder's disk, and may be large at the addresses for it."""

    @property  # type: ignore[misc]
    def max_content_length(self) -> int | None:  # type: ignore[override]
        """Returns how long the body may be, in bytes."""
        return LARGE[self.endpoint][1] if self.endpoint in LARGE else super().max_content_length

    def _get_file_stream(
        self, total_content_length: int | None, content_type: str | None, filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if self.endpoint not in LARGE:
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        return nameless_file(current_app.config["UPLOADS"])


def init_app(app: Flask, folder: Path) -> None:
    """Lets an application take uploads, by way of a folder of its own."""
    app.config["UPLOADS"] = folder
    app.request_class = UploadRequest


def uploads_folder(data: Path) -> Path:
    """Returns the folder that uploads lie in while they come; the files in it have no name, and go with their process."""
    return data / "uploads"


def is_upload(method: str, path: str, length: str) -> bool:
    """Tells whether a request is an upload by its address, of a length that is taken there and said beforehand."""
    if method != "POST" or not length.isdecimal():
        return False
    return any(address.fullmatch(path) and int(length) <= most for address, most in LARGE.values())


def page_of(path: str) -> str:
    """Returns the address of the page that an upload is sent from, which shows who may send it; its own where it is none."""
    found = (address.fullmatch(path) for address, _ in LARGE.values())
    return next((match[1] for match in found if match), path)


def has_room(folder: Path, length: int) -> bool:
    """Tells whether the disk holds an upload and still leaves the store what it needs."""
    free = free_bytes(folder.parent)
    return free is None or free > room_of(folder.parent, os.environ).least + COPIES * length


def nameless_file(folder: Path) -> BinaryIO:
    """Returns a new file on the data folder's disk that goes by itself when it is closed."""
    make_data_folder(folder.parent)
    make_private(folder)
    return TemporaryFile(dir=folder)


def own_folder() -> Path:
    """Returns the folder for uploads of this process's own data folder."""
    return uploads_folder(data_dir(os.environ))
