"""``flask areas``: the table of postcodes, and the boundaries that maps are drawn from."""

from pathlib import Path

import click
from flask.cli import AppGroup

from campaigns.store.areas import load_postcodes
from campaigns.store.profile import load_boundaries
from campaigns.store.store import Store
from web.commands.common import plainly, store_of

areas = AppGroup("areas", help="Load the table that turns postcodes into wards, and the wards' boundaries.")


@areas.command("load")
@click.argument("slug")
@click.option("--postcodes", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--boundaries", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@plainly
def load(slug: str, postcodes: Path | None, boundaries: Path | None) -> None:
    """Loads postcodes with wards from a CSV (this project's, ONS's or Ordnance Survey's columns), or boundaries (GeoJSON)."""
    if not (postcodes or boundaries):
        raise click.UsageError("Give --postcodes FILE.csv, --boundaries FILE.geojson, or both.")
    store = store_of(slug)
    if postcodes:
        _load_postcodes(store, postcodes)
    if boundaries:
        _load_boundaries(store, boundaries)


def _load_postcodes(store: Store, file: Path) -> None:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        inside, outside = load_postcodes(store, lines, "job:command")
    click.echo(f"{inside:,} postcodes are in, in this campaign's areas. {outside:,} lie elsewhere and were left out.")
    if not inside:
        click.echo("None lies in this campaign's areas: is it the table of the right place and year?", err=True)


def _load_boundaries(store: Store, file: Path) -> None:
    drawn, without = load_boundaries(store, file.read_text(encoding="utf-8-sig"))
    click.echo(f"{sum(bool(rings) for rings in drawn.rings.values()):,} areas have their boundaries.")
    if without:
        click.echo(f"The file has none for: {', '.join(without)}.", err=True)
