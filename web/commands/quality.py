"""``flask cards quality``: how well cards are keyed, as second keyings show it."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from campaigns.cards.quality import Quality, Rate, measure
from campaigns.store.second import checked_responses
from web.commands.cards import cards
from web.commands.common import plainly, store_of


@cards.command("quality")
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True)
@plainly
def keying_quality(slug: str, as_json: bool) -> None:
    """Says how often the first keying of a card was wrong, as second keyings show it."""
    found = measure(checked_responses(store_of(slug)))
    if as_json:
        click.echo(json.dumps(as_rates(found)))
    elif found.overall.cards or found.overall.waiting:
        click.echo("\n".join(_lines(found)))
    else:
        click.echo("No card has been keyed twice yet.")


def as_rates(found: Quality) -> dict[str, Any]:
    """Returns a quality's figures by name: overall, and by kind of field, batch and day; none by keyer."""
    return {
        "overall": _rate(found.overall), "by_kind": {kind: _rate(rate) for kind, rate in found.by_kind.items()},
        "by_batch": {str(batch): _rate(rate) for batch, rate in found.by_batch.items()},
        "by_day": {day: _rate(rate) for day, rate in found.by_day.items()},
    }


def _rate(rate: Rate) -> dict[str, float]:
    low, high = rate.interval
    return {**asdict(rate), "share": round(rate.share, 6), "low": round(low, 6), "high": round(high, 6)}


def _lines(found: Quality) -> Iterator[str]:
    batches = {f"batch {batch:04d}": rate for batch, rate in found.by_batch.items()}
    for name, rate in {"overall": found.overall, **found.by_kind, **batches}.items():
        low, high = (f"{100 * end:.2f}%" for end in rate.interval)
        told = f"{100 * rate.share:>8.2f}%, from {low} to {high}" if rate.compared else ""
        yield f"{name:<12}{rate.errors:>7,} of {rate.compared:>9,} fields wrong{told}"
    if found.overall.waiting:
        yield f"{found.overall.waiting:,} not settled: waiting for a third person, or changed before one came."
