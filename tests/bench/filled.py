"""The filled data folder that the figures over very many responses are measured on."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.figures import Bench
from tests.bench.filling import fill
from tests.bench.site import Site, site

MANY, FEW = 1_000_000, 300


@contextmanager
def filled(bench: Bench, many: int = MANY) -> Iterator[Site]:
    """Runs the store of the filled data folder, which is filled first where it is not; its responses are left as they are."""
    with site(bench.filled, bench.model) as here:
        fill(here, bench.many(many, FEW), bench)
        yield here
