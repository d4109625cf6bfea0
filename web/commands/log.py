"""``flask log``: proof that the log was not changed."""

import click
from flask.cli import AppGroup

from campaigns.store.log import verify
from web.commands.common import fail, plainly, store_of

log = AppGroup("log", help="Check a campaign's log.")


@log.command("verify")
@click.argument("slug")
@plainly
def verify_log(slug: str) -> None:
    """Checks every link and seal, and every living response's words; exits 1 and names the first event that does not fit."""
    verdict = verify(store_of(slug))
    if verdict.problem:
        fail(f"The log does not verify: {verdict.problem}. {verdict.events:,} events before it fit.")
    click.echo(f"{verdict.events:,} events fit, and the words of {verdict.responses:,} responses are those they commit to.")
