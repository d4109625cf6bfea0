"""``flask backup``, ``flask restore`` and ``flask campaign retain``: keeping everything, and letting go what is due."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext

from campaigns.keeping.backing_up import back_up, keep_newest
from campaigns.keeping.forgetting import forget, left_lying, reachable, still_hold
from campaigns.keeping.journal import Journal
from campaigns.keeping.restoring import restore
from campaigns.keeping.retention import Due, find_due, local_today, retain
from campaigns.responses import WITHDRAWN
from campaigns.store.backups import Backup, all_backups, strike_backup
from campaigns.store.responses import response_count
from campaigns.store.server.places import data_dir
from campaigns.store.store import Store
from web.commands.campaign import campaign
from web.commands.common import fail, plainly, progress, store_of
from web.context import connections


class FileOrCommand(AppGroup):
    """A group in which anything but the name of a command is the file to write."""

    def resolve_command(self, context: click.Context, args: list[str]) -> Any:  # noqa: ANN401 - as click has it
        """Returns the command that is named, or the one that writes a backup."""
        return super().resolve_command(context, args if args[0] in self.commands else ["file", *args])


backup = FileOrCommand("backup", help="Back everything up to FILE (or into a folder), while the service goes on.",
                       subcommand_metavar="FILE | list | forget")
WHO = "job:command"


@backup.command("file", hidden=True)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(1), help="Afterwards destroy all but so many of the newest backups in that folder.")
@plainly
def make(file: Path, keep: int | None) -> None:
    """Writes a backup of every campaign, the staff, the secrets and the uploaded files to FILE, or into a folder."""
    with saying() as say:
        made = back_up(connections(), data_folder(), file, say)
    click.echo(f"{made.path}: {made.size / 1e6:,.1f} MB. Its digest is {made.sha256}.")
    for slug, stands in made.campaigns.items():
        click.echo(f"{slug}: {stands['responses']:,} responses, up to event {stands['event']:,}. Seal: {stands['seal']}")
    for old in keep_newest(connections(), Path(made.path).parent, keep) if keep else ():
        click.echo(f"{old.path} was destroyed: {keep} newer ones are there.")
    click.echo("It holds people's words and the installation's secrets: keep it, and a copy, where only you can read them.")


@backup.command("list")
@plainly
def list_backups() -> None:
    """Lists the backups made, and which of them hold something that was erased since."""
    listed = all_backups(connections())
    holding = {one.id: entries for one, entries in still_hold(connections(), data_folder())}
    for one in listed:
        moment = datetime.fromtimestamp(one.at_ms / 1000, UTC)
        click.echo(f"{one.id}  {moment:%Y-%m-%d %H:%M} UTC  {one.size / 1e6:>9,.1f} MB  {one.host}:{one.path}")
        if one.id in holding:
            click.echo(f"          holds what was erased since{'' if reachable(one) else ', and cannot be reached from here'}")
    if not listed:
        click.echo("No backup was ever made. Make one: bin/flask backup FILE")
    for copy in left_lying(data_folder()):
        click.echo(_lying(copy))


@backup.command("forget")
@click.option("--gone", "gone", metavar="ID", default="", help="Take this one off the list: its file was destroyed.")
@plainly
def forget_erased(gone: str) -> None:
    """Takes what was erased out of every backup on the list that can be reached; exits 1 and names those that cannot."""
    if gone and not strike_backup(connections(), gone):
        fail(f"No backup on the list is called {gone}. See: bin/flask backup list")
    with saying() as say:
        outcome = forget(connections(), data_folder(), say)
    click.echo(f"{len(outcome.cleared):,} backups were written anew." if outcome.cleared else "No backup had to be written anew.")
    left = [*(_unreachable(one) for one in outcome.unreachable), *(_lying(copy) for copy in left_lying(data_folder()))]
    if left:
        fail("\n".join(left))


def _lying(copy: Path) -> str:
    return f"{copy} is a copy of a damaged store, from which nothing is erased. Once all is well again, destroy it."


def _unreachable(one: Backup) -> str:
    return (
        f"{one.host}:{one.path} cannot be reached from here, is damaged or another file, and still holds what was erased since. "
        f"Bring it back and give this command again there; or destroy every copy, then: bin/flask backup forget --gone {one.id}"
    )


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Also where it is not empty: nothing is taken in then, and all is backed up first.")
@with_appcontext
@plainly
def restore_file(file: Path, replace: bool) -> None:
    """Puts a backup in place, without what was erased since it was made, and proves it."""
    with saying() as say:
        done = restore(connections(), data_folder(), file, replace, say)
    if done.before:
        click.echo(f"What was there before is kept in {done.before.path}.")
    for line in done.lines:
        click.echo(line)
    if done.erased_again:
        click.echo(f"{done.erased_again:,} responses were erased, or their time was up, after the backup: they are so again.")
    click.echo(f"The backup of {done.manifest.made} is restored. If the service is running, end it now and start it again.")


@campaign.command("retain")
@click.argument("slug")
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would go.")
@plainly
def retain_words(slug: str, dry_run: bool) -> None:
    """Lets words go that are due by what the campaign's file says; every count stays."""
    store = store_of(slug)
    _must_say(store)
    with progress("Looking", response_count(store)) as show:
        due = find_due(store, local_today(store.campaign), show)
    click.echo(_in_words(store, due))
    if dry_run or not due.going:
        return
    with progress("Letting words go", response_count(store)) as show:
        gone = retain(store, due.today, WHO, show)
    Journal(data_folder()).sync(connections())
    click.echo(f"The words of {gone:,} responses are gone. Backups made before still hold them until the schedule has written "
               "them anew, or: bin/flask backup forget")


def _must_say(store: Store) -> None:
    privacy = store.campaign.privacy
    if not privacy.words_kept_months and not privacy.withdrawn_kept_days:
        fail(f"The file of {store.slug} does not say how long words are kept. Before a campaign opens, put words_kept_months "
             "or withdrawn_kept_days under [privacy].")


def _in_words(store: Store, due: Due) -> str:
    lines = [f"Today is {due.today}. {due.with_words:,} responses have words."]
    if due.words_go:
        months = store.campaign.privacy.words_kept_months
        lines.append(f"All words go from {due.words_go} ({months} months after the last day for cards).")
    if due.withdrawn_go:
        days = store.campaign.privacy.withdrawn_kept_days
        lines.append(f"Words withdrawn before {due.withdrawn_go} go ({days} days).")
    lines.append(f"Due: the words of {due.going:,} responses ({due.live:,} counted, {due.withdrawn:,} {WITHDRAWN}), with their "
                 "salts, outward postcodes and vectors.")
    lines.append("What stays: every row and what it is made of, so every count; codes, commitments and the log.")
    return "\n".join(lines)


def data_folder() -> Path:
    """Returns the data folder of the environment the command was given in."""
    return data_dir(os.environ)


@contextmanager
def saying() -> Iterator[Callable[[str], None]]:
    """Gives a function that shows on one line what is under way; where nobody watches, each step once.

    Whoever ends the command meanwhile has it tidy up first.
    """
    shown, before = [""], signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))

    def say(words: str) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r\x1b[K{words}", nl=False, err=True)
        elif words.partition(":")[0] != shown[0].partition(":")[0]:
            click.echo(words, err=True)
        shown[0] = words

    try:
        yield say
    finally:
        signal.signal(signal.SIGTERM, before)
    if sys.stderr.isatty() and shown[0]:
        click.echo("\r\x1b[K", nl=False, err=True)
