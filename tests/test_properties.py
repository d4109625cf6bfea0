"""Whatever is sent, changed, coded and counted, in any order and whoever dies: no wish is lost and none counted twice.

Hypothesis makes up what happens, one step after another; workers stop between any two of their commands, for good
or until other steps have been done. PROPERTY_EXAMPLES sets how many sequences are tried.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from campaigns.consumers import coding, tallying
from campaigns.consumers.rebuilding import differences, rebuild
from campaigns.keeping.expiring import expire
from campaigns.responses import EXPIRED, LIVE, WITHDRAWN, Response, SlotCoding, Submission
from campaigns.store.areas import load_postcodes, place_postcode
from campaigns.store.blocks import RowTable
from campaigns.store.cards import print_cards
from campaigns.store.changes import code_wish, erase, keep_about, moderate_wish, place, revise_wishes, withdraw
from campaigns.store.connection import Connections
from campaigns.store.consumers import CONSUMERS
from campaigns.store.intake import Way, accept_many
from campaigns.store.log import seal, verify
from campaigns.store.opening import close_campaign, open_campaign
from campaigns.store.responses import get_response
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.store import Store
from tests.comparing import MadeUpCoder, all_is_right, code_all, local_moment
from tests.ledger import Kept, Ledger, erased, expired, revised, with_sent, with_slot, withdrawn
from tests.made_up import codings, numbers, slots, submissions, ways, wishes
from tests.stopping import Worker, stopping
from tests.storehouse import ABBEY, LITTLE, NORMANTON, open_little, window_around

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "40"))
FIFTHS_OF = {"DE11AA": "1", "DE238HH": "2"}  # as the numbers of what the table calls 1 and 4
POSTCODES = [{"DE11AA": ABBEY, "DE238HH": NORMANTON}, {"DE11AA": NORMANTON}]


def lines_of(table: dict[str, str]) -> list[str]:
    """Returns a table of postcodes as a file has it, with a column for the campaign's fifths."""
    called = {"1": "1", "2": "4"}
    return ["postcode,imd fifth,area", *(f"{postcode},{called[FIFTHS_OF[postcode]]},{area}" for postcode, area in table.items())]


