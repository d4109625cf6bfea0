"""Indicators beside what people wish for: loaded from CSV, told by theme, and referred to a group until they come back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.campaign_file import CATALOGUE
from campaigns.coding.frame import Code, Theme, theme_of
from campaigns.exports.writing import harmless
from campaigns.indicators import (
    MADE_UP,
    RED,
    Headline,
    Indicator,
    MistakesInTable,
    headline,
    read_indicators,
    write_indicators,
)
from campaigns.referrals import Referral, check_referral, open_by_indicator
from campaigns.store.blocks import RowTable
from campaigns.store.indicators import keep_indicators, kept_indicators
from campaigns.store.referrals import keep_referral, list_referrals
from campaigns.store.store import Store
from campaigns.tallies import ask_for
from web.context import campaign_store, row_table
from web.guards import staff
from web.officers.answers import codes_of
from web.officers.counts import moment_of

MOST_ASKED = 3
MOST_MISTAKES = 20
FIELDS = ("to", "owner", "due", "why", "found")
NOT_UTF8 = "The file is not written in UTF-8. Save it again as “CSV UTF-8”."
PRETENDED = "These figures say that they are made up, and this is no demonstration. Nothing was loaded."


@dataclass(frozen=True)
class ThemeShown:
    """A theme's indicators with their headline, and beside them how many wished for something of it and what for."""

    theme: Theme
    told: Headline
    indicators: list[Indicator]
    responses: int
    asked: list[tuple[Code, int]]

    @property
    def red(self) -> list[Indicator]:
        """Returns the indicators that miss their target by more than a twentieth."""
        return [one for one in self.indicators if one.state == RED]


def indicators(slug: str) -> ResponseReturnValue:
    """Shows every indicator by theme, beside what is asked for; takes a CSV in place of what was loaded before."""
    store = campaign_store(slug)
    if request.method == "GET":
        return _page(store, [])
    sent = request.files.get("file")
    try:
        found = read_indicators(sent.read().decode("utf-8") if sent else "", store.campaign.frame)
        if not store.demonstration and any(one.source.casefold().startswith(MADE_UP) for one in found):
            raise MistakesInTable([PRETENDED])
    except UnicodeDecodeError:
        return _page(store, [NOT_UTF8]), 400
    except MistakesInTable as wrong:
        return _page(store, wrong.lines), 400
    keep_indicators(store, found, staff().id)
    return redirect(url_for("officers.indicators", slug=slug, loaded=1), 303)


def indicators_file(slug: str) -> ResponseReturnValue:
    """Hands out the indicators as they are loaded, or where none are the list to fill in, as CSV."""
    store = campaign_store(slug)
    kept, listed = kept_indicators(store), CATALOGUE / store.slug / "indicators.csv"
    if not kept and listed.is_file():
        text = listed.read_text(encoding="utf-8")
    else:
        text = write_indicators(_harmless(one) for one in kept)
    headers = {"Content-Disposition": f'attachment; filename="{store.slug}-indicators.csv"'}
    return Response(text, mimetype="text/csv", headers=headers)


def _harmless(one: Indicator) -> Indicator:
    id_, name, period, source = (str(harmless(value)) for value in (one.id, one.name, one.period, one.source))
    return replace(one, id=id_, name=name, period=period, source=source)


def referral(slug: str, indicator: str) -> ResponseReturnValue:
    """Refers an indicator to a group, changes that, or notes what came back; shows what became of it before."""
    store = campaign_store(slug)
    every = [one for one in list_referrals(store) if one.indicator == indicator]
    known = next((one for one in kept_indicators(store) if one.id == indicator), None)
    if known is None and not every:
        abort(404)
    now = open_by_indicator(every).get(indicator, Referral(indicator=indicator))
    if request.method == "GET":
        return _form(store, known, now, every, {})
    typed, returning = _read(now), request.form.get("do") == "return"
    problems = check_referral(typed, returning)
    if problems:
        return _form(store, known, typed, every, problems), 400
    done = replace(typed, returned=_today(store).isoformat()) if returning else typed
    if (typed.number, typed.revision) != (now.number, now.revision) or not keep_referral(store, done, staff().id):
        found = [one for one in list_referrals(store) if one.indicator == indicator]
        theirs = found[-1] if found else now
        kept = replace(typed, number=0 if theirs.returned else theirs.number, revision=0 if theirs.returned else theirs.revision)
        return _form(store, known, kept, found, {}, theirs), 409
    return redirect(url_for("officers.indicators", slug=slug, _anchor="referred"), 303)


def _page(store: Store, problems: list[str]) -> str:
    table, kept, referrals = row_table(store.slug), kept_indicators(store), list_referrals(store)
    event, today = table.refresh(store), _today(store)
    names = {one.id: one.name for one in kept}
    return render_template(
        "officers/indicators.html", store=store, campaign=store.campaign, themes=_themes(store, table, kept), told=headline(kept),
        problems=problems[:MOST_MISTAKES], more=max(len(problems) - MOST_MISTAKES, 0), loaded="loaded" in request.args,
        made_up=any(one.source.casefold().startswith(MADE_UP) for one in kept), referred=open_by_indicator(referrals),
        late={one.number for one in referrals if one.late(today)}, names=names, any=bool(kept),
        sources=list(dict.fromkeys(one.source for one in kept if one.source)),
        back=[one for one in referrals if one.returned][::-1], event=event, as_of=moment_of(store, event),
    )


def _themes(store: Store, table: RowTable, kept: tuple[Indicator, ...]) -> list[ThemeShown]:
    by_theme = table.count(store, ask_for(store.layout, ["theme"])).column()
    by_code = table.count(store, ask_for(store.layout, ["code"])).column()
    found = []
    for theme in store.campaign.frame.themes:
        codes = [(code, by_code.get(code.id, 0)) for code in codes_of(store.campaign) if theme_of(code.id) == theme.id]
        asked = sorted((one for one in codes if one[1]), key=lambda one: -one[1])[:MOST_ASKED]
        own = [one for one in kept if one.theme == theme.id]
        if own or asked:
            found.append(ThemeShown(theme, headline(own), own, by_theme.get(theme.id, 0), asked))
    return sorted(found, key=lambda one: -one.responses)


def _form(
    store: Store, known: Indicator | None, typed: Referral, every: list[Referral], problems: Mapping[str, str],
    theirs: Referral | None = None,
) -> str:
    return render_template(
        "officers/indicator.html", store=store, campaign=store.campaign, known=known, referral=typed, problems=problems,
        before=[one for one in every if one.returned][::-1], theirs=theirs, late=bool(typed.number) and _late(store, typed),
    )


def _late(store: Store, typed: Referral) -> bool:
    return not check_referral(typed, returning=False) and typed.late(_today(store))


def _read(now: Referral) -> Referral:
    sent = request.form
    to, owner, due, why, found = (sent.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS)
    number, revision = (sent.get(name, 0, type=int) for name in ("number", "revision"))
    return replace(now, to=to, owner=owner, due=due, why=why, found=found, number=number, revision=revision)


def _today(store: Store) -> date:
    return datetime.now(store.campaign.window.timezone).date()
