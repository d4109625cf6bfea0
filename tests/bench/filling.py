"""``bin/bench --fill N``: a data folder with that many responses made from real comments, coded and counted.

Everything goes through the real scripts: accepted, coded by the tagger (each comment embedded once, however often it
is dealt), and tallied. Begun again, it goes on where it stopped.
"""

import hashlib
import random
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import accumulate, islice

import numpy as np
from numpy.typing import NDArray

from campaigns.coding.embedding import Embedder, from_int8, to_int8
from campaigns.coding.kept import tagger_for
from campaigns.coding.tagger import Coding
from campaigns.consumers.coding import Coder, code_batch
from campaigns.consumers.tallying import stand, tally_batch
from campaigns.definition import NO_AREA, Campaign
from campaigns.demonstration import CHANNEL_SHARES, WISHES_SHARES, window_days
from campaigns.responses import Submission, tidy_wish
from campaigns.store.blocks import RowTable
from campaigns.store.consumers import CODING, TALLIES, behind
from campaigns.store.intake import Way, accept_many
from campaigns.store.responses import response_count
from campaigns.store.store import Store
from tests.bench.figures import Bench
from tests.bench.site import Site, wait_until

TOGETHER = 500
TOLD_EVERY = 10_000
WAY = Way(who="job:bench", window="none")
Tell = Callable[[str], None]


def fill(here: Site, responses: int, bench: Bench) -> int:
    """Brings a site up to so many responses, coded and counted; returns how many there are."""
    if response_count(here.store) < responses:
        _accept(here.store, responses, bench)
    if behind(here.store, CODING):
        coder = Known(bench, here.store.campaign)
        _follow(here.store, CODING, lambda store: code_batch(store, coder).events, bench.tell)
    if behind(here.store, TALLIES):
        _follow(here.store, TALLIES, tally_batch, bench.tell)
        bench.tell("counting the standing tallies")
        stand(here.store, RowTable())
        rewrite(here, bench)
    return response_count(here.store)


def rewrite(here: Site, bench: Bench) -> None:
    """Has the store's file written anew and waits for it, as a running service does once the file has grown by a fifth."""
    bench.tell("writing the store's file anew")
    client = here.connections.text
    wait_until(lambda: not client.info("persistence")["aof_rewrite_in_progress"])  # one may have begun by itself
    client.bgrewriteaof()
    wait_until(lambda: not client.info("persistence")["aof_rewrite_in_progress"])


def _accept(store: Store, responses: int, bench: Bench) -> None:
    done = response_count(store)
    made = deal(store.campaign, done, bench.texts)
    while done < responses and (some := list(islice(made, min(TOGETHER, responses - done)))):
        taken = accept_many(store, [(one, WAY) for one in some])
        if not all(one.kept for one in taken):
            raise RuntimeError(f"not accepted: {next(one for one in taken if not one.kept)}")
        if done // TOLD_EVERY != (done + len(some)) // TOLD_EVERY:
            bench.tell(f"accepted {done + len(some):,} of {responses:,}")
        done += len(some)


def _follow(store: Store, consumer: str, batch: Callable[[Store], int], tell: Tell) -> None:
    left = behind(store, consumer)
    while left:
        before = left
        batch(store)
        left = behind(store, consumer)
        if before // TOLD_EVERY != left // TOLD_EVERY:
            tell(f"{consumer}: {left:,} events to go")


def deal(campaign: Campaign, seed: int, texts: Sequence[str]) -> Iterator[Submission]:
    """Yields responses without end: texts spread over wards, channels, sources and days as a campaign's would be."""
    chance = random.Random(seed)
    channels = [channel for channel in campaign.channels if channel in CHANNEL_SHARES]
    shares = list(accumulate(CHANNEL_SHARES[channel] for channel in channels))
    sources = {channel: ["", *(one.id for one in campaign.sources if one.channel == channel)] for channel in channels}
    days = [day.isoformat() for day in _rushed(window_days(campaign))]
    areas = [*(area.id for area in campaign.areas), *NO_AREA]
    while True:
        channel = channels[bisect(shares, chance.random() * shares[-1])]
        yield Submission(
            tuple(chance.choices(texts, k=chance.choices((1, 2, 3), WISHES_SHARES)[0])), channel, chance.choice(sources[channel]),
            areas[int(len(areas) * chance.random() ** 1.3)], day=chance.choice(days), answers=_answers(campaign, chance),
        )


def _rushed(days: Sequence[date]) -> list[date]:
    """Repeats days so that the first and the last of them get more."""
    return [day for place, day in enumerate(days) for _ in range(1 + 3 * (place < 5) + 2 * (place >= len(days) - 4))]


def _answers(campaign: Campaign, chance: random.Random) -> dict[str, int]:
    plain = [question for question in campaign.questions if not question.special]
    return {question.id: chance.randint(1, len(question.options)) for question in plain if chance.random() < 0.6}


class Known:
    """A coder with the coding and vector of some texts, every comment unless given, worked out beforehand."""

    def __init__(self, bench: Bench, campaign: Campaign, texts: Sequence[str] | None = None) -> None:
        embedder = Embedder(bench.model)
        self.tagger = tagger_for(campaign.frame, bench.model, embedder)
        self.coder = Coder(embedder, self.tagger)
        self.texts = tuple(dict.fromkeys(map(tidy_wish, bench.texts if texts is None else texts)))
        self.vectors = from_int8(_vectors(embedder, bench, self.texts))
        self._place = {text: place for place, text in enumerate(self.texts)}
        self._codings = self.tagger.code(self.vectors, self.texts)

    def code(self, texts: Sequence[str]) -> tuple[list[Coding], NDArray[np.float32]]:
        """Returns the coding and the vector of each text; one that is not known is coded now."""
        if any(text not in self._place for text in texts):
            return self.coder.code(texts)
        places = [self._place[text] for text in texts]
        return [self._codings[place] for place in places], self.vectors[places]

    def many(self, count: int) -> tuple[list[str], NDArray[np.float32]]:
        """Returns so many texts with their vectors, some of them more than once where there are too few."""
        places = np.arange(count) % len(self.texts)
        return [self.texts[place] for place in places], self.vectors[places]


def _vectors(embedder: Embedder, bench: Bench, texts: Sequence[str]) -> NDArray[np.int8]:
    """Returns the stored form of each text's vector, embedding them all the first time."""
    kept = bench.model / f"vectors-{hashlib.sha256(repr(texts).encode()).hexdigest()[:12]}.npy"
    if not kept.exists():
        parts = []
        for first in range(0, len(texts), 1000):
            parts.append(to_int8(embedder.embed(texts[first:first + 1000])))
            bench.tell(f"embedded {min(first + 1000, len(texts)):,} of {len(texts):,} comments, once for all")
        np.save(kept, np.concatenate(parts))
    made: NDArray[np.int8] = np.load(kept)
    return made
