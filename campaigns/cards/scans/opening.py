"""Opening an uploaded file; used only in the child process."""

from typing import BinaryIO

from campaigns.cards.scans.archive import end_of_zip, open_zip
from campaigns.cards.scans.kinds import HEAD, kind_of, open_plain
from campaigns.cards.scans.leaves import DAMAGE, Leaf, Refused
from campaigns.cards.scans.limits import MOST_PAGES


def open_file(file: BinaryIO) -> list[Leaf]:
    """Returns the pages of a file, in order; raises Refused, by name, for what cannot be read as a whole."""
    file.seek(0)
    kind = kind_of(file.read(HEAD))
    if kind != "zip" and end_of_zip(file):
        raise Refused("two kinds")
    try:
        leaves = open_zip(file) if kind == "zip" else open_plain(kind, file)
    except Refused:
        raise
    except DAMAGE as failure:
        raise Refused("broken") from failure
    if not leaves:
        raise Refused("no pages")
    if len(leaves) > MOST_PAGES:
        raise Refused("too many")
    return leaves