class Consultation(RuleBasedStateMachine):
    """One campaign and everyone who has to do with it, against a ledger of what was done."""

    connections: Connections
    for_workers: Connections

    @initialize(batch=st.sampled_from([2, 5, 2000]), first=st.lists(submissions, min_size=2, max_size=3))
    def opens(self, batch: int, first: list[Submission]) -> None:
        self.connections.raw.flushall()
        self.patch = pytest.MonkeyPatch()
        for consumer in (coding, tallying):
            self.patch.setattr(consumer, "BATCH", batch)
        self.store, self.ledger, self.table = open_little(self.connections), Ledger(), RowTable()
        self.handed_in: list[tuple[Submission, Way]] = []
        self.seen: dict[int, tuple[Response, Kept]] = {}
        self.workers: list[Worker] = []
        self.postcodes: dict[str, str] = {}
        self.damaged, self.damages = False, 0
        self.prints_cards(2)
        self.accepts([(replace(one, card=0), Way(key="k" * (place == 1))) for place, one in enumerate(first)])

    @rule(handed_in=st.lists(st.tuples(submissions, ways), min_size=1, max_size=3))
    def accepts(self, handed_in: list[tuple[Submission, Way]]) -> None:
        self.handed_in += handed_in
        must = [self.ledger.accept(*one) for one in handed_in]
        began = time.time()
        taken = accept_many(self.store, handed_in)
        assert [(one.outcome, one.number) for one in taken] == must
        for one in taken:
            if one.outcome == "accepted":
                self.ledger.received(one.number, local_moment(one, began))

    @precondition(lambda self: self.handed_in)
    @rule(which=st.integers(0, 30))
    def repeats(self, which: int) -> None:
        self.accepts([self.handed_in[which % len(self.handed_in)]])

    @rule(typed=st.sampled_from(["de1 1aa", "DE23 8HH", "DE1 9ZZ", "DE1", ""]), submission=submissions)
    def accepts_from_a_postcode(self, typed: str, submission: Submission) -> None:
        whole = typed.upper().replace(" ", "")
        unknown = "not given" if not typed else "part postcode" if len(whole) < 5 else "not in our table"
        placed = place_postcode(self.store, typed)
        assert placed.area == self.postcodes.get(whole, unknown)
        assert placed.geography == ("" if placed.area != self.postcodes.get(whole) else FIFTHS_OF[whole])
        told = {"area": placed.area, "outward": placed.outward, "geography": placed.geography}
        self.accepts([(replace(submission, **told), Way())])

    @rule(table=st.sampled_from(POSTCODES))
    def loads_areas(self, table: dict[str, str]) -> None:
        load_postcodes(self.store, lines_of(table), "s-1")
        self.postcodes = table

    @rule(count=st.integers(1, 3))
    def prints_cards(self, count: int) -> None:
        first = len(self.ledger.cards) + 1
        assert print_cards(self.store, count, ABBEY, "s-1").first == first
        self.ledger.cards.update(dict.fromkeys(range(first, first + count), "o"))

    @rule()
    def closes_or_opens_again(self) -> None:
        if self.ledger.open:
            close_campaign(self.connections, LITTLE, "s-1")
        else:
            open_campaign(self.connections, LITTLE, "s-1", window_around(date.today()))
        self.ledger.open = not self.ledger.open

    @rule(number=numbers)
    def looks(self, number: int) -> None:
        if response := get_response(self.store, number):
            self.seen[number] = response, self.ledger.responses[number]

    def _seen(self, number: int, late: bool) -> tuple[Response, Kept] | None:
        if not late or number not in self.seen:
            self.looks(number)
        return self.seen.get(number)

    @rule(number=numbers, late=st.booleans(), wishes=wishes)
    def revises(self, number: int, late: bool, wishes: tuple[str, ...]) -> None:
        if seen := self._seen(number, late):
            must = self.ledger.change(number, revised(wishes), seen[1])
            assert revise_wishes(self.store, seen[0], wishes).outcome == must

    @rule(number=numbers, late=st.booleans(), slot=slots, coding=codings)
    def codes(self, number: int, late: bool, slot: int, coding: SlotCoding) -> None:
        if seen := self._seen(number, late):
            must = self.ledger.change(number, with_slot(slot, person=coding), seen[1], slot)
            assert code_wish(self.store, seen[0], slot, coding).outcome == must

    @rule(number=numbers, late=st.booleans(), slot=slots, moderation=st.integers(0, 2))
    def moderates(self, number: int, late: bool, slot: int, moderation: int) -> None:
        if seen := self._seen(number, late):
            must = self.ledger.change(number, with_slot(slot, moderation=moderation), seen[1], slot)
            assert moderate_wish(self.store, seen[0], slot, moderation, "s-3").outcome == must

    @rule(number=numbers, answer=st.integers(1, 3), special=st.dictionaries(st.just("faith"), st.integers(1, 3)))
    def answers(self, number: int, answer: int, special: dict[str, int]) -> None:
        if seen := self._seen(number, False):
            must = self.ledger.change(number, with_sent(answers={"connection": answer}, special=special))
            assert keep_about(self.store, seen[0], f'{{"connection":{answer}}}', special).outcome == must

    @rule(number=numbers, area=st.sampled_from([ABBEY, NORMANTON]))
    def places(self, number: int, area: str) -> None:
        assert place(self.store, number, area, "s-4").outcome == self.ledger.change(number, with_sent(area=area, geography=""))

    @rule(number=numbers)
    def withdraws(self, number: int) -> None:
        assert withdraw(self.store, number).outcome == self.ledger.change(number, withdrawn)

    @rule(number=numbers)
    def erases(self, number: int) -> None:
        must = self.ledger.change(number, erased, states=(LIVE, WITHDRAWN, EXPIRED))
        assert erase(self.store, number).outcome == must

    @rule(which=st.sets(numbers, min_size=1, max_size=3))
    def lets_words_go(self, which: set[int]) -> None:
        self._forgive()
        code_all(self.store)  # what no tagger has come to by then stays uncoded for good
        due = [n for n in which if (kept := self.ledger.responses.get(n)) and not kept.expired]
        outcomes = [self.ledger.change(n, expired, states=(LIVE, WITHDRAWN)) for n in due]
        assert expire(self.store, sorted(which)) == outcomes.count("changed")

    @rule(what=st.sampled_from(["tallies", "coding", "stand", "seal", "rebuild"]))
    def works(self, what: str) -> None:
        self._forgive()
        self._work(what, self.store, self.table)()

    @rule(what=st.sampled_from(["job", "job", "all coding", "seal", "rebuild", "compare", "verify"]), steps=st.integers(1, 20))
    def begins_work(self, what: str, steps: int) -> None:
        worker = Worker(self._work(what, replace(self.store, connections=self.for_workers), RowTable()))
        self.workers.append(worker)
        self.goes_on(-1, steps)

    @rule(
        what=st.sampled_from(["job", "all coding", "rebuild", "rebuild"]), steps=st.integers(2, 10), number=numbers,
        sent=submissions, wishes=wishes, change=st.sampled_from(["revises", "withdraws", "erases", "lets_words_go"]),
    )
    def is_overtaken(self, what: str, steps: int, number: int, sent: Submission, wishes: tuple[str, ...], change: str) -> None:
        self.accepts([(sent, Way())])
        self.begins_work(what, steps)  # and stops in the middle, while what it has read changes and another does its work
        if change == "revises":
            self.revises(number, False, wishes)
        elif change == "lets_words_go":
            self.lets_words_go({number})
        else:
            getattr(self, change)(number)
        self.accepts([(sent, Way())])
        self.works("job")
        self.goes_on(-1, 10_000)

    def _work(self, what: str, store: Store, table: RowTable) -> Callable[[], object]:
        return {
            "tallies": lambda: tallying.tally_batch(store),
            "stand": lambda: tallying.stand(store, table),
            "job": lambda: (tallying.catch_up(store), tallying.stand(store, table)),
            "coding": lambda: coding.code_batch(store, MadeUpCoder()),
            "all coding": lambda: code_all(store),
            "rebuild": lambda: rebuild(store, table),
            "seal": lambda: seal(store),
            "compare": lambda: self._compare(store, table),
            "verify": lambda: self._verify(store),
        }[what]

    def _compare(self, store: Store, table: RowTable) -> None:
        damages, whole = self.damages, not self.damaged
        found = differences(store, table)
        assert found == [] or not whole or self.damages > damages

    def _verify(self, store: Store) -> None:
        assert verify(store).problem == ""

    @rule(which=st.integers(0, 5), steps=st.integers(1, 20))
    def goes_on(self, which: int, steps: int) -> None:
        self._forgive()
        if self.workers:
            self.workers[which % len(self.workers)].go_on(steps)
        self.workers = [worker for worker in self.workers if not worker.over]

    @precondition(lambda self: self.workers)
    @rule(which=st.integers(0, 5))
    def dies(self, which: int) -> None:
        self.workers.pop(which % len(self.workers)).die()

    def _forgive(self) -> None:
        """Forgets how often a batch ended its worker: here no response is to blame, and none may be parked for it."""
        for consumer in CONSUMERS:
            trying = self.store.keys.of("trying", consumer)
            if int(self.store.text.hget(trying, "deaths") or 0) > 1:
                self.store.text.delete(trying)

    @rule(place=st.integers(-2, 2), lost=st.booleans())
    def is_damaged(self, place: int, lost: bool) -> None:
        number = max(len(self.ledger.responses) + place, 0)
        rows, width = self.store.keys.of("rows", 0), self.store.layout.width
        if lost:
            self.store.raw.delete(rows)
        else:
            self.store.raw.setrange(rows, number * width, b"\x01" + bytes(width - 1))
        self.store.raw.hincrby(self.store.keys.of("rows", "versions"), "0", 1)
        self.damaged, self.damages = True, self.damages + 1

    @rule(coded=st.booleans())
    def is_checked(self, coded: bool) -> None:
        self._forgive()
        if coded:
            code_all(self.store)
        tallying.catch_up(self.store)
        if self.damaged:
            rebuild(self.store, self.table)
            self.damaged = False
        tallying.stand(self.store, self.table)
        all_is_right(self.store, self.ledger, self.table, coded)

    def teardown(self) -> None:
        """Lets every other worker end its work, ends the rest, and looks whether all is right."""
        try:
            for worker in self.workers[::2]:
                self._forgive()
                worker.go_on()
            for worker in self.workers[1::2]:
                worker.die()
            self.is_checked(True)
        finally:
            self.patch.undo()
            for worker in self.workers:
                worker.die()


@pytest.fixture
def consultation(connections: Connections, redis_server: EmbeddedServer) -> Iterator[type[Consultation]]:
    """Returns the consultation on the tests' own server, which the connections' fixture has made sure of."""
    with stopping(connections, redis_server.url) as for_workers:
        yield type("OnThisServer", (Consultation,), {"connections": connections, "for_workers": for_workers})


def test_no_wish_is_lost_and_none_is_counted_twice(consultation: type[Consultation]) -> None:
    run_state_machine_as_test(consultation, settings=settings(
        max_examples=EXAMPLES, stateful_step_count=30, deadline=None, derandomize=os.environ.get("CI") == "true",
        suppress_health_check=list(HealthCheck),
    ))
