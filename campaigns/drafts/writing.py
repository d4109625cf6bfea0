"""Writing a draft: waiting until nothing is behind, counting once, and noting in the log that it was written."""

import hashlib
import time
from collections.abc import Sequence

from campaigns.coding.frame import Theme
from campaigns.consumers.tallying import caught_up, tally_batch
from campaigns.definition import Area, Campaign
from campaigns.drafts.document import Draft
from campaigns.drafts.evidence import Evidence
from campaigns.drafts.gathering import Tell, gather, say_nothing
from campaigns.drafts.kinds import KINDS
from campaigns.drafts.markdown import as_markdown
from campaigns.drafts.material import Material
from campaigns.drafts.outline import outline_draft, parts_of
from campaigns.events import write_data
from campaigns.store.blocks import RowTable
from campaigns.store.consumers import CODING, TALLIES, behind, cursor
from campaigns.store.indicators import kept_indicators
from campaigns.store.store import Store, open_store, record
from campaigns.tallies import ask_for

# The kinds that may keep to one thing, and what that is.
NARROWED = {"strategy": "theme", "theme": "theme", "area": "area"}
PAUSE = 0.05
STILL_LOOKS = 10
ATTEMPTS = 5


class CannotWrite(ValueError):
    """A draft that cannot be written or saved as asked; the message says what can."""


def write_draft(
    store: Store, table: RowTable, kind: str, wait_seconds: float = 30, home: str = "", only: str = "", tell: Tell = say_nothing
) -> Draft:
    """Returns a draft with its evidence frozen, once nothing is behind; after so long, one that says how far behind it is.

    ``only`` keeps it to one theme or area, ``home`` is the site's address. Raises CannotWrite for what is not known.
    """
    if kind not in KINDS:
        raise CannotWrite(f"A “{kind}” cannot be written. What can be written now: {', '.join(KINDS)}.")
    kept_to = narrowed(store.campaign, kind, only)
    settle(store, table, wait_seconds)
    parts = [part for part, _ in parts_of(KINDS[kind], store.campaign)]
    evidence = _gather_still(store, table, parts, tell)
    material = Material(store.campaign, evidence, store.demonstration, kept_indicators(store), kind, kept_to)
    return outline_draft(KINDS[kind], material, home)


def narrowed(campaign: Campaign, kind: str, only: str) -> str:
    """Returns the id of the theme, or of the area, that a draft keeps to; raises CannotWrite where there is none such."""
    if not only:
        return ""
    if kind not in NARROWED:
        raise CannotWrite(f"A {kind} keeps to no single theme or area. Those that may: {', '.join(NARROWED)}.")
    known: Sequence[Area | Theme] = campaign.areas if kind == "area" else campaign.frame.themes
    found = next((one.id for one in known if only.casefold() in (one.id.casefold(), one.name.casefold())), "")
    if not found:
        raise CannotWrite(f"There is no {NARROWED[kind]} called “{only}”. There are: {', '.join(one.name for one in known)}.")
    return found


def settle(store: Store, table: RowTable, wait_seconds: float) -> bool:
    """Waits until the tallies have every event and no wish waits for coding; True if that came within the time.

    Tallies that no worker moves are brought up here, which is safe on any number of machines; coding is left to its worker.
    """
    until = time.monotonic() + wait_seconds
    at, looks = cursor(store, TALLIES), 0
    while not _settled(store, table):
        if time.monotonic() >= until:
            return False
        time.sleep(PAUSE)
        moved = cursor(store, TALLIES)
        at, looks = (moved, 0) if moved != at else (at, looks + 1)
        if looks >= STILL_LOOKS:
            tally_batch(store)
    return True


def _settled(store: Store, table: RowTable) -> bool:
    if not caught_up(store):
        return False
    if not behind(store, CODING):
        return caught_up(store)
    table.refresh(store)
    return table.count(store, ask_for(store.layout, (), {"coder": ("waiting",)}, "wishes")).total == 0


def _gather_still(store: Store, table: RowTable, parts: Sequence[str], tell: Tell) -> Evidence:
    """Counts again where events came in meanwhile; on a campaign too busy for that the last count says so itself."""
    for _ in range(ATTEMPTS):
        evidence = gather(store, table, int(time.time() * 1000), parts, tell)
        if not evidence.standing.moved:
            break
    return evidence


def fingerprint(draft: Draft) -> str:
    """Returns the SHA-256 of a draft's Markdown, by which its version is known in the log whatever form it was saved in."""
    return hashlib.sha256(as_markdown(draft).encode()).hexdigest()


def note_draft(store: Store, draft: Draft, who: str) -> int:
    """Logs that a draft was written, with its hash; returns its version, counted from 1 for each kind."""
    field = f"draft:{draft.kind}"
    while True:
        before = open_store(store.connections, store.slug).state.get(field, "")
        version = int(before or 0) + 1
        answer = record(
            store.connections, store.slug, "draft.written", who=who, hashes={"state": {field: str(version)}},
            only={"field": field, "text": before},
            data=write_data("draft.written", draft=draft.kind, version=version, sha256=fingerprint(draft)),
        )
        if answer[0] in (b"recorded", "recorded"):
            return version
