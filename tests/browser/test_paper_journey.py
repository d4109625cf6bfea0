"""The way of the cards, as people go it: printed, posted back, scanned, keyed twice, settled, counted, accounted for."""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from campaigns.store.connection import connect
from campaigns.store.staff import Invitation, invite
from tests.browser.conftest import PASSWORD, SIZES, open_window
from tests.printed import worn
from tests.service import Service, running_service

Check = Callable[..., None]
SLUG = "derby-2026"
DPI = 150
SERIAL = re.compile(r"\b[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}\b")
STUB = re.compile(r"\b(?:[2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}\b")
FIGURE = re.compile(r"^([\d,]+) cards?\b")
LIBRARY, HELP, RIVER = "Keep the library open on Saturdays", "Please help me", "Somewhere to sit by the river"
STUBS_SAY = {0: r"^Your card arrived on .+ and was counted\.$", 2: "could make no wish out of it: blank", 8: "not reached us yet"}


@dataclass
class Journey:
    """A campaign without a response yet, the people who work on it at their pages, and what is looked at on the way."""

    service: Service
    browser: Browser
    check: Check
    pages: dict[str, Page] = field(default_factory=dict)
    serials: list[str] = field(default_factory=list)
    stubs: list[str] = field(default_factory=list)

    def join(self, link: str, name: str) -> None:
        """Has somebody join by their one-time link; their page stays open."""
        page = self.pages[name] = open_window(self.browser, "desk").new_page()
        page.goto(link)
        page.get_by_label("Your name").fill(name)
        page.get_by_label("Your e-mail address at work").fill(f"{name.lower()}@derby.example")
        page.get_by_label("A password").fill(PASSWORD)
        page.get_by_role("button", name="Join").click()
        expect(page.locator("h1")).to_have_text(name)

    def at(self, name: str, address: str) -> Page:
        """Returns somebody's page, gone to an address."""
        page = self.pages[name]
        page.goto(self.service.url + address)
        return page

    def look_at(self, page: Page, name: str) -> None:
        """Holds a page to its rules at a desk, and to fitting a phone."""
        self.check(page, name)
        wide, narrow = (dict(zip(("width", "height"), SIZES[size], strict=True)) for size in ("desk", "phone"))
        page.set_viewport_size(narrow)  # type: ignore[arg-type]
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{name} is {over} px wider than a phone"
        page.set_viewport_size(wide)  # type: ignore[arg-type]


@pytest.fixture
def journey(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, model_folder: Path, check_page: Check,
) -> Iterator[Journey]:
    """Gives an open campaign, with an administrator, an officer, two keyers and their supervisor at their desks."""
    with running_service(tmp_path_factory.mktemp("paper") / "var", model_folder) as service:
        begun = Journey(service, browser, check_page)
        invite_staff(begun)
        yield begun
        for page in begun.pages.values():
            page.context.close()


def invite_staff(journey: Journey) -> None:
    """Has an administrator join, and those who are invited with a role each."""
    journey.join(journey.service.link, "Ada")
    connections = connect({"DATA_DIR": str(journey.service.data)})
    for name, role in (("Olga", "officer"), ("Ben", "keyer"), ("Cem", "keyer"), ("Dee", "supervisor")):
        token = invite(connections, Invitation((role,), name))
        journey.join(f"{journey.service.url}/account/invitation/{token}", name)
    connections.close()


def print_cards(journey: Journey) -> bytes:
    """Has an officer print twelve cards for Normanton, and returns the sheets as they come down."""
    page = journey.at("Olga", f"/officers/{SLUG}/")
    page.get_by_role("link", name="Taking part", exact=True).click()
    page.get_by_role("link", name="Print cards").click()
    journey.look_at(page, "nothing printed yet")
    page.get_by_label("How many cards").fill("12")
    page.get_by_label(re.compile("^Delivered in which")).select_option("Normanton")
    page.get_by_label(re.compile("^With which delivery round")).fill("Round 7")
    page.get_by_label(re.compile("^To how many households")).fill("12")
    page.get_by_role("button", name="Number these cards").click()
    sheets = page.get_by_role("link", name=re.compile(r"-sheets\.pdf$"))
    expect(sheets).to_be_visible()
    journey.look_at(page, "a printed batch")
    with page.expect_download() as taken:
        sheets.click()
    return taken.value.path().read_bytes()


def read_numbers(journey: Journey, paper: bytes) -> None:
    """Notes what is printed on the cards: the serials, and the codes on their stubs."""
    with pypdfium2.PdfDocument(paper) as printed:
        text = "\n".join(printed[place].get_textpage().get_text_range() for place in range(0, len(printed), 2))
    journey.serials, journey.stubs = SERIAL.findall(STUB.sub("", text)), STUB.findall(text)
    assert (len(journey.serials), len(journey.stubs)) == (12, 12)


