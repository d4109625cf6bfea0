"""Working drafts: begun, written on by officers, refreshed, sent for approval, approved or returned; taken as a file any time."""

from collections.abc import Callable
from dataclasses import replace

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from campaigns.drafts.document import Draft
from campaigns.drafts.freezing import CannotThaw, changes, headings, thaw
from campaigns.drafts.html import as_fragment
from campaigns.drafts.kinds import KINDS
from campaigns.drafts.making import ENDINGS
from campaigns.drafts.saving import draft_bytes
from campaigns.drafts.writing import NARROWED, CannotWrite, narrowed
from campaigns.moderating import public_text
from campaigns.responses import LIVE
from campaigns.store.responses import get_response
from campaigns.store.store import Store
from campaigns.store.workings import (
    APPROVED,
    LONGEST_PROSE,
    SENT,
    WORKING,
    Working,
    approve,
    begin_working,
    get_working,
    keep_working,
    list_workings,
)
from web.context import campaign_store, public_url
from web.guards import staff
from web.officers.drafts import CALLED, ENDING_WORDS, MIMES
from web.officers.showing import staff_name
from workers.queues import EXPORTS, enqueue_slow

LONGEST_WHY = 1000
MOST_CHANGES = 200
SAID = {
    "begun": "It is being written. Load this page again in a moment.", "saved": "Saved.",
    "refreshing": "It is being counted anew. Load this page again in a moment.", "taken": "The new figures are taken.",
    "left": "The new figures are left. What stood here stands.", "sent": "Sent for approval. Nobody changes it meanwhile.",
    "returned": "Returned.", "approved": "Approved. It never changes from now on.",
}
OWN = "You sent it yourself. Somebody else must approve it or return it."
OVERTAKEN = "Somebody changed it since you opened the page. What you wrote is kept below; put it together with theirs, and save."


def workings(slug: str) -> ResponseReturnValue:
    """Lists the working drafts, and begins one."""
    store = campaign_store(slug)
    if request.method == "POST":
        kind, only = request.form.get("kind", ""), request.form.get("only", "")
        try:
            kept_to = narrowed(store.campaign, kind, only if kind in NARROWED else "")
        except CannotWrite:
            abort(400)
        if kind not in KINDS:
            abort(400)
        made = begin_working(store, kind, kept_to, public_url(), staff().id)
        _write(store, made)
        return _told(store, made, "begun")
    known = {"theme": store.campaign.frame.themes, "area": store.campaign.areas}
    return render_template(
        "officers/workings.html", store=store, called=CALLED, every=list_workings(store), narrowed=NARROWED, known=known,
        names=_names(store),
    )


def working(slug: str, draft: str) -> ResponseReturnValue:
    """Shows one working draft with officers' prose and what a refresh would change; takes whatever is done with it."""
    store = campaign_store(slug)
    found = _found(store, draft)
    if request.method == "GET":
        return _page(store, found, {}, "")
    step = STEPS.get(request.form.get("do", ""))
    return step(store, found) if step else abort(400)


def working_file(slug: str, draft: str, ending: str) -> ResponseReturnValue:
    """Returns a working draft as a file, as it now stands."""
    store = campaign_store(slug)
    found = _found(store, draft)
    if ending not in ENDINGS or found.kept is None:
        abort(404)
    name = f"{slug}-{found.kind}-{found.sha256[:12] if found.state == APPROVED else f'r{found.revision}'}.{ending}"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(draft_bytes(_thawed(store, found), name), mimetype=MIMES[ending], headers=headers)


def _save(store: Store, found: Working) -> ResponseReturnValue:
    sections, sent = headings(found.kept or NOTHING), request.form
    typed = {known: sent.get(f"prose-{known}", "").replace("\r\n", "\n").strip() for known, _ in sections}
    long = [heading for known, heading in sections if len(typed[known]) > LONGEST_PROSE]
    if long:
        return _page(store, found, typed, f"“{long[0]}” is longer than {LONGEST_PROSE:,} letters. Shorten it."), 400
    if found.state != WORKING:
        return _page(store, found, typed, "Nobody works on it now. Have it returned first; your words are kept below."), 409
    kept = replace(found, prose={known: words for known, words in typed.items() if words})
    if not keep_working(store, kept, request.form.get("revision", 0, type=int), "edited", staff().id):
        return _page(store, _found(store, found.id), typed, OVERTAKEN), 409
    return _told(store, found, "saved")


