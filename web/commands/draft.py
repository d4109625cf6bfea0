"""``flask draft``: documents made from the tallies."""

from pathlib import Path

import click
from flask.cli import AppGroup

from campaigns.drafts.kinds import KINDS
from campaigns.drafts.saving import save_draft
from campaigns.drafts.writing import note_draft, write_draft
from web.commands.common import counted_table, plainly, store_of
from web.context import public_url

draft = AppGroup("draft", help="Write the drafts that the tallies lead to.")


@draft.command("write", help=f"Writes a draft to a file. KIND is one of {', '.join(KINDS)}; the ending of OUT says how.")
@click.argument("slug")
@click.argument("kind")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=".docx, .pdf, .html or .md")
@click.option("--only", default="", help="Keep a theme’s pack or an area’s page to one: its id or name.")
@plainly
def write(slug: str, kind: str, out: Path, only: str) -> None:
    """Writes a draft to a file; its ending (.docx, .pdf, .html or .md) says how."""
    store = store_of(slug)
    written = write_draft(store, counted_table(store), kind, home=public_url(), only=only)
    save_draft(written, out)
    note_draft(store, written, "job:command")
    click.echo(f"The {kind} is in {out}, up to event {written.event:,}.")
