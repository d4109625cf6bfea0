"""The partners' desk, as far as it goes: a link and a QR code for each source of a campaign."""

from flask import Blueprint

from web.partners import links

pages = Blueprint("partners", __name__, url_prefix="/partners")
pages.add_url_rule("/", view_func=links.choose)
pages.add_url_rule("/<slug>/", view_func=links.links)
pages.add_url_rule("/<slug>/<source>.svg", view_func=links.symbol)
