"""Taggers that learnt from people's codings: kept with the campaign, so that every worker codes alike."""

from campaigns.coding.tagger import Tagger
from campaigns.events import write_data
from campaigns.store.store import Store, record


def adopt(store: Store, tagger: Tagger, learnt_from: int, who: str) -> None:
    """Makes a tagger the one that codes from now on; earlier ones are kept."""
    store.raw.set(store.keys.of("tagger", tagger.version), tagger.to_bytes())
    data = write_data("tagger.adopted", tagger=tagger.version, learnt_from=learnt_from)
    record(store.connections, store.slug, "tagger.adopted", hashes={"state": {"tagger": tagger.version}}, who=who, data=data)


def adopted(store: Store) -> Tagger | None:
    """Returns the tagger the campaign has adopted, or None while it uses the one its frame teaches."""
    version = store.state.get("tagger")
    kept = store.raw.get(store.keys.of("tagger", version)) if version else None
    return Tagger.from_bytes(kept) if kept else None
