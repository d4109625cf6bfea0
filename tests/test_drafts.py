"""Drafts against a real store: every number in one is found again by counting the responses themselves."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from campaigns.campaign_file import read_file
from campaigns.coding.frame import ASKS
from campaigns.consumers.tallying import ranges_of, tally_batch
from campaigns.drafts.document import Draft, Grid, Said, Share, Ways
from campaigns.drafts.evidence import Block, Figure, Quotes, Table
from campaigns.drafts.markdown import as_markdown
from campaigns.drafts.saving import save_draft
from campaigns.drafts.writing import CannotWrite, fingerprint, note_draft, write_draft
from campaigns.events import full_name, write_data
from campaigns.responses import CLEARED, LIVE, Response, SlotCoding, Submission, Wish
from campaigns.responses import fingerprint as fingerprint_of_words
from campaigns.store.blocks import RowTable
from campaigns.store.changes import code_wish, erase, moderate_wish, withdraw
from campaigns.store.connection import Connections
from campaigns.store.consumers import CODING, cursor
from campaigns.store.intake import Way, accept_many
from campaigns.store.log import event_at, last_event, seal, verify
from campaigns.store.opening import demonstration_window, open_campaign
from campaigns.store.responses import get_responses, response_count, write_coding
from campaigns.store.store import Store, load_campaign, open_store

SLUG, TAGGER = "derby-2026", "t1-abc"
MODERATION = ("unseen", "cleared", "held")


@pytest.fixture
def store(connections: Connections) -> Store:
    """Returns Derby's campaign, open as a demonstration, with nothing in it."""
    campaign = load_campaign(connections, SLUG, read_file(SLUG))
    return open_campaign(connections, SLUG, "s-1", demonstration_window(campaign.window, date.today()))


def every_response(store: Store) -> list[Response]:
    return get_responses(store, range(1, response_count(store) + 1))


def take_in(store: Store, how_many: int, chance: random.Random) -> None:
    """Takes in responses dealt over channels, wards and days, and takes some of them out again."""
    campaign = store.campaign
    areas = [*(area.id for area in campaign.areas[:4]), "not given", "part postcode"]
    submissions = [
        Submission(
            tuple(f"wish {number} of {slot}" for slot in range(chance.randint(1, 3))), chance.choice(campaign.channels),
            area=chance.choice(areas), day=f"2010-0{chance.choice('67')}-{chance.randint(10, 28)}",
        )
        for number in range(how_many)
    ]
    accept_many(store, [(one, Way(window="none")) for one in submissions])
    withdraw(store, 2)
    erase(store, 3)


def code_by_machine(store: Store, chance: random.Random, leave: int) -> None:
    """Codes every wish but those of the last few responses, in one batch as the coding worker writes it."""
    codings, codes = [], [code.id for code in store.campaign.frame.codes if "." in code.id]
    for response in every_response(store)[:-leave]:
        for wish in response.wishes:
            some = tuple(chance.sample(codes[:9], chance.choice((1, 1, 2, 3)))) if chance.random() < 0.9 else ("other",)
            coding = SlotCoding(some, chance.choice(ASKS), TAGGER, 0.7)
            codings.append([response.number, wish.slot, fingerprint_of_words(wish.text), write_coding(coding, store.layout)])
    data = write_data("wishes.coded", tagger=TAGGER, ranges=ranges_of(number for number, *_ in codings))
    sent = {
        "expected": cursor(store, CODING), "cursor": last_event(store), "slots": 3, "bell_ms": 1000, "who": "job:coding",
        "event": full_name("wishes.coded"), "data": data, "codings": codings, "born": store.born,
    }
    store.scripts.run("code", sent, bytes(384 * len(codings)))


def look_at_some(store: Store, chance: random.Random) -> None:
    """Has a person code some wishes and clear or hold some for quoting."""
    for response in every_response(store)[:-3:4]:
        if response.state == LIVE and response.wishes:
            slot = response.wishes[0].slot
            code_wish(store, response, slot, SlotCoding(("growth.roads",), "mend", "s-1"))
            moderate_wish(store, get_responses(store, [response.number])[0], slot, chance.choice((1, 1, 2)), "s-1")


