"""``flask cards``: printing numbered cards and accounting for them."""

from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click
from flask import current_app
from flask.cli import AppGroup

from campaigns.cards.print.manifest import Made, describe
from campaigns.cards.print.merge import write_merge
from campaigns.cards.print.papers import PAPERS, Paper, kind_on
from campaigns.cards.print.printing import cards_of, draw_batch, number_batch
from campaigns.store.cards import Batch, Delivery
from campaigns.store.store import Store
from campaigns.whole_files import whole_file
from web.commands.common import plainly, progress, store_of
from web.context import public_url

WHO = "job:command"
OUT = click.Path(dir_okay=False, path_type=Path)
Opened = tuple[Path | None, BinaryIO | None]
cards = AppGroup("cards", help="Print wish cards and account for them.")


@cards.command("print")
@click.argument("slug")
@click.option("--count", required=True, type=int)
@click.option("--ward", default="", help="The ward they are delivered in.")
@click.option("--round", "delivery_round", default="", help="The delivery round they go out with.")
@click.option("--households", default=0, type=int, help="How many households they are delivered to.")
@click.option("--place", default="", help="The place that hands them out: the id of one of the campaign's sources.")
@click.option("--held", is_flag=True, help="Keep them back: they count as out only when released on the cards' page.")
@click.option("--paper", type=click.Choice(list(PAPERS)), default="sheets", show_default=True, help="How they lie on paper.")
@click.option("--merge", type=OUT, help="Also write a mail-merge CSV: serial, QR address, ward, round.")
@click.option("--manifest", type=OUT, help="Also write counts and SHA-256 of what was written, as JSON.")
@click.option("--out", required=True, type=OUT)
@plainly
def print_cards(
    slug: str, count: int, ward: str, delivery_round: str, households: int, place: str, held: bool, paper: str,
    merge: Path | None, manifest: Path | None, out: Path,
) -> None:
    """Numbers new cards and draws them front and back: on A4 sheets, for a print house, or in large print."""
    base_url, store = public_url(), store_of(slug)
    delivery = Delivery(delivery_round, place, households, kind_on(paper))
    with _asked_for(manifest) as about:
        with _asked_for(merge) as lines, whole_file(out) as sheets:
            batch = number_batch(store, count, ward, WHO, base_url, delivery, held=held)
            made = _write(store, batch, base_url, PAPERS[paper], (out, sheets), (merge, lines))
        if about:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            about.write(describe(store.campaign, batch, PAPERS[paper], base_url, made, now).encode())
    click.echo(f"Cards {batch.first:,} to {batch.last:,} are in {out}. Their codes lead to {base_url}.")
    if not current_app.config["PUBLIC_URL"]:
        click.echo("Set PUBLIC_URL to the address residents will use before printing cards in earnest.", err=True)


def _asked_for(path: Path | None) -> AbstractContextManager[BinaryIO | None]:
    return whole_file(path) if path else nullcontext()


def _write(store: Store, batch: Batch, base_url: str, paper: Paper, sheets: Opened, lines: Opened) -> list[Made]:
    """Writes a batch's pages, and its lines where they are asked for; returns what was made."""
    made, cards = [], batch.last - batch.first + 1
    if sheets[0] and sheets[1]:
        with progress("Drawing", cards) as tell:
            count = draw_batch(store, batch, base_url, sheets[1], paper, tell)
        made.append(Made(sheets[0], count.cards, count.pages))
    if lines[0] and lines[1]:
        write_merge(lines[1], cards_of(store, batch, base_url), batch.round)
        made.append(Made(lines[0], cards))
    return made
