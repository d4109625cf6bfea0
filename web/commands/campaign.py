"""``flask campaign``: listing, checking, loading, opening and closing campaigns, and filling one for a demonstration."""

from datetime import date

import click
from flask.cli import AppGroup

from campaigns.campaign_file import MistakesInFile, catalogue_slugs, missing_to_open, read_campaign, read_file
from campaigns.cards.print.lettering import UnprintableError
from campaigns.cards.print.printing import style_of
from campaigns.cards.print.sheets import check_style
from campaigns.demonstration import added_by_people, fill, remove
from campaigns.store.opening import close_campaign, demonstration_window, open_campaign
from campaigns.store.store import Store, load_campaign, loaded_slugs, open_store
from web.commands.common import counted_table, fail, plainly, progress, store_from_catalogue, store_of
from web.context import connections, public_url

campaign = AppGroup("campaign", help="List, check, load, open and close campaigns.")
WHO = "job:command"


@campaign.command("list")
@plainly
def list_campaigns() -> None:
    """Lists the catalogue, and where each campaign stands."""
    loaded = loaded_slugs(connections())
    for slug in sorted({*catalogue_slugs(), *loaded}):
        state = open_store(connections(), slug).state if slug in loaded else {}
        said = state.get("state") or ("loaded" if slug in loaded else "in the catalogue")
        window = f", {state['opens']} to {state['closes']}" if "opens" in state else ""
        click.echo(f"{slug}: {said}{window}{' (demonstration)' if state.get('demonstration') == '1' else ''}")


@campaign.command("check")
@click.argument("slug")
@plainly
def check(slug: str) -> None:
    """Explains every mistake in a campaign's file, by line and remedy."""
    try:
        read = read_campaign(slug, read_file(slug))
    except MistakesInFile as mistakes:
        fail("\n".join(mistakes.lines))
    try:
        check_style(style_of(read, public_url()))
    except UnprintableError as cannot:
        fail(f"The cards cannot be printed: {cannot}")
    for line in missing_to_open(read):
        click.echo(f"To do: {line}")
    click.echo(
        f"{slug} is in order: {len(read.frame.codes)} codes, {len(read.frame.examples)} example wishes, "
        f"{len(read.areas)} areas, {read.window.opens} to {read.window.closes}."
    )


@campaign.command("load")
@click.argument("slug")
@plainly
def load(slug: str) -> None:
    """Puts a campaign from the catalogue in the store, unopened."""
    load_campaign(connections(), slug, read_file(slug))
    click.echo(f"{slug} is loaded. Open it with: bin/flask campaign open {slug}")


@campaign.command("open")
@click.argument("slug")
@click.option("--demonstration", is_flag=True, help="For made-up responses: a window around today, marked on every page.")
@plainly
def open_it(slug: str, demonstration: bool) -> None:
    """Opens a loaded campaign; its definition is frozen from then on."""
    store = store_of(slug)
    window = demonstration_window(store.campaign.window, date.today()) if demonstration else None
    opened = open_campaign(connections(), slug, WHO, window)
    click.echo(f"{slug} is open from {opened.campaign.window.opens} to {opened.campaign.window.closes}.")
    if opened.campaign.window.closes < date.today():
        click.echo("Those days are past, so nothing will be taken in. For a demonstration: --demonstration.", err=True)


@campaign.command("close")
@click.argument("slug")
@click.option("--why", default="", help="Kept in the log.")
@plainly
def close(slug: str, why: str) -> None:
    """Closes a campaign to every channel."""
    close_campaign(connections(), store_of(slug).slug, WHO, why)
    click.echo(f"{slug} is closed.")


@campaign.command("demo")
@click.argument("slug")
@click.option("--responses", type=click.IntRange(1, 1_000_000), default=2000, show_default=True)
@click.option("--seed", default=2026, show_default=True, help="The same seed deals the same responses.")
@click.option("--remove", "remove_all", is_flag=True, help="Erase the whole demonstration instead.")
@click.option("--yes", is_flag=True, help="With --remove: also where people have put something in.")
@plainly
def demo(slug: str, responses: int, seed: int, remove_all: bool, yes: bool) -> None:
    """Fills a demonstration campaign with made-up responses, or removes the whole demonstration in one step."""
    if remove_all:
        _remove(store_of(slug), yes)
        return
    if not store_from_catalogue(slug).state.get("state"):
        open_campaign(connections(), slug, WHO, demonstration_window(store_of(slug).campaign.window, date.today()))
    with progress("Making responses up", responses) as show:
        made = fill(store_of(slug), responses, seed, show)
    counted_table(store_of(slug))
    click.echo(f"{made:,} made-up responses are in. They are coded in the background within a minute or so.")


def _remove(store: Store, yes: bool) -> None:
    """Removes a demonstration; where people have put something into it, says what would go and asks for --yes."""
    added = added_by_people(store)
    if added and not yes:
        fail(
            f"Nothing is removed yet. The whole demonstration would go, and with it what people put in: {', '.join(added)}. "
            f"If that is right: bin/flask campaign demo {store.slug} --remove --yes"
        )
    remove(store)
    click.echo(
        f"The demonstration {store.slug} is gone, with all that was in it. "
        f"To begin anew: bin/flask campaign demo {store.slug} --responses 2000"
    )
