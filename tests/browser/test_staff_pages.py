"""The keyer's and the officer's journeys in a real browser: by keyboard, phone and desk, with JavaScript on and off."""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from campaigns.cards.quality import AGREED, SETTLED
from campaigns.cards.serials import serial_for
from campaigns.responses import SlotCoding
from campaigns.store.cards import Ledger, print_cards, reconcile
from campaigns.store.connection import connect
from campaigns.store.pieces import get_piece
from campaigns.store.profile import keep_profile, load_boundaries
from campaigns.store.responses import get_response
from campaigns.store.returns import close_batch
from campaigns.store.sample import read_sample
from campaigns.store.second import checked_responses, keep_second
from campaigns.store.staff import ROLES, add_person, find_person
from campaigns.store.store import Store, open_store
from campaigns.store.turns import keep_coding
from tests.browser.conftest import PASSWORD, WITHOUT_SCRIPT, open_window
from tests.desks import quick_hash
from tests.paper import a_batch, key_piece
from tests.service import Service
from tests.storehouse import NORMANTON
from tests.twice import said
from web.keying.desk import today

Check = Callable[..., None]
SLUG = "derby-2026"
PAGES = (
    "/account/", "/account/people", *(f"/account/{page}" for page in ("two-step", "sessions", "jobs", "help", "help/security")),
    "/officers/", f"/officers/{SLUG}/", f"/officers/{SLUG}/?base=mentions",
    f"/officers/{SLUG}/?ward=Normanton&channel=card", f"/officers/{SLUG}/wishes",
    f"/officers/{SLUG}/wishes?theme=growth&ask=less", f"/officers/{SLUG}/wishes?ward=Atlantis",
    *(f"/officers/{SLUG}/{page}" for page in ("tables", "map", "reach", "moderation", "exports", "answers", "answers/0")),
    f"/officers/{SLUG}/worries", *(f"/officers/{SLUG}/sample{page}" for page in ("", "/code", "/settle")),
    f"/officers/{SLUG}/tagger", f"/officers/{SLUG}/review", f"/officers/{SLUG}/review?kind=random",
    f"/officers/{SLUG}/frame", f"/officers/{SLUG}/missed", f"/officers/{SLUG}/frame/growth.roads",
    f"/officers/{SLUG}/tables?by=disability&by=channel", f"/officers/{SLUG}/tables?by=ward&ask=less&across=1",
    *(f"/officers/{SLUG}/wishes?{asked}" for asked in ("q=more", "q=***", "q=somewhere+to+play&how=meaning", "like=1-1&saved=1")),
    *(f"/officers/{SLUG}/{page}" for page in ("cards/print", "indicators", "draft", "drafts", "working", "open-data")),
    f"/officers/{SLUG}/letter-campaigns",
    f"/officers/{SLUG}/indicators/NI 1",
    "/keying/", f"/keying/{SLUG}/",
    *(f"/keying/{SLUG}/{page}" for page in ("third", "quality", "mine", "repeats")),
    "/partners/", f"/partners/{SLUG}/", f"/officers/{SLUG}/wishes/1/1", "/officers/no-such-campaign/",
)


@pytest.fixture(scope="module")
def signed_in(browser: Browser, service: Service) -> dict[str, object]:
    """Gives the cookies of the administrator, who has just joined by the link of the first start."""
    page = browser.new_page()
    page.goto(service.link)
    page.get_by_label("Your name").fill("Ada Officer")
    page.get_by_label("Your e-mail address at work").fill("ada@derby.example")
    page.get_by_label("A password").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    expect(page.locator("h1")).to_be_visible()
    state = page.context.storage_state()
    page.context.close()
    return dict(state)


@pytest.fixture
def officer(visitor: BrowserContext, signed_in: dict[str, list]) -> BrowserContext:
    """Gives a visitor's window with the administrator signed in."""
    visitor.add_cookies(signed_in["cookies"])
    return visitor


