"""The hostile texts through what officers look for, save, note and redact, and into what is published as open data."""

import csv
import io
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from campaigns.consumers.grouping import regroup
from campaigns.open_data.releases import release
from campaigns.responses import CLEARED, HELD, SlotCoding
from campaigns.store.changes import code_wish, moderate_wish
from campaigns.store.connection import Connections
from campaigns.store.responses import get_response, response_count
from campaigns.store.store import Store
from campaigns.store.views import views_for
from tests.desks import SLUG, TOKEN, Desks, make_desks, post
from tests.holding import PLAIN, hold_all
from tests.payloads import PAYLOADS
from web import create_app
from web.officers.choosing import seen_moderation

HOME = f"/officers/{SLUG}"
LOOKED_FOR = (
    "wishes?q={0}", "wishes?q={0}&how=meaning", "wishes?like={0}", "wishes?after={0}&q=more&how=meaning", "wishes?saved={0}",
    "tables?by={0}&by=ward", "tables?by=ward&ward={0}&shares={0}", "moderation?show={0}&before={0}", "map?theme={0}",
    "reach?by={0}", "exports?kind={0}&base={0}", "exports/{0}", "drafts/{0}", "letter-campaigns?looking={0}",
    "open-data?done={0}",
)


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


def test_what_officers_look_for(desks: Desks) -> None:
    officer, stranger = desks.signed_in("officer"), desks.app.test_client()
    desks.send("A wish")
    desks.count()

    def walk(texts: list[str]) -> Iterator[tuple[str, TestResponse]]:
        for n, text in enumerate(texts):
            asked = quote(text, safe="", errors="surrogatepass")
            for place, address in enumerate(LOOKED_FOR):
                if place < 2 or texts is not PAYLOADS or n % len(LOOKED_FOR) == place:
                    answer = officer.get(f"{HOME}/{address.format(asked)}")
                    yield "any", answer
            if n % 9 == 0:
                answer = stranger.get(f"/{SLUG}/data/{asked}")
                assert answer.headers.get("Location", "http://localhost/").startswith("http://localhost/")
                if answer.status_code != 308:
                    yield "any", answer

    assert hold_all(walk, {200, 400, 404, 405}, [*PLAIN, "wide " * 200, '"', "***", ""]).seen > 2 * len(PAYLOADS)


def test_views_saved_under_any_name(desks: Desks) -> None:
    def walk(texts: list[str]) -> Iterator[tuple[str, TestResponse]]:
        officer = desks.signed_in("officer", name=f"Ada {len(texts)}")
        for text in texts:
            asked = quote(text, safe="", errors="surrogatepass")
            yield "saved", post(officer, f"{HOME}/wishes?q={asked}", {"name": text, "shared": "1"}, page=f"{HOME}/wishes?q=a")
        yield "wishes", officer.get(f"{HOME}/wishes")

    hold_all(walk, {200, 303, 400}, ["long " * 90, "", *(f"View {n}" for n in range(50)), "***"])
    assert len(views_for(desks.store, "s-9")) == 100


def test_notes_and_redactions_of_wishes(desks: Desks) -> None:
    officer = desks.signed_in("officer")

    def walk(texts: list[str]) -> Iterator[tuple[str, TestResponse]]:
        for text in texts[:: 3 if texts is PAYLOADS else 1]:
            number = desks.send(f"Call {text} now", ward="Abbey")
            page = f"{HOME}/wishes/{number}/1"
            for form, typed in (
                ("redaction", {"words": text, "kind": "name"}),
                ("redaction", {"words": f"{text} missing", "kind": text, "span": text}),
                ("moderation", {"moderation": "2", "reason": "other", "note": text[:300]}),
                ("moderation", {"moderation": "2", "reason": text, "note": text * 90}),
            ):
                found = get_response(desks.store, number)
                assert found
                yield form, post(officer, f"{page}/{form}", {**typed, "seen": seen_moderation(found.wishes[0])}, page=page)
            yield "wish", officer.get(page)
        desks.count()
        for show in ("unseen", "held"):
            yield show, officer.get(f"{HOME}/moderation?show={show}")

    assert hold_all(walk, {200, 303, 400}, PLAIN * 10).seen > len(PAYLOADS)


