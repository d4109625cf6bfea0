"""How much of the store's memory a response takes."""

from collections.abc import Sequence

from campaigns.consumers.coding import code_batch
from campaigns.consumers.tallying import catch_up, stand
from campaigns.responses import Submission
from campaigns.store.blocks import RowTable
from campaigns.store.intake import Way, accept_many
from campaigns.store.responses import response_count
from campaigns.store.store import Store
from tests.bench.figures import Bench, Figure, Result
from tests.bench.filling import Known
from tests.bench.site import site
from tests.bench.words import of_forty_letters

BYTES = Figure(
    "memory a response of three 40-letter wishes, coded, vectors and unexpired keys apart", "bytes",
    "the letters of its wishes alone", 700, less=True,
)
TOGETHER = 500
APART = ("vectors", "accepted", "limit")


def measure(bench: Bench) -> list[Result]:
    """Measures what the store's memory grows by: the response, its events, its row and its share of the tallies."""
    result, each = Result(BYTES), bench.many(20_000, 1_000)
    with site(bench.folder / "bytes", bench.model) as here:
        store = here.store
        known = Known(bench, store.campaign, of_forty_letters(bench.many(6_000, 30)))
        _add(store, known, 500)  # the first responses also pay for scripts, dictionaries and buffers
        for _ in bench.turns(result):
            before = _memory(store)
            _add(store, known, each)
            result.ours.append((_memory(store) - before) / each)
            result.baseline.append(3 * 40)
        result.notes.append(", ".join(f"{name} {size:.0f}" for name, size in _by_name(store, each * bench.rounds + 500).items()))
    return [result]


def _add(store: Store, known: Known, responses: int) -> None:
    way = Way(window="none")
    for first in range(0, responses, TOGETHER):
        numbers = range(first, min(first + TOGETHER, responses))
        accept_many(store, [(_plain(store, known.texts, number), way) for number in numbers])
    while code_batch(store, known).events:
        pass
    catch_up(store)
    stand(store, RowTable())


def _plain(store: Store, texts: Sequence[str], number: int) -> Submission:
    """Returns what the form sends where somebody gives three wishes and a postcode."""
    first, areas = 3 * number % (len(texts) - 2), store.campaign.areas
    return Submission(tuple(texts[first:first + 3]), "online", area=areas[number % len(areas)].id, outward="DE21")


def _memory(store: Store) -> int:
    """Returns the bytes the store's data takes, without what is measured apart."""
    apart = sum(_size(store, key) for name in APART for key in store.text.scan_iter(f"{store.keys.of(name)}:*", count=5000))
    return int(store.text.info("memory")["used_memory_dataset"]) - apart


def _size(store: Store, key: str) -> int:
    return int(store.text.memory_usage(key, samples=0) or 0)


def _by_name(store: Store, responses: int) -> dict[str, float]:
    """Returns the bytes a response by kind of key, by the store's own reckoning of each key; key table and slack apart."""
    last = response_count(store)
    hashes = [_size(store, store.keys.response(number)) for number in range(max(last - 499, 1), last + 1)]
    rows = sum(_size(store, key) for key in store.text.scan_iter(f"{store.keys.of('rows')}:*", count=5000))
    return {
        "the response itself": sum(hashes) / len(hashes), "its share of the log": _size(store, store.keys.of("log")) / responses,
        "its row": rows / responses,
    }
