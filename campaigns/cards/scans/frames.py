"""What the child process and whoever started it say to each other: a header in JSON, then the pictures it counts."""

import json
import struct
from collections.abc import Sequence
from typing import Any, BinaryIO

from campaigns.cards.scans.limits import LARGEST_PICTURE, MOST_SYMBOLS

LENGTH = struct.Struct(">L")
LARGEST_HEADER = 100_000


class NotAFrame(ValueError):
    """Bytes that our own child process does not write."""


def write_frame(out: BinaryIO, header: dict[str, object], pictures: Sequence[bytes]) -> None:
    """Writes a frame, and sends it off."""
    packed = json.dumps(header | {"sizes": [len(picture) for picture in pictures]}).encode()
    out.write(b"".join([LENGTH.pack(len(packed)), packed, *pictures]))
    out.flush()


def take_frame(held: bytearray) -> tuple[dict[str, Any], list[bytes]] | None:
    """Takes a whole frame off the front of what has come; None where it is not whole yet. Raises NotAFrame."""
    if len(held) < LENGTH.size:
        return None
    end = LENGTH.size + LENGTH.unpack_from(held)[0]
    if end > LARGEST_HEADER:
        raise NotAFrame("a header is too long")
    if len(held) < end:
        return None
    header = _read_header(bytes(held[LENGTH.size:end]))
    sizes = header["sizes"]
    if len(held) < end + sum(sizes):
        return None
    pictures = []
    for size in sizes:
        pictures.append(bytes(held[end:end + size]))
        end += size
    del held[:end]
    return header, pictures


def _read_header(packed: bytes) -> dict[str, Any]:
    try:
        header = json.loads(packed)
        sizes = header["sizes"]
        right = len(sizes) <= MOST_SYMBOLS + 1 and all(type(size) is int and 0 <= size <= LARGEST_PICTURE for size in sizes)
    except (ValueError, TypeError, KeyError) as failure:
        raise NotAFrame("a header is none") from failure
    if not right:
        raise NotAFrame("a picture is too large")
    return dict(header)
