"""What an officer is looking at: filters and a base, kept in the address and read back as a sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask import has_request_context, request
from werkzeug.datastructures import MultiDict

from campaigns.definition import Campaign
from campaigns.geographies import NOT_KNOWN, Geography
from campaigns.tallies import BASES, UnknownFacet
from web.context import campaign_store
from web.guards import seen_by
from web.words import CHANNEL_WORDS, day

# How the address says that no source was named: an empty value there means any.
NO_SOURCE = "-"
# In the order of the sentence; the campaign's other geographies stand behind them. About-you answers are not among them:
# nothing they say may lead to anyone's words.
FACETS = ("ask", "theme", "code", "ward", "channel", "source", "day", "hour", "coder", "sureness", "moderation")
ASK_PHRASES = {
    "more": "asking for more", "keep": "asking to keep", "mend": "asking to mend", "less": "asking for less",
    "unclear": "in no clear direction",
}
CODER_PHRASES = {
    "waiting": "waiting for coding", "machine": "that no person has checked", "person": "that a person has coded",
}
MODERATION_PHRASES = {
    "unseen": "not yet looked at for quoting", "cleared": "cleared for quoting", "held": "held back from quoting",
    "queried": "queried by the sender",
}
JOINED = {
    "theme": "about {}", "code": "about {}", "ward": "from {}", "source": "through {}", "day": "on {}",
    "hour": "in the hour from {}", "sureness": "coded by a machine {}",
}


@dataclass(frozen=True)
class Filters:
    """Facets with the values let through, and what is counted; ``within`` is all that whoever looks may see, where not all."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    base: str = "responses"
    within: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def plain(self) -> bool:
        """Tells whether everything is let through."""
        return not self.values and not self.within

    def only(self, facet: str, value: str) -> "Filters":
        """Returns these filters with one facet held to one value."""
        return replace(self, values={**self.values, facet: (value,)})

    def without(self, facet: str) -> "Filters":
        """Returns these filters with one facet let through whole."""
        return replace(self, values={name: value for name, value in self.values.items() if name != facet})

    def counted_as(self, base: str) -> "Filters":
        """Returns these filters with another base."""
        return replace(self, base=base)

    def where(self) -> dict[str, tuple[str, ...]]:
        """Returns the filters as tables take them, never wider than whoever looks may see; raises UnknownFacet beyond that."""
        held = {**self.values, **{facet: self._held(facet) for facet in self.within}}
        return {facet: tuple("" if v == NO_SOURCE else v for v in some) for facet, some in held.items()}

    def _held(self, facet: str) -> tuple[str, ...]:
        seen = self.within[facet]
        held = tuple(value for value in self.values.get(facet, seen) if value in seen)
        if not held:  # no value at all would let everything through
            raise UnknownFacet(f"You may look at {' and '.join(seen) or 'nothing here yet'}. Ask your administrator for more.")
        return held

    def query(self) -> dict[str, Any]:
        """Returns what stands in the address behind the question mark."""
        kept: dict[str, Any] = {name: list(self.values[name]) for name in _in_order(self.values)}
        return {**kept, "base": self.base} if self.base != BASES[0] else kept


@dataclass(frozen=True)
class Phrase:
    """One filter as its sentence says it: the words before, and the names that stand out."""

    facet: str
    before: str
    names: tuple[str, ...]


def read_filters(sent: MultiDict[str, str] | None = None) -> Filters:
    """Returns the filters in an address, held to what whoever looks may see; raises UnknownFacet for what there is not."""
    args = request.args if sent is None else sent
    base = args.get("base") or BASES[0]
    if base not in BASES:
        raise UnknownFacet(f"“{base}” is not a base. Choose one of {', '.join(BASES)}.")
    facets = (*FACETS, *(geography.id for geography in _geographies()))
    values = {facet: tuple(dict.fromkeys(v for v in args.getlist(facet) if v)) for facet in facets}
    for typed in values["day"]:
        _check_day(typed)
    return scoped(Filters({facet: some for facet, some in values.items() if some}, base))


def _geographies() -> tuple[Geography, ...]:
    """Returns the other geographies of the campaign in the address."""
    slug = (request.view_args or {}).get("slug", "") if has_request_context() else ""
    return campaign_store(slug).campaign.geographies if slug else ()


def _in_order(values: Iterable[str]) -> list[str]:
    return sorted(values, key=lambda facet: FACETS.index(facet) if facet in FACETS else len(FACETS))


def scoped(filters: Filters) -> Filters:
    """Returns filters held to the wards or sources that whoever is signed in may see of the campaign in the address."""
    within = seen_by()
    held = replace(filters, within=within)
    shown = {facet: some for facet, some in held.where().items() if facet in within}
    return replace(held, values={**filters.values, **shown})


def _check_day(typed: str) -> None:
    try:
        date.fromisoformat(typed)
    except ValueError:
        raise UnknownFacet(f"“{typed}” is not a day. Write it as 2010-07-12.") from None


def phrases(filters: Filters, campaign: Campaign) -> list[Phrase]:
    """Returns the filters in the words and order of a sentence."""
    return [_phrase(facet, filters.values[facet], campaign) for facet in _in_order(filters.values)]


def _phrase(facet: str, values: tuple[str, ...], campaign: Campaign) -> Phrase:
    whole = {"ask": ASK_PHRASES, "coder": CODER_PHRASES, "moderation": MODERATION_PHRASES}.get(facet)
    if whole:
        return Phrase(facet, "", tuple(whole.get(value, value) for value in values))
    if facet == "channel":
        said = [CHANNEL_WORDS.get(value, value) for value in values]
        before = "by " if all(words.startswith("by ") for words in said) else ""
        return Phrase(facet, before.strip(), tuple(words.removeprefix(before) for words in said))
    if geography := campaign.geography(facet):
        return Phrase(facet, f"in {geography.name}", values)
    if facet == "hour" and values == (NOT_KNOWN,):
        return Phrase(facet, "", ("at no known hour",))
    return Phrase(facet, JOINED[facet].format("").strip(), tuple(_names(facet, values, campaign)))


def _names(facet: str, values: Iterable[str], campaign: Campaign) -> list[str]:
    if facet == "day":
        return [day(value) for value in values]
    called = names_of(facet, campaign)
    return [called.get(value, value) for value in values]


def names_of(facet: str, campaign: Campaign) -> dict[str, str]:
    """Returns what the values of a facet are called on pages; those it does not list go by their own name."""
    if facet == "theme":
        alone = {code.id: code.name for code in campaign.frame.codes if "." not in code.id}
        return {**{theme.id: theme.name for theme in campaign.frame.themes}, **alone}
    if facet == "code":
        return campaign.frame.names
    if facet == "source":
        return {NO_SOURCE: "no source named", **{source.id: source.name for source in campaign.sources}}
    if facet == "ward":
        return dict(campaign.area_names)
    return dict(CHANNEL_WORDS) if facet == "channel" else {}