def test_open_data_and_letter_campaigns(desks: Desks) -> None:
    officer, stranger = desks.signed_in("officer"), desks.app.test_client()

    def walk(texts: list[str]) -> Iterator[tuple[str, TestResponse]]:
        before = response_count(desks.store)
        for text in texts:
            for again in range(12 if texts is PLAIN or len(text) < 12 else 1):
                desks.send(f"{text} {text} {LONG} {again}", ward="Abbey")
        settle(desks.store, before)
        desks.count()
        regroup(desks.store)
        release(desks.store, "s-1")
        for page in (f"/{SLUG}/data", f"/{SLUG}/results"):
            yield page, stranger.get(page)
        for page in ("letter-campaigns", "open-data", ""):
            yield page, officer.get(f"{HOME}/{page}")

    hold_all(walk, {200})


def test_indicators_frames_and_what_is_said_in_coding(desks: Desks) -> None:
    def walk(texts: list[str]) -> Iterator[tuple[str, TestResponse]]:
        officer = desks.signed_in("officer", name=f"Ada {len(texts)}")
        number = desks.send(" ".join(texts[:40])[:900])
        desks.count()
        for text in texts[:: 6 if texts is PAYLOADS else 1]:
            table = io.StringIO(newline="")
            csv.writer(table).writerows([HEADS, [text, text, "growth", "1", "9", "down", text, text]])
            token = TOKEN.search(officer.get(f"{HOME}/indicators").text)
            assert token
            sent = {"csrf_token": token[1], "file": (io.BytesIO(table.getvalue().encode(errors="replace")), "in.csv")}
            yield "loading", officer.post(f"{HOME}/indicators", data=sent, content_type="multipart/form-data")
            yield "indicators", officer.get(f"{HOME}/indicators")
            typed = dict.fromkeys(("to", "owner", "due", "why", "found", "name", "definition", "includes", "excludes"), text)
            coded = dict.fromkeys(("code1", "code2", "ask", "part0", "part1", "into", "theme"), text)
            yield "referral", post(officer, f"{HOME}/indicators/NI 1", typed, page=f"{HOME}/indicators")
            for do in ("describe", "merge", "move", "split"):
                sent_step = {**typed, **coded, "examples": text * 2, "do": do, "revision": "0", "name": text * 70}
                yield do, post(officer, f"{HOME}/frame/growth.roads", sent_step, page=f"{HOME}/frame")
            yield "add", post(officer, f"{HOME}/frame", {**typed, **coded, "do": "add", "examples": text, "revision": "7"})
            review = {**coded, "wish": f"{number}-1", "seen": "x", "kind": "random"}
            yield "review", post(officer, f"{HOME}/review", review)
        yield "reviewing", officer.get(f"{HOME}/review?kind=random")

    plain = ["Plain words", "a,b", "zzz", "12", "growth", "Trams | sideways", "", "long " * 500]
    assert hold_all(walk, {200, 303, 400, 404, 409}, plain).seen > 250


HEADS = ("id", "name", "theme", "target", "actual", "good_direction", "period", "source")
LONG = "please keep the Assembly Rooms open and mend its roof before another winter comes to us all"


def settle(store: Store, before: int) -> None:
    """Has a person code every wish from one on, and clear every other for quoting."""
    for number in range(before + 1, response_count(store) + 1):
        response = get_response(store, number)
        assert response and code_wish(store, response, 1, SlotCoding(("growth.jobs",), "more", "s-1")).done
        coded = get_response(store, number)
        assert coded and moderate_wish(store, coded, 1, CLEARED if number % 2 else HELD, "s-1").done
