"""``flask user``: staff, from the command line."""

import re

import click
from flask.cli import AppGroup

from campaigns.store.staff import ROLES, Invitation, invite
from campaigns.store.staff_log import log_invited
from campaigns.store.store import loaded_slugs
from web.commands.common import plainly
from web.context import connections, public_url

user = AppGroup("user", help="Invite staff.")


@user.command("add")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES))
@click.option("--name", default="")
@click.option("--email", default="")
@click.option("--campaign", "campaigns", multiple=True, help="Only these campaigns; all of them unless given.")
@plainly
def add(roles: tuple[str, ...], name: str, email: str, campaigns: tuple[str, ...]) -> None:
    """Prints a one-time link by which someone joins the staff; nobody else learns their password."""
    strange = sorted(set(campaigns) - set(loaded_slugs(connections())))
    if strange:
        raise ValueError(f"No campaign “{strange[0]}” is loaded. There are: {', '.join(loaded_slugs(connections())) or 'none'}.")
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise ValueError(f"“{email}” is not an e-mail address. Write one such as name@derby.example, or leave it out.")
    token = invite(connections(), Invitation(roles, name, email, campaigns))
    log_invited(connections(), "job:command", roles, campaigns)
    click.echo(f"Send this link to them. It works once, for seven days: {public_url()}/account/invitation/{token}")
