"""Settling two keyings of a card that differ: a third person sees both, not which came first, and says what stands."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.cards.comparing import POSTCODE, TICK, WISH, kind_of, mark_differences
from campaigns.cards.serials import serial_for
from campaigns.definition import NO_AREA
from campaigns.responses import LONGEST_WISH, tidy_wish
from campaigns.store.areas import place_postcode, table_loaded
from campaigns.store.store import Store
from campaigns.store.third import LEFT, RIGHT, TYPED, Field, Pair, Said, get_pair, settle, waiting_for_third
from web.after import ring_after
from web.context import campaign_store
from web.guards import staff
from web.keying.scans import picture_of
from web.keying.words import named

CHOOSE = "Choose one of the two, or type what stands on the card."
TOO_LONG = f"That is longer than {LONGEST_WISH:,} letters, the most we can keep. Shorten it a little."
EMPTY = "A response needs at least one wish. If the card has none, leave this one and tell your supervisor."
SAID = {
    "kept": "Settled.", "same": "Settled.", "gone": "That one needs settling no more: somebody came first, or it was taken back.",
    "own": "You keyed that card yourself, so somebody else must settle it.",
}


@dataclass(frozen=True)
class Shown:
    """One field as the page shows it: its label, what each side says in words, what was chosen and typed, and its options."""

    name: str
    label: str
    left: list[tuple[str, bool]]
    right: list[tuple[str, bool]]
    options: dict[str, str]
    chosen: str = ""
    typed: str = ""
    shown: bool = True


def waiting(slug: str) -> ResponseReturnValue:
    """Leads to the next pair of keyings that this person may settle, or says that there is none."""
    store, after = campaign_store(slug), request.args.get("after", "")
    mine = waiting_for_third(store, staff().id)
    passed = int(after) if after.isdecimal() and len(after) < 10 else 0
    following = [one for one in mine if one.response > passed] or mine
    done = request.args.get("done", "")
    if following:
        return redirect(url_for("keying.third", slug=slug, number=following[0].response, done=done or None), 303)
    others = len(waiting_for_third(store))
    return render_template("keying/third.html", store=store, pair=None, said=SAID.get(done, ""), others=others)


def third(slug: str, number: int) -> ResponseReturnValue:
    """Shows two keyings of a card side by side, and settles what stands."""
    store, person = campaign_store(slug), staff()
    pair = get_pair(store, number, person.id)
    if not isinstance(pair, Pair):
        return redirect(url_for("keying.waiting", slug=slug, done=pair.outcome), 303)
    if request.method == "GET":
        return _page(store, pair, {})
    chosen, problems = _read(store, pair)
    settled = None if problems else settle(store, number, chosen, person.id)
    if settled and settled.outcome == "empty":
        problems = {pair.fields[0].name: EMPTY}
    if settled is None or problems:
        return _page(store, pair, problems), 400
    ring_after(store, settled.ring)
    return redirect(url_for("keying.waiting", slug=slug, after=number, done=settled.outcome), 303)


def _read(store: Store, pair: Pair) -> tuple[dict[str, str | Said], dict[str, str]]:
    chosen: dict[str, str | Said] = {}
    problems = {}
    for field in pair.fields:
        take, typed = request.form.get(f"take-{field.name}", ""), request.form.get(f"typed-{field.name}", "")
        if take in (LEFT, RIGHT) and field.left is not None:
            chosen[field.name] = take
        elif take == TYPED or typed.strip():
            chosen[field.name] = _said(store, field.name, typed)
            if len(typed) > LONGEST_WISH:
                problems[field.name] = TOO_LONG
        else:
            problems[field.name] = CHOOSE
    return chosen, problems


def _said(store: Store, name: str, typed: str) -> Said:
    kind = kind_of(name)
    if kind == WISH:
        return Said(tidy_wish(typed))
    if kind == TICK:
        places = len(_options(store, name))
        return Said(tick=int(typed) if typed.isascii() and typed.isdecimal() and 0 < int(typed[:4]) <= places else 0)
    if not table_loaded(store):
        area = store.campaign.area_named(typed)
        return Said(area=area.id if area else NO_AREA[0])
    placed = place_postcode(store, typed)
    return Said(area=placed.area, outward=placed.outward, geography=placed.geography)


def _page(store: Store, pair: Pair, problems: dict[str, str]) -> str:
    mine = waiting_for_third(store, staff().id)
    return render_template(
        "keying/third.html", store=store, pair=pair, problems=problems, fields=[_show(store, field) for field in pair.fields],
        serial=serial_for(pair.response.card, store.slug), bundle=named(pair.batch), more=len(mine) - 1,
        said=SAID.get(request.args.get("done", ""), ""), agreed=_agreed(pair), picture=picture_of(store, pair.response.card),
    )


def _agreed(pair: Pair) -> list[tuple[int, str]]:
    """Returns the wishes in which the two agree, by box."""
    differ = {field.name for field in pair.fields}
    return [(wish.slot, wish.text) for wish in pair.response.wishes if f"{WISH}{wish.slot}" not in differ]


def _show(store: Store, field: Field) -> Shown:
    left, right = (_words(store, field.name, said) for said in (field.left, field.right))
    unmarked = [(left, False)] if left else [], [(right, False)] if right else []
    marked = mark_differences(left, right) if kind_of(field.name) == WISH else unmarked
    return Shown(
        field.name, _label(store, field.name), *marked, _options(store, field.name),
        request.form.get(f"take-{field.name}", ""), request.form.get(f"typed-{field.name}", ""), field.left is not None,
    )


def _words(store: Store, name: str, said: Said | None) -> str:
    if said is None or kind_of(name) == WISH:
        return said.text if said else ""
    if kind_of(name) == TICK:
        return _options(store, name).get(str(said.tick), "")
    area = next((area.name for area in store.campaign.areas if area.id == said.area), said.area)
    return ", ".join(filter(None, [said.outward, area if area != NO_AREA[0] else ""]))


def _label(store: Store, name: str) -> str:
    if kind_of(name) == WISH:
        return f"Wish {name.removeprefix(WISH)}"
    question = store.campaign.question_called(name.partition(":")[2])
    return question.text if question else "Postcode" if table_loaded(store) else store.campaign.areas_called.capitalize()


def _options(store: Store, name: str) -> dict[str, str]:
    """Returns what may be chosen instead of typed, by what is sent of it; none where it is typed."""
    question = store.campaign.question_called(name.partition(":")[2])
    if question:
        return {str(place): option for place, option in enumerate(question.options, 1)}
    if name == POSTCODE and not table_loaded(store):
        return {area.name: area.name for area in store.campaign.areas}
    return {}
