"""Working drafts: frozen without a wish's words, refreshed number by number, officers' prose kept, approved by somebody else."""

import json
import re

import pytest

from campaigns.drafts.freezing import CannotThaw, changes, freeze, thaw
from campaigns.drafts.kinds import KINDS
from campaigns.drafts.markdown import as_markdown
from campaigns.drafts.writing import write_draft
from campaigns.responses import CLEARED, SlotCoding
from campaigns.store.blocks import RowTable
from campaigns.store.changes import erase, moderate_wish
from campaigns.store.connection import Connections
from campaigns.store.log import read_events, verify
from campaigns.store.responses import get_response
from campaigns.store.workings import Working, get_working, list_workings
from tests.desks import SLUG, Desks, make_desks, post
from tests.storehouse import code_by_machine
from web import create_app
from workers import drafting, jobs

PAGE = f"/officers/{SLUG}/working"
QUOTED = "Trees along Osmaston Road, please"


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections, monkeypatch: pytest.MonkeyPatch) -> Desks:
    made = make_desks(create_app(settings), connections)
    monkeypatch.setattr(jobs, "connections", lambda: connections)
    monkeypatch.setattr(drafting, "connections", lambda: connections)
    return made


def filled(desks: Desks, times: int = 12) -> None:
    for place in range(times):
        number = desks.send(QUOTED if not place else f"Trees number {place}", ward="Abbey")
        code_by_machine(desks.store, number, 1, SlotCoding(("safer.green",), "more", "t-1", 0.9))
        response = get_response(desks.store, number)
        assert response and moderate_wish(desks.store, response, 1, CLEARED, "s-1").done
    desks.count()


def begun(desks: Desks, kind: str = "vision") -> Working:
    officer = desks.signed_in("officer")
    address = post(officer, PAGE, {"kind": kind}).location
    [made] = list_workings(desks.store)
    assert address == f"{PAGE}/{made.id}?done=begun"
    assert "It is being written." in officer.get(f"{PAGE}/{made.id}").text
    drafting.write_working(SLUG, made.id)
    return get_working(desks.store, made.id) or made


def sent(one: Working, **more: str) -> dict[str, str]:
    return {"revision": str(one.revision), **more}


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_frozen_reads_as_it_was_written(desks: Desks, kind: str) -> None:
    filled(desks)
    draft = write_draft(desks.store, RowTable(), kind, 0.5)
    kept = json.loads(json.dumps(freeze(draft)))
    assert "Osmaston" not in json.dumps(kept) and "Trees number" not in json.dumps(kept)
    texts = {1: QUOTED, **{number: f"Trees number {number - 1}" for number in range(2, 13)}}
    assert as_markdown(thaw(kept, lambda number, _: texts[number], {})) == as_markdown(draft)
    assert changes(kept, kept) == []


def test_prose_survives_a_refresh_that_tells_every_number(desks: Desks) -> None:
    filled(desks)
    one = begun(desks)
    officer, address = desks.signed_in("officer"), f"{PAGE}/{one.id}"
    section = (one.kept or {})["sections"][0]["id"]
    words = {f"prose-{section}": "Our own words.\n\nMore of them."}
    assert post(officer, address, sent(one, do="save", **words)).status_code == 303
    filled(desks, 5)
    assert post(officer, address, {"do": "refresh"}).location == f"{address}?done=refreshing"
    drafting.write_working(SLUG, one.id)
    now = get_working(desks.store, one.id)
    assert now and now.kept and now.waiting
    assert [(line.before, line.after) for line in changes(now.kept, now.waiting) if line.name == "all, responses"] == [(12, 17)]
    page = " ".join(officer.get(address).text.split())
    assert "all, responses</th>" in page and ">12</td>" in page and ">17</td>" in page
    assert post(officer, address, sent(now, do="take")).location == f"{address}?done=taken"
    taken = get_working(desks.store, one.id)
    assert taken and taken.kept == now.waiting and taken.prose == {section: "Our own words.\n\nMore of them."}
    assert "Our own words." in officer.get(f"{address}/file.md").text
    assert officer.get(f"{address}/file.docx").data[:2] == b"PK"


