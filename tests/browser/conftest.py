"""A real browser on a real service; skipped by name where there is no chromium, never under CI."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from weakref import WeakSet

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.service import Service, running_service

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
PATIENCE = 60_000  # milliseconds for a state that must come, however slow the machine
SIZES = {"phone": (360, 740), "desk": (1440, 900)}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],  # or every element that has no fault is written out, which takes longer than looking
}
KINDS = {"phone": ("phone", True), "phone-nojs": ("phone", False), "desk": ("desk", True), "desk-nojs": ("desk", False)}
WITHOUT_SCRIPT: WeakSet[BrowserContext] = WeakSet()
PASSWORD = "three wishes and a leaf"
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test here as needing the browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")  # while it runs, nothing else in the process can have an event loop
def browser(chromium: str) -> Iterator[Browser]:
    """Gives Debian's chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, model_folder: Path, wait_for: Callable[..., object]) -> Iterator[Service]:
    """Gives a running service, filled with a demonstration that is counted and coded."""
    with running_service(tmp_path_factory.mktemp("browser") / "var", model_folder) as running:
        running.flask("campaign", "demo", "derby-2026", "--responses", "300")
        wait_for(running.nothing_behind, 240)  # the first start builds the model's graph before it codes
        yield running


def open_window(browser: Browser, size: str, script: bool = True) -> BrowserContext:
    """Returns a new window, in which nobody has been yet."""
    context = browser.new_context(viewport=dict(zip(("width", "height"), SIZES[size], strict=True)), java_script_enabled=script)
    context.set_default_timeout(PATIENCE)
    if not script:
        WITHOUT_SCRIPT.add(context)
    return context


@pytest.fixture(params=KINDS, ids=KINDS)
def visitor(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """Gives a visitor's window, phone-sized and desk-sized, with JavaScript on and off."""
    context = open_window(browser, *KINDS[request.param])
    yield context
    context.close()


@pytest.fixture(scope="module")
def open_pages(browser: Browser) -> Iterator[dict[str, Page]]:
    """Gives the pages of the fixture ``reader`` that are open, by the kind of their window."""
    opened: dict[str, Page] = {}
    yield opened
    for page in opened.values():
        page.context.close()


@pytest.fixture(params=KINDS, ids=KINDS)
def reader(browser: Browser, open_pages: dict[str, Page], request: pytest.FixtureRequest) -> Page:
    """Gives a page in a visitor's window as above that stays open from test to test: for those that only look."""
    page = open_pages.get(request.param) or open_window(browser, *KINDS[request.param]).new_page()
    open_pages[request.param] = page
    page.context.clear_cookies()
    return page


@pytest.fixture(scope="session")
def check_page() -> Callable[[Page, str], None]:
    """Gives a check that a page has no fault of level A or AA and nothing wider than its window."""
    axe = Axe()

    def check(page: Page, name: str = "") -> None:
        if page.context not in WITHOUT_SCRIPT:  # axe itself needs scripts; the page is the same without
            found = axe.run(page, options=RULES).response["violations"]
            said = [f"{v['id']}: {v['help']} {[n['target'] for n in v['nodes']][:3]}" for v in found]
            assert said == [], f"{name or page.url}: {said}"
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name or page.url} is {wide} px wider than its window"

    return check


@pytest.fixture(scope="session")
def picture() -> Callable[[Page, str], None]:
    """Gives a camera for the documentation's pictures; it works only where UPDATE_PICTURES is set."""
    def take(page: Page, name: str) -> None:
        if os.environ.get("UPDATE_PICTURES"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=PICTURES / f"{name}.png")

    return take


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """Gives a page on a phone, with JavaScript."""
    context = open_window(browser, "phone")
    yield context.new_page()
    context.close()
