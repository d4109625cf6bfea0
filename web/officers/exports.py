"""Exports: the wishes that pass the filters, or their responses, streamed as CSV or JSON Lines with what each column means."""

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from campaigns.exports.columns import KINDS, Stamp, columns_of_kind
from campaigns.exports.writing import FORMATS, as_csv, as_json_lines, descriptor, dictionary, read_rows
from campaigns.tallies import ask_for
from web.context import campaign_store, row_table
from web.officers.addresses import Addresses
from web.officers.counts import moment_of
from web.officers.filters import phrases, read_filters
from web.officers.panels import carried, choices

MARKED = "excel"


def exports(slug: str) -> ResponseReturnValue:
    """Shows what may be taken away, how much it is, and what each column means."""
    store, filters, table = campaign_store(slug), read_filters(), row_table(slug)
    event, offered = table.refresh(store), choices(store.campaign, of_wishes=True)
    queries = {base: ask_for(store.layout, (), filters.where(), base) for base in ("wishes", "responses")}
    counted = {base: table.count(store, query).total for base, query in queries.items()}
    return render_template(
        "officers/exports.html", store=store, campaign=store.campaign, filters=filters, to=Addresses(slug, filters),
        phrases=phrases(filters, store.campaign), choices=offered, kept=carried(filters, offered), counted=counted,
        columns={kind: columns_of_kind(kind) for kind in KINDS}, event=event, as_of=moment_of(store, event),
        leaving=lambda left: url_for("officers.exports", slug=slug, **left.query()),
    )


def download(slug: str, kind: str, name: str) -> ResponseReturnValue:
    """Streams one export, or gives its dictionary or its descriptor."""
    if kind not in KINDS:
        abort(404)
    store = campaign_store(slug)
    if name == "dictionary.csv":
        return _file("".join(dictionary(kind)), FORMATS["csv"], f"{slug}-{kind}-dictionary.csv")
    if name == "datapackage.json":
        return _file(descriptor(store, kind), "application/json", "datapackage.json")
    whole, _, ending = name.partition(".")
    if ending not in FORMATS or whole not in (slug, f"{slug}-{MARKED}"):
        abort(404)
    table = row_table(slug)
    stamp = Stamp(store.state["definition"], table.refresh(store))
    rows = read_rows(store, table, ask_for(store.layout, (), read_filters().where(), "wishes"), kind, stamp)
    marked = whole != slug
    written = as_csv(rows, kind, marked) if ending == "csv" else as_json_lines(rows, kind)
    return _file((piece.encode() for piece in written), FORMATS[ending], f"{slug}-{kind}-{stamp.event}.{ending}")


def _file(body: object, mimetype: str, name: str) -> Response:
    return Response(body, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})  # type: ignore[arg-type]