def test_nobody_writes_over_another(desks: Desks) -> None:
    filled(desks)
    one = begun(desks)
    officer, address = desks.signed_in("officer"), f"{PAGE}/{one.id}"
    section = (one.kept or {})["sections"][0]["id"]
    post(officer, address, sent(one, do="save", **{f"prose-{section}": "Theirs"}))
    late = post(desks.signed_in("officer", name="Grace"), address, sent(one, do="save", **{f"prose-{section}": "Mine"}))
    assert (late.status_code, "Mine" in late.text, "Now it says: Theirs" in late.text) == (409, True, True)
    long = post(officer, address, sent(one, do="save", **{f"prose-{section}": "x" * 10_001}))
    assert (long.status_code, "Shorten it" in long.text, "x" * 10_001 in long.text) == (400, True, True)


def test_it_is_approved_by_somebody_else_and_never_changes_again(desks: Desks) -> None:
    filled(desks)
    one = begun(desks)
    ada, grace, address = desks.signed_in("officer"), desks.signed_in("officer", name="Grace"), f"{PAGE}/{one.id}"
    assert post(ada, address, sent(one, do="send")).location.endswith("done=sent")
    one = get_working(desks.store, one.id) or one
    own = post(ada, address, sent(one, do="approve"))
    assert (own.status_code, "Somebody else must approve it" in own.text) == (409, True)
    assert "why it is returned" in post(grace, address, sent(one, do="return")).text
    assert post(grace, address, sent(one, do="return", why="Say who.")).location.endswith("done=returned")
    one = get_working(desks.store, one.id) or one
    assert "Returned, Grace: Say who." in " ".join(ada.get(address).text.split())
    post(ada, address, sent(one, do="send"))
    one = get_working(desks.store, one.id) or one
    assert post(grace, address, sent(one, do="approve")).location.endswith("done=approved")
    done = get_working(desks.store, one.id)
    assert done and len(done.sha256) == 64 and done.sha256 in grace.get(address).text
    for do in ("save", "refresh", "take", "send", "return", "approve", "leave"):
        assert post(ada, address, sent(done, do=do, why="x")).status_code == 409, do
    drafting.write_working(SLUG, done.id)
    assert get_working(desks.store, done.id) == done
    names = [event.name for event in read_events(desks.store) if event.name.startswith("draft.")]
    assert names == ["draft.sent", "draft.returned", "draft.sent", "draft.approved"]
    assert verify(desks.store).problem == ""


def test_an_erased_wish_is_gone_from_every_version(desks: Desks) -> None:
    filled(desks)
    one = begun(desks, "report")
    officer, address = desks.signed_in("officer"), f"{PAGE}/{one.id}"
    quoted = [int(number) for number in re.findall(r'"Said", "number": (\d+)', json.dumps(one.kept))]
    response = get_response(desks.store, quoted[0])
    assert response
    words = f">{response.wishes[0].text}<"
    assert words in officer.get(address).text
    erase(desks.store, quoted[0])
    page = officer.get(address).text
    assert words not in page and "A wish that was quoted here is no longer public." in page
    assert "Trees number" not in str(desks.store.text.hgetall(desks.store.keys.of("workings")))


def test_what_is_no_draft_is_told_and_what_is_not_there_is_not_found(desks: Desks) -> None:
    officer = desks.signed_in("officer")
    assert "None yet. Begin one below" in officer.get(PAGE).text
    assert post(officer, PAGE, {"kind": "novel"}).status_code == 400
    assert officer.get(f"{PAGE}/none").status_code == 404
    with pytest.raises(CannotThaw, match="nothing of it is lost"):
        thaw({"kind": "vision"}, lambda *_: None, {})
