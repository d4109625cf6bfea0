"""The record of the algorithm that codes wishes: what it is, what it learnt from, how good it is, who may overrule it."""

import json

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from campaigns.store.taught import MEASURED, TRIED, history, noted
from web.coding_record import record_for
from web.context import campaign_store

LATEST = 20  # taggers that are listed


def tagger(slug: str) -> ResponseReturnValue:
    """Shows the record, filled from what was last measured, with each tagger that took over."""
    store = campaign_store(slug)
    taggers = history(store)
    return render_template(
        "officers/tagger.html", store=store, campaign=store.campaign, record=record_for(store),
        tried=noted(store, TRIED), measured=noted(store, MEASURED), taggers=list(taggers.items())[:LATEST],
        now=store.state.get("tagger"), names=store.campaign.frame.names,
    )


def record_file(slug: str) -> ResponseReturnValue:
    """Hands the same record on as a file for a machine to read."""
    store = campaign_store(slug)
    whole = {**record_for(store), "measured": noted(store, MEASURED), "taggers": history(store)}
    answer = Response(json.dumps(whole, indent=1, ensure_ascii=False), mimetype="application/json")
    answer.headers["Content-Disposition"] = f"attachment; filename={slug}-tagger.json"
    return answer