@pytest.fixture
def desk(browser: Browser, signed_in: dict[str, list]) -> Iterator[Page]:
    """Gives a page at a desk, with JavaScript and the administrator signed in."""
    context = open_window(browser, "desk")
    context.add_cookies(signed_in["cookies"])
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def store(service: Service) -> Iterator[Store]:
    """Gives the service's store, as a command has it."""
    connections = connect({"DATA_DIR": str(service.data)})
    yield open_store(connections, SLUG)
    connections.close()


def member_of_staff(store: Store, role: str) -> str:
    """Has somebody join with one role for this campaign, with wards and a source of their own; returns their e-mail."""
    email = f"{role}@derby.example"
    if not find_person(store.connections, email):
        scope = {"wards": {SLUG: ("Normanton", "Abbey")}, "sources": {SLUG: ("libraries",)}}
        add_person(store.connections, f"The {role}", email, quick_hash(PASSWORD), [role], [SLUG], **scope)
    return email


def tab_to(page: Page, focused: Callable[[dict[str, str]], bool]) -> None:
    """Presses Tab until what has the focus, by its words and address, is what is looked for; fails after a whole round."""
    for _ in range(120):
        page.keyboard.press("Tab")
        here = page.evaluate("({words: document.activeElement.innerText, address: document.activeElement.href || ''})")
        if focused(here):
            return
    raise AssertionError(f"nothing on {page.url} that can be reached by Tab is it")


def another_card(store: Store) -> tuple[str, Ledger]:
    """Has a card printed; returns its serial, and where every card is then."""
    ward = store.campaign.area_named("Normanton")
    assert ward
    card = print_cards(store, 1, ward.id, "s-1").first
    return serial_for(card, SLUG), reconcile(store)


# Axe itself needs scripts; without them a page is held to its window alone, where that is narrowest.
@pytest.mark.parametrize("reader", ["phone", "phone-nojs", "desk"], indirect=True)
@pytest.mark.parametrize("address", PAGES)
def test_every_page_stands_up_to_axe(
    reader: Page, signed_in: dict[str, list], service: Service, check_page: Check, address: str
) -> None:
    reader.context.add_cookies(signed_in["cookies"])
    reader.goto(service.url + address)
    assert "/account/sign-in" not in reader.url
    check_page(reader)


CLOSED = ("/officers/", f"/officers/{SLUG}/wishes", f"/keying/{SLUG}/", "/account/people", "/partners/")


@pytest.mark.parametrize("address", CLOSED)
def test_staff_pages_are_closed_to_everyone_else(reader: Page, service: Service, check_page: Check, address: str) -> None:
    reader.goto(service.url + address)
    assert "/account/sign-in" in reader.url
    check_page(reader)


def test_a_wrong_sign_in_is_told(visitor: BrowserContext, service: Service, check_page: Check) -> None:
    page = visitor.new_page()
    page.goto(service.url + CLOSED[1])
    page.get_by_label("E-mail address").fill("nobody@derby.example")
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_page(page, "a wrong sign-in")


@pytest.mark.parametrize("size", ["phone", "desk"])
@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_every_desk_of_theirs_by_keyboard(
    browser: Browser, service: Service, store: Store, check_page: Check, role: str, size: str
) -> None:
    """From signing in to signing out, a pointer is never touched."""
    context = open_window(browser, size)
    page = context.new_page()
    page.goto(f"{service.url}/account/sign-in")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type(member_of_staff(store, role))
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(f"The {role}")
    check_page(page)
    names = page.locator(".desks a").all_inner_texts()
    assert names
    for name in names:
        if page.get_by_role("link", name=name, exact=True).count() == 0:  # what the navigation leaves out stands at home
            tab_to(page, lambda here: here["address"].endswith("/account/"))
            page.keyboard.press("Enter")
            expect(page.locator(".desks")).to_be_visible()
        tab_to(page, lambda here, name=name: here["words"].strip() == name and SLUG in here["address"])
        address = page.evaluate("document.activeElement.href")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url, address=address: url.startswith(address))
        expect(page.locator("main h1").first).to_be_visible()
        expect(page.locator("h1", has_text=re.compile("not yours|cannot|not there", re.IGNORECASE))).to_have_count(0)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px wider than its window"
    tab_to(page, lambda here: here["words"].strip() == "Sign out")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    context.close()


