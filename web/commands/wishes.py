"""``flask wishes``: bulk entry, and coding texts without storing them."""

import csv
from pathlib import Path

import click
from flask.cli import AppGroup

from campaigns.coding.why import explain
from campaigns.consumers.coding import Coder
from campaigns.drafts.prose import plural
from campaigns.importing import Columns, Outcome, count_rows, import_wishes
from campaigns.store.areas import table_loaded
from web.commands.common import counted_table, plainly, progress, store_from_catalogue, store_of
from workers.coding import coder_for

wishes = AppGroup("wishes", help="Bring wishes in from a file; code a file's texts.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TOGETHER = 256
ADDED = ("codes", "ask", "confidence", "why", "tagger")


@wishes.command("import")
@click.argument("slug")
@click.argument("file", type=FILE)
@click.option("--channel", default="letter", show_default=True)
@click.option("--source", default="")
@click.option("--text", "texts", multiple=True, help="The column that holds the wish.")
@click.option("--wish1", default="")
@click.option("--wish2", default="")
@click.option("--wish3", default="")
@click.option("--postcode", default="", help="The column that holds the postcode.")
@click.option("--date", "day", default="", help="The column that holds the day, as 2010-07-12.")
@plainly
def import_file(
    slug: str, file: Path, channel: str, source: str, texts: tuple[str, ...],
    wish1: str, wish2: str, wish3: str, postcode: str, day: str,
) -> None:
    """Takes in every row of a CSV; safe to run again, since a row of a file goes in once."""
    store = store_of(slug)
    columns = Columns(tuple(name for name in (*texts, wish1, wish2, wish3) if name), postcode, day)
    if not columns.wishes:
        raise ValueError("Say which column holds the wishes: --text COLUMN, or --wish1 COLUMN --wish2 COLUMN ...")
    if channel not in store.campaign.channels:
        raise ValueError(f"This campaign takes no wishes by {channel}. It takes them by: {', '.join(store.campaign.channels)}.")
    if source and not store.campaign.source(source):
        raise ValueError(f"There is no source “{source}” in this campaign's file.")
    if postcode and not table_loaded(store):
        click.echo(
            "No table of postcodes is loaded, so none of these rows can be placed, and postcodes are not kept to do it later. "
            f"Stop this (Ctrl-C) and first give: bin/flask areas load {slug} --postcodes TABLE.csv", err=True,
        )
    with progress("Taking wishes in", count_rows(file)) as show:
        outcome = import_wishes(store, file, columns, channel, source, lambda so_far: show(so_far.rows))
    counted_table(store)
    _say(outcome)


def _say(outcome: Outcome) -> None:
    for line, reason in outcome.refused:
        click.echo(f"line {line}: refused: {reason}")
    click.echo(
        f"{plural(outcome.rows, 'row')}: {outcome.accepted:,} accepted, {len(outcome.refused):,} refused, "
        f"{outcome.already:,} already loaded"
    )


@wishes.command("code")
@click.argument("slug")
@click.argument("file", type=FILE)
@click.option("--text", required=True, help="The column that holds the text.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@plainly
def code(slug: str, file: Path, text: str, out: Path) -> None:
    """Codes a file's texts without storing them: adds codes, ask, confidence, why and tagger."""
    coder = coder_for(store_from_catalogue(slug))
    with file.open(encoding="utf-8-sig", newline="") as lines, progress("Coding", count_rows(file)) as show:
        reader = csv.DictReader(lines)
        heads = list(reader.fieldnames or [])
        if text not in heads:
            raise ValueError(f"{file.name} has no column “{text}”. It has: {', '.join(heads)}.")
        rows = [_set_apart(row) for row in reader]
        heads = list(_set_apart(dict.fromkeys(heads, "")))
        with out.open("w", encoding="utf-8", newline="") as kept:
            writer = csv.DictWriter(kept, [*heads, *ADDED], extrasaction="ignore")
            writer.writeheader()
            for first in range(0, len(rows), TOGETHER):
                some = rows[first:first + TOGETHER]
                writer.writerows(_coded(coder, some, text))
                show(first + len(some))
    click.echo(f"{len(rows):,} texts coded by tagger {coder.tagger.version}, in {out}.")


def _set_apart(row: dict[str, str]) -> dict[str, str]:
    """Renames a file's own columns where ours would take their place: its codes become codes_given."""
    return {f"{name}_given" if name in ADDED else name: cell for name, cell in row.items()}


def _coded(coder: Coder, rows: list[dict[str, str]], text: str) -> list[dict[str, str]]:
    texts = [row[text] or "" for row in rows]
    codings, _ = coder.code(texts)
    added = []
    for row, coding, wish in zip(rows, codings, texts, strict=True):
        why = explain(coder.tagger, coding, wish)
        added.append({
            **row, "codes": "|".join(coding.codes), "ask": coding.ask, "confidence": f"{coding.confidence:.2f}",
            "why": str(why), "tagger": coder.tagger.version,
        })
    return added
