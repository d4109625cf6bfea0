"""The record of the algorithm that codes wishes, filled from what was last measured and counted."""

from campaigns.coding.recording import record_of
from campaigns.store.store import Store
from campaigns.store.taught import MEASURED, history, noted
from campaigns.tallies import ask_for
from web.context import row_table

Record = dict[str, list[tuple[str, str]]]


def record_for(store: Store) -> Record:
    """Returns the record of a campaign by its parts, each a list of questions with their answers."""
    table = row_table(store.slug)
    table.refresh(store)
    counted = table.count(store, ask_for(store.layout, ("coder",), base="wishes")).column()
    counts = {coder: counted.get(coder, 0) for coder in ("machine", "person", "waiting")}
    return record_of(store.campaign, store.state.get("tagger"), history(store), noted(store, MEASURED), counts)
