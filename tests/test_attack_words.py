"""Two hundred and more hostile texts through every field and address, into every page and document that shows them.

Each page is held to the kinds of elements it has when the same fields hold plain words: no new element or attribute,
nothing that would run, no address but ours.
"""

import csv
import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaigns.cards.print.printing import draw_batch
from campaigns.cards.serials import serial_for
from campaigns.definition import Look
from campaigns.drafts.document import Draft, Said, Section, Text
from campaigns.drafts.evidence import Evidence, Seal, Standing, Taggers
from campaigns.drafts.html import as_fragment, as_page
from campaigns.drafts.markdown import ANYWHERE, as_markdown
from campaigns.importing import Columns, import_wishes
from campaigns.responses import CLEARED, SlotCoding
from campaigns.store.actions import list_actions
from campaigns.store.cards import print_cards
from campaigns.store.changes import code_wish, moderate_wish
from campaigns.store.connection import Connections
from campaigns.store.opening import open_campaign
from campaigns.store.responses import get_response, response_count
from campaigns.store.staff import Invitation, add_person, invite
from campaigns.store.store import Store, load_campaign
from tests.desks import SLUG, TOKEN, Desks, make_desks, post
from tests.holding import PLAIN, hold_all, threes
from tests.markup import Markup
from tests.paper import a_batch
from tests.payloads import PAYLOADS
from tests.storehouse import LITTLE, campaign_text, window_around
from web import create_app


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


def boxes(some: list[str]) -> dict[str, str]:
    return {f"wish{slot}": text for slot, text in enumerate(some, 1)}


def test_wishes_on_a_residents_own_pages(desks: Desks) -> None:
    client = desks.app.test_client()

    def walk(texts: list[str]) -> Iterator[tuple[str, TestResponse]]:
        for some in threes(texts):
            sent = client.post(f"/{SLUG}/wish", data=boxes(some))
            reference = sent.location.rpartition("/")[2]
            for page in ("thank-you/{}", "receipt/{}", "receipt/{}/change"):
                yield page, client.get(f"/{SLUG}/{page.format(reference)}")

    assert hold_all(walk, {200}).seen >= 200
    assert response_count(desks.store) == len(threes(PLAIN)) + len(threes(PAYLOADS))


def test_a_form_that_comes_back_with_all_that_was_typed(desks: Desks) -> None:
    client = desks.app.test_client()
    names = ("postcode", "area", "home", "source", "card", "way", "key", "issued", "card-area", "about-connection", "more")

    def walk(texts: list[str]) -> Iterator[tuple[str, TestResponse]]:
        for text in texts:
            typed = dict.fromkeys(names, text)
            yield "wish", client.post(f"/{SLUG}/wish", data={"wish1": text, "wish3": text + "y" * 5001, **typed})
            yield "receipt", client.post(f"/{SLUG}/receipt", data={"reference": text})

    assert hold_all(walk, {422}).seen == 2 * len(PAYLOADS)


def test_wishes_keyed_imported_and_sent_by_programs_on_officers_pages(desks: Desks, tmp_path: Path) -> None:
    officer, keyer = desks.signed_in("officer"), desks.signed_in("keyer", name="Grace")
    print_cards(desks.store, 200, "", "s-1")

    def walk(texts: list[str]) -> Iterator[tuple[str, TestResponse]]:
        before = response_count(desks.store)
        bring_in(desks, keyer, texts, tmp_path / f"{len(texts)}.csv")
        for number in range(before + 1, response_count(desks.store) + 1, 6):
            settle(desks, number)
        desks.count()
        last = response_count(desks.store)
        for number in range(last, before, -16):
            yield "wishes", officer.get(f"/officers/{SLUG}/wishes?before={number + 1}-1")
        for number in range(before + 1, last + 1, 9):
            yield "wish", officer.get(f"/officers/{SLUG}/wishes/{number}/1?back=/officers/{SLUG}/")
        yield "dashboard", officer.get(f"/officers/{SLUG}/?open=growth")
        yield "draft", officer.get(f"/officers/{SLUG}/draft")

    assert hold_all(walk, {200, 404}, [*PLAIN, "See www.derby.example"] * 20).seen > 50