def scan_sheets(paper: bytes, sheets: int) -> bytes:
    """Returns the fronts of some sheets as a poor scanner gives them, in one file."""
    pages: list[Image.Image] = []
    with pypdfium2.PdfDocument(paper) as printed:
        for place in range(sheets):
            front = printed[2 * place].render(scale=DPI / 72, grayscale=True).to_pil()
            pages.append(worn(front, turn=2.5 - place, seed=place))
    file = io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:], resolution=DPI)
    return file.getvalue()


def upload_scan(journey: Journey, scan: bytes) -> None:
    """Has the officer upload a scan, and follows it until each of its cards waits to be keyed."""
    page = journey.at("Olga", f"/officers/{SLUG}/cards/ledger")
    page.get_by_role("navigation", name="Cards").get_by_role("link", name="Scans").click()
    journey.look_at(page, "no scan yet")
    page.get_by_label("The file").set_input_files({"name": "bundle.pdf", "mimeType": "application/pdf", "buffer": scan})
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("2 pages read, 8 cards found.")).to_be_visible()
    expect(page.get_by_text("Waiting to be keyed, the picture beside the boxes.")).to_have_count(2)
    journey.look_at(page, "a scan that was read")


def key_bundle(journey: Journey, picture: Check) -> None:
    """Has a keyer open a batch of seven and key it by keyboard alone, the scan beside the boxes."""
    page = journey.at("Ben", f"/keying/{SLUG}/")
    journey.look_at(page, "no batch open")
    press, typed, strip = page.keyboard.press, page.keyboard.type, page.locator(".strip")
    typed("7")
    press("Enter")
    expect(page.locator(".with-keys")).to_be_visible()
    typed(journey.serials[0].lower())
    expect(page.get_by_alt_text("The card as it was scanned")).to_be_visible()
    assert page.evaluate("document.querySelector('[data-scan] img').decode().then(() => true)")
    typed(LIBRARY)
    picture(page, "keying")
    journey.look_at(page, "a card beside its scan")
    press("Control+Enter")
    expect(page.locator("[data-scan]")).to_be_hidden()
    typed(journey.serials[1] + RIVER + "\nMore trees")
    press("Control+Enter")
    typed(journey.serials[2] + ".u1")
    typed(journey.serials[3] + ".s1")
    typed("-A photocopied wish")
    press("Control+Enter")
    typed(journey.serials[4] + ".w")
    expect(page.get_by_text("Passed to")).to_be_visible()
    typed(HELP)
    press("Control+Enter")
    typed(journey.serials[0] + "The very same card")
    press("Control+Enter")
    expect(strip).to_contain_text("7 of 7 · 1 unnumbered · 1 unusable · 2 set aside · All saved")
    expect(page.get_by_label("Serial")).to_be_focused()
    press("Enter")
    page.wait_for_url("**/end")
    journey.look_at(page, "the end of a batch")
    press("Enter")
    expect(page.get_by_text("7 of 7 accounted for. Write 0001 on the bundle.")).to_be_visible()
    journey.look_at(page, "a batch closed")


def key_again(journey: Journey) -> None:
    """Has another keyer key a second time what is to be, one wish of it otherwise."""
    page = journey.at("Cem", f"/keying/{SLUG}/")
    page.get_by_role("link", name="Key a second time").click()
    expect(page.get_by_label("Bundle")).to_be_focused()
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(page.locator(".strip")).to_contain_text("3 left for you")
    journey.look_at(page, "a second keying")
    for serial, words in zip((0, 1, 4), (LIBRARY.upper(), "Somewhere to swim in the river\nMore trees", HELP), strict=True):
        page.keyboard.type(journey.serials[serial] + words)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_label("Serial")).to_be_focused()
    expect(page.locator(".strip")).to_contain_text("0 left for you · All saved")
    expect(page.locator("[data-scan]")).to_be_hidden()


def settle_pair(journey: Journey) -> None:
    """Has their supervisor settle the one card whose keyings differ, with what stands on it."""
    page = journey.at("Dee", f"/keying/{SLUG}/")
    page.get_by_role("link", name="How well cards are keyed").click()
    journey.look_at(page, "how well cards are keyed")
    page.get_by_role("link", name="Settle it").click()
    expect(page.get_by_text(journey.serials[1])).to_be_visible()
    expect(page.get_by_alt_text("The card as it was scanned")).to_be_visible()
    journey.look_at(page, "two keyings that differ")
    page.get_by_role("radio", name=RIVER).check()
    page.get_by_role("button", name="This is what stands").click()
    expect(page.get_by_text("Settled.")).to_be_visible()
    page.goto(f"{journey.service.url}/keying/{SLUG}/quality")
    expect(page.get_by_text(re.compile(r"^Of \d+ fields keyed twice, [01]"))).to_be_visible()


