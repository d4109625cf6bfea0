"""``flask reach``: how many people and households there are, for replies to be set beside."""

from pathlib import Path

import click
from flask.cli import AppGroup

from campaigns.reach import read_profile
from campaigns.store.profile import keep_profile, profile_of
from web.commands.common import plainly, store_of

reach = AppGroup("reach", help="Load how many people and households there are of each kind.")


@reach.command("profile")
@click.argument("slug")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@plainly
def profile(slug: str, file: Path) -> None:
    """Loads a profile of the place from a CSV of facet, value and count; a facet loaded before is replaced."""
    store = store_of(slug)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        loaded = read_profile(lines, store.campaign)
    keep_profile(store, {**profile_of(store), **loaded})
    for facet, values in loaded.items():
        click.echo(f"{facet}: {sum(values.values()):,} in {len(values):,} groups.")
