"""``flask draft``: documents made from the tallies."""

from pathlib import Path

import click
from flask.cli import AppGroup

from campaigns.drafts.saving import save_draft
from campaigns.drafts.writing import note_draft, write_draft
from web.commands.common import counted_table, plainly, store_of
from web.context import public_url

draft = AppGroup("draft", help="Write the drafts that the tallies lead to.")


@draft.command("write")
@click.argument("slug")
@click.argument("kind")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@plainly
def write(slug: str, kind: str, out: Path) -> None:
    """Writes a draft to a file; its ending (.docx, .pdf, .html or .md) says how."""
    store = store_of(slug)
    written = write_draft(store, counted_table(store), kind, home=public_url())
    save_draft(written, out)
    note_draft(store, written, "job:command")
    click.echo(f"The {kind} is in {out}, up to event {written.event:,}.")