@pytest.fixture
def filled(store: Store) -> Store:
    chance = random.Random(7)
    take_in(store, 90, chance)
    code_by_machine(store, chance, leave=3)
    look_at_some(store, chance)
    seal(store)
    return store


def draft_of(store: Store) -> Draft:
    """Returns the vision of a store in which nothing will move: a worker's part is done here first."""
    while tally_batch(store):
        pass
    return write_draft(store, RowTable(), "vision", wait_seconds=0)


def units(response: Response, base: str) -> Iterator[list[tuple[Wish, str]]]:
    """Yields the (wish, code) pairs of each unit of a base; a wish without a code has the pair (wish, "")."""
    pairs = [[(wish, code) for code in (wish.coding.codes if wish.coding else ("",))] for wish in response.wishes]
    if base == "responses":
        yield [pair for each in pairs for pair in each]
    elif base == "wishes":
        yield from pairs
    else:
        yield from ([pair] for each in pairs for pair in each if pair[1])


def value(store: Store, response: Response, pair: tuple[Wish, str], facet: str) -> str:
    wish, code = pair
    return {
        "theme": code.partition(".")[0], "code": code, "ask": wish.coding.ask if wish.coding else "",
        "coder": "person" if wish.person else "machine" if wish.machine else "waiting",
        "moderation": MODERATION[wish.moderation], "channel": response.channel, "day": response.day,
        "ward": next((area.name for area in store.campaign.areas if area.id == response.area), response.area),
    }[facet]


def recount(store: Store, block: Block) -> tuple[dict[tuple[str, ...], int], int]:
    """Counts a block's question with loops, as anyone would by hand."""
    cells: Counter[tuple[str, ...]] = Counter()
    total = 0
    for response in every_response(store):
        for unit in units(response, block.query.base) if response.state == LIVE else ():
            unit = [pair for pair in unit if pair[1] or not block.query.facets & {"theme", "code"}]
            passing = [pair for pair in unit if all(value(store, response, pair, f) in v for f, v in block.query.where)]
            total += bool(passing)
            cells.update({tuple(value(store, response, pair, f) for f in block.query.by) for pair in passing})
    return {cell: number for cell, number in cells.items() if all(cell)}, total


def test_every_block_is_found_again_by_recount(filled: Store) -> None:
    draft = draft_of(filled)
    assert len(draft.evidence.blocks) > 20
    for block in draft.evidence.blocks.values():
        cells, total = recount(filled, block)
        assert block.event == draft.event == last_event(filled)
        if isinstance(block, Figure):
            assert (block.name, block.number) == (block.name, total)
        elif isinstance(block, Table):
            found = {cell: number for cell, number in block.cells.items() if all(cell)}
            assert (block.name, found, block.total) == (block.name, cells, total)
        elif isinstance(block, Quotes):
            assert (block.name, block.cleared) == (block.name, total)


def grids(draft: Draft) -> dict[str, Grid]:
    parts = [part for section in draft.walk() for part in section.parts]
    return {part.caption: part for part in parts if isinstance(part, Grid)}


def test_every_table_holds_what_a_recount_finds(filled: Store) -> None:
    tables = grids(draft_of(filled))
    live = [response for response in every_response(filled) if response.state == LIVE]
    for caption, grid in tables.items():
        if "by " in caption and grid.total and "Themes" not in caption:
            assert sum(row[1].part for row in grid.rows if isinstance(row[1], Share)) == len(live)
            assert sum(row[2] for row in grid.rows if isinstance(row[2], int)) == sum(len(one.wishes) for one in live)
    under = tables["What was asked for under City Growth"]
    for name, share, wishes, ways in under.rows:
        code = next(code.id for code in filled.campaign.frame.codes if code.name == name)
        behind = [(one, wish) for one in live for wish in one.wishes if wish.coding and code in wish.coding.codes]
        assert isinstance(share, Share) and isinstance(ways, Ways)
        assert (share.part, wishes) == (len({one.number for one, _ in behind}), len(behind))
        asked = Counter(wish.coding.ask for _, wish in behind if wish.coding)
        assert {ask: number for ask, number in ways.asks if number} == asked


