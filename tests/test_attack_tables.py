"""Tables asked for one after another and set against each other: no small count is left standing alone."""

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from flask.testing import FlaskClient

from campaigns.public_tables import HARMLESS
from campaigns.store.connection import Connections
from tests.desks import SLUG, Desks, make_desks
from web import create_app

TALLIES = f"/api/v1/campaigns/{SLUG}/tallies"
SENT = {"Normanton": 9, "Abbey": 3, "Arboretum": 7, "": 6}


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    made = make_desks(create_app(settings), connections)
    for ward, count in SENT.items():
        for n in range(count):
            made.send("A wish", ward=ward, channel="card" if n % 2 else "online", source="libraries" if n % 3 else "")
    made.count()
    return made


def ask(client: FlaskClient, query: str) -> dict[str, Any]:
    answer = client.get(f"{TALLIES}?{query}")
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


TODAY = date.today().isoformat()
SET_AGAINST = (
    "by=ward&channel=card", "by=ward&channel=online", "by=theme&by=ward&channel=card&base=responses", "by=channel&ward=Abbey",
    "by=ward&by=channel", "by=ward&by=source", f"by=ward&day={TODAY}", "ward=Abbey", "ward=Abbey&ward=Normanton",
    "by=ward&theme=growth", "by=source&channel=card", "source=libraries", "by=connection&channel=card", "by=ward&by=connection",
    "by=moderation&channel=card", "by=ward&by=theme&by=ask", "by=source", "by=source&by=code", "by=source&base=mentions",
)


def test_the_public_sees_nothing_that_could_be_set_against_another(desks: Desks) -> None:
    client = desks.app.test_client()
    for query in SET_AGAINST:
        body = ask(client, query)
        assert body["total"] is None, query
        assert all(cell["count"] is None and cell["suppressed"] for cell in body["cells"]), query
        assert "signed-in officers" in body["withheld"], query


def test_even_which_cells_are_empty_is_not_told(desks: Desks) -> None:
    body = ask(desks.app.test_client(), "by=theme&by=ward&channel=card&base=responses")
    named = {(cell["theme"], cell["ward"]) for cell in body["cells"]}
    assert {("growth", "Abbey"), ("safer", "Mackworth")} <= named
    assert set(body["cells"][0]) == {"theme", "ward", "count", "base", "interval", "suppressed"}


def test_officers_see_every_count_and_their_answer_is_kept_by_nobody(desks: Desks) -> None:
    officer = desks.signed_in("officer")
    body = ask(officer, "by=ward&channel=card")
    assert {cell["ward"]: cell["count"] for cell in body["cells"]} == {"Normanton": 4, "Abbey": 1, "Arboretum": 3, "not given": 3}
    assert (body["total"], "withheld" in body) == (11, False)
    answer = officer.get(f"{TALLIES}?by=ward")
    public = desks.app.test_client().get(f"{TALLIES}?by=ward", headers={"If-None-Match": answer.headers["ETag"]})
    assert (answer.headers["Cache-Control"], public.status_code, public.headers["Cache-Control"]) == ("no-store", 200, "no-cache")
    for other in (desks.signed_in("keyer", name="Grace"), desks.signed_in("officer", name="Eve", campaigns=("durham-2011",))):
        assert ask(other, "by=ward&channel=card")["total"] is None


def test_the_page_and_the_api_withhold_the_same(desks: Desks) -> None:
    client = desks.app.test_client()
    body = ask(client, "by=ward")
    shown = {cell["ward"]: cell["count"] for cell in body["cells"]}
    assert shown | {"Normanton": 9, "Abbey": None, "Arboretum": 7, "not given": None} == shown
    assert body["total"] == 25
    page = " ".join(client.get(f"/{SLUG}/results").text.split())
    for ward, count in shown.items():
        cell = f'<td class="count">{count}</td>' if count else '<td class="count"><span aria-hidden="true">–</span>'
        assert f"{ward[0].upper()}{ward[1:]}</th> {cell}" in page, ward
    crossed, turned = (ask(client, f"by={one}&by={other}") for one, other in permutations(("ward", "theme")))
    pairs = [{(cell["ward"], cell["theme"]): cell["count"] for cell in body["cells"]} for body in (crossed, turned)]
    assert pairs[0] == pairs[1]


def test_a_source_whose_channel_tells_its_count_is_for_officers_alone(desks: Desks) -> None:
    for _ in range(3):
        desks.send("A wish", channel="tree", source="wishes-tree")
    desks.count()
    public, officer = (ask(client, "by=source") for client in (desks.app.test_client(), desks.signed_in("officer")))
    assert {cell["source"]: cell["count"] for cell in officer["cells"]}["wishes-tree"] == 3
    assert {cell["count"] for cell in public["cells"]} == {None}
    assert "wards, days or answers by themselves" in public["withheld"]


def test_tables_of_what_picks_nobody_out_stay_whole(desks: Desks) -> None:
    body = ask(desks.app.test_client(), "by=channel&channel=card&base=wishes")
    assert ([cell["count"] for cell in body["cells"]], body["total"]) == ([11], 11)
    assert {"theme", "code", "ask", "channel", "coder"} == HARMLESS
