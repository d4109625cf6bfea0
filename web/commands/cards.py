"""``flask cards``: printing numbered cards and accounting for them."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from campaigns.cards.print.printing import print_batch
from web.commands.common import plainly, store_of
from web.context import public_url

cards = AppGroup("cards", help="Print wish cards and account for them.")


@cards.command("print")
@click.argument("slug")
@click.option("--count", required=True, type=int)
@click.option("--ward", default="", help="The ward they are delivered in.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@plainly
def print_cards(slug: str, count: int, ward: str, out: Path) -> None:
    """Numbers new cards and draws them on A4 sheets, four up, front and back."""
    base_url = public_url()
    store = store_of(slug)
    unfinished = out.with_name(out.name + ".part")
    with unfinished.open("wb") as sheets:
        batch = print_batch(store, count, ward, "job:command", base_url, sheets)
    unfinished.replace(out)
    click.echo(f"Cards {batch.first:,} to {batch.last:,} are in {out}. Their codes lead to {base_url}.")
    if not current_app.config["PUBLIC_URL"]:
        click.echo("Set PUBLIC_URL to the address residents will use before printing cards in earnest.", err=True)