def test_a_card_is_keyed_by_keyboard_and_counted_once(
    desk: Page, service: Service, store: Store, check_page: Check
) -> None:
    serial, before = another_card(store)
    desk.goto(f"{service.url}/keying/{SLUG}/")
    expect(desk.get_by_label("How many")).to_be_focused()
    desk.keyboard.type("2")
    desk.keyboard.press("Enter")
    expect(desk.locator(".with-keys")).to_be_visible()
    expect(desk.get_by_label("Serial")).to_be_focused()
    desk.keyboard.type(serial.lower())
    expect(desk.get_by_label("Wish 1")).to_be_focused()
    desk.keyboard.insert_text("Keyed by keyboard alone")
    for _ in range(5):
        desk.keyboard.press("Enter")
    expect(desk.get_by_label("Serial")).to_be_focused()
    expect(desk.locator(".strip")).to_contain_text("1 of 2 · All saved")
    after = reconcile(store)
    moved = {name: after.states[name] - before.states[name] for name in ("keyed", "out")}
    assert (moved, after.residual) == ({"keyed": 1, "out": -1}, 0)

    desk.keyboard.type(serial)
    expect(desk.get_by_text(re.compile("keyed already")).first).to_be_visible()
    desk.keyboard.insert_text("The same card again")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".strip")).to_contain_text("2 of 2 · 1 set aside · All saved")
    check_page(desk, "a card keyed already")
    assert reconcile(store).states == after.states
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Close the batch").press("Enter")
    expect(desk.get_by_text(re.compile(r"2 of 2 accounted for. Write 0\d+ on the bundle."))).to_be_visible()
    check_page(desk, "the batches")


def keyed_by_two(store: Store) -> tuple[int, list[str]]:
    """Has two cards of a closed bundle keyed, the second of them twice and otherwise; returns the bundle and their serials."""
    cards = print_cards(store, 2, NORMANTON, "s-1")
    batch = a_batch(store, 2, day=today(store).isoformat())
    for card in (cards.first, cards.last):
        key_piece(store, batch.number, f"browser-{card}", "Somewhere to sit by the river", card=card, who="s-77")
    close_batch(store, batch.number, "s-77")
    piece = get_piece(store, batch.number, f"browser-{cards.last}")
    assert piece and keep_second(store, piece, said("Somewhere to swim in the river", card=cards.last), "s-78").kept
    return batch.number, [serial_for(card, SLUG) for card in (cards.first, cards.last)]


