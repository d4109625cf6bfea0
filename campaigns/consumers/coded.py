"""The wishes of a campaign that people coded, on their desks or for the sample, with their vectors as stored."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.coding.frame import Example
from campaigns.responses import LIVE, Response, SlotCoding, Wish
from campaigns.searching.meaning import vectors_of
from campaigns.store.keys import VECTOR_BLOCK, VECTOR_LENGTH
from campaigns.store.responses import get_responses, read_each, response_count
from campaigns.store.sample import settled
from campaigns.store.store import Store


@dataclass(frozen=True)
class Coded:
    """A wish with what people said of it, and its vector as stored (all zeros where none is kept)."""

    response: Response
    wish: Wish
    said: SlotCoding
    vector: NDArray[np.int8]

    @property
    def example(self) -> Example:
        """Returns it as an example to learn from."""
        return Example(self.wish.text, self.said.codes, self.said.ask or None)


def people_coded(store: Store) -> Iterator[Coded]:
    """Yields every wish of a living response whose words are kept and that a person coded, by number and slot."""
    total, each = response_count(store), store.campaign.wishes_each
    for block in range(total // VECTOR_BLOCK + 1):
        numbers = range(max(block * VECTOR_BLOCK, 1), min((block + 1) * VECTOR_BLOCK, total + 1))
        living = [read for _, read in read_each(store, numbers) if isinstance(read, Response) and read.state == LIVE]
        coded = [(read, wish, wish.person) for read in living for wish in read.wishes if wish.person and wish.text]
        held = (store.raw.get(store.keys.of("vectors", block)) or b"") if coded else b""
        table = np.frombuffer(held.ljust(VECTOR_BLOCK * each * VECTOR_LENGTH, b"\0"), np.int8).reshape(-1, VECTOR_LENGTH)
        for response, wish, said in coded:
            yield Coded(response, wish, said, table[response.number % VECTOR_BLOCK * each + wish.slot - 1])


def sample_coded(store: Store) -> list[Coded]:
    """Returns the settled wishes of the sample whose words are kept and that nobody coded on their desk as well.

    No tagger learns from these, so any two can be judged by them.
    """
    found = settled(store)
    responses = {one.number: one for one in get_responses(store, sorted({number for number, _ in found}))}
    kept = [
        (response, wish, said) for (number, slot), said in found.items() if (response := responses.get(number))
        for wish in response.wishes if wish.slot == slot and wish.text and not wish.person
    ]
    vectors = vectors_of(store, [(response.number, wish.slot) for response, wish, _ in kept])
    return [Coded(*one, vector) for one, vector in zip(kept, vectors, strict=True)]
