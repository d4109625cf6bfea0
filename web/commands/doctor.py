"""``flask doctor``: what is wrong with this installation, with a remedy for each finding."""

import os
import sys

import click
from flask.cli import with_appcontext

from campaigns.store.connection import check
from campaigns.store.consumers import CODING, TALLIES, behind, parked
from campaigns.store.store import loaded_slugs, open_store
from web.commands.common import plainly
from web.context import connections
from workers.queues import count_workers


@click.command("doctor")
@with_appcontext
@plainly
def doctor() -> None:
    """Looks the installation over; exits 1 if anything needs a remedy."""
    findings = [*check(connections()), *_settings(), *_workers(), *_campaigns()]
    for finding in findings:
        click.echo(f"- {finding}")
    click.echo(f"{len(findings)} to put right." if findings else "All is well.")
    sys.exit(1 if findings else 0)


def _settings() -> list[str]:
    if os.environ.get("RATE_LIMIT", "on") == "off":
        return ["RATE_LIMIT is off, so nothing bounds what one address sends. Unset it except for load tests."]
    return []


def _workers() -> list[str]:
    missing = [name for name, count in count_workers(connections()).items() if not count]
    return [f"No worker serves the queue {name}. Start one: python -m workers {name}" for name in missing]


def _campaigns() -> list[str]:
    findings = []
    for slug in loaded_slugs(connections()):
        store = open_store(connections(), slug)
        for consumer in (TALLIES, CODING):
            if behind(store, consumer) > 10_000:
                findings.append(f"{slug}: {consumer} is {behind(store, consumer):,} events behind. Start another worker for it.")
        if parked(store):
            findings.append(f"{slug}: {len(parked(store))} responses are parked. Look at them on the officers' page.")
    return findings
