"""What is known of the place itself, whatever people wish for: boundaries, households, people; loaded, never counted."""

import json
from collections.abc import Mapping

from campaigns.boundaries import Boundaries, kept_boundaries, read_boundaries
from campaigns.store.store import Store

BOUNDARIES, PEOPLE = "boundaries", "people"


def load_boundaries(store: Store, text: str) -> tuple[Boundaries, list[str]]:
    """Puts the areas' boundaries in place of any before; returns them, and the areas that have none."""
    boundaries, without = read_boundaries(text, store.campaign.areas)
    store.text.hset(store.keys.of("profile"), BOUNDARIES, boundaries.to_json())
    return boundaries, without


def boundaries_of(store: Store) -> Boundaries | None:
    """Returns the areas' boundaries, None where none were loaded."""
    kept = store.text.hget(store.keys.of("profile"), BOUNDARIES)
    return kept_boundaries(kept) if kept else None


def keep_profile(store: Store, profile: Mapping[str, Mapping[str, int]]) -> None:
    """Puts a profile of the place in place of any before: for each facet, how many people or households each value has."""
    store.text.hset(store.keys.of("profile"), PEOPLE, json.dumps(profile))


def profile_of(store: Store) -> dict[str, dict[str, int]]:
    """Returns the profile of the place; households that the campaign's file gives stand for those not loaded."""
    kept = store.text.hget(store.keys.of("profile"), PEOPLE)
    loaded: dict[str, dict[str, int]] = json.loads(kept) if kept else {}
    own = {area.name: area.households for area in store.campaign.areas if area.households}
    return {**({"households": own} if own else {}), **loaded}
