"""Looking for what the frame misses: among wishes without a code and those the machine is unsure of, which lie close together."""

import numpy as np

from campaigns.coding.density import groups_in, of_length_one, telling, typical
from campaigns.coding.words import Lexicon
from campaigns.facets import SURENESS
from campaigns.searching.meaning import vectors_of
from campaigns.store.blocks import Place, RowTable
from campaigns.store.missed import Group, keep_missed
from campaigns.store.responses import get_responses
from campaigns.store.store import Store
from campaigns.tallies import ask_for

MOST = 5_000  # wishes looked at, by chance where there are more
UNSURE = tuple(SURENESS[tenth] for tenth in range(1, 6))
SEED = 1


def look_for_missed(store: Store, lexicon: Lexicon | None = None) -> int:
    """Finds groups among the wishes that no code fits, and keeps their numbers and shared words; returns how many there are."""
    table = RowTable()
    event = table.refresh(store)
    every = sorted({place for where in ({"code": ("other",)}, {"coder": ("machine",), "sureness": UNSURE})
                    for place in map(tuple, table.places(store, ask_for(store.layout, (), where, "wishes")).tolist())})
    chosen = every if len(every) <= MOST else sorted(
        every[at] for at in np.random.default_rng(SEED).permutation(len(every))[:MOST].tolist())
    texts = _texts(store, chosen)
    places = [place for place in chosen if place in texts]
    vectors = of_length_one(vectors_of(store, places)) if places else np.zeros((0, 1), np.float32)
    found = []
    for members in groups_in(vectors) if len(places) else []:
        inside = set(members)
        own, others = [texts[places[at]] for at in members], [texts[place] for at, place in enumerate(places) if at not in inside]
        others += [example.text for example in store.campaign.frame.examples]
        near = typical(vectors, members, [number for number, _ in places], [texts[place] for place in places])
        first = places[near[0]]
        found.append(Group(
            f"{first[0]}-{first[1]}", tuple(places[at] for at in members), tuple(places[at] for at in near),
            tuple(telling(own, others, lexicon)),
        ))
    keep_missed(store, event, len(every), len(places), found)
    return len(found)


def _texts(store: Store, places: list[Place]) -> dict[Place, str]:
    responses = get_responses(store, sorted({number for number, _ in places}))
    return {(one.number, wish.slot): wish.text for one in responses for wish in one.wishes if wish.kept}
