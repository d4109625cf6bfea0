"""Exports of the wishes behind filters, their responses or counts: streamed at once, or made as a file in the background."""

import time
from collections.abc import Mapping
from pathlib import Path

from flask import Response, abort, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from campaigns.exports.columns import KINDS, columns_of_kind
from campaigns.exports.ods import MIME as ODS
from campaigns.exports.orders import (
    ENDINGS,
    Asked,
    NoSuchOrder,
    Order,
    again,
    ask,
    discard,
    find_order,
    look,
    orders_of,
    stop,
)
from campaigns.exports.reading import Watch, read_rows
from campaigns.exports.writing import FORMATS, as_csv, as_json_lines, descriptor, dictionary, file_name
from campaigns.exports.xlsx import MIME as XLSX
from campaigns.store.store import Store
from campaigns.tallies import ask_for
from web.context import campaign_store, connections, row_table
from web.guards import staff
from web.officers.addresses import Addresses
from web.officers.counts import moment_of
from web.officers.filters import Filters, phrases, read_filters
from web.officers.panels import carried, choices
from workers.queues import EXPORTS, enqueue_slow

TRIES = 3
MIMES = {"xlsx": XLSX, "ods": ODS, "zip": "application/zip"}
CALLED = {"wishes": "One row a wish", "responses": "One row a response", "counts": "Counts only, nobody’s words"}
MARKED = "excel"


def exports(slug: str) -> ResponseReturnValue:
    """Shows what may be taken away, how much it is, and what was made; asks for a file to be made."""
    store = campaign_store(slug)
    if request.method == "POST":
        return _ask(store, read_filters(request.form))
    filters, table = read_filters(), row_table(slug)
    event, offered = table.refresh(store), choices(store.campaign, of_wishes=True)
    queries = {base: ask_for(store.layout, (), filters.where(), base) for base in ("wishes", "responses")}
    counted = {base: table.count(store, query).total for base, query in queries.items()}
    return render_template(
        "officers/exports.html", store=store, campaign=store.campaign, filters=filters, to=Addresses(slug, filters),
        phrases=phrases(filters, store.campaign), choices=offered, kept=carried(filters, offered), counted=counted,
        columns={kind: columns_of_kind(kind) for kind in KINDS}, event=event, as_of=moment_of(store, event), called=CALLED,
        leaving=lambda left: url_for("officers.exports", slug=slug, **left.query()),
        made=[_shown(store, order) for order in orders_of(store, _data())],
    )


def _ask(store: Store, filters: Filters) -> ResponseReturnValue:
    kind, ending = request.form.get("kind", ""), request.form.get("ending", "")
    if kind not in KINDS or ending not in ENDINGS:
        abort(400)
    order = ask(store, _data(), Asked(kind, ending, filters.where(), staff().id, int(time.time() * 1000)))
    _enqueue(order)
    return redirect(url_for("officers.exports", slug=store.slug, **filters.query(), _anchor="files"), 303)


def _enqueue(order: Order) -> None:
    enqueue_slow(connections(), "export_file", (order.store.slug, order.id), TRIES, EXPORTS)


def _shown(store: Store, order: Order) -> Mapping[str, object]:
    values = {facet: tuple(value or "-" for value in some) for facet, some in order.asked.where.items()}
    return {"order": order, "progress": look(order), "phrases": phrases(Filters(values), store.campaign)}


def made(slug: str, order: str) -> ResponseReturnValue:
    """Stops an export, begins it again, or takes it away; whichever was asked for and can still be done."""
    found, do = _found(slug, order), request.form.get("do", "")
    if do == "again" and not look(found).under_way and not look(found).made:
        again(found)
        _enqueue(found)
    elif do in ("stop", "discard"):
        (stop if do == "stop" else discard)(found)
    return redirect(url_for("officers.exports", slug=slug, _anchor="files"), 303)


def made_file(slug: str, order: str, name: str) -> ResponseReturnValue:
    """Returns the file of an export, for as long as it is kept."""
    found = _found(slug, order)
    whole = look(found).made
    if whole is None or whole.name != name:
        abort(404)
    return send_file(found.folder / name, MIMES[found.asked.ending], as_attachment=True, download_name=name)


def _found(slug: str, order: str) -> Order:
    try:
        return find_order(campaign_store(slug), _data(), order)
    except NoSuchOrder:
        abort(404)


def _data() -> Path:
    return Path(current_app.config["DATA_DIR"])


def download(slug: str, kind: str, name: str) -> ResponseReturnValue:
    """Streams one export, or gives its dictionary or its descriptor."""
    if kind not in KINDS:
        abort(404)
    store = campaign_store(slug)
    if name == "dictionary.csv":
        return _file("".join(dictionary(kind)), FORMATS["csv"], f"{slug}-{kind}-dictionary.csv")
    table = row_table(slug)
    watch = Watch(store, table.refresh(store))
    if name == "datapackage.json":
        return _file(descriptor(store.campaign, kind, watch.event), "application/json", "datapackage.json")
    whole, _, ending = name.partition(".")
    if ending not in FORMATS or whole not in (slug, f"{slug}-{MARKED}"):
        abort(404)
    rows = read_rows(store, table, read_filters().where(), kind, watch)
    written = as_csv(rows, kind, whole != slug) if ending == "csv" else as_json_lines(rows, kind)
    return _file((piece.encode() for piece in written), FORMATS[ending], file_name(slug, kind, ending, watch.event))


def _file(body: object, mimetype: str, name: str) -> Response:
    return Response(body, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})  # type: ignore[arg-type]
