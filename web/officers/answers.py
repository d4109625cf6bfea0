"""What is done about what people asked for: actions by theme, what is answered nowhere yet, and publishing the answers."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.answering import (
    KINDS,
    LONGEST,
    PLANNED,
    STATES,
    VERDICTS,
    Action,
    check_action,
    first_year,
    heard_words,
    late,
)
from campaigns.coding.frame import ALONE, Code, theme_of
from campaigns.definition import Campaign
from campaigns.store.actions import get_action, heard, keep_action, list_actions, publish_action, take_back
from campaigns.store.store import Store
from campaigns.tallies import ask_for
from web.context import campaign_store, row_table
from web.guards import staff
from web.officers.counts import moment_of
from web.words import day, plural

LINES = ("priority", "what", "because", "body", "owner", "measure", "due")


@dataclass(frozen=True)
class Typed:
    """An action as its form holds it, what is wrong with it, and whether somebody else changed it meanwhile."""

    action: Action
    problems: dict[str, str]
    theirs: Action | None = None


def answers(slug: str) -> ResponseReturnValue:
    """Shows every action by theme, how far they have come, and what was asked for and is answered nowhere."""
    store, table = campaign_store(slug), row_table(slug)
    event, campaign, actions, today = table.refresh(store), store.campaign, list_actions(store), _today(store)
    asked = table.count(store, ask_for(store.layout, ["code"])).column()
    answered = {code for action in actions if action.published for code in action.codes}
    missing = sorted((code for code in codes_of(campaign) if code.id not in answered), key=lambda code: -asked.get(code.id, 0))
    return render_template(
        "officers/answers.html", store=store, campaign=campaign, by_theme=_by_theme(campaign, actions), asked=asked,
        missing=[code for code in missing if asked.get(code.id)], clock=clock_words(campaign, today),
        pause=campaign.paused_on(today), progress=first_year(actions, campaign.window.closes), verdicts=VERDICTS,
        late={action.number for action in actions if late(action, today)}, event=event, as_of=moment_of(store, event),
        any=bool(actions),
    )


def answer(slug: str, number: int) -> ResponseReturnValue:
    """Shows one action to write or change (0: a new one), keeps it, publishes its answer or takes it back."""
    store = campaign_store(slug)
    found = get_action(store, number) if number else Action(codes=tuple(request.args.getlist("code")), state=PLANNED)
    if found is None:
        abort(404)
    if request.method == "GET":
        return _form(store, Typed(found, {}))
    typed = _read(found)
    problems = check_action(typed, [code.id for code in codes_of(store.campaign)])
    if problems:
        return _form(store, Typed(typed, problems)), 400
    if typed.revision != found.revision:
        return _form(store, Typed(replace(typed, revision=found.revision), {}, theirs=found)), 409
    return _do(store, typed, request.form.get("do", "keep"))


def _do(store: Store, typed: Action, what: str) -> ResponseReturnValue:
    pause = store.campaign.paused_on(_today(store))
    kept = keep_action(store, typed, staff().id)
    if kept and what == "publish" and pause:
        said = f"Kept, and not published: {pause.why} Publish it after {day(pause.ends)}."
        return _form(store, Typed(kept, {"publish": said})), 409
    if kept and what == "publish":
        kept = publish_action(store, row_table(store.slug), kept, staff().id)
    elif kept and what == "take back":
        kept = take_back(store, kept, staff().id)
    if kept is None:
        now = get_action(store, typed.number) or typed
        return _form(store, Typed(replace(typed, revision=now.revision), {}, theirs=now)), 409
    return redirect(url_for("officers.answers", slug=store.slug, _anchor=f"a{kept.number}"), 303)


def _read(found: Action) -> Action:
    sent = request.form
    typed: dict[str, Any] = {name: sent.get(name, "").replace("\r\n", "\n").strip()[:2 * LONGEST] for name in LINES}
    for name, known in (("state", STATES), ("kind", KINDS)):
        typed[name] = sent[name] if sent.get(name) in known else known[0]
    revision = sent.get("revision", "")
    seen = int(revision) if revision.isascii() and revision.isdecimal() else found.revision
    return replace(found, **typed, codes=tuple(dict.fromkeys(sent.getlist("code"))), revision=seen)


def _form(store: Store, typed: Typed) -> str:
    table, campaign, offered = row_table(store.slug), store.campaign, codes_of(store.campaign)
    known = {code.id: code.name for code in offered}
    names = [known[code] for code in typed.action.codes if code in known]
    said = heard_words(heard(store, table, tuple(code for code in typed.action.codes if code in known)), names) if names else ""
    return render_template(
        "officers/answer.html", store=store, campaign=campaign, typed=typed, action=typed.action, problems=typed.problems,
        states=STATES, kinds=KINDS, verdicts=VERDICTS, said=said, names=known,
        grouped=[(theme, [code for code in offered if theme_of(code.id) == theme.id]) for theme in campaign.frame.themes],
    )


def codes_of(campaign: Campaign) -> list[Code]:
    """Returns the codes that can be answered: all but those that say nothing was asked for."""
    return [code for code in campaign.frame.codes if code.id not in ALONE]


def _by_theme(campaign: Campaign, actions: list[Action]) -> list[tuple[str, str, list[Action]]]:
    """Returns each theme's name and body with the actions whose first code is of it."""
    return [
        (theme.name, theme.answers, [one for one in actions if theme_of(one.codes[0]) == theme.id])
        for theme in campaign.frame.themes
    ]


def clock_words(campaign: Campaign, today: date) -> str:
    """Returns until when people should have answers, and how long that is."""
    due = campaign.answers_due
    left = (due - today).days
    if left < 0:
        return f"Answers were due by {day(due)}, twelve weeks after the last day for cards: {plural(-left, 'day')} ago."
    return f"Answers are due by {day(due)}, twelve weeks after the last day for cards: {plural(left, 'day')} left."


def _today(store: Store) -> date:
    return datetime.now(store.campaign.window.timezone).date()
