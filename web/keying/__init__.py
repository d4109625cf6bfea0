"""The keying desk: what came back by post, entered by keyboard alone, a counted batch at a time."""

from flask import Blueprint

from web.keying import asking, card, desk, ending, queue, scans

pages = Blueprint("keying", __name__, url_prefix="/keying")
pages.add_url_rule("/", view_func=desk.choose)
pages.add_url_rule("/<slug>/", view_func=desk.desk, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/scan/<card>", view_func=scans.card)
pages.add_url_rule("/<slug>/<int:number>", view_func=card.batch, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/<int:number>/end", view_func=ending.end, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/queue", view_func=queue.take, methods=["POST"])
pages.add_url_rule("/<slug>/look", view_func=asking.look)
pages.add_url_rule("/<slug>/hello", view_func=asking.hello)
pages.add_url_rule("/<slug>/phrases", view_func=asking.phrases)
