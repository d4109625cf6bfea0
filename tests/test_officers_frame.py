"""The coding frame on the officers' desk: a draft beside the frame in use, each step by a form, nobody written over."""

import pytest
from flask.testing import FlaskClient

from campaigns.coding.frame import Frame
from campaigns.coding.overlap import doubts
from campaigns.consumers.reframing import carry_actions
from campaigns.drafts.kinds import KINDS
from campaigns.drafts.markdown import as_markdown
from campaigns.drafts.writing import write_draft
from campaigns.open_data.releases import release
from campaigns.responses import SlotCoding
from campaigns.store.actions import list_actions
from campaigns.store.blocks import RowTable
from campaigns.store.connection import Connections
from campaigns.store.frames import adopted_versions, begun, draft_of, revise
from campaigns.store.reframing import Preview, Reframed, keep_preview, note_reframed
from campaigns.store.responses import get_response
from campaigns.store.store import open_store
from tests.desks import SLUG, Desks, make_desks, post
from tests.storehouse import code_by_machine
from web import create_app
from web.officers.choosing import seen_coding
from workers.queues import SLOW, queue

PAGE = f"/officers/{SLUG}/frame"
TRAMS, ROADS = "growth.transport", "growth.roads"
FIVE = "\n".join(f"A tram to place {n}" for n in range(4)) + "\nFewer trams | less"
NEW = {"do": "add", "theme": "growth", "name": "Trams", "definition": "Rails in the street", "examples": FIVE, "revision": "0"}


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


def words(client: FlaskClient, page: str = PAGE) -> str:
    return " ".join(client.get(page).text.split())


def sent(desks: Desks, codes: tuple[str, ...], times: int) -> None:
    for _ in range(times):
        number = desks.send("Something")
        code_by_machine(desks.store, number, 1, SlotCoding(codes, "more", "t-1", 0.9))
    desks.count()


def test_the_frame_in_use_is_shown_with_its_wishes_and_doubts(desks: Desks) -> None:
    sent(desks, (TRAMS, ROADS), 25)
    sent(desks, (ROADS,), 5)
    page = words(desks.signed_in("officer"))
    assert ">25</a>" in page and ">30</a>" in page
    assert "100% of the wishes about “Buses, trains, cycling and walking” are about" in page
    assert "has 0 of 30 wishes. Merge it into another, or retire it." in page
    assert "No other version was adopted." in page and "A draft of the next version" not in page


def test_a_code_is_added_and_mistakes_keep_what_was_typed(desks: Desks) -> None:
    officer = desks.signed_in("officer")
    wrong = post(officer, PAGE, {**NEW, "name": "", "examples": "Trams | sideways"})
    assert (wrong.status_code, "Give it a name" in wrong.text, "Trams | sideways" in wrong.text) == (400, True, True)
    assert post(officer, PAGE, NEW).location == f"{PAGE}?done=kept"
    page = words(officer)
    assert "<strong>Trams</strong>, new" in page and "A draft of the next version" in page
    late = post(officer, PAGE, {**NEW, "name": "Light rail"})
    assert (late.status_code, "Somebody changed the draft" in late.text, "Light rail" in late.text) == (409, True, True)


@pytest.mark.parametrize(("code", "form", "said"), [
    (ROADS, {"do": "merge", "into": TRAMS}, "becomes “Buses, trains, cycling and walking”"),
    (ROADS, {"do": "move", "theme": "safer"}, "becomes “Roads, traffic and parking”"),
    (ROADS, {"do": "retire"}, ">retired<"),
    (ROADS, {"do": "split", "part0": "Holes", "part1": "Parking", "of0": "1"}, "becomes “Holes”, “Parking”"),
    (ROADS, {"do": "describe", "name": "Streets", "definition": "Anew", "examples": FIVE}, "<strong>Streets</strong>"),
])
def test_each_step_stands_in_the_draft_beside_the_frame_in_use(desks: Desks, code: str, form: dict[str, str], said: str) -> None:
    officer = desks.signed_in("officer")
    assert "A tram" not in words(officer, f"{PAGE}/{code}")
    assert post(officer, f"{PAGE}/{code}", {**form, "revision": "0"}).location == f"{PAGE}?done=kept"
    assert said in words(officer)
    assert (draft_of(desks.store) or begun(desks.store)).revision == 1


@pytest.mark.parametrize(("form", "said"), [
    ({"do": "merge"}, "Choose a code."), ({"do": "move"}, "Choose a theme."),
    ({"do": "split", "part0": "One"}, "Name at least two"), ({"do": "merge", "into": "other"}, "What stands alone"),
    ({"do": "describe", "name": "", "definition": "x"}, "Give it a name"),
])
def test_steps_that_do_not_fit_are_told(desks: Desks, form: dict[str, str], said: str) -> None:
    officer = desks.signed_in("officer")
    answer = post(officer, f"{PAGE}/{ROADS}", {**form, "revision": "0"})
    assert (answer.status_code, said in answer.text) == (400, True)
    assert draft_of(desks.store) is None
    assert officer.get(f"{PAGE}/growth.nowhere").status_code == 404


