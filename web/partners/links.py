"""Each source's own address, by which the wishes it brings are told apart, with its QR code for a poster."""

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from campaigns.cards.symbols import make_symbol, symbol_svg
from campaigns.store.store import Store
from web.account.desks import stores_for
from web.context import campaign_store, public_url, row_table
from web.guards import staff
from web.officers.counts import moment_of
from web.partners.figures import figures_of


def choose() -> ResponseReturnValue:
    """Lists the campaigns whose links someone may hand out."""
    return render_template("partners/choose.html", stores=stores_for(staff(), "partners.links"))


def links(slug: str) -> ResponseReturnValue:
    """Shows the address of each source, to copy, its QR code, to print, and what has come through it."""
    store = campaign_store(slug)
    sources = [source for source in store.campaign.sources if _seen(slug, source.id)]
    addresses = {source.id: address_of(store, source.id) for source in sources}
    table = row_table(slug)
    event = table.refresh(store)
    return render_template(
        "partners/links.html", store=store, campaign=store.campaign, sources=sources, addresses=addresses, event=event,
        figures={source.id: figures_of(store, table, source.id) for source in sources}, as_of=moment_of(store, event),
    )


def symbol(slug: str, source: str) -> Response:
    """Returns the QR code of a source's address as SVG, sharp at any size."""
    store = campaign_store(slug)
    found = store.campaign.source(source)
    if found is None or not _seen(slug, source):
        abort(404)
    drawn = symbol_svg(make_symbol(address_of(store, source)), f"{store.campaign.title}: {found.name}")
    return Response(drawn, mimetype="image/svg+xml", headers={"Cache-Control": "private, max-age=3600"})


def _seen(slug: str, source: str) -> bool:
    """Tells whether whoever looks sees this source: a partner their own alone."""
    person = staff()
    return not person.bounds(slug) or source in person.sources.get(slug, ())


def address_of(store: Store, source: str) -> str:
    """Returns the public address by which a source's visitors come in."""
    return public_url() + url_for("residents.source", slug=store.slug, source=source)
