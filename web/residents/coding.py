"""How wishes are coded, for everyone: the record of the algorithm, as a page and as a file."""

import json

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from web.coding_record import record_for
from web.residents.visiting import visit


def coding(slug: str) -> ResponseReturnValue:
    """Shows the record: what codes wishes, how well, for whom worse, and who may overrule it."""
    store = visit(slug)
    return render_template("residents/coding.html", campaign=store.campaign, record=record_for(store))


def coding_file(slug: str) -> ResponseReturnValue:
    """Hands the same record on as a file for a machine to read."""
    answer = Response(json.dumps(record_for(visit(slug)), indent=1, ensure_ascii=False), mimetype="application/json")
    answer.headers["Content-Disposition"] = f"attachment; filename={slug}-coding.json"
    return answer