def bring_in(desks: Desks, keyer: FlaskClient, texts: list[str], file: Path) -> None:
    """Brings texts in by the API, from cards and from a file."""
    desk = f"/keying/{SLUG}/"
    token = TOKEN.search(keyer.get(desk).text)
    assert token
    done, batch = response_count(desks.store), a_batch(desks.store, 5000)
    for n, some in enumerate(threes(texts)):
        body = {"wishes": some, "postcode": some[0], "source": some[-1]}
        sent = keyer.post(f"/api/v1/campaigns/{SLUG}/submissions", json=body)
        assert sent.status_code == 201
        serial = serial_for(done // 3 + n + 1, SLUG)
        card = {"csrf_token": token[1], "piece": f"web{done}-{n}", "serial": serial, "postcode": some[0]}
        assert keyer.post(f"{desk}{batch.number}", data={**card, **boxes(some)}).status_code == 303
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["text", "postcode"], *([text.replace("\x00", ""), text[1:8]] for text in texts)])
    outcome = import_wishes(desks.store, file, Columns(("text",), "postcode"), "letter", "")
    assert outcome.accepted + len(outcome.refused) == len(texts)
    assert len(outcome.refused) <= 3


def settle(desks: Desks, number: int) -> None:
    """Has a person code every wish of a response and clear it for quoting."""
    for slot in (1, 2, 3):
        response = get_response(desks.store, number)
        if response and any(wish.slot == slot for wish in response.wishes):
            code_wish(desks.store, response, slot, SlotCoding(("growth.jobs",), "more", "s-1"))
            coded = get_response(desks.store, number)
            assert coded
            moderate_wish(desks.store, coded, slot, CLEARED, "s-1")


ADDRESSES = (
    f"/officers/{SLUG}/?ward={{0}}&open={{0}}", f"/officers/{SLUG}/?base={{0}}",
    f"/officers/{SLUG}/wishes?before={{0}}&open={{0}}", f"/officers/{SLUG}/wishes/1/1?back={{0}}&saved={{0}}",
    "/account/sign-in?next={0}", "/account/invitation/{0}", f"/{SLUG}/receipt/{{0}}", f"/{SLUG}/from/{{0}}",
    f"/{SLUG}/c/{{0}}", "/{0}",
    f"/{SLUG}/results?{{0}}={{0}}", f"/partners/{SLUG}/{{0}}.svg", "/account/people/{0}",
    f"/officers/{SLUG}/cards/print?count={{0}}&place={{0}}&round={{0}}",
)


def test_addresses_that_say_what_was_asked(desks: Desks) -> None:
    administrator, stranger = desks.signed_in("administrator"), desks.app.test_client()
    desks.send("A wish")
    desks.count()

    def walk(texts: list[str]) -> Iterator[tuple[str, TestResponse]]:
        for n, text in enumerate(texts):
            asked = quote(text, safe="", errors="surrogatepass")
            for place, address in enumerate(ADDRESSES):
                if place < 2 or texts is PLAIN or n % len(ADDRESSES) == place:
                    client = stranger if "sign-in" in address else administrator
                    answer = client.get(address.format(asked))
                    leads = answer.headers.get("Location", "/").removeprefix("http://localhost/") or "/"
                    assert not leads.startswith(("//", "/\\", "http", "java")), (address, text)
                    if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400:
                        yield "any", answer  # which page it leads to hangs on what the address is made of
        for address in ("/a/b/c/d", "/account/a/b"):
            yield "any", administrator.get(address)

    assert hold_all(walk, {200, 400, 404, 429}).seen > 2 * len(PAYLOADS)


def test_programs_are_answered_in_json_and_nothing_else(desks: Desks) -> None:
    client = desks.app.test_client()
    for text in PAYLOADS:
        asked = client.get(f"/api/v1/campaigns/{SLUG}/tallies", query_string={"ward": text, "by": text})
        sent = client.post(f"/api/v1/campaigns/{SLUG}/submissions", json={"wishes": [], text: text, "about": {text: text}})
        for answer in (asked, sent):
            assert (answer.status_code, answer.mimetype) == (400, "application/json")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert json.loads(answer.data)["error"]


