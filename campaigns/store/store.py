"""One campaign's store: its definition, its layout, and the ways to reach its keys."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from secrets import token_hex
from typing import Any

from campaigns.campaign_file import read_campaign
from campaigns.coding.revising import frame_from_json
from campaigns.definition import Campaign, Window
from campaigns.events import full_name
from campaigns.rows import Layout, first_ids
from campaigns.store.connection import BytesClient, Connections, TextClient
from campaigns.store.keys import CAMPAIGNS, PICTURES_DUE, Keys
from campaigns.store.pictures import remove_folder
from campaigns.store.scripts import Scripts

FACETS_WITH_IDS = ("area", "source", "code")


class NoSuchCampaign(LookupError):
    """No campaign of that name has been loaded."""


class Frozen(ValueError):
    """A change that an opened campaign's definition no longer allows."""


@dataclass(frozen=True)
class Store:
    """A loaded campaign and its part of Redis, as of when it was opened by ``open_store``."""

    connections: Connections
    campaign: Campaign
    layout: Layout
    state: Mapping[str, str]

    @property
    def slug(self) -> str:
        """Returns the campaign's name in addresses and keys."""
        return self.campaign.slug

    @property
    def keys(self) -> Keys:
        """Returns the campaign's keys."""
        return Keys(self.campaign.slug)

    @property
    def text(self) -> TextClient:
        """Returns the client whose answers are text."""
        return self.connections.text

    @property
    def raw(self) -> BytesClient:
        """Returns the client whose answers are bytes."""
        return self.connections.raw

    @property
    def scripts(self) -> Scripts:
        """Returns the scripts, run on this campaign."""
        return Scripts(self.connections, self.keys.of("head"))

    @property
    def born(self) -> str:
        """Returns what tells this loading from one removed before it, so that no reader keeps the other's rows."""
        return self.state["born"]

    @property
    def row_kind(self) -> tuple[int, str, str]:
        """Returns what the rows of this loading must be: their width, the mark of their layout, and when it was born."""
        return self.layout.width, self.layout.mark, self.born

    @property
    def frame_version(self) -> str:
        """Returns what tells the frame that codes are of: the adopted version, or the definition as it opened."""
        return self.state.get("frame") or self.state["definition"]

    @property
    def demonstration(self) -> bool:
        """Tells whether this is a demonstration, which every page and document must say."""
        return self.state.get("demonstration") == "1"


def definition_hash(text: str) -> str:
    """Returns the hash by which a definition is known."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@lru_cache(maxsize=16)
def _parsed(slug: str, _hash: str, text: str) -> Campaign:
    return read_campaign(slug, text)


@lru_cache(maxsize=64)
def _windowed(campaign: Campaign, opens: str, closes: str, cards_until: str) -> Campaign:
    first, last, cards = (date.fromisoformat(day) for day in (opens, closes, cards_until))
    return replace(campaign, window=Window(first, last, cards, campaign.window.timezone))


@lru_cache(maxsize=16)
def _definition(slug: str, known_hash: str, client: TextClient) -> Campaign:
    text = client.get(Keys(slug).of("definition"))
    if text is None or definition_hash(text) != known_hash:  # removed, or another loaded, since its state was read
        raise NoSuchCampaign(slug)
    return _parsed(slug, known_hash, text)


@lru_cache(maxsize=16)
def _framed(campaign: Campaign, version: str, client: TextClient) -> Campaign:
    """Returns the campaign with the version of its frame that was adopted after it opened."""
    kept = client.hget(Keys(campaign.slug).of("frames"), version)
    if kept is None:
        raise NoSuchCampaign(campaign.slug)
    return replace(campaign, frame=frame_from_json(json.loads(kept)["frame"]))


@lru_cache(maxsize=64)
def _layout(campaign: Campaign, _born: str, client: TextClient) -> Layout:
    keys = Keys(campaign.slug)
    ids = {facet: {n: int(i) for n, i in client.hgetall(keys.of("ids", facet)).items()} for facet in FACETS_WITH_IDS}
    return Layout(campaign, ids)


def open_store(connections: Connections, slug: str) -> Store:
    """Returns the store of a loaded campaign, or raises NoSuchCampaign."""
    state: dict[str, str] = connections.text.hgetall(Keys(slug).of("state"))
    if "definition" not in state:
        raise NoSuchCampaign(slug)
    campaign = _definition(slug, state["definition"], connections.text)
    if "opens" in state:
        campaign = _windowed(campaign, state["opens"], state["closes"], state["cards_until"])
    if "frame" in state:
        campaign = _framed(campaign, state["frame"], connections.text)
    layout = _layout(campaign, state["born"], connections.text)
    return Store(connections, campaign, layout, state)


def loaded_slugs(connections: Connections) -> list[str]:
    """Returns the names of the campaigns that have been loaded."""
    return sorted(connections.text.smembers(CAMPAIGNS))


def open_stores(connections: Connections) -> Iterator[Store]:
    """Yields the store of each campaign that is loaded; one that is removed meanwhile is left out."""
    for slug in loaded_slugs(connections):
        with suppress(NoSuchCampaign):
            yield open_store(connections, slug)


def record(connections: Connections, slug: str, event: str | None, **what: Any) -> list[Any]:  # noqa: ANN401 - JSON
    """Runs the record script: sets what is named and logs the event, whole or not at all."""
    sent = {"only": None, "sets": {}, "hashes": {}, "ids": {}, "who": "job:system", "subject": 0, "data": "{}", **what}
    return Scripts(connections, Keys(slug).of("head")).run(
        "record", {**sent, "event": full_name(event) if event else None}
    )


def load_campaign(connections: Connections, slug: str, text: str) -> Campaign:
    """Puts a campaign's definition in the store, unopened; raises Frozen if it was opened with another."""
    campaign = _parsed(slug, definition_hash(text), text)
    state = connections.text.hgetall(Keys(slug).of("state"))
    if state.get("state") and state.get("definition") == definition_hash(text):
        return campaign
    answer = record(
        connections, slug, None, only={"field": "state", "text": ""},
        sets={"definition": text},
        hashes={"state": {"definition": definition_hash(text), "born": state.get("born") or token_hex(8)}},
        ids=first_ids(campaign),
    )
    if answer[0] != "recorded" and connections.text.hget(Keys(slug).of("state"), "definition") != definition_hash(text):
        raise Frozen(
            f"{slug} has been opened, so its definition is frozen; the file has changed since. "
            "Put the file back as it was, or start a campaign under another name."
        )
    connections.text.sadd(CAMPAIGNS, slug)
    return campaign


def forget_campaign(store: Store) -> None:
    """Removes every key and picture of a campaign; its state goes first, so that nothing is accepted meanwhile."""
    store.text.sadd(PICTURES_DUE, store.slug)
    store.text.delete(store.keys.of("state"))
    store.text.srem(CAMPAIGNS, store.slug)
    for key in store.text.scan_iter(match=store.keys.every(), count=5000):
        store.text.unlink(key)
    remove_folder(store.connections, store.slug)
