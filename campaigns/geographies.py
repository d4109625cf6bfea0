"""Other ways to cut the map than by the campaign's areas: areas put together, or what a postcode tells beside its area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Part:
    """One part of a geography: the areas it is put together from, or what the postcode table's column says for it."""

    name: str
    areas: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Geography:
    """A way to cut the map, such as constituencies or deprivation fifths.

    ``column`` is the heading of the postcode table's column that tells its parts; none where they are put together from areas.
    """

    id: str
    name: str
    column: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def names(self) -> dict[int, str]:
        """Returns the name behind each number that a response may have."""
        return {0: NOT_KNOWN, **dict(enumerate((part.name for part in self.parts), 1))}

    def of_area(self, area: str) -> int:
        """Returns the number of the part that an area belongs to, 0 for none."""
        return next((number for number, part in enumerate(self.parts, 1) if area in part.areas), 0)

    def of_value(self, value: str) -> int:
        """Returns the number of the part that the table's column means, 0 for none; by its name too."""
        said = value.strip().casefold()
        return next((number for number, part in enumerate(self.parts, 1) if said in _said(part)), 0)


def by_postcode(geographies: Sequence[Geography]) -> tuple[Geography, ...]:
    """Returns the geographies that a postcode tells, in the order their numbers are kept."""
    return tuple(geography for geography in geographies if geography.column)


def write_numbers(geographies: Sequence[Geography], told: Mapping[str, str]) -> str:
    """Returns what is kept of what a line of the postcode table says, by column: a number each, empty where none is known."""
    numbers = [geography.of_value(told.get(geography.column.lower(), "")) for geography in by_postcode(geographies)]
    return ",".join(map(str, numbers)) if any(numbers) else ""


def read_numbers(kept: str, geographies: Sequence[Geography]) -> list[int]:
    """Returns the number in each geography that a postcode tells, 0 where it is not known."""
    numbers = [int(number) for number in kept.split(",")] if kept else []
    return [*numbers, *[0] * len(by_postcode(geographies))][:len(by_postcode(geographies))]


def _said(part: Part) -> set[str]:
    return {part.name.casefold(), *(value.strip().casefold() for value in part.values)}
