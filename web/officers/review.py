"""Reviewing codes: what is worth a person's minute, a wish at a time, with those that say the same; one act or one key each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from time import time
from typing import Any

import numpy as np
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.facets import SURENESS
from campaigns.responses import LIVE, Response, SlotCoding, Wish
from campaigns.searching.meaning import FINE, HOW_NEAR, meaning_of_wish
from campaigns.searching.words import CannotLook
from campaigns.store.blocks import Place, RowTable
from campaigns.store.changes import Changed, code_wish, uncode_wish
from campaigns.store.frames import led_to
from campaigns.store.responses import get_response, read_coding, write_coding
from campaigns.store.reviewing import Act, Reviewed, keep_reviewed, lease, reviewed_by
from campaigns.store.store import Store
from campaigns.tallies import Query, ask_for
from web.after import ring_after
from web.context import campaign_store, row_table
from web.guards import may_open, staff
from web.officers.choosing import Choice, choice_of, seen_coding
from web.officers.finding import near_wishes, place_address, read_place
from web.officers.naming import read_typed, shown
from web.officers.showing import Card, show_wish
from web.officers.wishes import cards_at

BY_MACHINE: Mapping[str, tuple[str, ...]] = {"coder": ("machine",)}
HALF = 5  # tenths: what the machine is less sure of than this is worth a look
# What can be gone through, by what it is called in the address: its name, what it holds, and what passes.
KINDS: dict[str, tuple[str, str, Mapping[str, tuple[str, ...]]]] = {
    "queried": ("Queried", "their sender says this is not what they meant", {"moderation": ("queried",)}),
    "split": ("Split", "people gave them a code that was split since", {"coder": ("person",)}),
    "unsure": ("Unsure", "the machine is less than half sure", {"sureness": tuple(SURENESS[n] for n in range(1, HALF + 1))}),
    "other": ("Something else", "the machine found no code for them", {**BY_MACHINE, "code": ("other",)}),
    "random": ("Any", "picked by chance from all that no person has coded", BY_MACHINE),
}
SHOWN = 60  # wishes looked at to find one that nobody else has before them
MOST_ALIKE = 50
SHORTLIST = 400
SAME = HOW_NEAR[0][0] * FINE  # from which likeness on wishes are said to say the same
TELLS = {
    "undone": "Taken back.", "gone": "That wish was taken back by its sender, so nothing was saved.",
    "stays": "Others have changed it since, so it was not taken back.",
}


@dataclass(frozen=True)
class Before:
    """The wish that somebody has before them, with others that say nearly the same."""

    response: Response
    wish: Wish
    card: Card
    alike: list[Card]

    @property
    def place(self) -> Place:
        """Returns its response's number and its slot."""
        return self.response.number, self.wish.slot


def review(slug: str) -> ResponseReturnValue:
    """Gives the next wish of a kind to review; takes what is said of it and of those like it."""
    store, kind = campaign_store(slug), request.values.get("kind", "")
    if kind and kind not in KINDS:
        abort(404)
    if request.method == "POST":
        return _take(store, kind or next(iter(KINDS)))
    done = _done(store)
    if leave := read_place(request.args.get("leave", "")):
        done = done.skip(leave)
        keep_reviewed(store, staff().id, done)
    table = row_table(slug)
    table.refresh(store)
    counts = _counts(store, table)
    kind = kind or next((one for one in KINDS if counts[one]), "random")
    place = _next(store, table, kind, done) if may_open(staff(), "officers.review", slug, "POST") else None
    return _page(store, table, kind, counts, _before(store, table, place) if place else None, None)


def undo(slug: str) -> ResponseReturnValue:
    """Takes back what whoever asks did last, unless somebody has changed it since."""
    store, done = campaign_store(slug), _done(campaign_store(slug))
    back = [_put_back(store, act) for act in done.last]
    ring_after(store, any(changed.ring for changed in back))
    undone = sum(changed.done for changed in back)
    keep_reviewed(store, staff().id, replace(done, last=(), wishes=max(done.wishes - undone, 0)))
    told = "undone" if undone else "stays"
    return redirect(url_for("officers.review", slug=slug, kind=done.kind or None, done=told), 303)


def _take(store: Store, kind: str) -> ResponseReturnValue:
    place, choice = read_place(request.form.get("wish", "")), read_typed(request.form, store.campaign.frame)
    found = _find(store, place)
    if place is None or found is None:
        return redirect(url_for("officers.review", slug=store.slug, kind=kind, done="gone"), 303)
    table = row_table(store.slug)
    table.refresh(store)
    if choice.problems or seen_coding(found[1]) != request.form.get("seen"):
        shown_again = _page(store, table, kind, _counts(store, table), _before(store, table, place), choice)
        return shown_again, 400 if choice.problems else 409
    also = [other for one in request.form.getlist("also") if (other := read_place(one)) and other != place][:MOST_ALIKE]
    coding = SlotCoding(choice.codes, choice.ask, staff().id, at_ms=int(time() * 1000))
    acts = [act for one in (place, *also) if (act := _code(store, one, coding, first=one == place))]
    done = _done(store)
    keep_reviewed(store, staff().id, replace(done, wishes=done.wishes + len(acts), last=tuple(acts), kind=kind))
    return redirect(url_for("officers.review", slug=store.slug, kind=kind, saved=len(acts)), 303)


