"""What an export holds: its columns, what each means, and the rows of a response. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from campaigns.coding.frame import theme_of
from campaigns.definition import Campaign
from campaigns.facets import HOURS, MODERATION
from campaigns.geographies import by_postcode, read_numbers
from campaigns.moderating import redacted_text
from campaigns.responses import Response, Wish
from campaigns.rows import CODERS, MACHINE, PERSON, WAITING, Layout, local_day, local_hour

WISHES, RESPONSES, COUNTS = "wishes", "responses", "counts"
KINDS = (WISHES, RESPONSES, COUNTS)
Value = str | int | float
BETWEEN = "|"
# name, kind of value, what it means; the order is that of the file
OF_BOTH = (
    ("response", "integer", "The number of the response: one submission, from a person, a household or a workshop table."),
    ("area_id", "string", "The code of the area it was placed in; empty where that is not known."),
    ("area", "string", "The name of that area, or why it is not known: not given, part postcode, not in our table."),
    ("channel", "string", "How it came: online, card, tree, workshop, photo, letter, assisted, meeting."),
    ("source", "string", "Who or what brought it, by its id; empty where no source was named."),
    ("day", "date", "The local day it counts for: of receipt, or of its batch of cards."),
    ("hour", "string", "The local hour it was received in, such as 14:00; empty where it has a day of its own, as cards do."),
    ("places", "string", "Its part in each of the campaign's other geographies, as geography: part, joined by |."),
)
OF_WISH = (
    ("wish", "integer", "Which wish of the response it is, from 1."),
    ("text", "string", "Its words as sent, [removed: name] where some were redacted; empty once their time was up. "
     "In CSV with ' before what a spreadsheet would run."),
    ("themes", "string", "The themes of its codes, joined by |."),
    ("codes", "string", "Its codes, main one first, joined by |."),
    ("ask", "string", "Which way it points: more, keep, mend, less, unclear."),
    ("coder", "string", "Who gave it its codes: waiting, machine, person."),
    ("confidence", "number", "How sure the machine was that the main code is right, 0 to 1; empty for a person's."),
    ("moderation", "string", "Whether it may be quoted: unseen, cleared, held, queried."),
    ("counts_response", "integer", "1 on the first row of each response, so that the column adds up to responses."),
    ("counts_wish", "integer", "1 on every row: adds up to wishes."),
    ("counts_mentions", "integer", "How many codes it has: adds up to mentions."),
)
OF_RESPONSE = (
    ("wishes", "integer", "How many of its wishes are in this export."),
    ("mentions", "integer", "How many codes these have."),
    ("themes", "string", "The themes of these, each once, joined by |."),
    ("asks", "string", "Which ways these ask, each once, joined by |."),
)
OF_COUNT = (
    ("by", "string", "What is counted by: theme, code, ask, ward, channel and so on; empty in the line of all."),
    ("value", "string", "Which of these the line counts, as the pages name it."),
    ("by_2", "string", "What else it is counted by, where two are crossed; empty where not."),
    ("value_2", "string", "Which of these."),
    ("responses", "integer", "How many responses. One may stand under several themes, codes or asks, once under each."),
    ("wishes", "integer", "How many wishes."),
    ("mentions", "integer", "How many mentions: a code given to a wish."),
)
OF_FILE = (
    ("frame", "string", "The version of the definition that the codes are of."),
    ("event", "integer", "The last event counted: pages that say the same event show the same state. Later where a response "
     "changed while the file was written."),
)
OF_KIND = {WISHES: (*OF_BOTH, *OF_WISH), RESPONSES: (*OF_BOTH, *OF_RESPONSE), COUNTS: OF_COUNT}


@dataclass(frozen=True)
class Stamp:
    """What stands on every row: the definition's hash and the event it is as of."""

    frame: str
    event: int

    @property
    def values(self) -> list[Value]:
        """Returns it as the last columns of a row."""
        return [self.frame, self.event]


def columns_of_kind(kind: str) -> tuple[tuple[str, str, str], ...]:
    """Returns the columns of a kind of export: name, kind of value, and meaning."""
    return (*OF_KIND[kind], *OF_FILE)


def rows_of_response(response: Response, slots: list[int], layout: Layout, kind: str, stamp: Stamp) -> Iterator[list[Value]]:
    """Yields a response's rows, of those of its wishes that are asked for."""
    wishes = [wish for wish in response.wishes if wish.slot in slots]
    before, after = _of_both(response, layout), stamp.values
    if kind == WISHES:
        for place, wish in enumerate(wishes):
            yield [*before, *_of_wish(wish), int(place == 0), 1, len(wish.coding.codes) if wish.coding else 0, *after]
    elif wishes:
        codings = [wish.coding for wish in wishes if wish.coding]
        codes = [code for coding in codings for code in coding.codes]
        yield [*before, len(wishes), len(codes), _themes(codes), _joined(coding.ask for coding in codings), *after]


def _of_both(response: Response, layout: Layout) -> list[Value]:
    areas = layout.campaign.area_names
    known = response.area if response.area in areas else ""
    day = local_day(layout.campaign, response).isoformat()
    hour = local_hour(layout.campaign, response)
    return [
        response.number, known, areas.get(response.area, response.area), response.channel, response.source, day,
        HOURS[hour] if hour else "", BETWEEN.join(_places(response, layout.campaign)),
    ]


def _places(response: Response, campaign: Campaign) -> Iterator[str]:
    told = dict(zip(by_postcode(campaign.geographies), read_numbers(response.geography, campaign.geographies), strict=True))
    for geography in campaign.geographies:
        number = told[geography] if geography in told else geography.of_area(response.area)
        yield f"{geography.id}: {geography.names[number]}"


def _of_wish(wish: Wish) -> list[Value]:
    coding = wish.coding
    coder = CODERS[PERSON if wish.person else MACHINE if wish.machine else WAITING]
    sure: Value = coding.confidence if coding and not wish.person else ""
    codes = list(coding.codes) if coding else []
    return [wish.slot, redacted_text(wish), _themes(codes), BETWEEN.join(codes), coding.ask if coding else "", coder, sure,
            MODERATION.get(wish.moderation, "")]


def _themes(codes: list[str]) -> str:
    return _joined(theme_of(code) for code in codes)


def _joined(names: Iterator[str]) -> str:
    return BETWEEN.join(dict.fromkeys(names))
