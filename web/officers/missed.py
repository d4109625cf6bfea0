"""What the frame misses: groups of wishes that no code fits, put by or turned into a code with their wishes in one step."""

from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.coding.frame import FEWEST_EXAMPLES
from campaigns.coding.revising import LONGEST_NAME, LONGEST_TEXT, CannotRevise, read_examples
from campaigns.store.frames import add_code
from campaigns.store.log import last_event
from campaigns.store.missed import Group, Missed, bring_back, missed_of, put_away, put_by
from campaigns.store.store import Store
from web.context import campaign_store
from web.officers.showing import Card
from web.officers.wishes import cards_at
from workers.queues import enqueue_slow

MOST_SHOWN = 20
SAID = {
    "looking": "They are being looked for. Load this page again in a moment.", "away": "Put by. It is not shown again.",
    "back": "Those that were put by are shown again.",
    "added": "The code is in the draft of the frame, with the group’s wishes. Adopt the draft there to have it counted.",
}


@dataclass(frozen=True)
class Shown:
    """A group with its typical wishes as they now read, and how many of its wishes there still are."""

    group: Group
    cards: list[Card]
    wishes: int


def missed(slug: str) -> ResponseReturnValue:
    """Shows the groups that were found; looks again, puts one by, or makes one a code in the draft of the frame."""
    store = campaign_store(slug)
    if request.method == "GET":
        return _page(store, {}, {})
    do, found = request.form.get("do", ""), missed_of(store)
    if do == "look":
        enqueue_slow(store.connections, "find_missed", (slug,))
        return _told(slug, "looking")
    if do == "back":
        bring_back(store)
        return _told(slug, "back")
    group = next((one for one in (found.groups if found else ()) if one.id == request.form.get("group")), None)
    if group is None:
        return _page(store, {"gone": "This group was found anew since you opened the page. Look at it again."}, {}), 409
    if do == "away":
        put_away(store, group)
        return _told(slug, "away")
    return _make(store, group) if do == "make" else abort(400)


def _make(store: Store, group: Group) -> ResponseReturnValue:
    typed = {name: request.form.get(name, "").strip() for name in ("theme", "name", "definition", "examples", "group")}
    examples, wrong = read_examples(typed["examples"])
    problems = {"examples": wrong} if wrong else {}
    if len(examples) < FEWEST_EXAMPLES:
        problems["examples"] = wrong or f"Write {FEWEST_EXAMPLES} or more, in your own words, so that the machine can learn it."
    if not typed["name"] or len(typed["name"]) > LONGEST_NAME:
        problems["name"] = f"Give it a name of up to {LONGEST_NAME} letters."
    if not typed["definition"] or len(typed["definition"]) > LONGEST_TEXT:
        problems["definition"] = f"Say in up to {LONGEST_TEXT:,} letters what falls under it."
    if problems:
        return _page(store, problems, typed), 400
    try:
        add_code(store, typed["theme"], typed["name"], typed["definition"], examples, group.wishes)
    except CannotRevise as wrong_step:
        return _page(store, {"name": str(wrong_step)}, typed), 400
    put_away(store, group)
    return _told(store.slug, "added")


def _told(slug: str, done: str) -> ResponseReturnValue:
    return redirect(url_for("officers.missed", slug=slug, done=done), 303)


def _page(store: Store, problems: dict[str, str], typed: dict[str, str]) -> str:
    found = missed_of(store)
    return render_template(
        "officers/missed.html", store=store, frame=store.campaign.frame, found=found, shown=_shown(store, found),
        problems=problems, typed=typed, done=SAID.get(request.args.get("done", ""), ""), by=len(put_by(store)),
        since=last_event(store) - found.event if found else 0, fewest=FEWEST_EXAMPLES,
    )


def _shown(store: Store, found: Missed | None) -> list[Shown]:
    groups = found.groups[:MOST_SHOWN] if found else ()
    return [Shown(one, [card for card in cards_at(store, list(one.typical)) if card.text], len(one.wishes)) for one in groups]