def test_a_bundle_is_keyed_again_and_a_pair_settled_by_keyboard(
    desk: Page, service: Service, store: Store, check_page: Check
) -> None:
    bundle, (mine, settled) = keyed_by_two(store)
    desk.goto(f"{service.url}/keying/{SLUG}/again")
    desk.keyboard.type(f"{bundle:04d}")
    desk.keyboard.press("Enter")
    expect(desk.locator(".with-keys")).to_be_visible()
    expect(desk.locator(".strip")).to_contain_text("second keying · 1 left for you · All saved")
    check_page(desk, "a bundle keyed again")
    desk.keyboard.type(settled)
    expect(desk.get_by_text("Somebody else has keyed this card a second time")).to_be_visible()
    desk.get_by_label("Serial").fill("")
    desk.keyboard.type(mine)
    expect(desk.get_by_label("Wish 1")).to_be_focused()
    desk.keyboard.insert_text("somewhere to sit by the river.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".strip")).to_contain_text("second keying · 0 left for you · All saved")
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Bundle")).to_be_focused()

    desk.get_by_role("link", name="Settle two keyings").press("Enter")
    expect(desk.get_by_text(settled)).to_be_visible()
    check_page(desk, "two keyings that differ")
    desk.keyboard.press("Tab")  # past the links on top into the page, whose first choice is the left one
    for _ in range(40):
        if desk.evaluate("document.activeElement.type") == "radio":
            break
        desk.keyboard.press("Tab")
    desk.keyboard.press("ArrowRight")
    taken = desk.locator("input:checked + label").inner_text()
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Settled.")).to_be_visible()
    states = {one.response: (one.state, one.second) for one in checked_responses(store) if one.batch == bundle}
    number = next(number for number, (_, second) in states.items() if second == "s-78")
    response = get_response(store, number)
    assert response and response.wishes[0].text == taken.strip()
    assert sorted(state for state, _ in states.values()) == [AGREED, SETTLED]


def test_a_sample_is_drawn_and_coded_by_keyboard(
    desk: Page, service: Service, store: Store, check_page: Check, wait_for: Callable[..., object]
) -> None:
    """Two wishes coded, one skipped, the last taken back, and no pointer touched."""
    desk.goto(f"{service.url}/officers/{SLUG}/sample")
    desk.get_by_label("About how many wishes").focus()
    desk.keyboard.type("90")
    desk.keyboard.press("Tab")
    desk.keyboard.type("4 1 6 6 2")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("What was drawn")).to_be_visible()
    check_page(desk, "a sample drawn")
    tab_to(desk, lambda here: here["words"].startswith("Code wishes"))
    desk.keyboard.press("Enter")
    for _ in range(2):
        before = desk.locator("input[name=wish]").first.input_value()
        expect(desk.get_by_label("Mainly about")).to_be_focused()
        desk.keyboard.type("arts, mu")
        desk.keyboard.press("Enter")
        desk.keyboard.press("1")
        desk.keyboard.press("Enter")
        expect(desk.get_by_text("Saved.")).to_be_visible()
        expect(desk.locator(f"input[name=wish][value='{before}']")).to_have_count(0)
    before = desk.locator("input[name=wish]").first.input_value()
    desk.keyboard.type("kept in the page")
    desk.reload()
    expect(desk.get_by_label("Mainly about")).to_have_value("kept in the page")
    desk.keyboard.press("Escape")
    desk.keyboard.press("n")
    expect(desk.locator(f"input[name=wish][value='{before}']")).to_have_count(0)
    check_page(desk, "a wish to code")
    desk.keyboard.press("Escape")
    desk.keyboard.press("z")
    expect(desk.get_by_text("Taken back.")).to_be_visible()
    sample = read_sample(store).wishes
    assert [len(one.said) for one in sample if one.said] == [1]
    for one in sample:
        for who in ("s-one", "s-other"):
            keep_coding(store, one, SlotCoding(("culture.arts",), "more", who, at_ms=1))
    wait_for(service.nothing_behind)
    for address in (f"/officers/{SLUG}/", f"/{SLUG}/results", f"/officers/{SLUG}/sample"):
        desk.goto(service.url + address)
        expect(desk.get_by_text(re.compile("^Range$|^all settled$")).first).to_be_visible()
        check_page(desk, f"{address} with ranges")


def test_a_card_is_keyed_without_javascript(
    visitor: BrowserContext, signed_in: dict[str, list], service: Service, store: Store, check_page: Check
) -> None:
    if visitor not in WITHOUT_SCRIPT:
        return  # the desk with its script is tried by keyboard
    visitor.add_cookies(signed_in["cookies"])
    serial, before = another_card(store)
    page = visitor.new_page()
    page.goto(f"{service.url}/keying/{SLUG}/")
    page.get_by_label("How many").fill("2")
    page.get_by_role("button", name="Open the batch").click()
    page.get_by_label("Serial").fill("ZZZ-ZZZ")
    page.get_by_label("Wish 1").fill("Kept while the serial is put right")
    page.get_by_role("button", name="Save this card").click()
    expect(page.locator("#serial-problem")).to_be_visible()
    check_page(page, "a wrong serial")
    expect(page.get_by_label("Wish 1")).to_have_value("Kept while the serial is put right")
    page.get_by_label("Serial").fill(serial)
    page.get_by_role("button", name="Save this card").click()
    expect(page.locator(".strip")).to_contain_text("1 of 2 · All saved")
    assert reconcile(store).states["keyed"] == before.states["keyed"] + 1


