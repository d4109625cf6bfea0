"""Wishes found by their words, under the same filters as everything else."""

from pathlib import Path
from typing import cast

import numpy as np
from flask import current_app

from campaigns.searching.index import SLOTS, look_for
from campaigns.store.blocks import Page, Place, RowTable
from campaigns.store.store import Store
from campaigns.tallies import Query


def find_page(
    store: Store, table: RowTable, query: Query, typed: str, most: int, before: Place | None
) -> tuple[Page, int, int, int]:
    """Returns some of the wishes that hold the words, newest first; of how many, in how many responses; events not searched yet.

    Raises CannotLook.
    """
    holding, behind = look_for(cast(Path, current_app.config["DATA_DIR"]), store, typed)
    places = table.places(store, query)
    passing = places[np.isin(places[:, 0] * SLOTS + places[:, 1], holding)]
    newer = int(np.count_nonzero(passing @ [SLOTS, 1] >= before[0] * SLOTS + before[1])) if before else 0
    some = passing[newer:newer + most]
    page = Page([(number, slot) for number, slot in some.tolist()], newer, newer + most < len(passing))
    return page, len(passing), len(np.unique(passing[:, 0])), behind
