"""``python -m campaigns.cards.scans.child START SLUG LAYOUT``: reads the file that is its standard input, from a page on.

Runs by itself, with limits, because what it reads may be made to break whoever reads it. It has no way to the store and can
write nowhere but to its standard output, where each page is a frame as ``frames`` has it.
"""

import json
import os
import resource
import sys
from contextlib import suppress

from PIL import Image

from campaigns.cards.scans.cutting import as_jpeg, cut_card, shrink
from campaigns.cards.scans.finding import find_symbols
from campaigns.cards.scans.frames import write_frame
from campaigns.cards.scans.judging import is_ours_aside, may_be_card
from campaigns.cards.scans.layout import CardLayout, layout_from
from campaigns.cards.scans.leaves import DAMAGE, Leaf, Refused
from campaigns.cards.scans.limits import HARDER_DPI, MEMORY, PAGE_CPU_SECONDS, RENDER_DPI
from campaigns.cards.scans.opening import open_file
from campaigns.cards.scans.placing import Symbol, clashing

INK = 128         # a grey darker than this is ink
LEAST_INK = 2000  # one pixel in so many; with fewer there is nothing on a page


def main(arguments: list[str]) -> int:
    """Reads to the end, a frame for the file and one for each page; returns the exit code."""
    start, slug, layout = int(arguments[0]), arguments[1], layout_from(json.loads(arguments[2]))
    limit()
    out = os.fdopen(os.dup(1), "wb")
    try:
        with os.fdopen(0, "rb") as file:
            leaves = open_file(file)
            write_frame(out, {"pages": len(leaves)}, [])
            for leaf in leaves[start:]:
                more_time()
                write_frame(out, *read_page(leaf, slug, layout))
    except Refused as refused:
        write_frame(out, {"refused": refused.outcome}, [])
    except MemoryError:
        write_frame(out, {"refused": "heavy"}, [])
    return 0


def limit() -> None:
    """Lets this process take only so much memory and time, and write no files."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with suppress(ValueError, OSError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    more_time()


def more_time() -> None:
    """Gives the next page its seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + PAGE_CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def read_page(leaf: Leaf, slug: str, layout: CardLayout) -> tuple[dict[str, object], list[bytes]]:
    """Returns what a page's frame says, and its pictures: of each card, and of the whole page where a person must see it."""
    try:
        page = leaf(RENDER_DPI)
        symbols = find_symbols(page)
        if not any(symbol.text for symbol in symbols):
            harder = leaf(HARDER_DPI)
            if harder.size != page.size and (found := find_symbols(harder)):
                page, symbols = harder, found
        return _describe(page, symbols, slug, layout)
    except Refused as refused:
        return {"refused": refused.outcome}, []
    except MemoryError:
        return {"refused": "heavy"}, []
    except DAMAGE:
        return {"refused": "broken"}, []


def _describe(page: Image.Image, found: list[Symbol], slug: str, layout: CardLayout) -> tuple[dict[str, object], list[bytes]]:
    symbols = [symbol for symbol in found if not is_ours_aside(symbol.text, slug)]
    if not symbols and _is_blank(page):
        return {"blank": True}, []
    read = [symbol for symbol in symbols if symbol.text]
    clash = clashing(read, layout)
    plain = bool(read) and not clash and all(may_be_card(symbol.text, slug) for symbol in read)
    damaged = len(symbols) - len(read) if not read else 0
    pictures = [as_jpeg(cut_card(page, symbol, layout)) for symbol in read] + ([] if plain else [as_jpeg(shrink(page))])
    return {"texts": [symbol.text for symbol in read], "clash": clash, "damaged": bool(damaged), "whole": not plain}, pictures


def _is_blank(page: Image.Image) -> bool:
    counts = page.reduce(2).histogram()
    return sum(counts[:INK]) * LEAST_INK < sum(counts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
