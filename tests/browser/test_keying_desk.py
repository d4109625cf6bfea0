"""The keying desk in a real browser, by keyboard alone: with the connection cut, the service killed, tabs, reloads, sign-outs."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from werkzeug.serving import BaseWSGIServer, make_server

from campaigns.cards.serials import serial_for
from campaigns.cards.tokens import token_for
from campaigns.store.areas import load_postcodes
from campaigns.store.cards import print_cards
from campaigns.store.connection import Connections
from campaigns.store.responses import get_responses, response_count
from campaigns.store.returns import ReturnBatch, list_batches
from campaigns.store.secrets import card_secret
from campaigns.store.tray import in_tray
from campaigns.store.worries import open_worries
from tests.browser.conftest import open_window
from tests.desks import SLUG, Desks, make_desks
from tests.service import free_port
from web import create_app

ITEMS = """async () => {
  const opening = indexedDB.open("three-wishes-keying", 1);
  await new Promise((done) => { opening.onsuccess = done; });
  const all = opening.result.transaction("items").objectStore("items").getAll();
  await new Promise((done) => { all.onsuccess = done; });
  opening.result.close();
  return all.result.map((item) => item.body);
}"""


@dataclass
class Served:
    """The application at an address of its own, which can go away and come back."""

    app: Flask
    port: int = field(default_factory=free_port)
    server: BaseWSGIServer | None = None
    thread: threading.Thread | None = None

    def start(self) -> None:
        """Answers from now on."""
        self.server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Answers no more."""
        if self.server and self.thread:
            self.server.shutdown()
            self.thread.join()
            self.server.server_close()
            self.server = None


@dataclass
class AtDesk:
    """A keyer before a browser, with a batch of six open."""

    desks: Desks
    served: Served
    window: BrowserContext
    page: Page

    @property
    def batch(self) -> ReturnBatch:
        """Returns the batch as it now is."""
        return list_batches(self.desks.store)[-1]

    @property
    def said(self) -> list[str]:
        """Returns the first wish of each live response, as it was kept."""
        store = self.desks.store
        found = get_responses(store, range(1, response_count(store) + 1))
        return sorted(one.wishes[0].text for one in found if one.state == "live")

    def press(self, *keys: str) -> None:
        """Presses keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def key(self, card: int, wish: str) -> None:
        """Keys a card with one wish."""
        expect(self.page.locator("#serial")).to_be_focused()
        self.page.keyboard.type(serial_for(card, SLUG).lower())
        expect(self.page.locator("#wish1")).to_be_focused()
        self.page.keyboard.insert_text(wish)
        self.press("Control+Enter")
        expect(self.page.locator("#serial")).to_be_focused()

    def strip_says(self, *words: str) -> None:
        """Waits until the strip says some words."""
        for said in words:
            expect(self.page.locator(".strip")).to_contain_text(said)

    def open_desk(self) -> Page:
        """Opens the batch's page in another tab."""
        page = self.window.new_page()
        page.goto(self.page.url)
        expect(page.locator(".with-keys")).to_be_visible()
        return page

    def items(self) -> list[dict[str, str]]:
        """Returns what lies in the browser, not sent yet."""
        return list(self.page.evaluate(ITEMS))


@pytest.fixture
def desk(browser: Browser, settings: dict[str, str], connections: Connections) -> Iterator[AtDesk]:
    app = create_app(settings)
    desks, served, window = make_desks(app, connections), Served(app), open_window(browser, "desk")
    print_cards(desks.store, 8, "E05001780", "s-1")
    load_postcodes(desks.store, ["postcode,ward_code", "DE1 2FS,E05001767"], "s-1")
    served.start()
    sign_in(desks, window, served.port)
    page = window.new_page()
    page.goto(f"http://127.0.0.1:{served.port}/keying/{SLUG}/")
    expect(page.get_by_label("How many")).to_be_focused()
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    expect(page.locator(".with-keys")).to_be_visible()
    yield AtDesk(desks, served, window, page)
    window.close()
    served.stop()


