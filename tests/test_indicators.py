"""Indicators: read from CSV, every bad row told by line and remedy; how they stand to their targets; kept and logged."""

from decimal import Decimal

import pytest

from campaigns.campaign_file import CATALOGUE, read_campaign, read_file
from campaigns.coding.frame import Frame
from campaigns.indicators import (
    AMBER,
    GREEN,
    RED,
    UNTOLD,
    Indicator,
    MistakesInTable,
    headline,
    read_indicators,
    state_of,
    write_indicators,
)
from campaigns.store.connection import Connections
from campaigns.store.indicators import keep_indicators, kept_indicators
from campaigns.store.log import read_events, verify
from campaigns.store.store import open_store
from tests.storehouse import LITTLE, open_little

DERBY = "derby-2026"
LISTED_CSV = (CATALOGUE / DERBY / "indicators.csv").read_text()
MADE_UP_CSV = (CATALOGUE / DERBY / "indicators-made-up.csv").read_text()
AGREED = {f"NI {number}" for number in (1, 2, 4, 17, 18, 19, 20, 32, 35, 47, "49a", 111, 116, 117)}
HEAD = "id,name,theme,target,actual,good_direction"
GOOD = f"{HEAD}\nNI 1,Getting on,growth,75,72.5,up\n"


def frame() -> Frame:
    return read_campaign(DERBY, read_file(DERBY)).frame


def read_derby(text: str) -> tuple[Indicator, ...]:
    return read_indicators(text, frame())


@pytest.mark.parametrize(("value", "target", "good", "state"), [
    ("75", "75", "up", GREEN), ("76", "75", "up", GREEN), ("71.25", "75", "up", AMBER), ("71.24", "75", "up", RED),
    ("20", "20", "down", GREEN), ("19", "20", "down", GREEN), ("21", "20", "down", AMBER), ("21.01", "20", "down", RED),
    ("0", "0", "down", GREEN), ("1", "0", "down", RED), ("-1", "-2", "down", RED), ("-2.1", "-2", "up", AMBER),
])
def test_green_meets_amber_misses_by_five_per_cent_red_by_more(value: str, target: str, good: str, state: str) -> None:
    assert state_of(Decimal(value), Decimal(target), good) == state


def test_without_a_figure_or_a_target_nothing_is_told() -> None:
    assert {state_of(None, Decimal(1), "up"), state_of(Decimal(1), None, "up")} == {UNTOLD}


def test_the_headline_goes_by_the_forecast_and_else_by_the_figure() -> None:
    def one(actual: str, forecast: str | None, target: str | None = "10") -> Indicator:
        return Indicator("a", "a", "growth", "up", target=target and Decimal(target), actual=Decimal(actual),  # type: ignore[arg-type]
                         forecast=Decimal(forecast) if forecast else None)
    told = headline([one("5", "10"), one("10", "5"), one("9.9", None), one("12", None), one("12", None, None)])
    assert (told.told, told.will_meet) == (4, 2)
    assert told.states == {GREEN: 2, AMBER: 1, RED: 1}


def test_what_the_agreement_lists_is_in_the_catalogue_without_values() -> None:
    listed = read_derby(LISTED_CSV)
    assert {one.id for one in listed} == AGREED
    assert all(one.target is one.actual is one.forecast is None and one.state == UNTOLD for one in listed)


def test_what_is_made_up_says_so_in_every_row() -> None:
    made_up = read_derby(MADE_UP_CSV)
    assert {(one.id, one.name, one.theme, one.good) for one in made_up} == {
        (one.id, one.name, one.theme, one.good) for one in read_derby(LISTED_CSV)}
    assert {one.source for one in made_up} == {"made up for the demonstration"}
    assert {one.state for one in made_up} == {GREEN, AMBER, RED}


def test_a_table_is_read_and_written_whole() -> None:
    text = (
        "\ufeffID, Name ,Theme,Baseline,Target,Stretch target,Actual,Forecast,Period,Good direction\n"
        '\nNI 1,"Getting on, well",City Growth,,"1,204",80%,72.50,-3,2009/10,Higher\n,,,,,,,,,\n'
    )
    found = read_derby(text)
    assert found == (Indicator("NI 1", "Getting on, well", "growth", "up", None, Decimal(1204), Decimal(80), Decimal("72.50"),
                               Decimal(-3), "2009/10"),)
    assert read_derby(write_indicators(found)) == found


@pytest.mark.parametrize(("text", "line", "said"), [
    ("", 0, "The file is empty"), ("\n\n", 0, "The file is empty"), (HEAD, 2, "no indicator stands under"),
    (GOOD.replace("target", "goal"), 1, "“goal” is no column"), (GOOD.replace("target", "goal"), 1, "target is missing"),
    (GOOD.replace("name,", "id,", 1), 1, "id stands twice"),
    (GOOD.replace("72.5", "many"), 2, "actual must be a number such as 42.5, not “many”"),
    (GOOD.replace("72.5", "NaN"), 2, "actual must be a number"), (GOOD.replace("75", "1e99999"), 2, "target must be a number"),
    (GOOD.replace("growth", "wealth"), 2, "“wealth” is no theme of this campaign. Use one of children"),
    (GOOD.replace("up", "sideways"), 2, "must be up or down, not “sideways”"), (GOOD.replace(",up", ""), 2, "must be up or down"),
    (GOOD.replace("NI 1", ""), 2, "id is empty"), (GOOD.replace("Getting on", " "), 2, "name is empty"),
    (GOOD + "NI 2,Two,growth,1,204,5,up\n", 3, "7 cells stand under 6 columns"),
    (GOOD + "NI 1,Two,growth,1,2,up\n", 3, "the id “NI 1” stands twice"),
])
def test_a_bad_row_is_told_by_line_and_remedy(text: str, line: int, said: str) -> None:
    with pytest.raises(MistakesInTable) as refused:
        read_derby(text)
    told = next(one for one in refused.value.lines if said in one)
    assert told.startswith(f"Line {line}: " if line else said)


def test_every_bad_row_is_told_at_once() -> None:
    with pytest.raises(MistakesInTable) as refused:
        read_derby(f"{HEAD}\n,a,growth,x,1,up\nb,b,c,1,1,up\nd,d,growth,1,1,up\n")
    assert [line.partition(":")[0] for line in refused.value.lines] == ["Line 2", "Line 2", "Line 3"]


def test_they_are_kept_in_place_of_those_before_and_logged(connections: Connections) -> None:
    store = open_little(connections)
    assert kept_indicators(store) == ()
    for text in (GOOD, GOOD.replace("72.5", "74")):
        keep_indicators(store, read_indicators(text, store.campaign.frame), "s-1")
    assert [one.actual for one in kept_indicators(store)] == [Decimal(74)]
    events = [event for event in read_events(store) if event.name == "indicators.loaded"]
    assert len(events) == 2 and events[-1].data["indicators"] == 1 and len(events[-1].data["sha256"]) == 64
    assert verify(open_store(connections, LITTLE)).problem == ""
