"""Whose voice is missing: replies beside the people and households there are. It compares; it never adjusts a count. Pure."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from campaigns.definition import Campaign

COLUMNS = ("facet", "value", "count")
OF_AREAS = ("households", "population")  # facets of a profile whose values are areas
ENOUGH = 100  # replies below which a comparison says nothing yet


class UnreadableProfile(ValueError):
    """A profile that cannot be used; the message names the line and says what to do."""


@dataclass(frozen=True)
class Line:
    """One group: its replies, the people or households there are, both shares, and how many more replies would be its share."""

    value: str
    replies: int
    people: int
    share_of_replies: float
    share_of_people: float
    missing: int

    @property
    def per_thousand(self) -> float:
        """Returns the replies for each 1,000 people or households."""
        return 1000 * self.replies / self.people if self.people else 0.0

    @property
    def gap(self) -> float:
        """Returns by how many points its share of the replies is below (negative) or above its share of the people."""
        return 100 * (self.share_of_replies - self.share_of_people)


def read_profile(lines: Iterable[str], campaign: Campaign) -> dict[str, dict[str, int]]:
    """Returns a profile from a CSV of facet, value and count; raises UnreadableProfile.

    A facet is households or population (by area), or a question that is asked about people (by its answers).
    """
    reader = csv.DictReader(lines)
    heads = {(head or "").strip().casefold(): head for head in reader.fieldnames or ()}
    if lacking := [name for name in COLUMNS if name not in heads]:
        raise UnreadableProfile(f"There is no column “{lacking[0]}”. The first line must name {', '.join(COLUMNS)}.")
    profile: dict[str, dict[str, int]] = {}
    for number, row in enumerate(reader, 2):
        facet, value, count = ((row[heads[name]] or "").strip() for name in COLUMNS)
        if facet or value or count:
            facet, value = facet.casefold(), _known_value(campaign, facet.casefold(), value, number)
            profile.setdefault(facet, {})[value] = _read_count(count, number)
    if not profile:
        raise UnreadableProfile("There is nothing in the file below its first line.")
    return profile


def _known_value(campaign: Campaign, facet: str, value: str, line: int) -> str:
    if facet in OF_AREAS:
        area = campaign.area_named(value)
        if area is None:
            raise UnreadableProfile(f"Line {line}: there is no {campaign.areas_called} called “{value}” in this campaign.")
        return area.name
    question = campaign.question_called(facet)
    if question is None:
        known = ", ".join([*OF_AREAS, *(one.id for one in campaign.questions)])
        raise UnreadableProfile(f"Line {line}: “{facet}” is not something people can be compared by. Choose from {known}.")
    found = next((option for option in question.options if option.casefold() == value.casefold()), None)
    if found is None:
        known = ", ".join(question.options)
        raise UnreadableProfile(f"Line {line}: “{value}” is not an answer to “{question.text}” There are: {known}.")
    return found


def _read_count(typed: str, line: int) -> int:
    plain = typed.replace(",", "").replace(" ", "")
    if not (plain.isascii() and plain.isdecimal()) or len(plain) > 12:
        raise UnreadableProfile(f"Line {line}: “{typed}” is not a whole number.")
    return int(plain)


def compare(replies: Mapping[str, int], people: Mapping[str, int]) -> list[Line]:
    """Returns a line for each group of a profile, the most under-heard first; only replies of those groups are compared."""
    answered, everyone = sum(replies.get(value, 0) for value in people), sum(people.values())
    if not answered or not everyone:
        return []
    lines = [
        Line(
            value, replies.get(value, 0), count, replies.get(value, 0) / answered, count / everyone,
            _missing(replies.get(value, 0), answered, count / everyone),
        )
        for value, count in people.items()
    ]
    return sorted(lines, key=lambda line: (line.gap, line.value))


def _missing(replies: int, answered: int, share: float) -> int:
    """How many more replies from a group alone would bring it to its share: (r + x) / (n + x) = share."""
    if replies >= share * answered or share >= 1:
        return 0
    return ceil((share * answered - replies) / (1 - share) - 1e-9)


def most_missing(lines: Sequence[Line]) -> Line | None:
    """Returns the group that is furthest below its share, None while there are too few replies to say or none is below."""
    enough = sum(line.replies for line in lines) >= ENOUGH
    return lines[0] if lines and enough and lines[0].missing else None
