"""How well cards are keyed: the measured error rate for the supervisor, and each keyer's own for that keyer."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.cards.quality import Quality, Rate, measure
from campaigns.store.second import Rules, checked_responses, rules_of, set_rules
from campaigns.store.staff import all_people
from campaigns.store.store import Store
from campaigns.store.third import waiting_for_third
from web.context import campaign_store, connections
from web.guards import staff
from web.keying.words import named

KIND_WORDS = {"serial": "Serials", "wish": "Wishes", "postcode": "Postcodes", "tick": "Ticks"}
MOST_APART = 50


def quality(slug: str) -> ResponseReturnValue:
    """Shows how often the first keying was wrong, and sets which share of the cards is keyed twice."""
    store = campaign_store(slug)
    if request.method == "GET":
        return _page(store, {"share": _percent(rules_of(store).share), "apart": _percent(rules_of(store).apart)}, {})
    typed = {name: request.form.get(name, "").strip() for name in ("share", "apart")}
    problems = {
        name: f"Type a number from 0 to {most}." for name, most in (("share", 100), ("apart", MOST_APART))
        if not typed[name].isascii() or not typed[name].isdecimal() or int(typed[name][:9]) > most
    }
    if problems:
        return _page(store, typed, problems), 400
    set_rules(store, Rules(int(typed["share"]) / 100, int(typed["apart"]) / 100), staff().id)
    return redirect(url_for("keying.quality", slug=slug, done="set"), 303)


def mine(slug: str) -> ResponseReturnValue:
    """Shows a keyer how often their own keying was found wrong."""
    store, person = campaign_store(slug), staff()
    own = measure(one for one in checked_responses(store) if one.first == person.id)
    return render_template("keying/mine.html", store=store, found=own, kinds=_kinds(own))


def _page(store: Store, typed: dict[str, str], problems: dict[str, str]) -> str:
    found = measure(checked_responses(store))
    names = {person.id: person.name for person in all_people(connections())}
    tables = {
        "What was keyed": _kinds(found),
        "Keyer": {names.get(who, who): rate for who, rate in found.by_keyer.items()},
        "Bundle": {named(batch): rate for batch, rate in sorted(found.by_batch.items(), reverse=True)},
        "Keyed on": dict(sorted(found.by_day.items(), reverse=True)),
    }
    return render_template(
        "keying/quality.html", store=store, found=found, tables=tables, typed=typed, problems=problems,
        waiting=len(waiting_for_third(store)), done=request.args.get("done", ""),
    )


def _kinds(found: Quality) -> dict[str, Rate]:
    return {KIND_WORDS[kind]: rate for kind, rate in found.by_kind.items() if rate.compared}


def _percent(share: float) -> str:
    return f"{share * 100:g}"
