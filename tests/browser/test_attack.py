"""In a real browser: no page breaks its own policy, nothing typed runs, nothing secret is in the logs, going back is answered."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from campaigns.store.connection import connect
from campaigns.store.keys import SECRETS
from tests.browser.conftest import PASSWORD
from tests.browser.test_residents_pages import PAGES as RESIDENTS
from tests.browser.test_staff_pages import PAGES as STAFF
from tests.service import Service, running_service

Check = Callable[..., None]
SLUG = "derby-2026"
HOSTILE = (
    "<img src=x onerror=window.pwned=1>", "<svg onload=window.pwned=1>", "<script>window.pwned=1</script>",
    "\"><img src=x onerror=window.pwned=1>", "</textarea><img src=x onerror=window.pwned=1>", "javascript:window.pwned=1",
    "{{constructor.constructor('window.pwned=1')()}}", "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "<style>body{display:none}</style><a href=//evil.example style=position:fixed;inset:0>x</a>",
)
WATCH = """
addEventListener("securitypolicyviolation", (e) => (window.broken ||= []).push(`${e.violatedDirective} ${e.blockedURI}`));
"""
NAME = "Ada <img src=x onerror=window.pwned=1>"
seen: list[str] = []


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, model_folder: Path) -> Iterator[Service]:
    """Gives a running service in which nothing has been sent yet."""
    with running_service(tmp_path_factory.mktemp("attack") / "var", model_folder) as running:
        yield running


@pytest.fixture(scope="module")
def window(browser: Browser, service: Service) -> Iterator[BrowserContext]:
    """Gives a window in which someone with a hostile name has joined as administrator, and every violation is noted."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(60_000)
    context.add_init_script(WATCH)
    page = watched(context)
    page.goto(service.link)
    page.get_by_label("Your name").fill(NAME)
    page.get_by_label("Your e-mail address at work").fill("ada@derby.example")
    page.get_by_label("A password").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    expect(page.locator("h1")).to_have_text(NAME)
    page.close()
    yield context
    context.close()


def watched(context: BrowserContext) -> Page:
    """Gives a page whose complaints are noted."""
    page = context.new_page()
    page.on("console", lambda said: seen.append(f"{page.url}: {said.text}") if "Content Security Policy" in said.text else None)
    page.on("pageerror", lambda error: seen.append(f"{page.url}: {error}"))
    return page


def nothing_broken(page: Page) -> None:
    """Holds a page to its own policy, and to nothing having run."""
    assert page.evaluate("[window.broken || [], window.pwned === undefined]") == [[], True], page.url
    assert seen == []


def send(page: Page, url: str, *wishes: str) -> None:
    page.goto(f"{url}/{SLUG}/wish")
    for slot, wish in enumerate(wishes, 1):
        page.get_by_label(f"Wish {slot}").fill(wish)
    page.get_by_role("button", name="Send my wishes").click()
    page.wait_for_url("**/thank-you/**")


def test_no_page_breaks_its_own_policy_and_nothing_typed_runs(window: BrowserContext, service: Service) -> None:
    page = watched(window)
    for first in range(0, len(HOSTILE), 3):
        some = HOSTILE[first:first + 3]
        send(page, service.url, *some)
        expect(page.locator(".wish .said").first).to_have_text(some[0])
        nothing_broken(page)
        page.goto(page.url.replace("thank-you", "receipt") + "/change")
        expect(page.get_by_label("Wish 1")).to_have_value(some[0])
        nothing_broken(page)
    more = (f"/officers/{SLUG}/?open=growth&open=safer", "/account/password", f"/officers/{SLUG}/?ward={HOSTILE[0]}")
    for address in (*RESIDENTS, *STAFF, *more):
        page.goto(service.url + address)
        expect(page.locator("h1")).to_have_count(1)
        nothing_broken(page)
    page.goto(f"{service.url}/officers/{SLUG}/wishes")
    expect(page.get_by_text(HOSTILE[0]).first).to_be_visible()
    page.get_by_role("link", name="Correct").first.click()  # its form is fetched and put in place by the page's script
    expect(page.locator("form[data-coding]").first).to_be_visible()
    page.keyboard.press("Escape")
    nothing_broken(page)
    page.close()


def test_whoever_goes_back_is_told_that_it_was_sent(browser_page: Page, service: Service, check_page: Check) -> None:
    page = browser_page
    send(page, service.url, "A wish sent once")
    page.go_back()
    note = page.locator("[data-was-sent]")
    expect(note).to_contain_text("Your wishes were sent.")
    expect(note).to_be_in_viewport()
    expect(note).to_be_focused()
    check_page(page, "the form after going back")
    note.get_by_role("link", name="your receipt").click()
    expect(page.get_by_text("A wish sent once")).to_be_visible()
    page.go_back()
    note.get_by_role("link", name="make someone else’s").click()
    expect(note).to_have_count(0)
    expect(page.get_by_label("Wish 1")).to_have_value("")


def test_new_staff_pages_stand_up_to_axe(window: BrowserContext, service: Service, check_page: Check) -> None:
    page = watched(window)
    page.goto(f"{service.url}/account/people")
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 800})
        for address in ("/account/", "/account/password", "/account/people", "/account/nothing-here"):
            page.goto(service.url + address)
            check_page(page)
        page.goto(f"{service.url}/account/people")
        page.get_by_role("link", name=NAME).last.click()
        expect(page.get_by_role("heading", name="What they may do")).to_be_visible()
        check_page(page)
        page.get_by_role("button", name="Make the link").click()
        expect(page.get_by_label("The link", exact=True)).to_be_visible()
        check_page(page, "a link for a new password")
    address = page.get_by_label("The link", exact=True).input_value()
    page.goto(address)
    check_page(page, "choosing a new password")
    page.close()


def test_no_log_holds_a_secret_a_token_or_a_word(window: BrowserContext, service: Service) -> None:
    page = watched(window)
    send(page, service.url, "A wish with a word like Zwiebelturm")
    reference = page.url.rpartition("/")[2]
    page.goto(page.url.replace("thank-you", "receipt"))
    page.close()
    cookies = {cookie["name"]: str(cookie["value"]) for cookie in window.cookies()}
    store = connect({"DATA_DIR": str(service.data)})
    secrets = list(store.text.hvals(SECRETS))
    store.close()
    assert len(secrets) >= 4
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in secrets) and len(set(secrets)) == len(secrets)
    hidden = [*secrets, cookies["session"], cookies["device"], PASSWORD, service.link.rpartition("/")[2]]
    hidden += ["Zwiebelturm", "ada@derby.example"]
    logs = {path: path.read_text(errors="replace") for path in sorted(Path(service.data, "log").iterdir()) if path.is_file()}
    assert "web.log" in {path.name for path in logs}
    for path, text in logs.items():
        assert [one for one in hidden if one in text] == [], path.name
    assert reference not in "".join(logs.values())
