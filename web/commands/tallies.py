"""``flask tallies``: tables of counts, and proof that they are right."""

import json
import sys

import click
from flask.cli import AppGroup

from campaigns.consumers.rebuilding import differences, rebuild
from campaigns.facets import facets_of
from campaigns.store.blocks import RowTable
from campaigns.tallies import BASES, Tally, ask_for
from web.commands.common import counted_table, plainly, store_of

tallies = AppGroup("tallies", help="Show tables of counts; rebuild and check them.")


@tallies.command("show", context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("slug")
@click.option("--by", multiple=True, help="A facet: theme, code, ask, ward, channel, source, day, ... Twice to cross two.")
@click.option("--base", type=click.Choice(BASES), default="responses", show_default=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
@plainly
def show(context: click.Context, slug: str, by: tuple[str, ...], base: str, as_json: bool) -> None:
    """Shows a table. Filter by naming any facet as an option: --channel card --ward Normanton."""
    store = store_of(slug)
    where = _filters(context.args, facets_of(store.layout))
    table = counted_table(store)
    tally = table.count(store, ask_for(store.layout, by, where, base))
    event = table.refresh(store)
    if as_json:
        cells = [{**dict(zip(by, names, strict=True)), "count": count} for names, count in tally.cells.items()]
        click.echo(json.dumps({"by": by, "base": base, "total": tally.total, "cells": cells, "as_of": event}, ensure_ascii=False))
    else:
        click.echo(_as_text(tally, event))


@tallies.command("rebuild")
@click.argument("slug")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 on any difference.")
@plainly
def rebuild_rows(slug: str, check: bool) -> None:
    """Makes every row again from the responses, or checks that none differs."""
    store = store_of(slug)
    counted_table(store)
    if not check:
        click.echo(f"{rebuild(store, RowTable()):,} rows made again.")
        return
    wrong = differences(store, RowTable())
    for number in wrong[:20]:
        click.echo(f"Response {number}: its row is not what its present state makes.")
    click.echo(f"{len(wrong):,} rows differ." if wrong else "No row differs.")
    sys.exit(1 if wrong else 0)


def _filters(arguments: list[str], facets: list[str]) -> dict[str, list[str]]:
    where: dict[str, list[str]] = {}
    left = list(arguments)
    while left:
        name, _, value = left.pop(0).removeprefix("--").partition("=")
        if name not in facets or not (value or left):
            raise ValueError(f"“--{name}” needs a value and must be one of: {', '.join(facets)}.")
        where.setdefault(name, []).append(value or left.pop(0))
    return where


def _as_text(tally: Tally, event: int) -> str:
    width = max([len(" · ".join(names)) for names in tally.cells] + [10])
    lines = [f"{' · '.join(name or '(none)' for name in names):<{width}}  {count:>9,}" for names, count in tally.cells.items()]
    return "\n".join([*lines, f"{'in all':<{width}}  {tally.total:>9,} {tally.base}, up to event {event:,}"])