def test_an_officer_opens_a_number_and_puts_a_code_right(officer: BrowserContext, service: Service, check_page: Check) -> None:
    page = officer.new_page()
    page.goto(f"{service.url}/officers/{SLUG}/wishes?channel=card")
    page.get_by_role("link", name="Correct").first.click()
    form = page.locator("form[data-coding]").first
    form.get_by_label("Mainly about").select_option("safer.green")
    form.get_by_label(re.compile("^Mend")).check()
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_text(re.compile("person|Ada|you", re.IGNORECASE)).first).to_be_visible()
    check_page(page)


def test_a_wish_is_cleared_and_then_quoted_in_the_draft(desk: Page, service: Service, tmp_path: Path) -> None:
    desk.goto(f"{service.url}/officers/{SLUG}/wishes?theme=growth")
    text = desk.locator("[data-wish] .text").first.inner_text()
    desk.locator("summary", has_text="Clear for quoting").first.click()
    desk.get_by_role("button", name="Clear for quoting").first.click()
    expect(desk.get_by_text("cleared for quoting").first).to_be_visible()
    service.flask("draft", "write", SLUG, "vision", "--out", str(tmp_path / "vision.html"))
    desk.goto((tmp_path / "vision.html").as_uri())
    expect(desk.get_by_text(text).first).to_be_visible()


def test_cards_are_numbered_once_and_their_files_come_without_a_reload(desk: Page, service: Service, store: Store) -> None:
    before = reconcile(store).printed
    desk.goto(f"{service.url}/officers/{SLUG}/cards/print")
    desk.get_by_label("How many cards").fill("6")
    desk.get_by_label(re.compile("^Or handed out at")).select_option("libraries")
    desk.get_by_role("button", name="Number these cards").dblclick()
    sheets = desk.get_by_role("link", name=re.compile(r"-sheets\.pdf$"))
    expect(sheets).to_be_visible(timeout=120_000)
    with desk.expect_download() as taken:
        sheets.click()
    assert taken.value.path().read_bytes().startswith(b"%PDF")
    assert reconcile(store).printed == before + 6


def test_the_dashboard_shows_a_new_response_within_moments(desk: Page, service: Service, picture: Check) -> None:
    desk.goto(f"{service.url}/officers/{SLUG}/")
    picture(desk, "dashboard")
    before = desk.locator("main").inner_text()
    sent = desk.request.post(
        f"{service.url}/api/v1/campaigns/{SLUG}/submissions", data={"wishes": ["A wish sent while an officer looks on"]}
    )
    assert sent.status == 201
    desk.wait_for_function("before => document.querySelector('main').innerText !== before", arg=before)


def test_a_page_that_did_not_move_costs_a_304(desk: Page, service: Service, wait_for: Check) -> None:
    wait_for(service.nothing_behind, 240)
    first = desk.request.get(f"{service.url}/officers/{SLUG}/")
    again = desk.request.get(f"{service.url}/officers/{SLUG}/", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status, again.status) == (200, 304)


@pytest.fixture
def mapped(desk: Page, store: Store, shared_data: Path) -> Page:
    """Gives a page at a desk, with boundaries and households loaded."""
    load_boundaries(store, (shared_data / "geo" / "derby_wards_2013.geojson").read_text())
    keep_profile(store, {"households": {area.name: 5000 + 100 * place for place, area in enumerate(store.campaign.areas)}})
    return desk


def test_a_ward_on_the_map_leads_to_its_page(
    mapped: Page, service: Service, check_page: Callable[..., None], picture: Callable[[Page, str], None]
) -> None:
    mapped.goto(f"{service.url}/officers/{SLUG}/map")
    check_page(mapped)
    picture(mapped, "map")
    mapped.locator(".map a").first.click()
    expect(mapped.locator(".looking")).to_contain_text("from")


