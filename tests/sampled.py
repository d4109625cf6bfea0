"""A sample for tests: wishes sent and coded by machine, drawn, and coded by people, as a day's work would leave them."""

from collections.abc import Sequence

from campaigns.responses import SlotCoding
from campaigns.store.blocks import RowTable
from campaigns.store.sample import Draw, Sampled, draw_sample, read_sample
from campaigns.store.store import Store
from campaigns.store.turns import CODING, THIRD, Said, keep_coding, left_for, take_turn
from tests.storehouse import catch_up, code_by_machine, send

SEED = "4 1 6 6 2"
ROADS, PARKS = ("growth.roads",), ("safer.green",)
ONE, OTHER, THREE = "s-one", "s-other", "s-three"


def said(codes: Sequence[str], ask: str = "more", who: str = ONE, at_ms: int = 1) -> SlotCoding:
    """Returns a person's coding."""
    return SlotCoding(tuple(codes), ask, who, at_ms=at_ms)


def fill(store: Store, responses: int = 6, codes: Sequence[str] = ROADS, **what: object) -> None:
    """Sends responses of one wish each that the machine codes alike, and counts them."""
    for _ in range(responses):
        number = send(store, "Mend the road", **what).number
        code_by_machine(store, number, 1, SlotCoding(tuple(codes), "mend", "t-1", 0.9))
    catch_up(store)


def drawn(store: Store, wishes: int = 4, seed: str = SEED) -> Draw:
    """Draws a sample as an officer would."""
    return draw_sample(store, RowTable(), wishes, seed, "s-officer")


def code_next(store: Store, coding: SlotCoding, what: str = CODING) -> tuple[Sampled, Said]:
    """Has somebody code the next wish that they are given."""
    sample = read_sample(store)
    place = take_turn(store, left_for(sample, coding.coder, what), coding.coder, what)
    one = next(one for one in sample.wishes if one.place == place)
    return one, keep_coding(store, one, coding, what)


def settle_all(store: Store, codes: Sequence[str] = ROADS, ask: str = "mend") -> None:
    """Has two people code whatever is left, alike, and a third settle what differs."""
    for what, people in ((CODING, (ONE, OTHER)), (THIRD, (THREE,))):
        for who in people:
            while left_for(read_sample(store), who, what):
                code_next(store, said(codes, ask, who), what)
