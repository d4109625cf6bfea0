"""Reach and the map: profiles as people have them, gaps with their size, and pages that never adjust a count."""

import io
from datetime import date
from pathlib import Path

import pytest

from campaigns.campaign_file import MistakesInFile, read_campaign, read_file
from campaigns.reach import UnreadableProfile, compare, most_missing, read_profile
from campaigns.store.connection import Connections
from campaigns.store.profile import boundaries_of, keep_profile, load_boundaries, profile_of
from tests.desks import SLUG, TOKEN, Desks, make_desks
from web import create_app
from web.officers.reach import places_in

CAMPAIGN = read_campaign(SLUG, read_file(SLUG))
REACH, MAP = f"/officers/{SLUG}/reach", f"/officers/{SLUG}/map"


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


def test_a_profile_is_read_by_areas_and_answers() -> None:
    lines = [
        "Facet,VALUE,count,source", "households,abbey,\"8,100\",census", "age,16 to 24, 300 ,", ",,,", "households,Boulton,5900,",
    ]
    assert read_profile(lines, CAMPAIGN) == {"households": {"Abbey": 8100, "Boulton": 5900}, "age": {"16 to 24": 300}}


@pytest.mark.parametrize(("lines", "said"), [
    ([], "no column"), (["facet,value"], "no column “count”"), (["facet,value,count"], "nothing in the file"),
    (["facet,value,count", "households,Atlantis,3"], "Line 2: there is no ward called “Atlantis”"),
    (["facet,value,count", "colour,red,3"], "Line 2: “colour” is not"),
    (["facet,value,count", "age,17,3"], "is not an answer"),
    (["facet,value,count", "households,Abbey,many"], "not a whole number"),
    (["facet,value,count", "households,Abbey,-3"], "not a whole"),
    (["facet,value,count", "households,Abbey," + "9" * 400], "not a whole number"),
    (["facet,value,count", "households"], "no ward called"),
])
def test_a_profile_that_cannot_be_used_is_refused_by_its_line(lines: list[str], said: str) -> None:
    with pytest.raises(UnreadableProfile, match=said):
        read_profile(lines, CAMPAIGN)


def test_the_widest_gap_comes_first_with_what_would_close_it() -> None:
    lines = compare({"a": 90, "b": 30, "elsewhere": 7}, {"a": 500, "b": 500})
    assert [(line.value, round(line.gap, 1), line.missing) for line in lines] == [("b", -25.0, 60), ("a", 25.0, 0)]
    assert (30 + 60) / (120 + 60) == 0.5
    assert lines[0].per_thousand == 60


@pytest.mark.parametrize(("replies", "people", "wanted"), [
    ({}, {"a": 5}, None), ({"a": 50, "b": 40}, {"a": 1, "b": 1}, None), ({"a": 60, "b": 60}, {"a": 1, "b": 1}, None),
    ({"a": 80, "b": 40}, {"a": 1, "b": 1}, "b"), ({"a": 80}, {"a": 0, "b": 0}, None),
])
def test_too_few_replies_or_an_even_reach_names_nobody(replies: dict, people: dict, wanted: str | None) -> None:
    found = most_missing(compare(replies, people))
    assert (found.value if found else None) == wanted


def test_the_page_takes_a_profile_and_sets_replies_beside_it(desks: Desks) -> None:
    officer = desks.signed_in("officer")
    assert "there is nothing to compare" in officer.get(REACH).text
    for _ in range(3):
        desks.send("A wish", ward="Abbey")
    desks.send("A wish", ward="Boulton")
    desks.count()

    def load(text: bytes) -> object:
        token = TOKEN.search(officer.get(REACH).text)
        assert token
        return officer.post(REACH, data={"csrf_token": token[1], "profile": (io.BytesIO(text), "p.csv")})

    assert load(b"facet,value,count\nhouseholds,Atlantis,3\n").status_code == 400  # type: ignore[attr-defined]
    assert load(b"\xff\xfe").status_code == 400  # type: ignore[attr-defined]
    assert load(b"facet,value,count\nhouseholds,Abbey,1000\nhouseholds,Boulton,3000\n").status_code == 303  # type: ignore[attr-defined]
    page = officer.get(REACH).text
    assert page.index(">Boulton</a>") < page.index(">Abbey</a>")
    assert "-50.0" in page and "+50.0" in page
    assert profile_of(desks.store)["households"] == {"Abbey": 1000, "Boulton": 3000}


def test_the_dashboard_names_whom_the_profile_shows_least_heard(desks: Desks) -> None:
    officer = desks.signed_in("officer")
    for ward, count in (("Abbey", 90), ("Boulton", 20)):
        for _ in range(count):
            desks.send("A wish", ward=ward)
    desks.count()
    page = f"/officers/{SLUG}/"
    before = officer.get(page)
    assert "Least heard:" in before.text and "nobody yet" in before.text
    keep_profile(desks.store, {"households": {"Abbey": 1000, "Boulton": 1000}})
    after = officer.get(page, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert ">Boulton</strong></a>, 18.2% of the replies that say, and 50.0% of the households." in after.text


def test_the_map_draws_tiles_then_wards_and_tells_no_few(desks: Desks, shared_data: Path) -> None:
    officer = desks.signed_in("officer")
    assert "No wishes yet." in officer.get(MAP).text
    for _ in range(7):
        desks.send("A wish", ward="Abbey")
    desks.send("A wish", ward="Boulton")
    desks.count()
    tiles = officer.get(MAP).text
    assert "No boundaries are loaded" in tiles and "<title>Abbey: 7 responses</title>" in tiles
    assert "<title>Boulton: fewer than 5 responses</title>" in tiles
    load_boundaries(desks.store, (shared_data / "geo" / "derby_wards_2013.geojson").read_text())
    keep_profile(desks.store, {"households": {"Abbey": 1000, "Boulton": 500}})
    page = officer.get(MAP).text
    assert boundaries_of(desks.store) and "No boundaries" not in page
    assert "<title>Abbey: 7 responses per 1,000 households</title>" in page
    assert page.count('fill-rule="evenodd"') == 6 * 17


def test_the_next_event_in_an_area_is_told_and_a_mistaken_one_refused() -> None:
    text = read_file(SLUG)
    ward = CAMPAIGN.areas[0]
    for name, day in (("Fair", "2010-07-20"), ("Gala", "2010-07-03"), ("Past", "2010-06-30")):
        text += f'\n[[events]]\nname = "{name}"\nday = {day}\narea = "{ward.id}"\nplace = "the park"\n'
    told = places_in(read_campaign(SLUG, text), date(2010, 7, 1))[ward.name]
    assert told.split("; ")[0] == "Gala, 3 July, the park"
    assert "Fair" not in told and "Past" not in told
    for day, area, said in (('"soon"', ward.id, "must be a day"), ("2010-07-03", "nowhere", "no area has the id “nowhere”")):
        with pytest.raises(MistakesInFile, match=said):
            read_campaign(SLUG, f'{read_file(SLUG)}\n[[events]]\nname = "Fair"\nday = {day}\narea = "{area}"\n')
