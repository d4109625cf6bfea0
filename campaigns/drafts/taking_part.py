"""Who took part and how: channels, areas and days, on both bases."""

from datetime import date, timedelta

from campaigns.definition import CHANNEL_WORDS, NO_AREA
from campaigns.drafts.document import Days, Grid, Part, Section, Share, Text
from campaigns.drafts.material import Material
from campaigns.drafts.periods import periods, unit_for
from campaigns.drafts.prose import count, day, days_between, extremes, listed, plural, rank, share_of, starting
from campaigns.drafts.tracing import ALL, behind

NO_AREA_WORDS = {
    "not given": "No postcode given", "part postcode": "Only part of a postcode", "not in our table": "Postcode not in our table",
}
LONGEST_DRAWN = 62


def who_took_part(material: Material, heading: str) -> Section:
    """Returns the part on who took part: by channel, by area with each kind of unknown, and by day."""
    parts: tuple[Part, ...] = (Text(total_words(material), trace=ALL), Text(_NOT_PEOPLE))
    if not material.responses:
        return Section("who", heading, (Text("No response has been received yet."),))
    return Section("who", heading, parts, (
        Section("channels", "How they came", (Text(channel_words(material)), _channel_table(material))),
        Section("areas", "Where they came from", (area_words(material), _area_table(material))),
        Section("days", "When they came", (Text(_days(material)), *_day_parts(material))),
    ))


_NOT_PEOPLE = (
    "A response is one submission and not one person: a household, a group or a workshop table may send one, and anyone "
    "may send more than one. Responses that were withdrawn or erased are not counted."
)


def span(material: Material) -> tuple[date, date] | None:
    """Returns the first and last day that a response counts for, or None where there is none."""
    days = sorted(material.evidence.counts("day, responses"))
    return (date.fromisoformat(days[0]), date.fromisoformat(days[-1])) if days else None


def total_words(material: Material) -> str:
    """Returns how many responses and wishes there are, and over which days."""
    reached = span(material)
    when = f", {days_between(*reached)}" if reached else ""
    wishes = plural(material.evidence.number("all, wishes"), "wish", "wishes")
    return f"{plural(material.responses, 'response')} with {wishes} in all{when}."


def channel_words(material: Material) -> str:
    """Returns the channels that brought most, with their shares."""
    ranked = rank(material.evidence.counts("channel, responses"))
    shares = [
        f"{_came(one.number, material.responses)} {CHANNEL_WORDS.get(one.name, one.name)}" for one in ranked if one.place <= 3
    ]
    return starting(f"{listed(shares)}.")


def _came(part: int, whole: int) -> str:
    return f"{share_of(part, whole, 'response')} came"


def _channel_table(material: Material) -> Grid:
    counts = material.evidence.counts("channel, responses")
    ordered = [one.name for one in rank(counts)] + [name for name in material.campaign.channels if name not in counts]
    rows = tuple(
        (
            starting(CHANNEL_WORDS.get(name, name)), Share(counts.get(name, 0), material.responses),
            material.wishes("channel", name),
        )
        for name in ordered
    )
    return _table("Responses and wishes by channel", "Channel", rows, material, tuple(behind(channel=name) for name in ordered))


def area_words(material: Material) -> Text:
    """Returns which areas sent the most and the fewest, and how many responses cannot be placed."""
    counts = _area_counts(material)
    unplaced = material.responses - sum(counts.values())
    said = extremes(counts, called(material))
    if unplaced:
        said += f" {starting(share_of(unplaced, material.responses, 'response'))} cannot be placed in a {called(material)}."
    return Text(said.strip())


def _area_counts(material: Material) -> dict[str, int]:
    counts = material.evidence.counts("ward, responses")
    return {area.name: counts.get(area.name, 0) for area in material.campaign.areas}


def _area_table(material: Material) -> Grid:
    placed = _area_counts(material)
    counts = material.evidence.counts("ward, responses")
    ordered = sorted(placed, key=lambda name: -placed[name])
    most = max(counts.values())
    rows = tuple(
        (NO_AREA_WORDS.get(name, name), Share(counts.get(name, 0), material.responses, most), material.wishes("ward", name))
        for name in (*ordered, *NO_AREA)
    )
    traces = tuple(behind(ward=name) for name in (*ordered, *NO_AREA))
    return _table(f"Responses and wishes by {called(material)}", starting(called(material)), rows, material, traces)


def called(material: Material) -> str:
    """Returns what the campaign calls an area."""
    return material.campaign.areas_called or "area"


def _days(material: Material) -> str:
    counts = material.evidence.counts("day, responses")
    window = material.campaign.window
    busiest = [date.fromisoformat(one.name) for one in rank(counts) if one.place == 1]
    most = plural(max(counts.values()), "response")
    said = f"Wishes could be sent {days_between(window.opens, window.closes)}."
    if len(busiest) > 3:
        return f"{said} {len(busiest)} days were level as the busiest, with {most} each."
    which = f"The busiest day was {day(busiest[0])}, with {most}." if len(busiest) == 1 else (
        f"The busiest days were {listed(map(day, busiest))}, with {most} each."
    )
    return f"{said} {which}"


def _day_parts(material: Material) -> list[Part]:
    responses, wishes = (material.evidence.counts(f"day, {base}") for base in ("responses", "wishes"))
    reached = span(material)
    assert reached is not None
    first, last = reached
    unit = unit_for(first, last)
    found = periods(responses, wishes)
    most = max(one.responses for one in found)
    rows = tuple((one.label, Share(one.responses, material.responses, most), one.wishes) for one in found)
    table = _table(f"Responses and wishes by {unit}, {days_between(first, last)}", unit.capitalize(), rows, material)
    if unit == "day" or (last - first).days >= LONGEST_DRAWN:
        return [table]
    drawn = [responses.get((first + timedelta(days=n)).isoformat(), 0) for n in range((last - first).days + 1)]
    caption = f"Responses on each day, {days_between(first, last)}; the most, {count(max(drawn))}"
    return [Days(caption, first, tuple(drawn)), table]


def _table(
    caption: str, what: str, rows: tuple[tuple[str, Share, int], ...], material: Material, traces: tuple[str, ...] = ()
) -> Grid:
    total = ("In all", Share(material.responses, material.responses), material.evidence.number("all, wishes"))
    return Grid(caption, (what, "Responses", "Wishes"), rows, total, traces=traces)
