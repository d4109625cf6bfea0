"""Staff's own pages: joining by invitation, signing in and out, who I am, and who else is on the staff."""

from flask import Blueprint

from web.account import desks, joining, people, signing
from web.account.private import keep_private

pages = Blueprint("account", __name__, url_prefix="/account")
pages.after_request(keep_private)
pages.add_url_rule("/", view_func=desks.home)
pages.add_url_rule("/invitation/<token>", view_func=joining.invitation, methods=["GET", "POST"])
pages.add_url_rule("/sign-in", view_func=signing.sign_in, methods=["GET", "POST"])
pages.add_url_rule("/sign-out", view_func=signing.sign_out, methods=["POST"])
pages.add_url_rule("/people", view_func=people.people, methods=["GET", "POST"])
