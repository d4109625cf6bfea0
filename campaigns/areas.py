"""Postcodes to areas: reading the open tables, and finding the area a postcode lies in."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

POSTCODE = re.compile(r"^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})$")
OUTWARD = re.compile(r"^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]?)?$")

# The columns of the tables people hold: this project's own, and those of ONS (ONSPD, NSPL, postcode to ward
# best fit). The first one present is taken.
POSTCODE_COLUMNS = ("postcode_nospace", "postcode", "pcds", "pcd8", "pcd7", "pcd2", "pcd")
AREA_COLUMNS = (
    "ward_code", *(f"wd{year}cd" for year in range(29, 8, -1)), "osward", "ward", "admin_ward_code", "area_code", "area",
)
# OS Code-Point Open has no heading line; these are its columns, in order.
CODE_POINT = (
    "postcode", "quality", "eastings", "northings", "country", "nhs_region", "nhs_authority", "county", "district", "ward_code",
)


class UnreadableTable(ValueError):
    """A postcode table that lacks a column it must have; the message says which and what to do."""


@dataclass(frozen=True)
class Postcode:
    """A postcode as typed: ``whole`` without spaces if it is one, ``outward`` its first half if that much is right."""

    whole: str
    outward: str


def read_postcode(typed: str) -> Postcode:
    """Returns what can be made of a postcode typed in any case and spacing."""
    letters = re.sub(r"[^A-Z0-9]", "", typed.upper())
    whole = POSTCODE.match(letters)
    if whole:
        return Postcode(letters, whole.group(1))
    # “DE1 2” is the start of a postcode in DE1, though without its space it would read as DE12.
    first = OUTWARD.match(re.split(r"[^A-Z0-9]+", typed.strip().upper())[0])
    part = first if first and not first.group(2) else OUTWARD.match(letters)
    return Postcode("", part.group(1) if part and OUTWARD.match(letters) else "")


@dataclass(frozen=True)
class TableLine:
    """One line of a table: a postcode without spaces, its area's code, and what other columns that were asked for say."""

    postcode: str
    area: str
    told: Mapping[str, str] = field(default_factory=dict)


def read_postcode_table(lines: Iterable[str], also: Sequence[str] = ()) -> Iterator[TableLine]:
    """Yields each postcode with its area's code, and with what the columns named in ``also`` say, from a CSV.

    The columns are found by the heading line, in any case; a table that begins with a postcode is OS Code-Point Open's.
    Raises UnreadableTable where no column holds postcodes or none holds areas. A column of ``also`` may be missing.
    """
    each = iter(lines)
    first = next(each, "")
    code_point = bool(read_postcode(first.partition(",")[0]).whole)
    reader = csv.DictReader(chain([first], each), CODE_POINT if code_point else None)
    heads = {(head or "").strip().lstrip("\ufeff").lower(): head for head in reader.fieldnames or ()}
    postcode_column = _first_of(POSTCODE_COLUMNS, heads, "postcodes")
    area_column = _first_of(AREA_COLUMNS, heads, "ward codes")
    others = {name.lower(): heads[name.lower()] for name in also if name.lower() in heads}
    for row in reader:
        postcode = read_postcode(row[postcode_column] or "").whole
        area = (row[area_column] or "").strip()
        if postcode and area:
            yield TableLine(postcode, area, {name: row[head] or "" for name, head in others.items()})


def _first_of(names: tuple[str, ...], heads: Mapping[str, str], what: str) -> str:
    for name in names:
        if name in heads:
            return heads[name]
    found = ", ".join(heads) or "none"
    raise UnreadableTable(f"No column of {what}. Name one of them {names[0]} (columns found: {found}).")
