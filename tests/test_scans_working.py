"""An upload read to its end: pictures tied to their cards, what cannot be tied left for a person, in spite of kills."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from PIL import Image
from qrcode import make

from campaigns.cards.scans import reading
from campaigns.cards.scans.layout import CardLayout
from campaigns.cards.scans.reading import PageRead, read_file
from campaigns.cards.scans.settling import put_by, settle
from campaigns.cards.scans.working import read_scan
from campaigns.cards.serials import serial_for
from campaigns.cards.tokens import card_address, token_for
from campaigns.store.cards import card_state
from campaigns.store.connection import Connections
from campaigns.store.intake import Way
from campaigns.store.pictures import card_picture, get
from campaigns.store.scans import get_scan, keep_upload, list_items, parts_of, unread_scans
from campaigns.store.secrets import card_secret
from campaigns.store.store import Store
from tests.scanning import SITE, as_file, outcomes, printed, scanned, upload
from tests.storehouse import LITTLE, open_little, send
from workers import jobs

LAYOUT = CardLayout(105, 148.5, 21, 5, 112.3)
HOUSE = Path(__file__).parents[1]


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


def page_with(*texts: str, apart: int = 700) -> bytes:
    """Returns a page with codes side by side, so far apart."""
    page = Image.new("L", (apart * len(texts), 900), 255)
    for place, text in enumerate(texts):
        page.paste(make(text).get_image().resize((150, 150)), (40 + place * apart, 600))
    return as_file([page], "PNG")


def address(store: Store, card: int) -> str:
    return card_address(SITE, store.slug, token_for(card, card_secret(store)))


@pytest.mark.parametrize("turn", [3, 180, 273, 33])
def test_the_cards_of_a_page_wait_to_be_keyed_with_their_pictures(store: Store, turn: float) -> None:
    batch = printed(store)
    scan = upload(store, as_file(scanned(store, batch, turn)))
    assert (scan.state, scan.pages, outcomes(scan)) == ("read", 1, [["tied"] * 4])
    for card in range(batch.first, batch.last + 1):
        assert card_state(store, card) == "waiting"
        picture = Image.open(io.BytesIO(get(store, card_picture(store, card)) or b""))
        assert (picture.size, picture.mode) == ((667, 924), "L")
    assert (list_items(store), unread_scans(store)) == ([], [])


@pytest.mark.parametrize(("what", "found"), [
    ("theirs", "another campaign"), ("a shop", "not ours"), ("made up", "forged"), ("never printed", "unknown"),
    ("keyed", "keyed"), ("seen before", "again"), ("fresh", "tied"), ("a poster's", "no code"),
])
def test_what_a_code_says_decides_what_becomes_of_it(store: Store, what: str, found: str) -> None:
    batch = printed(store, 3)
    keyed, seen, fresh = range(batch.first, batch.last + 1)
    send(store, way=Way(who="s-1", window="none", card_mark="keyed"), channel="card", card=keyed)
    upload(store, page_with(address(store, seen)))
    said = {
        "theirs": card_address(SITE, "other-town", token_for(1, b"x" * 32)), "a shop": "https://shop.example/c/offer",
        "made up": card_address(SITE, LITTLE, token_for(fresh, b"x" * 32)), "never printed": address(store, 999),
        "keyed": address(store, keyed), "seen before": address(store, seen), "fresh": address(store, fresh),
        "a poster's": f"{SITE}/{LITTLE}/from/libraries",
    }[what]
    scan = upload(store, page_with(said, apart=800))
    assert outcomes(scan) == [[found]]
    waits = list_items(store)
    assert [item.outcome for item in waits] == ([] if found == "tied" else [found])


@pytest.mark.parametrize(("apart", "found"), [(200, [["two codes"]]), (900, [["tied", "tied"]])])
def test_two_codes_on_one_card_disagree_and_on_two_do_not(store: Store, apart: int, found: list[list[str]]) -> None:
    batch = printed(store, 2)
    page = page_with(address(store, batch.first), address(store, batch.last), apart=apart)
    assert outcomes(upload(store, page)) == found


def test_one_number_on_two_papers_of_a_page_waits_for_a_person(store: Store) -> None:
    card = printed(store, 1).first
    scan = upload(store, page_with(address(store, card), address(store, card)))
    assert outcomes(scan) == [["tied", "again"]]


@pytest.mark.parametrize(("both", "found"), [(True, "back"), (False, "no code")])
def test_backs_need_nobody_where_both_sides_were_scanned(store: Store, both: bool, found: str) -> None:
    fronts = scanned(store, printed(store), noise=0)
    back = Image.new("L", (800, 600), 255)
    back.paste(0, (100, 100, 300, 120))
    scan = upload(store, as_file([*fronts, back, Image.new("L", (800, 600), 255)], "TIFF"), both=both)
    assert outcomes(scan) == [["tied"] * 4, [found], ["blank"]]


def test_a_person_ties_a_page_to_several_cards_or_puts_it_by(store: Store) -> None:
    batch = printed(store, 2)
    for content in (b"x", b"y"):
        upload(store, page_with(f"https://shop.example/{content!r}"))
    first, second = list_items(store)
    serials = [serial_for(card, LITTLE) for card in (batch.first, batch.last)]
    assert "not a serial" in settle(store, first, "QQQ-QQQ", "s-1")
    assert settle(store, first, "", "s-1").startswith("Type the serial")
    assert settle(store, first, ", ".join(serials), "s-1") == ""
    assert {card_state(store, card) for card in (batch.first, batch.last)} == {"waiting"}
    assert get(store, card_picture(store, batch.first)) == get(store, card_picture(store, batch.last)) != None  # noqa: E711
    put_by(store, second)
    assert list_items(store) == []
    assert [parts_of(store, item.scan, 0)[0].outcome for item in (first, second)] == ["settled", "settled"]


def test_the_same_file_is_taken_once_unless_nothing_came_of_it(store: Store) -> None:
    content = page_with(address(store, printed(store, 1).first))
    scan = upload(store, content, "a\x07b\u202ec/../../d\n.pdf")
    assert scan.name == "d.pdf"
    assert keep_upload(store, io.BytesIO(content), "again.pdf", "s-1").same
    assert upload(store, b"no scan").outcome == "strange"
    assert not keep_upload(store, io.BytesIO(b"no scan"), "again.pdf", "s-1").same


def test_an_upload_that_was_lost_says_so(store: Store) -> None:
    scan = upload(store, b"a file", read=False)
    store.text.hset(store.keys.of("images"), f"original:{scan.id}", "gone.upload")
    read_scan(store, scan.id)
    after = get_scan(store, scan.id)
    assert after and (after.state, after.outcome) == ("refused", "lost")


@pytest.fixture
def noisy() -> Iterator[io.BufferedRandom]:
    """Gives a file of six pages, whose pictures are too large to be written before they are asked for."""
    with TemporaryFile() as file:
        file.write(as_file([Image.effect_noise((1400, 1400), 90 + page) for page in range(6)], "TIFF"))
        yield file


@pytest.mark.parametrize(("number", "said"), [(signal.SIGKILL, "stopped"), (signal.SIGXCPU, "slow"), (signal.SIGSEGV, "stopped")])
def test_a_child_that_is_killed_costs_one_page(noisy: io.BufferedRandom, number: signal.Signals, said: str) -> None:
    pages = []
    for told in read_file(noisy, 0, LITTLE, LAYOUT):
        if isinstance(told, PageRead):
            pages.append(told.refused)
            if told.place == 1:
                os.kill(_child(), number)
    assert (len(pages), pages[:2], pages.count(said), pages.count("")) == (6, ["", ""], 1, 5)


def test_a_child_that_hangs_is_given_up(noisy: io.BufferedRandom, monkeypatch: pytest.MonkeyPatch) -> None:
    told = read_file(noisy, 4, LITTLE, LAYOUT)
    next(told), next(told)
    os.kill(_child(), signal.SIGSTOP)
    monkeypatch.setattr(reading, "PAGE_SECONDS", 0.5)
    assert [page.refused for page in told if isinstance(page, PageRead)] == ["slow"]


def _child() -> int:
    """Returns the process that reads for us."""
    return int(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()[-1])


def test_a_job_that_is_killed_goes_on_where_it_was(
    store: Store, connections: Connections, wait_for: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = printed(store, 24)
    scan = upload(store, as_file(scanned(store, batch)), read=False)
    env = {**os.environ, "REDIS_URL": connections.url, "PICTURES_URL": connections.pictures}
    job = subprocess.Popen([sys.executable, "-c", f"from workers.jobs import *; read_scans('{LITTLE}')"], env=env, cwd=HOUSE)
    wait_for(lambda: parts_of(store, scan.id, 1), 120)
    job.kill()
    job.wait()
    before = get_scan(store, scan.id)
    monkeypatch.setattr(jobs, "connections", lambda: connections)
    jobs.read_scans(LITTLE)
    after = get_scan(store, scan.id)
    assert before and after and set(before.done.items()) <= set(after.done.items())
    assert (after.state, outcomes(after)) == ("read", [["tied"] * 4] * 6)
    assert all(get(store, card_picture(store, card)) for card in range(batch.first, batch.last + 1))
