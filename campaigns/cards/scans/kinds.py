"""What a file is, by how it begins and never by its name; used only in the child process."""

from typing import BinaryIO

from campaigns.cards.scans.images import open_picture, open_tiff
from campaigns.cards.scans.leaves import Leaf, Refused
from campaigns.cards.scans.pdf_pages import open_pdf

SIGNATURES = {
    b"%PDF-": "pdf", b"II*\0": "tiff", b"MM\0*": "tiff", b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png",
    b"PK\x03\x04": "zip", b"PK\x05\x06": "zip",
}
HEAD = 16


def kind_of(head: bytes) -> str:
    """Returns what a file is by its first bytes; raises Refused for what we do not read."""
    if not head:
        raise Refused("empty")
    kind = next((kind for signature, kind in SIGNATURES.items() if head.startswith(signature)), "")
    if not kind:
        raise Refused("strange")
    return kind


def open_plain(kind: str, file: BinaryIO) -> list[Leaf]:
    """Returns the pages of a file of one kind, no ZIP; raises Refused."""
    file.seek(0)
    if kind == "pdf":
        return open_pdf(file)
    return open_tiff(file) if kind == "tiff" else open_picture(file, kind)
