"""Pages held to the kinds of elements they have when the same fields hold plain words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from werkzeug.test import TestResponse

from tests.markup import Markup
from tests.payloads import PAYLOADS

PLAIN = ["Plain words", "More of them", "And more"]
Walk = Callable[[list[str]], Iterator[tuple[str, TestResponse]]]


@dataclass
class Held:
    """Pages by name, first as they are with plain words, then held to that with hostile ones."""

    kinds: dict[str, set[tuple[str, tuple[str, ...]]]] = field(default_factory=dict)
    leading: set[str] = field(default_factory=set)  # addresses elsewhere that a page of plain words has, such as a licence's
    seen: int = 0

    def learn(self, name: str, html: str) -> None:
        """Notes what kinds of elements a page may have."""
        page = Markup(html)
        self.kinds.setdefault(name, set()).update(page.kinds)
        self.leading.update(page.addresses)

    def hold(self, name: str, html: str) -> None:
        """Holds a page to the kinds it may have; counts it."""
        page = Markup(html)
        assert page.kinds <= self.kinds[name], (name, page.kinds - self.kinds[name])
        assert page.faults == [], name
        others = set(page.addresses) - self.leading
        away = [one for one in others if not one.startswith(("/", "#", "?")) or one.startswith(("//", "/\\"))]
        assert away == [], name
        raw = [one for one in PAYLOADS if "<" in one and one in html]
        assert [one for one in raw if one.lower() not in ("<!--",)] == [], name
        self.seen += 1


def hold_all(walk: Walk, statuses: set[int], plain: list[str] = PLAIN) -> Held:
    """Walks pages with plain words, then with hostile ones, and returns what was held."""
    held = Held()
    for name, answer in walk(plain):
        held.learn(name, answer.text)
    for name, answer in walk(PAYLOADS):
        assert answer.status_code in statuses, (name, answer.status_code)
        held.hold(name, answer.text)
    return held


def threes(texts: list[str]) -> list[list[str]]:
    """Returns the texts three by three, as a response has them."""
    return [texts[first:first + 3] for first in range(0, len(texts), 3)]
