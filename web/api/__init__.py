"""The programs' door: submissions in, tallies out; open to the public, like the form."""

from flask import Blueprint

from web.api import submissions, tallies

pages = Blueprint("api", __name__, url_prefix="/api/v1")
pages.add_url_rule("/campaigns/<slug>/submissions", view_func=submissions.send, methods=["POST"])
pages.add_url_rule("/campaigns/<slug>/tallies", view_func=tallies.show)
