"""``flask cards`` for the account of the cards: where they are, moving them, and drawing some to be read again."""

import json
from dataclasses import asdict

import click

from campaigns.cards.audit import MOST_DRAWN, Draw, check_paper, draw_cards
from campaigns.cards.ledger import Ledger, reckon, residual_cards
from campaigns.cards.serials import card_of, serial_for
from campaigns.store.cards import Moved, card_state, move_cards, read_paper
from campaigns.store.store import Store
from web.commands.cards import cards
from web.commands.common import fail, plainly, store_of


@cards.command("reconcile")
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True)
@click.option("--check", is_flag=True, help="Read the whole account again from the log; exits 1 on any difference.")
@plainly
def reconcile_cards(slug: str, as_json: bool, check: bool) -> None:
    """Says where every printed card is; the residual should be 0, and is listed by serial where it is not."""
    store = store_of(slug)
    if check and (wrong := check_paper(store)):
        fail("\n".join(wrong))
    paper = read_paper(store)
    ledger = reckon(paper)
    residual = [serial_for(card, slug) for card in residual_cards(paper)]
    click.echo(json.dumps({**as_figures(ledger), "residual_serials": residual}) if as_json else _as_text(ledger, residual))


def as_figures(ledger: Ledger) -> dict[str, int]:
    """Returns a ledger's figures by name, each state with an underscore for its space."""
    figures = asdict(ledger)
    return {**{k.replace(" ", "_"): v for k, v in figures.pop("states").items()}, **figures}


def _as_text(ledger: Ledger, residual: list[str]) -> str:
    lines = [f"{name.replace('_', ' '):<16}{count:>9,}" for name, count in as_figures(ledger).items()]
    return "\n".join([*lines, *(f"  in no state: {serial}" for serial in residual)])


def _moving(name: str, to: str, about: str) -> None:
    """Adds the command that moves a range of cards to a state."""
    @cards.command(name, help=about)
    @click.argument("slug")
    @click.option("--from", "first", required=True, metavar="SERIAL", help="The serial of the first card.")
    @click.option("--to", "last", required=True, metavar="SERIAL", help="The serial of the last card.")
    @click.option("--why", required=True, help="A few words, without names: the log keeps them for good.")
    @plainly
    def move(slug: str, first: str, last: str, why: str) -> None:
        store = store_of(slug)
        moved = move_cards(store, number_of(first, slug), number_of(last, slug), to, why, "job:command")
        click.echo("\n".join(_as_moved(store, to, moved)))


def number_of(serial: str, slug: str) -> int:
    """Returns the number of the card with a serial; raises ValueError in words where it is none of the campaign's."""
    card = card_of(serial, slug)
    if card is None:
        raise ValueError(f"“{serial}” is not a serial of {slug}. Check the letters: a serial never has 0, O, 1, I or L.")
    return card


def _as_moved(store: Store, to: str, moved: Moved) -> list[str]:
    lines = [f"{moved.moved:,} moved to {to}."]
    lines += [f"{moved.already:,} were {to} already."] * bool(moved.already)
    lines += [f"{len(moved.refused):,} stay where they are, because of the state they are in:"] * bool(moved.refused)
    return lines + [f"  {serial_for(card, store.slug)}  {card_state(store, card)}" for card in moved.refused]


_moving("release", "out", "Puts held or undelivered cards out.")
_moving("hold", "held", "Holds back cards that have not gone out after all.")
_moving("undeliver", "undelivered", "Notes that cards could not be delivered.")
_moving("destroy", "destroyed", "Notes that cards that are held, out or undelivered were destroyed.")


@cards.command("draw")
@click.argument("slug")
@click.option("--count", required=True, type=click.IntRange(1, MOST_DRAWN))
@click.option("--seed", required=True, help="What decides the draw: let it be thrown with dice, in public.")
@click.option("--json", "as_json", is_flag=True)
@plainly
def draw(slug: str, count: int, seed: str, as_json: bool) -> None:
    """Draws keyed cards by lot, to be read again against the log; the log notes the draw."""
    drawn = draw_cards(store_of(slug), count, seed, "job:command")
    click.echo(json.dumps(asdict(drawn)) if as_json else "\n".join(_as_drawn(drawn)))


def _as_drawn(drawn: Draw) -> list[str]:
    lines = [
        f"{len(drawn.cards):,} of {drawn.of:,} keyed cards, by the seed “{drawn.seed}”, up to event {drawn.up_to:,}.",
        f"Event {drawn.event:,} holds this draw, with the SHA-256 of its card numbers: {drawn.sha256}",
        f"{'serial':<9}{'batch':>6}  {'response':>9}  {'event':>9}  {'state':<10} commitments",
    ]
    return lines + [
        f"{one.serial:<9}{one.batch:>6}  {one.response:>9}  {one.event:>9}  {one.state:<10} {' '.join(one.commitments)}"
        for one in drawn.cards
    ]