def _code(store: Store, place: Place, coding: SlotCoding, first: bool) -> Act | None:
    """Gives a wish a coding; of those like the first only such as no person has coded meanwhile."""
    found = _find(store, place)
    if not found or (found[1].person and not first):
        return None
    response, wish = found
    changed = code_wish(store, response, wish.slot, coding)
    ring_after(store, changed.ring)
    before = write_coding(wish.person, store.layout) if wish.person else ""
    return (*place, before, write_coding(coding, store.layout)) if changed.done else None


def _put_back(store: Store, act: Act) -> Changed:
    number, slot, before, now = act
    found = _find(store, (number, slot))
    if not found or not found[1].person or write_coding(found[1].person, store.layout) != now:
        return Changed("conflict")
    if not before:
        return uncode_wish(store, found[0], slot, staff().id)
    was = read_coding(before, store.layout)
    return code_wish(store, found[0], slot, replace(was, coder=staff().id, at_ms=int(time() * 1000)))


def _next(store: Store, table: RowTable, kind: str, done: Reviewed) -> Place | None:
    """Returns the wish that somebody is given next: none that they skipped today, unless nothing else is left."""
    places = _waiting(store, table, kind)
    fresh = [place for place in places if place not in done.skipped]
    return lease(store, [*fresh, *(place for place in done.skipped if place in places)], staff().id)


def _where(store: Store, kind: str) -> Mapping[str, tuple[str, ...]] | None:
    """Returns what passes for a kind; None where nothing can."""
    where = KINDS[kind][2]
    if kind == "split":
        split = tuple(code for code, to in led_to(store).items() if len(to) > 1)
        return {**where, "code": split} if split else None
    return where


def _waiting(store: Store, table: RowTable, kind: str) -> list[Place]:
    """Returns some wishes of a kind in the order they are gone through: the least sure first, else the newest."""
    where = _where(store, kind)
    if where is None:
        return []
    if kind == "unsure":
        bands = [_first(store, table, {"sureness": (band,)}) for band in where["sureness"]]
        return [place for band in bands for place in band][:2 * SHOWN]
    if kind == "random":
        every = np.random.default_rng().permutation(table.places(store, _query(store, where)))[:SHOWN]
        return [(number, slot) for number, slot in every.tolist()]
    return _first(store, table, where)


def _first(store: Store, table: RowTable, where: Mapping[str, tuple[str, ...]]) -> list[Place]:
    return list(table.page(store, _query(store, where), 2 * SHOWN).places)


def _query(store: Store, where: Mapping[str, tuple[str, ...]]) -> Query:
    return ask_for(store.layout, (), where, "wishes")


def _counts(store: Store, table: RowTable) -> dict[str, int]:
    wheres = {kind: _where(store, kind) for kind in KINDS}
    return {kind: table.count(store, _query(store, where)).total if where else 0 for kind, where in wheres.items()}


def _find(store: Store, place: Place | None) -> tuple[Response, Wish] | None:
    response = get_response(store, place[0]) if place else None
    if not place or not response or response.state != LIVE:
        return None
    return next(((response, wish) for wish in response.wishes if wish.slot == place[1] and wish.kept), None)


def _before(store: Store, table: RowTable, place: Place) -> Before | None:
    found = _find(store, place)
    if not found:
        return None
    response, wish = found
    return Before(response, wish, show_wish(store, response, wish, {}), _alike(store, table, place))


def _alike(store: Store, table: RowTable, place: Place) -> list[Card]:
    """Returns other wishes that say nearly the same and that no person has coded."""
    try:
        near, _, _ = near_wishes(store, table, _query(store, BY_MACHINE), meaning_of_wish(store, place), place, SHORTLIST)
    except CannotLook:
        return []
    return cards_at(store, [one.place for one in near if one.likeness >= SAME][:MOST_ALIKE])


def _done(store: Store) -> Reviewed:
    return reviewed_by(store, staff().id, datetime.now(store.campaign.window.timezone).date().isoformat())


def _page(
    store: Store, table: RowTable, kind: str, counts: dict[str, int], before: Before | None, typed: Choice | None
) -> str:
    frame, done = store.campaign.frame, _done(store)
    choice = typed or (shown(choice_of(before.wish), frame) if before else Choice())
    more: dict[str, Any] = {"saved": request.args.get("saved", 0, type=int), "tell": TELLS.get(request.args.get("done", ""), "")}
    return render_template(
        "officers/review.html", store=store, frame=frame, kinds=KINDS, kind=kind, counts=counts, one=before,
        wish=place_address(before.place) if before else "", seen=seen_coding(before.wish) if before else "",
        choice=shown(choice, frame), conflict=bool(typed and not typed.problems), today=done.wishes, last=len(done.last),
        may_code=may_open(staff(), "officers.review", store.slug, "POST"), **more,
    )
