"""The addresses that lead on from a page, each keeping what is being looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import url_for

from web.officers.filters import Filters


@dataclass(frozen=True)
class Addresses:
    """Makes addresses within one campaign, from the filters and the themes that stand open."""

    slug: str
    filters: Filters
    opened: tuple[str, ...] = ()
    search: Mapping[str, Any] = field(default_factory=dict)  # what is looked for, as the address says it

    def dashboard(self, filters: Filters) -> str:
        """Returns the dashboard with other filters."""
        return url_for("officers.dashboard", slug=self.slug, **filters.query(), open=list(self.opened))

    def toggle(self, theme: str) -> str:
        """Returns the dashboard with a theme's codes opened, or closed again."""
        opened = [t for t in self.opened if t != theme] if theme in self.opened else [*self.opened, theme]
        return url_for("officers.dashboard", slug=self.slug, **self.filters.query(), open=opened)

    def narrow(self, facet: str, value: str) -> str:
        """Returns the dashboard held to one value of a facet."""
        return self.dashboard(self.filters.only(facet, value))

    def behind(self, facet: str, value: str, ask: str = "") -> str:
        """Returns the wishes behind a number."""
        filters = self.filters.only(facet, value)
        return self.wishes(filters.only("ask", ask) if ask else filters)

    def wishes(self, filters: Filters, before: str = "") -> str:
        """Returns the wishes that pass some filters, from the newest or from before a place in their list."""
        return url_for("officers.wishes", slug=self.slug, **filters.query(), **self.search, before=before or None)

    def wish(self, number: int, slot: int, back: str = "") -> str:
        """Returns one wish's own page, where its coding is put right."""
        return url_for("officers.wish", slug=self.slug, number=number, slot=slot, back=back or None)