def sign_in(desks: Desks, window: BrowserContext, port: int, name: str = "Ada") -> None:
    """Signs somebody in, in a browser's window."""
    cookie = desks.signed_in("keyer", name=name).get_cookie("session")
    assert cookie
    window.add_cookies([{"name": "session", "value": cookie.value, "url": f"http://127.0.0.1:{port}"}])


def test_a_connection_cut_in_mid_card_delays_nothing_and_loses_nothing(desk: AtDesk) -> None:
    desk.key(1, "First")
    desk.strip_says("1 of 6", "All saved")
    desk.page.keyboard.type(serial_for(2, SLUG))
    desk.page.keyboard.insert_text("Second")
    desk.window.set_offline(True)
    desk.press("Control+Enter")
    desk.key(3, "Third")
    desk.key(3, "Third again")
    desk.strip_says("3 cards waiting to send. Keep keying.")
    assert (desk.said, len(desk.items())) == (["First"], 3)
    desk.window.set_offline(False)
    desk.strip_says("4 of 6", "1 set aside", "All saved")
    expect(desk.page.locator("[data-said]")).to_contain_text("keyed already")
    assert (desk.said, desk.batch.counts["set aside"], desk.items()) == (["First", "Second", "Third"], 1, [])


def test_a_service_that_dies_and_answers_that_are_lost_double_nothing(desk: AtDesk) -> None:
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    desk.page.route("**/queue", lose, times=1)
    desk.key(1, "Kept, and nobody told")
    desk.strip_says("1 of 6", "All saved")
    assert lost == [200]
    desk.served.stop()
    desk.key(2, "Typed while it was away")
    desk.strip_says("1 card waiting to send. Keep keying.")
    desk.served.start()
    desk.strip_says("2 of 6", "All saved")
    assert desk.said == ["Kept, and nobody told", "Typed while it was away"]


def test_undoing_what_was_kept_while_nobody_was_told_takes_it_back_there(desk: AtDesk) -> None:
    lost: list[int] = []

    def lose(route: Route) -> None:
        if not lost:
            lost.append(route.fetch().status)
        route.abort()

    desk.page.route("**/queue", lose)
    desk.page.keyboard.type("-Wrung")
    desk.press("Control+Enter")
    desk.strip_says("1 card waiting to send. Keep keying.")
    desk.page.keyboard.type(".z")
    expect(desk.page.locator("#wish1")).to_have_value("Wrung")
    desk.page.unroute("**/queue")
    desk.page.keyboard.type("-")
    desk.page.locator("#wish1").fill("Right")
    desk.press("Control+Enter")
    desk.strip_says("1 of 6 · 1 unnumbered", "All saved")
    assert (lost, desk.said) == ([200], ["Right"])


def test_undoing_after_a_reload_takes_back_what_was_typed_last(desk: AtDesk) -> None:
    desk.key(1, "First")
    desk.strip_says("1 of 6", "All saved")
    desk.page.route("**/queue", lambda route: route.abort())
    desk.key(2, "Second")
    desk.strip_says("1 card waiting to send. Keep keying.")
    desk.page.on("dialog", lambda dialog: dialog.accept())
    desk.page.reload()
    expect(desk.page.locator(".with-keys")).to_be_visible()
    desk.page.keyboard.type(".z")
    expect(desk.page.locator("#wish1")).to_have_value("Second")
    desk.page.unroute("**/queue")
    desk.strip_says("1 of 6", "All saved")
    assert desk.said == ["First"]


