"""Reading what an export holds: rows as of one event, and which responses changed while they were read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from campaigns.consumers.tallying import touched
from campaigns.exports.columns import COUNTS, Stamp, Value, rows_of_response
from campaigns.exports.counting import count_rows
from campaigns.responses import EXPIRED, LIVE
from campaigns.store.blocks import RowTable
from campaigns.store.log import read_events
from campaigns.store.responses import Read, read_each
from campaigns.store.store import Store
from campaigns.tallies import Where, ask_for

TOGETHER = 1000
LOOKS = 5


@dataclass
class Watch:
    """What happened to responses after the event that their rows are counted at, as far as the log has been read.

    ``changed`` holds the last event of each; ``left_out`` counts those that were to be handed on and no longer may be.
    """

    store: Store
    event: int
    upto: int = 0
    changed: dict[int, int] = field(default_factory=dict)
    shown: set[int] = field(default_factory=set)
    left_out: int = 0

    def __post_init__(self) -> None:
        """Begins where the rows end."""
        self.upto = self.upto or self.event

    @property
    def last(self) -> int:
        """Returns the latest event that any row shows."""
        return max((self.changed[number] for number in self.shown), default=self.event)

    def read(self, numbers: Sequence[int]) -> list[Read]:
        """Returns responses as they now are, each read again where it changed meanwhile, so that it is known by which event."""
        wanted = set(numbers)
        self._follow()
        found = read_each(self.store, numbers)
        for _ in range(LOOKS):
            if not self._follow() & wanted:
                break
            found = read_each(self.store, numbers)
        given = [(number, read) for number, read in found if _is_given(read)]
        self.shown |= self.changed.keys() & {number for number, _ in given}
        self.left_out += len(wanted) - len(given)
        return given

    def _follow(self) -> set[int]:
        """Reads on in the log; returns the responses that were touched since it was last read."""
        found: set[int] = set()
        while events := read_events(self.store, self.upto):
            for event in events:
                numbers = touched([event])
                found.update(numbers)
                self.changed.update(dict.fromkeys(numbers, event.number))
            self.upto = events[-1].number
        return found


def _is_given(read: object) -> bool:
    return not isinstance(read, Exception) and getattr(read, "state", "") in (LIVE, EXPIRED)


def read_rows(store: Store, table: RowTable, where: Where, kind: str, watch: Watch) -> Iterator[list[Value]]:
    """Yields the rows behind some filters, oldest first, a thousand responses in memory at once; or the counts of them."""
    frame = store.frame_version
    if kind == COUNTS:
        yield from count_rows(store, table, where, Stamp(frame, watch.event))
        return
    wanted: dict[int, list[int]] = {}
    for number, slot in table.places(store, ask_for(store.layout, (), where, "wishes"))[::-1].tolist():
        wanted.setdefault(number, []).append(slot)
    numbers = list(wanted)
    for first in range(0, len(numbers), TOGETHER):
        for number, response in watch.read(numbers[first:first + TOGETHER]):
            assert not isinstance(response, Exception)
            stamp = Stamp(frame, watch.changed.get(number, watch.event))
            yield from rows_of_response(response, wanted[number], store.layout, kind, stamp)
