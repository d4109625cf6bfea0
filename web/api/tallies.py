"""``GET /api/v1/campaigns/<slug>/tallies``."""

from typing import Any

from flask import jsonify, make_response, request
from flask.typing import ResponseReturnValue

from campaigns.facets import facets_of
from campaigns.store.standing import standing_event
from campaigns.tallies import Tally, UnknownFacet, ask_for
from web.context import campaign_store, row_table

# Small cells of these say nothing about anyone; small cells of all others might.
HARMLESS = {"theme", "code", "ask", "channel", "coder"}
SMALLEST_SHOWN = 5


def show(slug: str) -> ResponseReturnValue:
    """Returns a table of counts; cells under five are withheld where the table looks into areas, days, sources or answers."""
    store = campaign_store(slug)
    etag = f"{standing_event(store)}-{store.born}"
    if etag in request.if_none_match:
        return make_response("", 304, {"ETag": f'"{etag}"'})
    facets = facets_of(store.layout)
    where = {name: values for name, values in request.args.lists() if name in facets}
    strange = set(request.args) - {*facets, "by", "base"}
    try:
        if strange:
            raise UnknownFacet(f"“{min(strange)}” is not a filter. Use by, base, or one of {', '.join(facets)}.")
        query = ask_for(store.layout, request.args.getlist("by"), where, request.args.get("base", "responses"))
    except (UnknownFacet, ValueError) as wrong:
        return jsonify(error=str(wrong)), 400
    table = row_table(slug)
    event = table.refresh(store)
    cells = _cells(table.count(store, query), withhold=bool(query.facets - HARMLESS))
    answer = jsonify(by=query.by, base=query.base, where=where, as_of=event, demonstration=store.demonstration, **cells)
    answer.set_etag(etag)
    return answer


def _cells(tally: Tally, withhold: bool) -> dict[str, Any]:
    hidden = _hidden(tally) if withhold else set()
    cells = [
        {
            **dict(zip(tally.by, names, strict=True)),
            "count": None if names in hidden else count, "base": tally.base, "interval": None, "suppressed": names in hidden,
        }
        for names, count in tally.cells.items()
    ]
    small_total = withhold and tally.total < SMALLEST_SHOWN
    return {"cells": cells, "total": None if small_total else tally.total}


def _hidden(tally: Tally) -> set[tuple[str, ...]]:
    """Returns the cells to withhold: the small ones and, where the total would give one alone away, the next smallest."""
    hidden = {names for names, count in tally.cells.items() if count < SMALLEST_SHOWN}
    if len(hidden) == 1:
        rest = sorted((count, names) for names, count in tally.cells.items() if names not in hidden)
        hidden |= {names for _, names in rest[:1]}
    return hidden