def test_a_queue_outlives_its_tab_and_two_tabs_do_not_fight(desk: AtDesk) -> None:
    other = desk.open_desk()
    desk.page.bring_to_front()
    desk.window.set_offline(True)
    desk.key(1, "In the first tab")
    first, desk.page = desk.page, other
    desk.page.bring_to_front()
    desk.key(2, "In the second tab")
    desk.page.keyboard.type(serial_for(3, SLUG))
    desk.page.keyboard.insert_text("Half a card")
    asked: list[str] = []
    first.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    first.close(run_before_unload=True)
    first.wait_for_event("close")
    assert asked == ["beforeunload"]
    desk.window.set_offline(False)
    desk.page.on("dialog", lambda dialog: dialog.accept())
    desk.page.reload()
    desk.strip_says("2 of 6", "All saved")
    expect(desk.page.locator("#wish1")).to_have_value("Half a card")
    desk.press("Control+Enter")
    desk.strip_says("3 of 6", "All saved")
    assert desk.said == ["Half a card", "In the first tab", "In the second tab"]


def test_a_sign_out_keeps_what_waits_and_nobody_else_sends_it_unasked(desk: AtDesk) -> None:
    desk.window.clear_cookies()
    desk.key(1, "Typed after the session ended")
    desk.strip_says("You are signed out. 1 card waiting to send")
    sign_in(desk.desks, desk.window, desk.served.port, "Ben")
    desk.page.on("dialog", lambda dialog: dialog.accept())
    desk.page.reload()
    expect(desk.page.get_by_text("1 card typed here by Ada and not sent.")).to_be_visible()
    assert desk.said == []
    desk.page.get_by_role("button", name="Send them under my name").press("Enter")
    desk.strip_says("1 of 6", "All saved")
    assert desk.said == ["Typed after the session ended"]


def test_a_session_begun_anew_in_another_tab_goes_on_sending(desk: AtDesk) -> None:
    desk.window.clear_cookies()
    desk.key(1, "Before")
    desk.strip_says("You are signed out.")
    sign_in(desk.desks, desk.window, desk.served.port)
    desk.strip_says("1 of 6", "All saved")
    assert desk.said == ["Before"]


def test_a_scanner_leads_on_and_never_sends(desk: AtDesk) -> None:
    address = f"HTTPS://WISHES.EXAMPLE/{SLUG.upper()}/C/{token_for(4, card_secret(desk.desks.store))}"
    desk.page.keyboard.type(address + "\n")
    expect(desk.page.locator("#wish1")).to_be_focused()
    expect(desk.page.get_by_text("Normanton")).to_be_visible()
    desk.page.keyboard.insert_text("Scanned")
    desk.press("Control+Enter")
    desk.page.keyboard.type(serial_for(5, SLUG) + "\n")  # another kind of scanner sends the serial itself
    expect(desk.page.locator("#wish1")).to_be_focused()
    desk.page.keyboard.insert_text("By serial")
    desk.press("Control+Enter")
    desk.strip_says("2 of 6", "All saved")
    assert desk.said == ["By serial", "Scanned"]


COUNT = """addEventListener("keydown", ({ key }) => {
  if (!["Control", "Shift"].includes(key)) window.pressed = (window.pressed || 0) + 1;
}, true)"""


@pytest.mark.parametrize("cards", [[
    (("A", "B", "C"), "de12fs", "2"), (("A", "B", "C"), "", "2"), (("A",), "", ""), (("A", "", "C"), "DE1 2FS", ""),
]])
def test_a_card_takes_at_most_four_keys_beyond_what_is_on_it(
    desk: AtDesk, cards: list[tuple[tuple[str, ...], str, str]]
) -> None:
    desk.page.evaluate(COUNT)
    for number, (wishes, postcode, tick) in enumerate(cards, 1):
        serial = serial_for(number, SLUG)
        desk.page.evaluate("window.pressed = 0")
        desk.page.keyboard.type(serial)
        for place, wish in enumerate(wishes):
            desk.page.keyboard.type(wish)
            if place < len(wishes) - 1 or postcode or tick:
                desk.press("Enter")
        desk.page.keyboard.type(postcode + tick)
        desk.press("Enter" if tick else "Control+Enter")
        desk.strip_says(f"{number} of 6", "All saved")
        content = len(serial) + sum(map(len, wishes)) + len(postcode) + len(tick)
        assert desk.page.evaluate("window.pressed") - content <= 4
        expect(desk.page.locator("#serial")).to_be_focused()


