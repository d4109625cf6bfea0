"""``flask indicators``: what is measured, loaded from CSV to stand beside what is wished for."""

from pathlib import Path

import click
from flask.cli import AppGroup

from campaigns.campaign_file import CATALOGUE
from campaigns.indicators import LARGEST_FILE, MADE_UP, MistakesInTable, headline, read_indicators
from campaigns.store.indicators import keep_indicators, kept_indicators
from web.commands.common import fail, plainly, store_of

WHO = "job:command"
LISTED = "indicators.csv"
EXAMPLE = "indicators-made-up.csv"

indicators = AppGroup("indicators", help="Set what is measured beside what people wish for.")


@indicators.command("load")
@click.argument("slug")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--made-up", is_flag=True, help="Load the made-up figures of the catalogue, into a demonstration alone.")
@plainly
def load(slug: str, file: Path | None, made_up: bool) -> None:
    """Loads a CSV of indicators in place of those loaded before; the catalogue has one to fill in."""
    store = store_of(slug)
    if made_up == (file is not None):
        fail(f"Name one file, or --made-up. A list to fill in: {CATALOGUE / slug / LISTED}")
    path = file or CATALOGUE / slug / EXAMPLE
    found = read_indicators(_text(path), store.campaign.frame)
    if not store.demonstration and any(one.source.casefold().startswith(MADE_UP) for one in found):
        fail("These figures say that they are made up, and this is no demonstration. Nothing was loaded.")
    keep_indicators(store, found, WHO)
    told = headline(found)
    click.echo(f"{len(found)} indicators, {told.told} with a target and a figure; {told.will_meet} are expected to meet theirs.")


@indicators.command("list")
@click.argument("slug")
@plainly
def show(slug: str) -> None:
    """Shows the indicators that were loaded, each with its state."""
    kept = kept_indicators(store_of(slug))
    for one in kept:
        click.echo(f"{one.id}\t{one.theme}\t{one.state}\t{one.name}")
    if not kept:
        click.echo(f"None yet. Load some: bin/flask indicators load {slug} FILE.csv")


def _text(path: Path) -> str:
    if not path.is_file():
        fail(f"There is no {path}. Name a file of your own.")
    if path.stat().st_size > LARGEST_FILE:
        raise MistakesInTable([f"{path.name} is larger than 2 MB. A list of indicators is not: is it the right file?"])
    return path.read_text(encoding="utf-8")
