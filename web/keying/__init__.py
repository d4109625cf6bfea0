"""The keying desk: cards that came back by post, entered by keyboard alone."""

from flask import Blueprint

from web.keying import desk, scans

pages = Blueprint("keying", __name__, url_prefix="/keying")
pages.add_url_rule("/", view_func=desk.choose)
pages.add_url_rule("/<slug>/", view_func=desk.desk, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/scan/<card>", view_func=scans.card)
