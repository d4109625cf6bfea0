"""Releasing open data: the tables of one event, frozen until the next release, and which wishes everyone may read."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from campaigns.coding.frame import theme_of
from campaigns.events import write_data
from campaigns.moderating import public_wishes
from campaigns.open_data.renewing import Line, Table, renew
from campaigns.open_data.tables import count_for, tables_of
from campaigns.store.blocks import RowTable
from campaigns.store.consumers import TALLIES, behind
from campaigns.store.log import seal
from campaigns.store.responses import read_each, response_count
from campaigns.store.store import Store, record
from campaigns.tallies import ask_for

LATEST = "latest"
TOGETHER = 1000
FEWEST = 50  # responses: of fewer hardly a count is shown, and what is withheld once is not soon shown again


class CannotRelease(ValueError):
    """A release that cannot be made now; the message says why and what to do."""


@dataclass(frozen=True)
class Release:
    """What was released: its number, the event it is as of, when (ms of UTC), the seal of the log, the tables, and the wishes.

    ``wishes`` names those that were cleared by number and slot: their words stay where they are, and are read from there.
    """

    number: int
    event: int
    at_ms: int
    seal: str
    tables: Mapping[str, Table]
    wishes: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Cleared:
    """A wish as everyone may read it: its words, with what was removed marked, its themes, and which way it points."""

    text: str
    themes: tuple[str, ...]
    ask: str


def as_public(release: Release) -> dict[str, Any]:
    """Returns a release as everyone sees it, for JSON: each line's counts, None where withheld, and the release it is of."""
    return {
        "release": release.number, "event": release.event, "seal": release.seal,
        "released": datetime.fromtimestamp(release.at_ms / 1000, UTC).isoformat(timespec="seconds"),
        "tables": {name: {
            "by": list(table.by), "base": "responses", "withheld_below": table.least, "columns": ["all", *table.columns],
            "lines": {
                line: {"counts": list(found.public), "as_of_release": found.release} for line, found in table.lines.items()
            },
        } for name, table in release.tables.items()},
    }


def latest(store: Store) -> Release | None:
    """Returns the release that stands; None before the first."""
    kept = store.text.hget(store.keys.of("releases"), LATEST)
    if not kept:
        return None
    told = json.loads(kept)
    tables = {name: _read_table(table) for name, table in told.pop("tables").items()}
    return Release(**{**told, "tables": tables, "wishes": tuple((number, slot) for number, slot in told["wishes"])})


def _read_table(kept: dict[str, Any]) -> Table:
    lines = {name: Line(tuple(line["counts"]), tuple(line["shown"]), line["release"]) for name, line in kept["lines"].items()}
    return Table(tuple(kept["by"]), tuple(kept["columns"]), kept["least"], lines, kept["groups"])


def earlier(store: Store, number: int) -> dict[str, Any] | None:
    """Returns a release of before as everyone saw it, or None where there is none of that number."""
    kept = store.text.hget(store.keys.of("releases"), str(number))
    return dict(json.loads(kept)) if kept else None


def release(store: Store, who: str) -> Release:
    """Releases what is counted now; raises CannotRelease in plain words.

    Of two at once one is made. The log is sealed first, and the release carries that seal.
    """
    if behind(store, TALLIES):
        raise CannotRelease("Some responses are still being counted. Try again in a moment.")
    before, table = latest(store), RowTable()
    number = before.number + 1 if before else 1
    sealed = seal(store, who)
    event = table.refresh(store)
    if not table.count(store, ask_for(store.layout, ())).total:
        raise CannotRelease("No response has been counted yet, so there is nothing to release.")
    stood = {name: kept.lines for name, kept in before.tables.items()} if before else {}
    tables = {
        name: renew(asked, count_for(store, table, asked), stood.get(name, {}), number)
        for name, asked in tables_of(store.campaign).items()
    }
    cleared = table.places(store, ask_for(store.layout, (), {"moderation": ("cleared",)}, "wishes")).tolist()
    now = datetime.now(UTC)
    made = Release(number, event, int(now.timestamp() * 1000), sealed, tables, tuple((n, slot) for n, slot in cleared))
    _keep(store, made, before.number if before else 0, who)
    return made


def _keep(store: Store, made: Release, before: int, who: str) -> None:
    public = json.dumps(as_public(made), sort_keys=True, ensure_ascii=False)
    sha256 = hashlib.sha256(public.encode()).hexdigest()
    following = next_day(store, store.campaign.window.local_day(made.at_ms))
    state = {"released": str(made.number), "release_next": following.isoformat() if following else ""}
    answer = record(
        store.connections, store.slug, "results.published", who=who,
        hashes={"releases": {LATEST: json.dumps(asdict(made)), str(made.number): public}, "state": state},
        data=write_data("results.published", release=made.number, upto=made.event, sha256=sha256),
        only={"field": "released", "text": str(before or "")},
    )
    if answer[0] != "recorded":
        raise CannotRelease("Somebody else released this a moment ago. Look at what stands now.")


def plan(store: Store, every_days: int, first: date | None, who: str) -> None:
    """Sets after how many days the next release is made by itself (0: by an officer alone), and on which day the next is."""
    following = first.isoformat() if first and every_days else ""
    record(
        store.connections, store.slug, "releases.planned", who=who,
        hashes={"state": {"release_every": str(every_days), "release_next": following}},
        data=write_data("releases.planned", days=every_days, next=following),
    )


def every_days(store: Store) -> int:
    """Returns after how many days a release follows another by itself, as an officer set it or the file says; 0 for never."""
    return int(store.state.get("release_every") or store.campaign.open_data.every_days)


def next_day(store: Store, after: date | None = None) -> date | None:
    """Returns the day of the next release by itself: so many days after one, or the day that is planned; None for none."""
    days = every_days(store)
    if not days:
        return None
    if after:
        return after + timedelta(days=days)
    planned = store.state.get("release_next")
    return date.fromisoformat(planned) if planned else store.campaign.window.opens + timedelta(days=days)


def due(store: Store, today: date) -> bool:
    """Tells whether a release is to be made by itself on a day; once enough has been sent to be told."""
    following = next_day(store)
    begun = store.state.get("state") in ("open", "closed") and response_count(store) >= FEWEST
    return begun and following is not None and today >= following


def cleared_wishes(store: Store, made: Release) -> Iterator[Cleared]:
    """Yields the released wishes that everyone may still read, a thousand responses in memory at once, in the order of the text.

    Nothing stands beside them that says where, when or how they came, nor what else was in the same response.
    """
    slots: dict[int, set[int]] = {}
    for number, slot in made.wishes:
        slots.setdefault(number, set()).add(slot)
    found, numbers = [], sorted(slots)
    themes, asks = _shown(made, "themes"), _shown(made, "asks")
    for first in range(0, len(numbers), TOGETHER):
        for number, response in read_each(store, numbers[first:first + TOGETHER]):
            for wish, text in () if isinstance(response, Exception) else public_wishes(response):
                if wish.slot in slots[number]:
                    codes = wish.coding.codes if wish.coding else ()
                    named = dict.fromkeys(theme for code in codes if (theme := theme_of(code)) in themes)
                    ask = wish.coding.ask if wish.coding and wish.coding.ask in asks else ""
                    found.append(Cleared(text, tuple(named), ask))
    yield from sorted(found, key=lambda one: (one.text.casefold(), one.text))


def _shown(made: Release, table: str) -> set[str]:
    """Returns the lines of a table whose total is told, so that no wish says what is withheld."""
    return {name for name, line in made.tables[table].lines.items() if line.public[0] is not None}
