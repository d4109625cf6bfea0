"""The table of postcodes: loading it, and finding the area of the postcode someone typed."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from campaigns.areas import TableLine, read_postcode, read_postcode_table
from campaigns.definition import NO_AREA
from campaigns.events import write_data
from campaigns.geographies import Geography, by_postcode, write_numbers
from campaigns.store.store import Store, record

NOT_GIVEN, PART_POSTCODE, NOT_IN_TABLE = NO_AREA
BETWEEN = "|"  # a postcode's area and what it tells beside, as the table keeps them


@dataclass(frozen=True)
class Placed:
    """Where a postcode lies: an area's id or a kind of unknown, and the outward half, all that is kept of it.

    Where ``postcode`` is given, it is whole and yet to be looked up; ``area`` then holds if it is not in the table.
    ``geography`` is what a postcode that was looked up tells beside its area.
    """

    area: str
    outward: str
    postcode: str = ""
    geography: str = ""


def table_loaded(store: Store) -> bool:
    """Tells whether postcodes can be placed; if not, forms ask for the area by name."""
    return bool(store.text.exists(store.keys.of("areas")))


def read_place(typed: str) -> Placed:
    """Returns what a postcode typed in any spacing says without the table; what cannot be placed keeps its kind of unknown."""
    if not typed.strip():
        return Placed(NOT_GIVEN, "")
    read = read_postcode(typed)
    return Placed(PART_POSTCODE if read.outward and not read.whole else NOT_IN_TABLE, read.outward, read.whole)


def place_postcode(store: Store, typed: str) -> Placed:
    """Returns the area of a postcode typed in any spacing, looked up in the table."""
    read = read_place(typed)
    area, geography = look_up(store, read.postcode)
    return Placed(area or read.area, read.outward, geography=geography)


def look_up(store: Store, postcode: str) -> tuple[str, str]:
    """Returns the area of a whole postcode and what it tells beside; both empty where it is not in the table."""
    found = store.text.hget(store.keys.of("areas"), postcode) if postcode else None
    area, _, geography = (found or "").partition(BETWEEN)
    return area, geography


def place_named(store: Store, name: str) -> Placed:
    """Returns the area someone chose by its name, where no table of postcodes is loaded."""
    area = store.campaign.area_named(name) if name else None
    return Placed(area.id if area else NOT_GIVEN, "")


def load_postcodes(store: Store, lines: Iterable[str], who: str) -> tuple[int, int]:
    """Puts a table of postcodes in place of any before it; returns how many lie in the campaign's areas, and how many elsewhere.

    Postcodes of other areas are left out, so that they read as *not in our table*; a table of nothing else changes nothing.
    What the table says for the campaign's other geographies is kept beside the area, where it has their columns.
    """
    others = store.campaign.geographies
    columns = [geography.column for geography in by_postcode(others)]
    known = {area.id for area in store.campaign.areas}
    digest, inside, outside = hashlib.sha256(), 0, 0
    key = store.keys.of("areas", "loading")  # nobody looks a postcode up in half a table
    store.text.delete(key)
    for some in _by_thousands(read_postcode_table(lines, columns)):
        kept = {line.postcode: _kept(line, others) for line in some if line.area in known}
        inside, outside = inside + len(kept), outside + len(some) - len(kept)
        digest.update(repr(sorted(kept.items())).encode())
        if kept:
            store.text.hset(key, mapping=kept)
    if not inside:
        return inside, outside
    store.text.rename(key, store.keys.of("areas"))
    data = write_data("areas.loaded", postcodes=inside, sha256=digest.hexdigest())
    record(store.connections, store.slug, "areas.loaded", who=who, data=data)
    return inside, outside


def _kept(line: TableLine, geographies: Sequence[Geography]) -> str:
    told = write_numbers(geographies, line.told)
    return f"{line.area}{BETWEEN}{told}" if told else line.area


def _by_thousands(lines: Iterable[TableLine]) -> Iterator[list[TableLine]]:
    each = iter(lines)
    while some := list(islice(each, 5000)):
        yield some
