"""The first draft of the vision, as a page."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from campaigns.drafts.html import as_fragment, draft_style
from campaigns.drafts.kinds import VISION
from campaigns.drafts.writing import write_draft
from web.context import campaign_store, row_table

# A page does not wait for the counts to settle; a draft that is behind says by how much.
PATIENCE_SECONDS = 0.5


def draft(slug: str) -> ResponseReturnValue:
    """Shows the vision as it would be written now; nothing is kept of it."""
    store = campaign_store(slug)
    written = write_draft(store, row_table(slug), VISION, PATIENCE_SECONDS)
    return render_template("officers/draft.html", store=store, draft=Markup(as_fragment(written, top=1)))  # noqa: S704


def style() -> Response:
    """Returns the stylesheet that drafts wear, on this page as in the files they are saved to."""
    return Response(draft_style(), mimetype="text/css", headers={"Cache-Control": "private, max-age=3600"})