def test_dot_commands_say_what_a_card_is(desk: AtDesk) -> None:
    typed = desk.page.keyboard.type
    typed(serial_for(1, SLUG) + ".u1")
    typed(serial_for(2, SLUG) + ".s1")
    typed("-A photocopy[? of one")
    desk.press("Control+Enter")
    desk.strip_says("3 of 6 · 1 unnumbered · 1 unusable · 1 set aside", "All saved")
    typed(serial_for(3, SLUG) + ".d")
    desk.press("Control+Enter")
    typed(serial_for(4, SLUG) + ".b")
    expect(desk.page.locator("#postcode")).to_be_focused()
    desk.press("Control+Enter")
    desk.strip_says("5 of 6 · 1 unnumbered · 2 unusable", "All saved")
    assert desk.said == ["A photocopy[illegible] of one", "[drawing]"]
    typed(serial_for(5, SLUG) + ".w")
    expect(desk.page.get_by_text("Passed to")).to_be_visible()
    typed("Please help me")
    desk.press("Control+Enter")
    desk.strip_says("6 of 6", "All saved")
    typed(".z")
    expect(desk.page.locator("#wish1")).to_have_value("Please help me")
    desk.strip_says("5 of 6", "All saved")
    desk.page.locator("#wish1").focus()
    desk.press("Control+Enter")
    desk.strip_says("6 of 6", "All saved")
    assert (len(open_worries(desk.desks.store)), len(in_tray(desk.desks.store))) == (1, 1)
    desk.press("Enter")
    desk.page.get_by_role("button", name="Close the batch").press("Enter")
    expect(desk.page.get_by_text("6 of 6 accounted for. Write 0001 on the bundle.")).to_be_visible()


def test_a_wrong_serial_is_told_before_anything_is_sent_and_may_stand(desk: AtDesk) -> None:
    desk.page.keyboard.type(serial_for(1, SLUG)[:-1] + "\n")
    expect(desk.page.locator("#serial-problem")).to_contain_text("A serial has 6 letters; this has 5.")
    desk.press("Enter")
    expect(desk.page.locator("#wish1")).to_be_focused()
    desk.press("Control+Enter")
    expect(desk.page.locator("#wish1-problem")).to_contain_text("Type at least one wish.")
    desk.page.keyboard.type("So it stands on the card")
    desk.press("Control+Enter")
    desk.strip_says("1 of 6 · 1 set aside", "All saved")


def test_a_phrase_of_many_is_offered_taken_by_one_key_and_turned_off_by_one(desk: AtDesk) -> None:
    for _ in range(3):
        desk.desks.send("More police on the beat", channel="card")
    desk.desks.send("More police for Mr Smith", channel="card")
    desk.page = desk.open_desk()
    desk.page.keyboard.type(serial_for(1, SLUG) + "more p")
    expect(desk.page.locator("[data-ghost]").first).to_have_text("more police on the beat")
    desk.press("Tab")
    expect(desk.page.locator("#wish1")).to_have_value("more police on the beat")
    desk.press("Enter", "F2")
    desk.page.keyboard.type("more p")
    expect(desk.page.locator("[data-ghost]").nth(1)).to_have_text("")


def test_nothing_scrolls_on_a_small_screen(desk: AtDesk, check_page: Callable[..., None]) -> None:
    desk.page.set_viewport_size({"width": 1366, "height": 768})
    desk.page.keyboard.type(".?" + serial_for(1, SLUG) + ".s")
    assert desk.page.evaluate("document.documentElement.scrollHeight") <= 768
    check_page(desk.page, "with help and reasons")
