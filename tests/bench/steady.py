"""How soon a wish has its codes, at a rate that a whole city's campaign reaches on its busiest days."""

from campaigns.store.log import last_event, read_events
from campaigns.store.store import Store
from tests.bench.driving import send
from tests.bench.figures import Bench, Figure, Result, percentile, timed
from tests.bench.filling import Known
from tests.bench.site import site
from tests.bench.words import of_forty_letters

TO_CODE = Figure(
    "accept to code at 8 responses/s, p99", "ms", "embedding and coding three wishes, with nothing beside it, p99", 2000,
    less=True,
)
RATE = 8


def measure(bench: Bench) -> list[Result]:
    """Measures from the log itself how long each response waited for the event that says it is coded."""
    result = Result(TO_CODE)
    with site(bench.folder / "steady", bench.model) as here:
        port = here.serve("web")
        here.work("tallies", "coding", "schedule")
        alone = Known(bench, here.store.campaign, of_forty_letters(3))
        send(port, 1, 4, RATE)
        here.coded()
        for _ in bench.turns(result):
            before = last_event(here.store)
            send(port, bench.many(20, 3), 4, RATE)
            here.coded()
            result.ours.append(percentile(waits_for_codes(here.store, before), 99))
            result.baseline.append(_alone(alone, bench.many(60, 10)))
    return [result]


def waits_for_codes(store: Store, after: int) -> list[float]:
    """Returns how many milliseconds passed between each response's event and that of its coding, for those after an event."""
    received: dict[int, int] = {}
    coded: dict[int, int] = {}
    while events := read_events(store, after):
        for event in events:
            if event.name == "response.received":
                received[event.subject] = event.at_ms
            if event.name == "wishes.coded":
                for first, last in event.data["ranges"]:
                    coded.update((number, event.at_ms) for number in range(first, last + 1))
        after = events[-1].number
    return [float(coded[number] - at) for number, at in received.items()]


def _alone(known: Known, times: int) -> float:
    coder, texts = known.coder, of_forty_letters(3 * times)
    return percentile([1000 * timed(lambda n=n: coder.code(texts[3 * n:3 * n + 3])) for n in range(times)], 99)
