"""``GET /api/v1/campaigns/<slug>/tallies``."""

from collections.abc import Mapping
from typing import Any

from flask import jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from campaigns.facets import facets_of
from campaigns.public_tables import PublicTable, public_table
from campaigns.sampling.reckoning import Range
from campaigns.store.blocks import RowTable
from campaigns.store.staff import SEE_ALL
from campaigns.store.standing import standing_event
from campaigns.store.store import Store
from campaigns.tallies import Query, UnknownFacet, ask_for
from web.context import campaign_store, row_table
from web.guards import signed_in
from web.ranges import ranges_for

FOR_STAFF = (
    "This crosses or filters by what could pick somebody out, so its counts are for the campaign's signed-in officers alone. "
    "Open to everyone are wards, days or answers by themselves, wards by theme, and any table of themes, codes, asks, channels "
    "and coders."
)


def show(slug: str) -> ResponseReturnValue:
    """Returns a table of counts; to the public, of areas, days and answers only what picks nobody out, of sources nothing."""
    store = campaign_store(slug)
    person = signed_in()
    officer = bool(person and any(person.may(role, slug) for role in SEE_ALL))
    etag = f"{standing_event(store)}-{store.born}{'-officer' if officer else ''}"
    if etag in request.if_none_match:
        return _kept(make_response("", 304, {"ETag": f'"{etag}"'}), officer)
    try:
        query = _query(store)
    except (UnknownFacet, ValueError) as wrong:
        return jsonify(error=str(wrong)), 400
    table = row_table(slug)
    event = table.refresh(store)
    shown = _everything(store, table, query) if officer else public_table(store, table, query)
    answer = jsonify(
        by=query.by, base=query.base, where=dict(query.where), as_of=event, demonstration=store.demonstration,
        cells=_cells(query, shown, _ranges(store, query)), total=shown.total,
        **({"withheld": FOR_STAFF} if shown.withheld else {}),
    )
    answer.set_etag(etag)
    return _kept(answer, officer)


def _query(store: Store) -> Query:
    facets = facets_of(store.layout)
    where = {name: values for name, values in request.args.lists() if name in facets}
    strange = set(request.args) - {*facets, "by", "base"}
    if strange:
        raise UnknownFacet(f"“{min(strange)}” is not a filter. Use by, base, or one of {', '.join(facets)}.")
    return ask_for(store.layout, request.args.getlist("by"), where, request.args.get("base", "responses"))


def _everything(store: Store, table: RowTable, query: Query) -> PublicTable:
    tally = table.count(store, query)
    return PublicTable(dict(tally.cells), tally.total)


def _ranges(store: Store, query: Query) -> Mapping[str, Range]:
    """Returns the range of each line of a table of themes, codes or asks alone, where a sample gives one."""
    return ranges_for(store).of(query.base, query.by[0]) if len(query.by) == 1 and not query.where else {}


def _cells(query: Query, shown: PublicTable, ranges: Mapping[str, Range]) -> list[dict[str, Any]]:
    return [
        {
            **dict(zip(query.by, names, strict=True)),
            "count": count, "base": query.base, "interval": _ends(ranges.get(names[0]) if names else None),
            "suppressed": count is None,
        }
        for names, count in shown.cells.items()
    ]


def _ends(one: Range | None) -> list[float] | None:
    return [round(one.low, 4), round(one.high, 4)] if one else None


def _kept(answer: Response, officer: bool) -> Response:
    """Lets everyone's answer be kept and asked after, and an officer's by nobody."""
    answer.headers["Cache-Control"] = "no-store" if officer else "no-cache"
    answer.vary.add("Cookie")
    return answer