def test_every_kind_of_unknown_is_listed(filled: Store) -> None:
    wards = next(grid for caption, grid in grids(draft_of(filled)).items() if caption.endswith("by ward"))
    assert [row[0] for row in wards.rows[-3:]] == ["No postcode given", "Only part of a postcode", "Postcode not in our table"]


def test_only_cleared_wishes_are_quoted_each_response_once(filled: Store) -> None:
    draft = draft_of(filled)
    quotes = [quote for block in draft.evidence.blocks.values() if isinstance(block, Quotes) for quote in block.quotes]
    assert quotes
    assert len({quote.number for quote in quotes}) == len(quotes)
    for quote in quotes:
        response = get_responses(filled, [quote.number])[0]
        wish = next(wish for wish in response.wishes if wish.slot == quote.slot)
        assert (wish.moderation, wish.text, response.state) == (CLEARED, quote.words, LIVE)
    shown = {part.words for section in draft.walk() for part in section.parts if isinstance(part, Said)}
    assert shown == {quote.words for quote in quotes}


def test_a_draft_says_who_coded_and_what_waits(filled: Store) -> None:
    said = as_markdown(draft_of(filled))
    wishes = [wish for response in every_response(filled) if response.state == LIVE for wish in response.wishes]
    machine = sum(wish.machine is not None and wish.person is None for wish in wishes)
    waiting = sum(wish.coding is None for wish in wishes)
    assert machine and waiting
    assert f"{machine} wishes were coded by machine (tagger {TAGGER})" in said
    assert f"{waiting} wishes wait for coding" in said
    assert "Until then nobody can say how far these counts are out" in said
    assert "Demonstration. Everything in this document is made up" in said
    assert re.search(r"Seal of the log \| [0-9a-f]{64}, up to event", said)


def test_a_draft_of_nothing_says_so(store: Store, tmp_path: Path) -> None:
    draft = draft_of(store)
    assert "No response has been received yet" in as_markdown(draft)
    save_draft(draft, tmp_path / "nothing.html")


def test_writing_catches_up_tallies_that_no_worker_moves(filled: Store) -> None:
    draft = write_draft(filled, RowTable(), "vision", wait_seconds=1)
    assert (draft.evidence.standing.tallies_behind, draft.event) == (0, last_event(filled))
    assert draft.evidence.number("all, responses") == 88


def test_a_draft_that_may_not_wait_says_how_far_behind_it_is(filled: Store) -> None:
    draft = write_draft(filled, RowTable(), "vision", wait_seconds=0)
    assert f"The counts were {last_event(filled)} events behind the log" in as_markdown(draft)


def test_noting_a_draft_counts_versions_in_the_log(filled: Store) -> None:
    draft = draft_of(filled)
    assert [note_draft(filled, draft, "s-1") for _ in range(2)] == [1, 2]
    event = event_at(filled, last_event(filled))
    assert event is not None
    assert (event.name, event.who) == ("draft.written", "s-1")
    assert event.data == {"draft": "vision", "version": 2, "sha256": fingerprint(draft)}
    assert verify(open_store(filled.connections, SLUG)).problem == ""


@pytest.mark.parametrize(("kind", "name", "words"), [
    ("poem", "a.md", "What can be written now: vision"), ("vision", "a.odt", "end the name in .docx, .pdf, .html or .md"),
    ("vision", "a", "end the name in .docx, .pdf, .html or .md"),
])
def test_what_cannot_be_written_is_told_in_words(store: Store, tmp_path: Path, kind: str, name: str, words: str) -> None:
    with pytest.raises(CannotWrite, match=re.escape(words)):
        save_draft(write_draft(store, RowTable(), kind, wait_seconds=0), tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "begins"), [("a.md", b"# "), ("a.HTML", b"<!doctype"), ("a.docx", b"PK"), ("a.pdf", b"%PDF")])
def test_the_ending_of_a_name_chooses_the_form(filled: Store, tmp_path: Path, name: str, begins: bytes) -> None:
    save_draft(draft_of(filled), tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(begins)