def test_a_draft_is_previewed_adopted_and_coded_again_by_a_job(desks: Desks) -> None:
    officer = desks.signed_in("officer")
    sent(desks, (ROADS,), 3)
    post(officer, f"{PAGE}/{ROADS}", {"do": "merge", "into": TRAMS, "revision": "0"})
    assert post(officer, PAGE, {"do": "preview", "revision": "1"}).location == f"{PAGE}?done=preview"
    keep_preview(desks.store, Preview(1, 3, 3, ((ROADS, TRAMS, 3),), {TRAMS: 3}, 1))
    page = words(officer)
    assert "3 would have another main code" in page
    early = post(officer, PAGE, {"do": "adopt", "revision": "0"})
    assert (early.status_code, "Somebody changed the draft" in early.text) == (400, True)
    assert post(officer, PAGE, {"do": "adopt", "revision": "1"}).location == f"{PAGE}?done=adopted"
    jobs = queue(desks.connections, SLOW).jobs
    assert [job.func_name for job in jobs] == ["workers.jobs.preview_frame", "workers.jobs.reframe_wishes"]
    store = open_store(desks.connections, SLUG)
    page = words(officer)
    assert "Wishes are being coded again" in page and ROADS not in {code.id for code in store.campaign.frame.codes}
    assert f"{len(store.campaign.frame.codes)} codes (in use)" in page and len(adopted_versions(store)) == 1
    assert "Roads, traffic and parking" in officer.get(f"/officers/{SLUG}/wishes").text, "until it is coded again"
    assert officer.get(f"/officers/{SLUG}/?open=growth").status_code == 200
    assert desks.app.test_client().get(f"/{SLUG}/results").status_code == 200
    note_reframed(store, Reframed(store.frame_version, 3, 3, 3, 0, 5))
    assert "Wishes are being coded again" not in words(officer)


def test_a_draft_is_given_up(desks: Desks) -> None:
    officer = desks.signed_in("officer")
    post(officer, f"{PAGE}/{ROADS}", {"do": "retire", "revision": "0"})
    assert post(officer, PAGE, {"do": "drop", "revision": "0"}).status_code == 409
    assert post(officer, PAGE, {"do": "drop", "revision": "1"}).location == f"{PAGE}?done=dropped"
    assert "A draft of the next version" not in words(officer)


def test_what_people_coded_under_a_split_code_waits_in_the_review(desks: Desks) -> None:
    officer = desks.signed_in("officer")
    sent(desks, (ROADS,), 1)
    wish = f"/officers/{SLUG}/wishes/1/1"
    post(officer, wish, {"code1": ROADS, "ask": "more", "seen": seen(desks)}, page=wish)
    desks.count()
    form = {"do": "split", "part0": "Holes", "part1": "Parking", "of0": "1", "of1": "1", "of2": "1", "of3": "1", "of4": "1"}
    post(officer, f"{PAGE}/{ROADS}", {**form, "revision": "0"})
    post(officer, PAGE, {"do": "adopt", "revision": "1"})
    desks.count()
    assert "1 wish that people coded" in words(officer)
    assert "Split (1)" in words(officer, f"/officers/{SLUG}/review")


def seen(desks: Desks) -> str:
    response = get_response(desks.store, 1)
    assert response
    return seen_coding(response.wishes[0])


def test_more_codes_than_people_can_hold_are_doubted(desks: Desks) -> None:
    frame = desks.store.campaign.frame
    many = Frame(frame.themes, frame.codes * 3, ())
    assert "Nobody keeps more than 70 apart" in doubts(many, {}, {}, 0)[0].said
    assert revise(desks.store, lambda draft: draft).revision == 1


def test_every_page_and_draft_stands_while_older_codes_are_left(desks: Desks) -> None:
    officer, anyone = desks.signed_in("officer"), desks.app.test_client()
    sent(desks, (ROADS,), 3)
    wish = f"/officers/{SLUG}/wishes/1/1"
    post(officer, wish, {"code1": ROADS, "ask": "more", "seen": seen(desks)}, page=wish)
    action = {"code": ROADS, "state": "planned", "kind": "output", "what": "Mend the roads", "do": "publish", "revision": "0"}
    assert post(officer, f"/officers/{SLUG}/answers/0", action).status_code == 303
    post(officer, f"{PAGE}/{ROADS}", {"do": "split", "part0": "Holes", "part1": "Parking", "revision": "0",
                                      **{f"of{place}": str(place % 2) for place in range(200)}})
    assert post(officer, PAGE, {"do": "adopt", "revision": "1"}).location.endswith("done=adopted")
    desks.count()
    home = f"/officers/{SLUG}"
    for page in (
        "", "?open=growth", "wishes", "wishes?code=growth.roads", "wishes/1/1", "tables?by=code&by=theme", "map", "reach",
        "frame", "review", "review?kind=split", "sample", "tagger", "missed", "indicators", "answers",
        "answers/1", "exports", "drafts",
        "draft", "letter-campaigns", "open-data", "moderation",
    ):
        answer = officer.get(f"{home}/{page}")
        assert answer.status_code == 200, page
    assert officer.get(f"{home}/exports/wishes/{SLUG}.csv").status_code == 200
    for page in ("", "results", "answers", "data", "how-wishes-are-sorted"):
        assert anyone.get(f"/{SLUG}/{page}").status_code == 200, page
    assert anyone.get(f"/api/v1/campaigns/{SLUG}/tallies?by=code").status_code == 200
    store = open_store(desks.connections, SLUG)
    release(store, "s-1")
    for kind in KINDS:
        assert as_markdown(write_draft(store, RowTable(), kind, 0.1)), kind
    carry_actions(store)
    [kept] = list_actions(store)
    assert set(kept.codes) == {"growth.holes", "growth.parking"} and kept.published
