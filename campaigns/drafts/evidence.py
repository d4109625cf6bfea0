"""Evidence for a draft: blocks, each a question with its frozen answer and the event it is as of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from campaigns.coding.frame import ASKS
from campaigns.sampling.reckoning import Range, Ranged
from campaigns.tallies import Query


@dataclass(frozen=True)
class Block:
    """A question put to the tallies, and the event its answer is as of."""

    name: str
    query: Query
    event: int


@dataclass(frozen=True)
class Figure(Block):
    """One number: how many units of the query's base pass its filters."""

    number: int


@dataclass(frozen=True)
class Table(Block):
    """Counts by the query's facets; a unit may stand in several cells, so they may add up to more than ``total``."""

    cells: Mapping[tuple[str, ...], int]
    total: int

    def counts(self) -> dict[str, int]:
        """Returns the cells of a table of one facet, by name."""
        return {cell[0]: number for cell, number in self.cells.items()}

    def row(self, name: str) -> dict[str, int]:
        """Returns one row of a table of two facets, by the second."""
        return {cell[1]: number for cell, number in self.cells.items() if cell[0] == name}


@dataclass(frozen=True)
class Quote:
    """A wish that a person cleared for quoting; ``area`` is empty where so few replied that it might point at someone."""

    number: int
    slot: int
    words: str
    ask: str
    area: str
    channel: str
    cut: bool = False


@dataclass(frozen=True)
class Quotes(Block):
    """Wishes of a theme in their own words, and how many were cleared in all."""

    quotes: tuple[Quote, ...]
    cleared: int


@dataclass(frozen=True)
class Seal:
    """The log's latest seal and the event it reaches; no event and no digest where none has been set."""

    event: int = 0
    sha256: str = ""


@dataclass(frozen=True)
class Standing:
    """How things stood while counting: events not yet tallied, not yet looked at by the tagger, and come in meanwhile.

    ``received`` counts every response that was ever accepted, whether it stands or not.
    """

    tallies_behind: int = 0
    coding_behind: int = 0
    moved: int = 0
    parked: int = 0
    received: int = 0


@dataclass(frozen=True)
class Taggers:
    """The versions that coded by machine; ``looked_at`` of ``coded`` wishes were asked which, spread evenly."""

    versions: tuple[str, ...] = ()
    looked_at: int = 0
    coded: int = 0


@dataclass(frozen=True)
class Evidence:
    """Everything a draft states, frozen as of one event."""

    event: int
    at_ms: int
    definition: str
    seal: Seal
    standing: Standing
    taggers: Taggers
    blocks: Mapping[str, Block]
    ranged: Ranged = field(default_factory=Ranged)

    def ranges(self, facet: str) -> Mapping[str, Range]:
        """Returns the range of each theme, code or ask as a share of responses; none where no sample was settled."""
        return self.ranged.of("responses", facet)

    def number(self, name: str) -> int:
        """Returns the number of a figure; KeyError for one that was not gathered."""
        block = self.blocks[name]
        if not isinstance(block, Figure):
            raise KeyError(name)
        return block.number

    def table(self, name: str) -> Table:
        """Returns a table by its name; KeyError for one that was not gathered."""
        block = self.blocks[name]
        if not isinstance(block, Table):
            raise KeyError(name)
        return block

    def counts(self, name: str) -> dict[str, int]:
        """Returns the cells of a table of one facet."""
        return self.table(name).counts()

    def quotes(self, theme: str) -> Quotes | None:
        """Returns the quotes of a theme, or None where none were looked for."""
        block = self.blocks.get(f"quotes {theme}")
        return block if isinstance(block, Quotes) else None

    def asks(self, code: str) -> dict[str, int]:
        """Returns a code's wishes by which way they ask, every ask named."""
        found = self.table("code and ask, wishes").row(code)
        return {ask: found.get(ask, 0) for ask in ASKS}
