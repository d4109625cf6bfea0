"""``flask doctor``: what is wrong with this installation, with a remedy for each finding."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from campaigns.doctor.finding import Finding
from campaigns.doctor.looking import look_over
from web.commands.common import plainly
from web.context import connections
from workers.attendance import Attendance, attendance

LONGEST_SILENCE = 90.0  # seconds; a worker is heard from every 15 or so, even while it waits


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@with_appcontext
@plainly
def doctor(as_json: bool) -> None:
    """Looks the installation over; exits 1 if anything has to be put right."""
    findings = [*look_over(connections(), os.environ)]
    if not any("does not answer" in finding.found for finding in findings):
        findings += look_at_workers(attendance(connections()))
    must = [finding for finding in findings if finding.must]
    if as_json:
        click.echo(json.dumps({"well": not must, "findings": [asdict(finding) for finding in findings]}, indent=2))
    else:
        _print(must, [finding for finding in findings if not finding.must])
    sys.exit(1 if must else 0)


def look_at_workers(each: Iterable[Attendance]) -> Iterator[Finding]:
    """Yields queues that nobody serves, and workers that have not been heard from."""
    for one in each:
        heard = [silence for silence in one.silent if silence < LONGEST_SILENCE]
        if not heard:
            yield Finding("workers", f"No worker serves the queue {one.queue}.", f"Start one: python -m workers {one.queue}")
        if len(heard) < len(one.silent):
            yield Finding(
                "workers", f"A worker of the queue {one.queue} was last heard from {max(one.silent):.0f} seconds ago.",
                "It hangs, or its machine is gone. Start the service there again.", must=bool(not heard),
            )
        if one.dead:
            yield Finding(
                "workers", f"{one.dead} of the workers noted for the queue {one.queue} ended without saying so.",
                "Nothing needs to be done: they are struck off by themselves.", must=False,
            )


def _print(must: list[Finding], known: list[Finding]) -> None:
    for finding in must:
        click.echo(f"- {finding}")
    for finding in known:
        click.echo(f"Worth knowing: {finding}")
    click.echo(f"{len(must)} to put right." if must else "All is well.")
