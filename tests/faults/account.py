"""Faults: each test says what it did, what it expected and what it saw; ``bin/test --faults`` ends with a table of them.

    from tests.faults.account import Fault

    def test_the_server_killed(fault: Fault) -> None:
        rounds = fault.times(full=10, short=1)
        fault.did(f"killed the server {rounds} times under 50 writers")
        fault.expected({"acknowledged and gone": 0})
        ...
        fault.measured("back after", "0.4 s")
        fault.saw({"acknowledged and gone": gone})  # fails where it differs
"""

import json
import os
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

LONG = os.environ.get("FAULTS") == "full"
WIDTH = 118


@dataclass
class Fault:
    """One fault as it is tried: what was done, what must hold, what was seen, and what was measured on the way."""

    name: str
    actions: list[str] = field(default_factory=list)
    hoped: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)

    def times(self, full: int, short: int) -> int:
        """Returns how often to do it: in the long form, or in the short one that every test run has."""
        return full if LONG else short

    def did(self, action: str) -> None:
        """Says what is done."""
        self.actions.append(action)
        print(f"  did      {action}", flush=True)

    def expected(self, what: Mapping[str, object]) -> None:
        """Says what must hold, by name."""
        self.hoped.update(_as_text(what))

    def measured(self, name: str, figure: object) -> None:
        """Adds a figure that is told and not judged."""
        self.figures[name] = str(figure)
        print(f"  measured {name}: {figure}", flush=True)

    def saw(self, what: Mapping[str, object]) -> None:
        """Says what was found under each name; fails where it is not what was expected."""
        seen = _as_text(what)
        self.seen.update(seen)
        for name, found in seen.items():
            print(f"  expected {name}: {self.hoped.get(name, '')}; saw {found}", flush=True)
        hoped = {name: self.hoped.get(name) for name in seen}
        assert seen == hoped

    def held(self) -> bool:
        """Tells whether everything expected was seen."""
        return bool(self.hoped) and self.seen == self.hoped

    def as_text(self) -> str:
        """Returns the account as text, to be carried from one process to another."""
        return json.dumps(asdict(self))


def _as_text(what: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in what.items()}


def read_account(text: str) -> Fault:
    """Returns the account that ``as_text`` wrote."""
    return Fault(**json.loads(text))


def lines_of(account: Fault, well: bool) -> Iterator[str]:
    """Yields the lines of one account in the table."""
    yield f"{'held' if well else 'FAILED':10} {account.name}"
    for label, said in (
        ("did", "; ".join(account.actions)),
        ("expected", _told(account.hoped)),
        ("saw", _told(account.seen)),
        ("measured", _told(account.figures)),
    ):
        if said:
            yield from textwrap.wrap(f"{label:10} {said}", WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 15)


def _told(pairs: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in pairs.items())
