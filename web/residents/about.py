"""About you: optional questions after the wishes are sent; those of special category kept apart from them."""

import json

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.questions import Question, read_answers
from campaigns.responses import LIVE
from campaigns.store.changes import keep_about
from campaigns.store.store import Store
from campaigns.submitting import split_answers
from web.after import ring_after
from web.residents.filled import ABOUT, read_filled
from web.residents.receipts import Receipt, open_receipt
from web.residents.rescue import rescue, told

NOT_KEPT = ("Your answers are not sent yet", "Nothing you chose is lost. Try again.")
WITHDRAWN = ("These wishes were withdrawn", "Answers about you are no longer taken for them.")


def about(slug: str, reference: str) -> ResponseReturnValue:
    """Shows the questions, and keeps the answers that are given."""
    if request.method == "POST":
        return rescue(
            slug, lambda: _keep(open_receipt(slug, reference)), lambda store, status: _not_kept(store, reference, status)
        )
    found = open_receipt(slug, reference)
    return _page(found.store.campaign.questions, found.reference, found.response.answers)


def _given() -> dict[str, str]:
    return {name: answer for name, answer in read_filled(request.form).about.items() if answer}


def _not_kept(store: Store, reference: str, status: int) -> ResponseReturnValue:
    chosen, _ = read_answers(store.campaign.questions, _given())
    return _page(store.campaign.questions, reference, chosen, told(NOT_KEPT)), status


def _keep(found: Receipt) -> ResponseReturnValue:
    campaign, before = found.store.campaign, found.response
    chosen, problems = read_answers(campaign.questions, _given())
    if problems:
        return _page(campaign.questions, found.reference, chosen, ("There is something to put right", " ".join(problems))), 422
    if before.state != LIVE:
        return _page(campaign.questions, found.reference, chosen, WITHDRAWN), 409
    plain, special = split_answers(campaign, chosen)
    answers = json.dumps({**before.answers, **plain}, separators=(",", ":"))
    changed = keep_about(found.store, before, answers, {**before.special, **special})
    ring_after(found.store, changed.ring)
    address = url_for("residents.receipt", slug=found.store.slug, reference=found.reference, done="about")
    return redirect(address, 303)


def _page(
    questions: tuple[Question, ...], reference: str, chosen: dict[str, int], alert: tuple[str, str] | None = None
) -> str:
    return render_template(
        "residents/about.html", reference=reference, chosen=chosen, alert=alert, name=ABOUT,
        plain=[question for question in questions if not question.special],
        special=[question for question in questions if question.special],
    )