def test_wishes_are_found_by_meaning_and_the_search_is_saved_by_keyboard(desk: Page, service: Service, check_page: Check) -> None:
    desk.goto(f"{service.url}/officers/{SLUG}/wishes")
    desk.keyboard.press("/")
    expect(desk.get_by_label("Look for")).to_be_focused()
    desk.keyboard.type("somewhere for children to play")
    for key in ("Tab", "ArrowRight", "Enter"):
        desk.keyboard.press(key)
    expect(desk.locator("h1")).to_contain_text("nearest to somewhere for children to play")
    desk.locator("#saved summary").focus()
    desk.keyboard.press("Enter")
    desk.get_by_label("Save this search as").focus()
    desk.keyboard.type("Room to play")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("Saved")
    check_page(desk)
    desk.goto(f"{service.url}/officers/{SLUG}/wishes")
    desk.locator("#saved summary").focus()
    desk.keyboard.press("Enter")
    desk.get_by_role("link", name="Room to play").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("h1")).to_contain_text("nearest to")
    desk.locator("[data-wish] a").first.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Wishes like this")).to_be_visible()


def test_a_cell_of_a_table_opens_its_wishes_by_keyboard(
    desk: Page, service: Service, picture: Callable[[Page, str], None]
) -> None:
    desk.goto(f"{service.url}/officers/{SLUG}/tables")
    desk.get_by_label("Lines").select_option("theme")
    desk.get_by_label("Columns").select_option("channel")
    desk.get_by_label("Counted as").select_option("wishes")
    desk.get_by_label("Counted as").press("Tab")
    desk.get_by_role("button", name="Show").first.press("Enter")
    desk.wait_for_url("**by=channel**")
    picture(desk, "tables")
    cell = desk.locator(".crossed tbody td:nth-of-type(2) a").first
    count = cell.inner_text()
    cell.focus()
    cell.press("Enter")
    expect(desk.locator("h1")).to_contain_text(f"{count} wish")


def test_words_are_looked_for_with_a_single_key(desk: Page, service: Service) -> None:
    desk.goto(f"{service.url}/officers/{SLUG}/wishes")
    desk.keyboard.press("/")
    expect(desk.get_by_label("Look for")).to_be_focused()
    desk.keyboard.type("more")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**q=more**")
    expect(desk.locator("h1")).to_contain_text("with more")
    expect(desk.locator("[data-wish]").first).to_be_visible()


def test_a_file_is_taken_away_whole(desk: Page, service: Service, tmp_path: Path) -> None:
    desk.goto(f"{service.url}/officers/{SLUG}/exports")
    due = desk.locator(".looking strong").first.inner_text().replace(",", "")
    with desk.expect_download() as waited:
        desk.get_by_role("link", name="CSV", exact=True).first.click()
    waited.value.save_as(tmp_path / "wishes.csv")
    with (tmp_path / "wishes.csv").open(encoding="utf-8", newline="") as lines:
        assert sum(int(row["counts_wish"]) for row in csv.DictReader(lines)) == int(due)


def test_fifty_wishes_are_reviewed_by_keyboard(desk: Page, service: Service, picture: Callable[[Page, str], None]) -> None:
    """Most are let stand by one key, some are put right, one is skipped, and the last act is taken back."""
    desk.goto(f"{service.url}/officers/{SLUG}/review?kind=random")
    picture(desk, "review")
    done = re.compile(r"You reviewed ([\d,]+) today")
    for at in range(50):
        before = int(done.findall(desk.locator("main").inner_text())[0].replace(",", ""))
        if at % 10 == 3:
            desk.keyboard.press("n")
            desk.wait_for_url(lambda url: "leave=" in url)
        if at % 10 == 5:
            desk.keyboard.press("c")
            expect(desk.get_by_label("Mainly about")).to_be_focused()
            if not desk.locator("#code2").input_value():  # else it might be named twice
                desk.keyboard.type("jobs")
            desk.keyboard.press("Enter")
            desk.keyboard.press("4")
        desk.keyboard.press("x")
        desk.keyboard.press("Enter")
        expect(desk.get_by_text(f"You reviewed {before + 1:,} today")).to_be_visible()
    desk.keyboard.press("z")
    expect(desk.get_by_role("status")).to_have_text("Taken back.")
    expect(desk.get_by_text("You reviewed 49 today")).to_be_visible()
