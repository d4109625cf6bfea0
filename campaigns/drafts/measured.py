"""What the indicators say, beside what people wish for."""

from decimal import Decimal

from campaigns.drafts.document import Cell, Grid, Part, Section, Text
from campaigns.drafts.material import Material
from campaigns.drafts.prose import count, first_places, listed, percent, plural
from campaigns.drafts.tracing import behind
from campaigns.indicators import AMBER, GREEN, MADE_UP, RED, Indicator, headline

NONE_LOADED = "No figures of indicators have been loaded for this draft."
RULE = (
    "Green meets or beats its target, amber misses it by up to 5%, red by more. What is expected goes by the forecast, or where "
    "there is none by the latest figure."
)
MATRIX_SAID = 3


def what_is_measured(material: Material, heading: str) -> Section:
    """Returns the part on all indicators: the share that will meet its target, by theme, then each one."""
    if not material.indicators:
        return Section("indicators", heading, (Text(NONE_LOADED),))
    told = headline(material.indicators)
    said = (
        f"{count(told.will_meet)} of {plural(told.told, 'indicator')} with a target and a figure "
        f"{'is' if told.told == 1 else 'are'} expected to meet {'it' if told.told == 1 else 'theirs'} "
        f"({percent(told.will_meet, told.told)})."
    )
    every = table(material, material.indicators)
    return Section("indicators", heading, (Text(said), _by_theme(material), every, *_sources(material)))


def _by_theme(material: Material) -> Grid:
    rows: list[tuple[Cell, ...]] = []
    for theme in material.campaign.frame.themes:
        told = headline(one for one in material.indicators if one.theme == theme.id)
        if told.told:
            rows.append((theme.name, told.told, f"{count(told.will_meet)} ({percent(told.will_meet, told.told)})",
                         *(told.states[state] for state in (GREEN, AMBER, RED))))
    columns = ("Theme", "With a target", "Expected to meet it", "Green now", "Amber now", "Red now")
    return Grid("Indicators expected to meet their target", columns, tuple(rows), note=RULE)


def table(material: Material, indicators: tuple[Indicator, ...]) -> Grid:
    """Returns some indicators, each with its figures and its state in words."""
    rows = tuple(
        (f"{one.id}: {one.name}", *map(_number, (one.baseline, one.target, one.actual, one.forecast)), one.state)
        for one in indicators
    )
    periods = sorted({one.period for one in indicators if one.period})
    caption = "Indicators and their targets" + (f", {listed(periods)}" if periods else "")
    return Grid(caption, ("Indicator", "Baseline", "Target", "Latest", "Forecast", "State"), rows)


def of_theme(material: Material, theme: str) -> list[Part]:
    """Returns what the indicators of one theme say."""
    own = tuple(one for one in material.indicators if one.theme == theme)
    if not own:
        return [Text(f"{NONE_LOADED if not material.indicators else 'No indicator is listed under this theme.'}")]
    told = headline(own)
    said = f"{count(told.will_meet)} of {plural(told.told, 'indicator')} with a target and a figure will meet it, as forecast."
    return [Text(said), table(material, own), *_sources(material)]


def _sources(material: Material) -> list[Part]:
    """Says where figures come from; made-up ones say so under every table of them."""
    said = list(dict.fromkeys(one.source for one in material.indicators if one.source))
    return [Text(f"{listed(said)}.", f"{MADE_UP.capitalize() if _made_up(said) else 'Source'}:")] if said else []


def _made_up(sources: list[str]) -> bool:
    return any(source.casefold().startswith(MADE_UP) for source in sources)


def wishes_beside_targets(material: Material, heading: str) -> Section:
    """Returns the part that sets what is most asked for beside the indicators that are red."""
    if not material.indicators:
        return Section("matrix", heading, (Text(NONE_LOADED),))
    rows: list[tuple[Cell, ...]] = []
    traces = []
    for one in material.themes:
        red = [indicator for indicator in material.indicators if indicator.theme == one.name and indicator.state == RED]
        asked = first_places([code for code in material.codes(one.name) if code.number], MATRIX_SAID)
        wished = listed(f"{material.name(code.name)} ({count(code.number)})" for code in asked)
        missed = "; ".join(f"{each.id} {each.name} ({_number(each.actual)}, target {_number(each.target)})" for each in red)
        rows.append((material.name(one.name), material.share(one.number), wished or "–", missed or "none"))
        traces.append(behind(theme=one.name))
    columns = ("Theme", "Responses", "Most asked for", "Indicators that are red")
    note = (
        "Counts behind codes are responses. That a wish and an indicator stand in one line does not say that one explains the "
        "other."
    )
    grid = Grid("What is most asked for beside indicators off target", columns, tuple(rows), note=note, traces=tuple(traces))
    return Section("matrix", heading, (Text(material.base_words), grid, *_sources(material)))


def _number(number: Decimal | None) -> str:
    return "–" if number is None else f"{number:,f}"
