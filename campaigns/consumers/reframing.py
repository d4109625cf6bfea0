"""What an adopted frame asks for: people's codings carried over, and everything that the machine coded coded again."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from time import time

import numpy as np

from campaigns.coding.frame import ALONE, OTHER
from campaigns.coding.revising import Draft
from campaigns.coding.tagger import Tagger
from campaigns.consumers.coding import Coder
from campaigns.consumers.recoding import recode
from campaigns.consumers.tallying import catch_up
from campaigns.responses import LIVE, SlotCoding
from campaigns.searching.meaning import vectors_of
from campaigns.store.actions import keep_action, list_actions
from campaigns.store.blocks import RowTable
from campaigns.store.changes import carry_coding, code_wish
from campaigns.store.frames import led_to, members_of
from campaigns.store.reframing import Preview, Reframed, note_reframed
from campaigns.store.responses import get_response, get_responses, response_count
from campaigns.store.store import Store
from campaigns.tallies import ask_for

TOGETHER = 500
PREVIEWED = 20_000  # wishes, by chance, that a preview codes; all where there are no more
SEED = 1
MOST_CODES = 3


def reframe(store: Store, coder: Coder) -> Iterator[tuple[Reframed, bool]]:
    """Carries people's codings over and codes the rest again; yields how far it has come, and whether the tallies are to be rung.

    May be stopped and begun again: what is done it passes over.
    """
    total = response_count(store)
    done = Reframed(store.frame_version, of=total)
    for carried, ring in _carry(store):
        done = note_reframed(store, replace(done, carried=done.carried + carried))
        yield done, ring
    carry_actions(store)
    done = note_reframed(store, replace(done, carried=done.carried + _give(store)))
    for step in recode(store, coder):
        done = note_reframed(store, replace(done, upto=step.upto, wishes=done.wishes + step.wishes))
        yield done, step.ring
    for carried, ring in _carry(store):  # what was coded by a page that was open while the frame was adopted
        done = replace(done, carried=done.carried + carried)
        yield done, ring
    yield note_reframed(store, replace(done, upto=total, ended_ms=int(time() * 1000))), False


def _carry(store: Store) -> Iterator[tuple[int, bool]]:
    catch_up(store)  # rows tell which wishes people coded
    table, led = RowTable(), led_to(store)
    table.refresh(store)
    gone = [code for code in led if code in store.layout.ids["code"]]
    if not gone:
        return
    places = table.places(store, ask_for(store.layout, (), {"coder": ("person",), "code": tuple(gone)}, "wishes"))
    numbers = sorted({int(number) for number, _ in places.tolist()})
    for first in range(0, len(numbers), TOGETHER):
        carried, ring = 0, False
        for slot in range(1, store.campaign.wishes_each + 1):  # a response has another revision after each change of it
            for response in get_responses(store, numbers[first:first + TOGETHER]):
                for wish in response.wishes if response.state == LIVE else ():
                    coding = carried_over(wish.person, led) if wish.slot == slot and wish.person and wish.kept else None
                    changed = carry_coding(store, response, slot, coding) if coding else None
                    carried, ring = carried + bool(changed and changed.done), ring or bool(changed and changed.ring)
        yield carried, ring


def carry_actions(store: Store) -> None:
    """Leads actions to the codes that those they are about have become, to every part of one that was split."""
    led = led_to(store)
    for action in list_actions(store):
        codes = tuple(dict.fromkeys(part for code in action.codes for part in led.get(code, (code,))))
        if codes != action.codes:
            keep_action(store, replace(action, codes=codes), "job:frame")


def _give(store: Store) -> int:
    """Gives wishes the new codes that a person gave them with the frame; not where somebody has coded them since."""
    who, members = members_of(store)
    given = 0
    for code, places in members.items():
        for number, slot in places if code in store.campaign.frame.names else ():
            response = get_response(store, number)
            wish = next((one for one in response.wishes if one.slot == slot), None) if response else None
            if response and wish and wish.kept and wish.machine and not wish.person and response.state == LIVE:
                coding = SlotCoding((code,), wish.machine.ask, who, at_ms=int(time() * 1000))
                given += code_wish(store, response, slot, coding).done
    return given


def carried_over(coding: SlotCoding, led: Mapping[str, tuple[str, ...]]) -> SlotCoding | None:
    """Returns a person's coding in the codes that its own lead to; None where it needs none, or only a person can say which."""
    if not set(coding.codes) & set(led) or any(len(led.get(code, (code,))) > 1 for code in coding.codes):
        return None
    codes = tuple(dict.fromkeys(part for code in coding.codes for part in led.get(code, (code,))))
    some = tuple(code for code in codes if code not in ALONE)
    return replace(coding, codes=(some or codes[:1] or (OTHER,))[:MOST_CODES])


def preview(store: Store, draft: Draft, tagger: Tagger) -> Preview:
    """Codes wishes as the draft would, a great number by chance, and returns which would go where; nothing is changed."""
    table = RowTable()
    table.refresh(store)
    every = table.places(store, ask_for(store.layout, (), {"coder": ("machine",)}, "wishes"))
    chosen = every if len(every) <= PREVIEWED else every[np.random.default_rng(SEED).permutation(len(every))[:PREVIEWED]]
    places = sorted((int(number), int(slot)) for number, slot in chosen.tolist())
    moves: dict[tuple[str, str], int] = {}
    codes: dict[str, int] = {}
    looked = 0
    for first in range(0, len(places), TOGETHER):
        some = places[first:first + TOGETHER]
        responses = {one.number: one for one in get_responses(store, sorted({number for number, _ in some}))}
        kept = [
            (place, wish) for place in some if place[0] in responses
            for wish in responses[place[0]].wishes if wish.slot == place[1] and wish.kept and wish.machine
        ]
        made = tagger.code(vectors_of(store, [place for place, _ in kept]), [wish.text for _, wish in kept]) if kept else []
        for (_, wish), coding in zip(kept, made, strict=True):
            was, now = wish.machine.codes[0] if wish.machine else OTHER, coding.codes[0]
            moves[was, now] = moves.get((was, now), 0) + (was != now)
            for code in coding.codes:
                codes[code] = codes.get(code, 0) + 1
            looked += 1
    told = sorted(((*pair, count) for pair, count in moves.items() if count), key=lambda one: -one[2])
    return Preview(draft.revision, looked, len(every), tuple(told), codes, int(time() * 1000))