def test_actions_and_the_answers_published_from_them(desks: Desks) -> None:
    officer, stranger = desks.signed_in("officer"), desks.app.test_client()
    sent = stranger.post(f"/{SLUG}/wish", data={"wish1": "A tram"})
    settle(desks, 1)
    desks.count()
    home, lines = f"/officers/{SLUG}/answers", ("what", "because", "body", "priority", "owner", "measure", "due", "state", "kind")

    def walk(texts: list[str]) -> Iterator[tuple[str, TestResponse]]:
        for first in range(0, len(texts), 6):
            typed = {name: texts[(first + place) % len(texts)][:190] for place, name in enumerate(lines[:6])}
            yield "form", post(officer, f"{home}/0", {**dict.fromkeys(lines, texts[first]), "code": [texts[first], "other"]})
            post(officer, f"{home}/0", {**typed, "code": "growth.jobs", "do": "publish"})
        for one in list_actions(desks.store)[::9]:
            yield "action", officer.get(f"{home}/{one.number}")
        yield "answers", officer.get(home)
        yield "public", stranger.get(f"/{SLUG}/answers")
        yield "receipt", stranger.get(f"/{SLUG}/receipt/{sent.location.rpartition('/')[2]}")

    assert hold_all(walk, {200, 400}).seen > 35
    assert len(list_actions(desks.store)) > 30


def test_names_of_staff_and_what_they_type(desks: Desks) -> None:
    administrator = desks.signed_in("administrator")
    link = f"/account/invitation/{invite(desks.connections, Invitation(('keyer',)))}"

    a_batch(desks.store)

    def walk(texts: list[str]) -> Iterator[tuple[str, TestResponse]]:
        people = [
            add_person(desks.connections, text, f"{len(texts)}-{n}@derby.example", "-", ["keyer"]) for n, text in enumerate(texts)
        ]
        yield "people", administrator.get("/account/people")
        for person in people[::15]:
            yield "person", administrator.get(f"/account/people/{person.id}")
            yield "home", desks.signed_in(name=person.email.partition("@")[0]).get("/account/")
        for text in texts[::7]:
            ordered = ("count", "ward", "round", "households", "place", "paper", "held", "key")
            typed = dict.fromkeys(("name", "email", "role", "campaign", "serial", "postcode", "wish1", *ordered), text)
            yield "invited", post(administrator, "/account/people", typed)
            yield "joining", post(desks.app.test_client(), link, {**typed, "password": "short"})
            yield "cards", post(administrator, f"/officers/{SLUG}/cards/print", typed)
            yield "batch", post(administrator, f"/keying/{SLUG}/", {**typed, "counted": text, "channel": text, "place": text})
            yield "keying", post(administrator, f"/keying/{SLUG}/1", {**typed, "piece": "web1-1", "behalf": text})
            yield "ending", post(administrator, f"/keying/{SLUG}/1/end", {"why": text[:150], "counted": text, "do": "recount"})
        for text in texts[::60]:
            yield "sign-in", post(desks.app.test_client(), "/account/sign-in", {"email": text, "password": text, "next": text})

    assert hold_all(walk, {200, 400}).seen > 150