def _refresh(store: Store, found: Working) -> ResponseReturnValue:
    if found.state != WORKING:
        return _page(store, found, {}, "Only a draft that is being worked on is refreshed."), 409
    _write(store, found)
    return _told(store, found, "refreshing")


def _take(store: Store, found: Working) -> ResponseReturnValue:
    if found.waiting is None:
        return _page(store, found, {}, "There are no new figures to take. Refresh it first."), 409
    return _moved(store, found, replace(found, kept=found.waiting, waiting=None), "taken")


def _leave(store: Store, found: Working) -> ResponseReturnValue:
    if found.state != WORKING:
        return _page(store, found, {}, "Nobody works on it now."), 409
    return _moved(store, found, replace(found, waiting=None), "left")


def _send(store: Store, found: Working) -> ResponseReturnValue:
    if found.state != WORKING or found.kept is None:
        return _page(store, found, {}, "Only a draft that is written and being worked on is sent."), 409
    return _moved(store, found, replace(found, state=SENT), "sent")


def _return(store: Store, found: Working) -> ResponseReturnValue:
    why = request.form.get("why", "").strip()
    if found.state != SENT or found.sent_by == staff().id:
        return _page(store, found, {}, OWN if found.state == SENT else "It has not been sent for approval."), 409
    if not why or len(why) > LONGEST_WHY:
        return _page(store, found, {}, f"Say in up to {LONGEST_WHY:,} letters why it is returned."), 400
    return _moved(store, found, replace(found, state=WORKING), "returned", why)


def _approve(store: Store, found: Working) -> ResponseReturnValue:
    if found.state != SENT or found.sent_by == staff().id:
        return _page(store, found, {}, OWN if found.state == SENT else "It has not been sent for approval."), 409
    seen = request.form.get("revision", 0, type=int)
    if seen != found.revision or not approve(store, found, staff().id):
        return _page(store, _found(store, found.id), {}, OVERTAKEN), 409
    return _told(store, found, "approved")


STEPS: dict[str, Callable[[Store, Working], ResponseReturnValue]] = {
    "save": _save, "refresh": _refresh, "take": _take, "leave": _leave, "send": _send, "return": _return, "approve": _approve,
}
NOTHING: dict[str, list[object]] = {"sections": []}


def _moved(store: Store, found: Working, now: Working, what: str, why: str = "") -> ResponseReturnValue:
    if not keep_working(store, now, request.form.get("revision", 0, type=int), what, staff().id, why):
        return _page(store, _found(store, found.id), {}, OVERTAKEN), 409
    return _told(store, found, what)


def _write(store: Store, one: Working) -> None:
    enqueue_slow(store.connections, "write_working", (store.slug, one.id), 3, EXPORTS)


def _told(store: Store, one: Working, done: str) -> ResponseReturnValue:
    return redirect(url_for("officers.working", slug=store.slug, draft=one.id, done=done), 303)


def _found(store: Store, known: str) -> Working:
    return get_working(store, known) or abort(404)


def _thawed(store: Store, one: Working) -> Draft:
    def words(number: int, slot: int) -> str | None:
        response = get_response(store, number) if number else None
        wishes = response.wishes if response and response.state == LIVE else ()
        wish = next((wish for wish in wishes if wish.slot == slot), None)
        return public_text(wish) if wish else None

    return thaw(one.kept or {}, words, one.prose)


def _page(store: Store, one: Working, typed: dict[str, str], problem: str) -> str:
    shown, broken = Markup(), ""
    if one.kept:
        try:
            shown = Markup(as_fragment(_thawed(store, one), top=2))  # noqa: S704
        except CannotThaw as wrong:
            broken = str(wrong)
    moved = changes(one.kept, one.waiting) if one.kept and one.waiting else []
    return render_template(
        "officers/working.html", store=store, one=one, called=CALLED, shown=shown, problem=problem or broken, typed=typed,
        headings=headings(one.kept or NOTHING), moved=moved[:MOST_CHANGES], more=max(len(moved) - MOST_CHANGES, 0),
        done=SAID.get(request.args.get("done", ""), ""), names=_names(store), endings=ENDING_WORDS, me=staff().id,
        who=lambda known: staff_name(store, known, {}),
    )


def _names(store: Store) -> dict[str, str]:
    return {**store.campaign.area_names, **{theme.id: theme.name for theme in store.campaign.frame.themes}}
