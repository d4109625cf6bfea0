"""Each source's own address, by which the wishes it brings are told apart, with its QR code for a poster."""

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from campaigns.cards.symbols import make_symbol, symbol_svg
from campaigns.store.store import Store
from web.account.desks import stores_for
from web.context import campaign_store, public_url
from web.guards import staff


def choose() -> ResponseReturnValue:
    """Lists the campaigns whose links someone may hand out."""
    return render_template("partners/choose.html", stores=stores_for(staff(), "partners.links"))


def links(slug: str) -> ResponseReturnValue:
    """Shows the address of each source, to copy, and its QR code, to print."""
    store = campaign_store(slug)
    sources = [source for source in store.campaign.sources if _seen(slug, source.id)]
    addresses = {source.id: address_of(store, source.id) for source in sources}
    return render_template(
        "partners/links.html", store=store, campaign=store.campaign, sources=sources, addresses=addresses
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
