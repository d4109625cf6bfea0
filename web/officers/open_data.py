"""Open data for officers: what stands, what a release would hold now, and releasing it, today or by a plan."""

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.keeping.retention import local_today
from campaigns.open_data.releases import CannotRelease, every_days, latest, next_day, plan, release
from campaigns.store.store import Store
from web.context import campaign_store
from web.guards import staff
from web.residents.data import told

MOST_DAYS = 366
DONE = {"released": "Released. Everyone sees it now.", "planned": "The plan is changed."}


def page(slug: str) -> ResponseReturnValue:
    """Shows what is released and when the next release comes; releases now, or changes the plan."""
    store, problems, typed = campaign_store(slug), {}, {}
    if request.method == "POST":
        typed = {name: request.form.get(name, "").strip() for name in ("days", "first")}
        problems = _release(store) if request.form.get("do") == "release" else _plan(store, typed)
        if not problems:
            done = "released" if request.form.get("do") == "release" else "planned"
            return redirect(url_for("officers.open_data", slug=slug, done=done), 303)
    following = next_day(store)
    shown = render_template(
        "officers/open_data.html", store=store, campaign=store.campaign, made=told(latest(store)), following=following,
        typed={"days": str(every_days(store)), "first": following.isoformat() if following else "", **typed}, problems=problems,
        done=DONE.get(request.args.get("done", ""), ""), most=MOST_DAYS,
    )
    return (shown, 400) if problems else shown


def _release(store: Store) -> dict[str, str]:
    try:
        release(store, staff().id)
    except CannotRelease as cannot:
        return {"release": str(cannot)}
    return {}


def _plan(store: Store, typed: dict[str, str]) -> dict[str, str]:
    days, first = typed["days"], typed["first"]
    if not (days.isascii() and days.isdecimal() and len(days) < 4 and int(days) <= MOST_DAYS):
        return {"days": f"Type a number of days from 1 to {MOST_DAYS}, or 0 to release by hand alone."}
    try:
        day = date.fromisoformat(first) if first else None
    except ValueError:
        return {"first": "Write the day as 2010-07-12."}
    if int(days) and (day is None or day < local_today(store.campaign)):
        return {"first": "Choose the day of the next release: today or later."}
    plan(store, int(days), day, staff().id)
    return {}
