"""The resident's journey in a real browser: by keyboard, phone and desk, with JavaScript on and off."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.service import Service

Check = Callable[..., None]
PAGES = (
    "/", "/derby-2026/", "/derby-2026/wish", "/derby-2026/from/libraries", "/derby-2026/tree", "/derby-2026/photos",
    "/derby-2026/workshops", "/derby-2026/results", "/derby-2026/answers", "/derby-2026/receipt", "/derby-2026/privacy",
    "/derby-2026/privacy/for-children", "/derby-2026/how-wishes-are-sorted", "/derby-2026/data",
    "/derby-2026/accessibility", "/derby-2026/c/NOT-A-CARD", "/derby-2026/from/nobody",
    "/derby-2026/receipt/AAAA-BBBB-CCCC-D", "/no-such-page", "/no-such-campaign/",
)


def type_wishes(page: Page, *wishes: str) -> None:
    """Types wishes by keyboard alone, from the first box on."""
    page.get_by_label("Wish 1").focus()
    for place, wish in enumerate(wishes):
        if place:
            page.keyboard.press("Tab")
        page.keyboard.insert_text(wish)


def press_send(page: Page) -> None:
    """Sends the form from the keyboard."""
    page.get_by_role("button", name="Send my wishes").focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_stands_up_to_axe(reader: Page, service: Service, check_page: Check, address: str) -> None:
    reader.goto(service.url + address)
    check_page(reader)
    assert reader.locator("h1").count() == 1
    assert not reader.context.cookies()


def test_a_resident_sends_changes_and_erases_wishes(visitor: BrowserContext, service: Service, check_page: Check) -> None:
    page = visitor.new_page()
    page.goto(f"{service.url}/derby-2026/wish")
    type_wishes(page, "More swimming lessons", "Keep the libraries open — پارک چاہیے 🌳", "Zażółć gęślą jaźń")
    press_send(page)
    page.wait_for_url("**/thank-you/**")
    check_page(page)
    assert not visitor.cookies()
    reference = page.url.rpartition("/")[2].partition("?")[0]

    page.goto(f"{service.url}/derby-2026/receipt/{reference}")
    check_page(page)
    expect(page.get_by_text("پارک چاہیے 🌳")).to_be_visible()
    page.goto(f"{service.url}/derby-2026/about/{reference}")
    check_page(page)
    page.goto(f"{service.url}/derby-2026/receipt/{reference}/change")
    check_page(page)
    page.get_by_label("Wish 1").fill("Many more swimming lessons")
    page.locator("main form button").first.click()
    expect(page.get_by_text("Many more swimming lessons").first).to_be_visible()

    page.goto(f"{service.url}/derby-2026/receipt/{reference}/erase")
    check_page(page)
    page.locator("main form button").last.click()
    page.goto(f"{service.url}/derby-2026/receipt/{reference}")
    check_page(page)
    expect(page.get_by_text("Many more swimming lessons")).to_have_count(0)


def test_an_empty_form_says_what_to_do_and_keeps_what_was_typed(
    visitor: BrowserContext, service: Service, check_page: Check
) -> None:
    page = visitor.new_page()
    page.goto(f"{service.url}/derby-2026/wish")
    press_send(page)
    expect(page.get_by_text("Write at least one wish.").first).to_be_visible()
    check_page(page, "the form with nothing in it")
    page.get_by_label("Wish 2").fill("x" * 5001)
    press_send(page)
    expect(page.get_by_text("The most we can keep is 5,000").first).to_be_visible()
    expect(page.get_by_label("Wish 2")).to_have_value("x" * 5001)
    check_page(page, "the form with too long a wish")


def test_a_lost_network_loses_nothing_typed(browser_page: Page, service: Service) -> None:
    page = browser_page
    page.goto(f"{service.url}/derby-2026/wish")
    type_wishes(page, "A wish typed on a train")
    page.context.set_offline(True)
    press_send(page)
    expect(page.get_by_text("Nothing you typed is lost").first).to_be_visible()
    expect(page.get_by_label("Wish 1")).to_have_value("A wish typed on a train")
    page.context.set_offline(False)
    press_send(page)
    page.wait_for_url("**/thank-you/**")


def test_the_form_as_the_readme_shows_it(browser_page: Page, service: Service, picture: Check) -> None:
    page = browser_page
    for address, name in (("/derby-2026/", "home"), ("/derby-2026/wish", "form"), ("/derby-2026/results", "results")):
        page.goto(service.url + address)
        expect(page.locator("h1")).to_be_visible()
        picture(page, name)
