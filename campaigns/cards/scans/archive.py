"""The files in a ZIP; used only in the child process. Their names are looked at only to leave out what systems put in."""

import io
import struct
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

from PIL import Image

from campaigns.cards.scans.kinds import HEAD, kind_of, open_plain
from campaigns.cards.scans.leaves import DAMAGE, Leaf, Refused, refusing
from campaigns.cards.scans.limits import LARGEST_MEMBER, MOST_PAGES

END = b"PK\x05\x06"
END_LENGTH, LONGEST_COMMENT = 22, 65_535
LONGEST_ENTRY = 1000
MOST_ENTRIES = 2 * MOST_PAGES
NOT_PAGES = (".", "Thumbs.db", "desktop.ini")  # beginnings of names
APPLE = "__MACOSX/"


def end_of_zip(file: BinaryIO) -> bytes:
    """Returns the record at a ZIP's end; nothing for a file without one, which therefore is no ZIP."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(size - END_LENGTH - LONGEST_COMMENT, 0))
    tail = file.read()
    at = tail.rfind(END)
    end = tail[at:at + END_LENGTH] if at >= 0 else b""
    return end if len(end) == END_LENGTH and at + END_LENGTH + int.from_bytes(end[20:], "little") == len(tail) else b""


def open_zip(file: BinaryIO) -> list[Leaf]:
    """Returns the pages of the files in a ZIP, in their order; raises Refused where it is damaged or holds too many."""
    entries, length = struct.unpack("<10xHL6x", end_of_zip(file) or _broken())
    if entries > MOST_ENTRIES or length > MOST_ENTRIES * LONGEST_ENTRY:  # before a million entries are read in
        raise Refused("too many")
    try:
        unpacking = Unpacking(ZipFile(file))
    except DAMAGE as failure:
        raise Refused("broken") from failure
    leaves: list[Leaf] = []
    for member in unpacking.members():
        leaves += _pages(unpacking, member)
        if len(leaves) > MOST_PAGES:
            raise Refused("too many")
    return leaves


class Unpacking:
    """Unpacks the files of a ZIP one at a time; that of the page asked for last stays, since its next page comes next."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._kept: tuple[ZipInfo | None, list[Leaf]] = None, []

    def members(self) -> list[ZipInfo]:
        """Returns the files in it, without folders and what systems put beside them."""
        found = [member for member in self._archive.infolist() if not member.is_dir()]
        return [one for one in found if APPLE not in one.filename and not one.filename.rpartition("/")[2].startswith(NOT_PAGES)]

    def head(self, member: ZipInfo) -> bytes:
        """Returns how a file begins; raises Refused."""
        return self._read(member, HEAD)

    def leaves(self, member: ZipInfo, kind: str) -> list[Leaf]:
        """Returns the pages of a file; raises Refused."""
        if self._kept[0] is not member:
            self._kept = None, []
            if member.file_size > LARGEST_MEMBER:
                raise Refused("bomb")
            whole = self._read(member, LARGEST_MEMBER + 1)
            if len(whole) > LARGEST_MEMBER:
                raise Refused("bomb")
            self._kept = member, open_plain(kind, io.BytesIO(whole))
        return self._kept[1]

    def _read(self, member: ZipInfo, most: int) -> bytes:
        if member.flag_bits & 1:
            raise Refused("locked")
        try:
            with self._archive.open(member) as file:
                return file.read(most)
        except DAMAGE as failure:
            raise Refused("broken") from failure


def _pages(unpacking: Unpacking, member: ZipInfo) -> list[Leaf]:
    """Returns the pages of one file in a ZIP; one that cannot be opened counts as one page, which says why."""
    try:
        kind = kind_of(unpacking.head(member))
        if kind == "zip":
            raise Refused("nested")
        many = len(unpacking.leaves(member, kind)) if kind in ("pdf", "tiff") else 1
    except Refused as refused:
        return [refusing(refused.outcome)]
    except DAMAGE:
        return [refusing("broken")]
    return [_page(unpacking, member, kind, place) for place in range(many)] or [refusing("no pages")]


def _page(unpacking: Unpacking, member: ZipInfo, kind: str, place: int) -> Leaf:
    def read(dpi: int) -> Image.Image:
        return unpacking.leaves(member, kind)[place](dpi)

    return read


def _broken() -> bytes:
    raise Refused("broken")
