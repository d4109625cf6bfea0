"""Opening a batch: what came back is counted by hand first; open and recent ones are listed, to go on with."""

from datetime import date, datetime
from secrets import token_urlsafe

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.store.returns import CannotOpenBatch, ReturnBatch, list_batches, open_batch
from campaigns.store.store import Store
from web.account.desks import stores_for
from web.context import campaign_store
from web.guards import staff
from web.keying.words import full_words, named, strip_words

CHANNELS = {"card": "cards", "letter": "letters and e-mails", "assisted": "telephone calls and visits"}
RECENT = 12


def choose() -> ResponseReturnValue:
    """Lists the campaigns someone keys for."""
    return render_template("keying/choose.html", stores=stores_for(staff(), "keying.desk"))


def desk(slug: str) -> ResponseReturnValue:
    """Opens a batch from the count of a bundle, and lists those that are open."""
    store = campaign_store(slug)
    if request.method == "GET":
        return _page(store, _usual(store), {})
    typed = {name: request.form.get(name, "").strip() for name in ("counted", "channel", "place", "day", "key", "double")}
    problems = _problems(store, typed)
    if problems:
        return _page(store, typed, problems), 400
    try:
        batch = open_batch(
            store, channel=typed["channel"], place=typed["place"], day=typed["day"], counted=int(typed["counted"][:9]),
            who=staff().id, key=typed["key"][:64], double="all" if typed["double"] else "",
        )
    except CannotOpenBatch as why:
        return _page(store, typed, {"counted": str(why)}), 400
    return redirect(url_for("keying.batch", slug=slug, number=batch.number), 303)


def channels_of(store: Store) -> dict[str, str]:
    """Returns the channels that are keyed at the desk, with the words for what they bring."""
    return {channel: words for channel, words in CHANNELS.items() if channel in store.campaign.channels}


def _problems(store: Store, typed: dict[str, str]) -> dict[str, str]:
    problems = {}
    if not (typed["counted"].isascii() and typed["counted"].isdecimal() and int(typed["counted"][:9]) > 0):
        problems["counted"] = "Count what is in your bundle, and type the number."
    if typed["channel"] not in channels_of(store):
        problems["channel"] = "Choose what is in the bundle."
    if typed["place"] and store.campaign.source(typed["place"]) is None:
        problems["place"] = "Choose a place from the list."
    if not _is_day(typed["day"], today(store)):
        problems["day"] = "Give the day it came back, today or before."
    return problems


def _is_day(text: str, latest: date) -> bool:
    try:
        return date.fromisoformat(text) <= latest and len(text) == 10
    except ValueError:
        return False


def today(store: Store) -> date:
    """Returns the day it is where the campaign is."""
    return datetime.now(store.campaign.window.timezone).date()


def _usual(store: Store) -> dict[str, str]:
    """Returns what the last batch of this person was, for the next; today's date."""
    mine = [batch for batch in list_batches(store) if batch.opened_by == staff().id]
    channel, place = (mine[-1].channel, mine[-1].place) if mine else ("card", "")
    return {"counted": "", "channel": channel, "place": place, "day": today(store).isoformat(), "key": token_urlsafe(12)}


def _page(store: Store, typed: dict[str, str], problems: dict[str, str]) -> str:
    every = list_batches(store)[::-1]
    return render_template(
        "keying/batches.html", store=store, typed=typed, problems=problems, channels=channels_of(store),
        open=[batch for batch in every if batch.open], closed=[batch for batch in every if not batch.open][:RECENT],
        strip_words=strip_words, named=named, done=_just_closed(every), today=today(store).isoformat(),
    )


def _just_closed(every: list[ReturnBatch]) -> str:
    """Returns what is said of the batch that has just been closed, if there is one."""
    number = request.args.get("closed", "")
    batch = next((batch for batch in every if str(batch.number) == number and not batch.open), None)
    if batch is None:
        return ""
    return f"Closed, {batch.accounted:,} of {batch.counted:,}: write {named(batch.number)} on the bundle." if batch.short else \
        full_words(batch)