def hostile_campaign(texts: list[str]) -> str:
    """Returns the little campaign's file with these texts wherever it says something in words."""
    texts = [text for text in texts if text.isprintable()]
    said = [json.dumps(text, ensure_ascii=False) for text in texts]
    many = f"[{', '.join(said)}]"
    text = campaign_text()
    for name in ("title", "place", "question", "why", "who_decides", "organiser", "called", "text"):
        text = text.replace(f'\n{name} = "', f"\n{name} = {json.dumps(' '.join(texts[:40]), ensure_ascii=False)} #", 1)
    lists = f"can_change = {many}\ncannot_change = {many}\nhelp_contact = {said[-1]}"
    text = text.replace('can_change = ["What comes first"]', lists)
    text = text.replace('options = ["I live here", "I work here", "I visit"]', f"with_wishes = true\noptions = {many}")
    sources = "".join(f'[[sources]]\nid = "s{n}"\nname = {one}\nchannel = "online"\n' for n, one in enumerate(said))
    milestones = "".join(f'[[milestones]]\nday = {one}\nwhat = {one}\n' for one in said[:20])
    areas = "".join(f'[[areas.list]]\nid = "E0{n}"\nname = {one}\n' for n, one in enumerate(said[:60]))
    text = text.replace('name = "Growth"', f"name = {said[0]}")
    return text.replace("[[sources]]\n", f"{areas}{milestones}{sources}[[sources]]\n", 1)


CAMPAIGN_PAGES = (
    "/{}/", "/{}/wish", "/{}/results", "/{}/answers", "/{}/privacy", "/{}/privacy/for-children", "/{}/accessibility",
    "/{}/from/s0", "/{}/tree", "/{}/receipt", "/officers/{}/", "/officers/{}/wishes", "/officers/{}/cards/print", "/keying/{}/",
    "/partners/{}/",
    "/", "/account/", "/officers/", "/account/people",
)


def test_a_campaign_file_in_every_page_of_its_campaign(desks: Desks) -> None:
    administrator = desks.signed_in("administrator")

    def walk(texts: list[str]) -> Iterator[tuple[str, TestResponse]]:
        slug = f"{LITTLE}-{len(texts)}"
        load_open(desks, slug, hostile_campaign(texts))
        for page in CAMPAIGN_PAGES:
            yield page, administrator.get(page.format(slug))
        drawn = Markup(administrator.get(f"/partners/{slug}/s0.svg").text).kinds
        assert {tag for tag, _ in drawn} == {"svg", "title", "path"}

    assert hold_all(walk, {200}).seen == len(CAMPAIGN_PAGES)


def load_open(desks: Desks, slug: str, text: str) -> Store:
    """Returns a campaign made of this text, open around today."""
    load_campaign(desks.connections, slug, text)
    return open_campaign(desks.connections, slug, "s-1", window_around(date.today()))


def test_card_sheets_hold_no_command_whatever_the_campaign_is_called(desks: Desks) -> None:
    short = [one for one in PAYLOADS if one.isascii() and one.isprintable() and len(one) < 30]
    for n, text in enumerate(short[::6]):
        slug = f"{LITTLE}-{n}"
        store = load_open(desks, slug, campaign_text().replace('"What do you wish for?"', json.dumps(text)))
        paper = BytesIO()
        draw_batch(store, print_cards(store, 1, "", "s-1"), "https://wishes.example", paper)
        assert not any(word in paper.getvalue() for word in (b"/JavaScript", b"/JS", b"/Launch", b"/URI", b"/OpenAction"))


def draft_of(texts: list[str]) -> Draft:
    """Returns a draft that quotes these texts, and says them wherever a draft says something."""
    evidence = Evidence(9, 0, "abc", Seal(), Standing(), Taggers(), {})
    parts = tuple(Said(text, text) for text in texts) + tuple(Text(text, text) for text in texts)
    section = Section("asked-for", texts[0], parts, ())
    return Draft("vision", texts[0], texts[1], texts[2], (Text(texts[0]),), (section,), evidence, "en-GB", Look(ink=texts[0]))


def test_drafts_as_pages_and_as_markdown() -> None:
    for write in (as_page, as_fragment):
        plain, hostile = Markup(write(draft_of(PLAIN))), Markup(write(draft_of(PAYLOADS)))
        assert hostile.kinds <= plain.kinds
        assert hostile.faults == plain.faults
        assert {one for one in hostile.addresses if not one.startswith("#")} == set()
    loose = [
        line for line in as_markdown(draft_of(PAYLOADS)).splitlines()
        if ANYWHERE.search(ANYWHERE.sub("", line.replace("\\\\", "")).replace("\\", "")) or "](" in line.replace("\\]", "")
    ]
    assert loose == []
