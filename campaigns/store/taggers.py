"""Taggers that learnt from people's codings: kept with the campaign, so that every worker codes alike."""

import json
import time
from typing import Any

from campaigns.coding.tagger import Tagger
from campaigns.events import write_data
from campaigns.store.store import Store, record


def adopt(store: Store, tagger: Tagger, learnt_from: int, who: str, compared: dict[str, Any] | None = None) -> None:
    """Makes a tagger the one that codes from now on; earlier ones are kept, with when each took over and why."""
    store.raw.set(store.keys.of("tagger", tagger.version), tagger.to_bytes())
    data = write_data("tagger.adopted", tagger=tagger.version, learnt_from=learnt_from, **(compared or {}))
    about = {"at_ms": int(time.time() * 1000), "learnt_from": learnt_from, "who": who, **(compared or {})}
    record(
        store.connections, store.slug, "tagger.adopted", who=who, data=data,
        hashes={"state": {"tagger": tagger.version}, "taggers": {tagger.version: json.dumps(about)}},
    )


def adopted(store: Store) -> Tagger | None:
    """Returns the tagger the campaign has adopted, or None while it uses the one its frame teaches."""
    version = store.state.get("tagger")
    kept = store.raw.get(store.keys.of("tagger", version)) if version else None
    return Tagger.from_bytes(kept) if kept else None
