"""``flask parked``: the responses that were set aside because they could not be handled."""

import sys

import click
from flask.cli import AppGroup

from campaigns.consumers.replaying import replay_coding, replay_tallies
from campaigns.store.consumers import CODING, TALLIES, parked
from web.commands.common import plainly, store_of
from workers.coding import coder_for
from workers.queues import ring

parked_group = AppGroup("parked", help="List the responses that were set aside, and try them again.")
COULD_NOT = {CODING: "coded", TALLIES: "counted"}


@parked_group.command("list")
@click.argument("slug")
@plainly
def list_parked(slug: str) -> None:
    """Lists the responses that were set aside, each with the reason and how often it was tried."""
    aside = parked(store_of(slug))
    for one in aside:
        click.echo(f"Response {one.response} could not be {COULD_NOT[one.consumer]} ({one.attempts} times): {one.why}")
    click.echo(f"Try them again, once the cause is mended: bin/flask parked replay {slug}" if aside else "Nothing is set aside.")


@parked_group.command("replay")
@click.argument("slug")
@plainly
def replay(slug: str) -> None:
    """Tries what was set aside again, here and now; exits 1 if any of it must stay aside."""
    store = store_of(slug)
    done = replay_tallies(store)
    if any(one.consumer == CODING for one in parked(store)):
        handled, coded = replay_coding(store, coder_for(store))
        done += handled
        if coded.ring:
            ring(store, TALLIES)
    left = len(parked(store))
    click.echo(f"{done:,} handled, {left:,} still set aside.")
    sys.exit(1 if left else 0)
