"""Coding the sample, a wish at a time: whoever codes sees its words alone, never what machine or colleagues said of it."""

from dataclasses import dataclass, replace
from time import time

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.coding.frame import MOST_CODES
from campaigns.responses import SlotCoding
from campaigns.sampling.measuring import progress_of
from campaigns.store.blocks import Place
from campaigns.store.sample import Sample, Sampled, read_sample
from campaigns.store.store import Store
from campaigns.store.turns import CODING, THIRD, Said, find_sampled, keep_coding, last_of, left_for, take_turn, undo_coding
from web.after import ring_after
from web.context import campaign_store
from web.guards import may_open, staff
from web.officers.choosing import Choice
from web.officers.finding import place_address, read_place
from web.officers.naming import read_typed, shown

PAGES = {CODING: "officers.code_sample", THIRD: "officers.settle_sample"}
TELLS = {
    "kept": "Saved.", "same": "Saved.", "undone": "Taken back. Here it is again, or another.",
    "own": "You have coded that wish already, and that stands. Here is another.",
    "taken": "Others had finished that wish in the meantime, so yours was not needed. Here is another.",
    "words": "Its sender changed that wish while you read it, so nothing was saved. It will come again.",
    "gone": "That wish was taken back by its sender, so nothing was saved. Here is another.",
}


@dataclass(frozen=True)
class Offer:
    """One of two codings to settle between, in words; ``said`` is what a form sends to let it stand."""

    said: str
    codes: list[str]
    ask: str


def code(slug: str) -> ResponseReturnValue:
    """Gives a wish to code, and takes what was said of it."""
    return _turn(slug, CODING)


def settle(slug: str) -> ResponseReturnValue:
    """Gives a third person a wish of which two said different things, and takes what stands."""
    return _turn(slug, THIRD)


def undo(slug: str) -> ResponseReturnValue:
    """Takes back what somebody said last, and gives them that wish again."""
    store, who = campaign_store(slug), staff().id
    found = last_of(read_sample(store), who)
    said = undo_coding(store, found, who) if found else Said("gone")
    ring_after(store, said.ring)
    what = THIRD if request.form.get("of") == THIRD else CODING
    tell = "undone" if said.done else said.outcome
    return redirect(url_for(PAGES[what], slug=slug, done=tell), 303)


def _turn(slug: str, what: str) -> ResponseReturnValue:
    store = campaign_store(slug)
    sample, who = read_sample(store), staff().id
    if request.method == "GET":
        return _next(store, sample, who, what)
    place = read_place(request.form.get("wish", ""))
    one = find_sampled(sample, place) if place else None
    if one is None:
        return _told(slug, what, Said("gone"))
    one = replace(one, wish=replace(one.wish, words=request.form.get("words", "")))
    choice = _taken(one) if what == THIRD and "take" in request.form else read_typed(request.form, store.campaign.frame)
    if choice.problems:
        return _page(store, sample, who, what, find_sampled(sample, one.place), choice), 400
    said = keep_coding(store, one, SlotCoding(choice.codes, choice.ask, who, at_ms=int(time() * 1000)), what)
    ring_after(store, said.ring)
    return _told(slug, what, said)


def _told(slug: str, what: str, said: Said) -> ResponseReturnValue:
    return redirect(url_for(PAGES[what], slug=slug, done=said.outcome), 303)


def _next(store: Store, sample: Sample, who: str, what: str) -> str:
    """Shows the wish that somebody is given next; to those who only read, none."""
    mine = left_for(sample, who, what)
    if not may_open(staff(), PAGES[what], store.slug, "POST"):
        return _page(store, sample, who, what, None, Choice())
    leave: Place | None = read_place(request.args.get("leave", ""))
    place = take_turn(store, mine, who, what, leave) if mine else None
    return _page(store, sample, who, what, find_sampled(sample, place) if place else None, Choice())


def _offers(store: Store, one: Sampled) -> list[Offer]:
    names = store.campaign.frame.names
    return [Offer(sent, [names[code] for code in said.codes], said.ask) for sent, said in sorted(_two(one).items())]


def _two(one: Sampled) -> dict[str, SlotCoding]:
    """The two codings by what they say, so that their order tells nothing of who came first."""
    return {f"{','.join(said.codes)}|{said.ask}": said for said in one.said[:2]}


def _taken(one: Sampled) -> Choice:
    """What one of the two codings said, which a third person lets stand."""
    said = _two(one).get(request.form["take"])
    if said is None:
        abort(400)
    return Choice(tuple([*said.codes, "", "", ""][:MOST_CODES]), said.ask)


def _page(store: Store, sample: Sample, who: str, what: str, one: Sampled | None, choice: Choice) -> str:
    frame = store.campaign.frame
    return render_template(
        "officers/sample_coding.html", store=store, frame=frame, what=what, third=what == THIRD, one=one,
        wish=place_address(one.place) if one else "", choice=shown(choice, frame),
        offers=_offers(store, one) if one and what == THIRD else [], tell=TELLS.get(request.args.get("done", ""), ""),
        left=len(left_for(sample, who, what)), others=len(left_for(sample, who, CODING if what == THIRD else THIRD)),
        progress=progress_of(sample.wishes), drawn=bool(sample.draws), last=last_of(sample, who),
        may_code=may_open(staff(), PAGES[what], store.slug, "POST"),
    )
