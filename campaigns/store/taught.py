"""What is known of a campaign's taggers without loading one: when each took over, how trials went, what was measured."""

import json
import time
from typing import Any

from campaigns.store.standing import read_standing
from campaigns.store.store import Store, record

TRIED, MEASURED = "tried", "measured"  # fields beside those of single taggers: how learning last went, the last report
FEWEST_NEW = 50  # codings by people since the last trial, from which another is worth its while
DAY_MS = 24 * 3600 * 1000
Told = dict[str, Any]


def history(store: Store) -> dict[str, Told]:
    """Returns what is known of each tagger that was adopted, by its version, the latest first."""
    kept = store.text.hgetall(store.keys.of("taggers"))
    found = {version: json.loads(about) for version, about in kept.items() if version not in (TRIED, MEASURED)}
    return dict(sorted(found.items(), key=lambda one: -one[1]["at_ms"]))


def note(store: Store, what: str, told: Told) -> None:
    """Keeps how learning last went, or what the tagger was last measured at; figures and codes alone."""
    kept = json.dumps({"at_ms": int(time.time() * 1000), **told})
    record(store.connections, store.slug, None, hashes={"taggers": {what: kept}})


def noted(store: Store, what: str) -> Told | None:
    """Returns what ``note`` kept, or None where there is nothing yet."""
    kept = store.text.hget(store.keys.of("taggers"), what)
    return json.loads(kept) if kept else None


def worth_a_look(store: Store) -> bool:
    """Tells whether enough was coded by people for another trial, or anything and the last figures are a day old."""
    coded = read_standing(store).counts("coder", "wishes").get("person", 0)
    tried, measured = noted(store, TRIED) or {}, noted(store, MEASURED) or {}
    stale = time.time() * 1000 - measured.get("at_ms", 0) > DAY_MS
    anything = coded or store.text.exists(store.keys.of("sample"))
    return coded - int(tried.get("coded", 0)) >= FEWEST_NEW or bool(anything and stale)
