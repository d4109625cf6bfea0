"""A campaign's indicators as they were last loaded."""

import hashlib

from campaigns.events import write_data
from campaigns.indicators import Indicator, read_indicators, write_indicators
from campaigns.store.store import Store, record


def kept_indicators(store: Store) -> tuple[Indicator, ...]:
    """Returns the indicators that were loaded, in their order; none where none were."""
    kept = store.text.get(store.keys.of("indicators"))
    return read_indicators(kept, store.campaign.frame) if kept else ()


def keep_indicators(store: Store, indicators: tuple[Indicator, ...], who: str) -> None:
    """Keeps indicators in place of those loaded before, and logs how many and the hash of what is kept."""
    kept = write_indicators(indicators)
    record(
        store.connections, store.slug, "indicators.loaded", who=who, sets={"indicators": kept},
        data=write_data("indicators.loaded", indicators=len(indicators), sha256=hashlib.sha256(kept.encode()).hexdigest()),
    )
