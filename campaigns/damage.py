"""Damaged rows: those that hold a number which this campaign never gave out, as no response makes them."""

import numpy as np
from numpy.typing import NDArray

from campaigns.facets import facet_size
from campaigns.geographies import by_postcode
from campaigns.rows import CODERS, STATES, Layout, Rows

COLUMNS = {
    "area": "ward", "channel": "channel", "source": "source", "hour": "hour", "codes": "code", "ask": "ask",
    "sure": "sureness", "moderation": "moderation",
}


def damaged_places(rows: Rows, layout: Layout) -> NDArray[np.int64]:
    """Returns the places of the damaged among some rows: counting them would fail, or count something else."""
    parts = [rows["live"] > max(STATES.values()), rows["coder"] >= len(CODERS)]
    parts += [rows[column] >= facet_size(layout, facet) for column, facet in COLUMNS.items()]
    options = np.array([len(question.options) for question in layout.campaign.questions] or [255])
    told = np.array([len(one.parts) for one in by_postcode(layout.campaign.geographies)], np.uint8)
    damaged = np.zeros(len(rows), bool)
    for part in [*parts, rows["answers"] > options, rows["geography"] > told]:
        if part.any():
            damaged |= part.reshape(len(rows), -1).any(axis=1)
    return np.flatnonzero(damaged)
