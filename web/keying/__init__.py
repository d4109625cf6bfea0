"""The keying desk: what came back by post, entered by keyboard alone, a counted batch at a time."""

from flask import Blueprint

from web.keying import again, asking, attaching, card, desk, ending, quality, queue, repeats, scans, third, tray

pages = Blueprint("keying", __name__, url_prefix="/keying")
pages.add_url_rule("/", view_func=desk.choose)
pages.add_url_rule("/<slug>/", view_func=desk.desk, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/scan/<card>", view_func=scans.card)
pages.add_url_rule("/<slug>/<int:number>", view_func=card.batch, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/<int:number>/end", view_func=ending.end, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/queue", view_func=queue.take, methods=["POST"])
pages.add_url_rule("/<slug>/tray", view_func=tray.tray)
pages.add_url_rule("/<slug>/tray/<piece>", view_func=tray.settle, methods=["POST"])
pages.add_url_rule("/<slug>/attach", view_func=attaching.attach, methods=["POST"])
pages.add_url_rule("/<slug>/look", view_func=asking.look)
pages.add_url_rule("/<slug>/hello", view_func=asking.hello)
pages.add_url_rule("/<slug>/phrases", view_func=asking.phrases)
pages.add_url_rule("/<slug>/again", view_func=again.again)
pages.add_url_rule("/<slug>/<int:number>/again", view_func=again.bundle, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/<int:number>/again/queue", view_func=again.take_again, methods=["POST"])
pages.add_url_rule("/<slug>/<int:number>/again/look", view_func=again.look_again)
pages.add_url_rule("/<slug>/third", view_func=third.waiting)
pages.add_url_rule("/<slug>/third/<int:number>", view_func=third.third, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/quality", view_func=quality.quality, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/mine", view_func=quality.mine)
pages.add_url_rule("/<slug>/repeats", view_func=repeats.repeats, methods=["GET", "POST"])
