"""What stands beside one wish on its page: its two codings, its history, the response it came in, and wishes like it."""

from dataclasses import dataclass, replace

from flask import url_for

from campaigns.cards.serials import serial_for
from campaigns.responses import Response, SlotCoding, Wish
from campaigns.searching.meaning import meaning_of_wish
from campaigns.searching.words import CannotLook
from campaigns.store.pictures import card_picture
from campaigns.store.store import Store
from campaigns.tallies import ask_for
from web.context import row_table
from web.guards import offered
from web.officers.filters import Filters, names_of, scoped
from web.officers.finding import near_wishes
from web.officers.history import History, history_of
from web.officers.showing import Card, Names, examples_near, show_wish, staff_name, sureness
from web.officers.wishes import cards_at
from web.words import ASK_WORDS, moment

ALIKE = 5  # shown, of the nearest so many
LOOKED_AT = 60


@dataclass(frozen=True)
class Given:
    """One coding of a wish as its page sets it beside the other: who gave it, what, when and how surely."""

    who: str
    codes: tuple[str, ...]
    ask: str
    more: str
    counts: bool
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Alike:
    """Wishes like this one, nearest first, each with how near it is; or why there are none.

    Of those in the very same words one is shown, with how many more of the nearest there are; ``same`` are in this one's own.
    """

    cards: list[tuple[Card, str, int]]
    same: int = 0
    problem: str = ""


@dataclass(frozen=True)
class Beside:
    """All that stands beside a wish on its page."""

    given: list[Given]
    history: History
    others: list[Card]
    alike: Alike
    serial: str
    picture: str
    letter: str


def beside(store: Store, response: Response, wish: Wish) -> Beside:
    """Returns what stands beside a wish, as far as whoever looks may see it."""
    known: Names = {}
    slug, number = store.slug, response.number
    pictured = bool(response.card and offered("keying.card", slug) and card_picture(store, response.card))
    is_letter = bool(response.letter and offered("officers.letter", slug))
    return Beside(
        _given(store, wish, known), history_of(store, number, wish, known),
        [show_wish(store, response, other, known) for other in response.wishes if other.slot != wish.slot],
        _alike(store, response, wish), serial_for(response.card, slug) if response.card else "",
        url_for("keying.card", slug=slug, card=response.card) if pictured else "",
        url_for("officers.letter", slug=slug, number=number) if is_letter else "",
    )


def _given(store: Store, wish: Wish, known: Names) -> list[Given]:
    """Returns the machine's coding and a person's, where there are any; a person's is what counts."""
    found = []
    if wish.machine:
        more = f"{sureness(wish.machine)}, version {wish.machine.coder}"
        machine = _one(store, "The machine", wish.machine, more, not wish.person)
        found.append(replace(machine, examples=examples_near(store, wish.machine)))
    if wish.person:
        at = moment(wish.person.at_ms, store.campaign.window.timezone) if wish.person.at_ms else ""
        found.append(_one(store, staff_name(store, wish.person.coder, known), wish.person, at, True))
    return found


def _one(store: Store, who: str, coding: SlotCoding, more: str, counts: bool) -> Given:
    codes = names_of("code", store.campaign)
    named = tuple(codes.get(code, code) for code in coding.codes)
    return Given(who, named, ASK_WORDS.get(coding.ask, coding.ask), more, counts)


def _alike(store: Store, response: Response, wish: Wish) -> Alike:
    table, itself = row_table(store.slug), (response.number, wish.slot)
    table.refresh(store)
    query = ask_for(store.layout, (), scoped(Filters()).where(), "wishes")
    try:
        every, _, _ = near_wishes(store, table, query, meaning_of_wish(store, itself), itself)
    except CannotLook as reason:
        return Alike([], problem=str(reason))
    words = {near.place: near.words for near in every[:LOOKED_AT]}
    by_text: dict[str, list[Card]] = {}
    for card in cards_at(store, [*words]):
        by_text.setdefault(_told_apart(card.text), []).append(card)
    same = by_text.pop(_told_apart(wish.text), [])
    shown = [(first, words[first.number, first.slot], len(more)) for first, *more in [*by_text.values()][:ALIKE]]
    return Alike(shown, len(same))


def _told_apart(text: str) -> str:
    return " ".join(text.casefold().split())
