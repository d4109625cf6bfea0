"""``flask areas``: the table of postcodes."""

from pathlib import Path

import click
from flask.cli import AppGroup

from campaigns.store.areas import load_postcodes
from web.commands.common import plainly, store_of

areas = AppGroup("areas", help="Load the table that turns postcodes into wards.")


@areas.command("load")
@click.argument("slug")
@click.option("--postcodes", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@plainly
def load(slug: str, postcodes: Path) -> None:
    """Loads postcodes with their wards from a CSV (this project's, ONS's or Ordnance Survey's columns)."""
    with postcodes.open(encoding="utf-8-sig", newline="") as lines:
        inside, outside = load_postcodes(store_of(slug), lines, "job:command")
    click.echo(f"{inside:,} postcodes are in, in this campaign's areas. {outside:,} lie elsewhere and were left out.")
    if not inside:
        click.echo("None lies in this campaign's areas: is it the table of the right place and year?", err=True)