def settle_tray(journey: Journey) -> None:
    """Has the officer say what the card keyed already is, and close the worry."""
    page = journey.at("Olga", f"/officers/{SLUG}/")
    page.get_by_role("link", name="1 worry").click()
    expect(page.locator("article strong")).to_have_text(journey.serials[4])
    journey.look_at(page, "a worry")
    page.get_by_label("It is now").select_option("closed")
    page.get_by_label("What was done, without names").fill("Rang the duty team")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("No worry is open.")).to_be_visible()
    page.goto(f"{journey.service.url}/officers/{SLUG}/")
    page.get_by_role("link", name="2 pieces of paper").click()
    journey.look_at(page, "two pieces for a person")
    page.locator("article", has_text=journey.serials[0]).get_by_role("button", name="A duplicate").click()
    expect(page.locator("article")).to_have_count(1)
    expect(page.locator("article strong")).to_have_text(journey.serials[3])


def open_figures(page: Page) -> dict[str, int]:
    """Returns the figures of the ledger by their addresses, each of which leads to as many cards as it says."""
    links = page.locator("main table a[href*='ledger/list']").evaluate_all("found => found.map(a => [a.href, a.innerText])")
    for address, said in links:
        title = re.search(r"<h1>([^<]+)", page.request.get(address).text())
        found = FIGURE.search(title.group(1)) if title else None
        assert found and found.group(1) == said, (address, said)
    return {address: int(said.replace(",", "")) for address, said in links}


def look_at_ledger(journey: Journey, picture: Check) -> None:
    """Holds the ledger to the cards: nothing unaccounted for, and every figure opening to its cards."""
    page = journey.at("Olga", f"/officers/{SLUG}/cards/ledger")
    expect(page.get_by_text("Every card is accounted for.")).to_be_visible()
    picture(page, "ledger")
    journey.look_at(page, "the ledger")
    facets = page.get_by_role("navigation", name="Cards by").get_by_role("link")
    for facet in facets.evaluate_all("found => found.map(a => a.href)"):
        page.goto(facet)
        assert len(open_figures(page)) > 4
    figures = json.loads(journey.service.flask("cards", "reconcile", SLUG, "--json").stdout)
    states = {state: figures[state] for state in ("out", "waiting", "keyed", "unusable", "set_aside")}
    assert states == {"out": 4, "waiting": 3, "keyed": 3, "unusable": 1, "set_aside": 1}
    assert (figures["residual"], figures["unaccounted"], figures["unnumbered"]) == (0, 0, 1)


def look_up_stub(journey: Journey, stub: str) -> Page:
    """Returns a resident's page on which they typed the code that they kept."""
    page = journey.pages["resident"] = journey.pages.get("resident") or open_window(journey.browser, "phone").new_page()
    page.goto(f"{journey.service.url}/{SLUG}/receipt")
    page.get_by_label("Your reference").fill(stub)
    page.get_by_role("button", name="Show my receipt").click()
    return page


def test_a_card_goes_from_the_printer_to_the_tallies_and_each_is_accounted_for(
    journey: Journey, picture: Check, wait_for: Check
) -> None:
    paper = print_cards(journey)
    read_numbers(journey, paper)
    upload_scan(journey, scan_sheets(paper, 2))
    expect(look_up_stub(journey, journey.stubs[0]).get_by_text("It is waiting to be read.")).to_be_visible()
    key_bundle(journey, picture)
    key_again(journey)
    settle_pair(journey)
    settle_tray(journey)
    look_at_ledger(journey, picture)

    wait_for(journey.service.nothing_behind, 240)
    shown = json.loads(journey.service.flask("tallies", "show", SLUG, "--by", "channel", "--base", "wishes", "--json").stdout)
    assert [(cell["channel"], cell["count"]) for cell in shown["cells"]] == [("card", 5)]
    page = journey.at("Olga", f"/officers/{SLUG}/wishes?channel=card")
    for said in (LIBRARY, RIVER, HELP, "More trees", "A photocopied wish"):
        expect(page.locator(".text").get_by_text(said)).to_be_visible()
    journey.service.flask("cards", "reconcile", SLUG, "--check")
    journey.service.flask("log", "verify", SLUG)
    for stub, said in STUBS_SAY.items():
        expect(look_up_stub(journey, journey.stubs[stub]).get_by_text(re.compile(said))).to_be_visible()
