"""How well the machine coded the wishes of a campaign that people coded too: in all, and by channel and ward."""

from dataclasses import asdict
from typing import Any

from campaigns.coding.report import as_dict, measure
from campaigns.coding.tagger import Coding
from campaigns.consumers.coded import Coded, people_coded, sample_coded
from campaigns.sampling.measuring import measure as measure_sample
from campaigns.store.sample import read_sample
from campaigns.store.store import Store
from campaigns.store.taught import history

FEWEST_SAMPLED = 30  # settled wishes of the sample, from which these tell and not what officers corrected
FEWEST = 10  # wishes of a channel or ward, below which its figure says nothing and might point at somebody


def measure_by_people(store: Store) -> dict[str, Any] | None:
    """Returns the report on what the machine gave and people gave, None where there is no such wish.

    By the sample, once enough of it is settled: chance picked its wishes, and nobody saw the machine's codes. Till then only by
    wishes that a person coded after the tagger of their machine coding took over: it cannot have learnt from them.
    """
    sampled = [one for one in sample_coded(store) if one.wish.machine]
    took_over = {version: about["at_ms"] for version, about in history(store).items()}
    by_sample = len(sampled) >= FEWEST_SAMPLED
    fair = sampled if by_sample else [one for one in people_coded(store) if _is_fair(one, took_over)]
    if not fair:
        return None
    names = store.campaign.area_names
    groups = {
        "channels": {one.response.channel for one in fair}, "areas": {one.response.area for one in fair},
    }
    told: dict[str, Any] = {"wishes": len(fair), "by_sample": by_sample, "report": _told(fair)}
    agreed = measure_sample(read_sample(store).wishes, ()).among_people
    told["people"] = asdict(agreed) if agreed else None
    for facet, found in groups.items():
        of = {name: [one for one in fair if name in (one.response.channel, one.response.area)] for name in sorted(found)}
        told[facet] = {names.get(name, name): _short(some) for name, some in of.items() if len(some) >= FEWEST}
    return told


def _is_fair(one: Coded, took_over: dict[str, int]) -> bool:
    machine = one.wish.machine
    return machine is not None and one.said.at_ms >= took_over.get(machine.coder, 0)


def _told(some: list[Coded]) -> dict[str, Any]:
    expected, codings = [], []
    for one in some:
        machine = one.wish.machine
        assert machine
        expected.append((set(one.said.codes), one.said.ask or None))
        codings.append(Coding(machine.codes, machine.ask, machine.confidence))
    return as_dict(measure(expected, codings))


def _short(some: list[Coded]) -> dict[str, Any]:
    whole = _told(some)
    return {name: whole[name] for name in ("wishes", "code_micro", "theme_micro", "ask_right", "calibration_error")}
