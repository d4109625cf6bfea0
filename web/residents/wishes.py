"""Taking wishes from the form: sent, or shown again with every word and the reason."""

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.references import reference_for
from campaigns.responses import Submission, check_wishes
from campaigns.store.intake import ANSWERS, Accepted, Way, accept
from campaigns.store.responses import get_response
from campaigns.store.secrets import receipt_secret
from campaigns.store.store import Store
from campaigns.submitting import read_submission
from web.after import ring_after
from web.limits import in_minutes, limits_for
from web.residents.filled import Filled, placed, read_filled, typed
from web.residents.forms import Trouble, form_page, shut_page
from web.residents.receipts import written
from web.residents.rescue import NOT_SENT, rescue, told
from web.residents.visiting import now_ms, visit


def send(slug: str) -> ResponseReturnValue:
    """Takes the form and leads to the thank-you page, which nobody sees before the wishes are on disk."""
    return rescue(slug, lambda: _hand_in(visit(slug)), _not_sent)


def _not_sent(store: Store, status: int) -> ResponseReturnValue:
    return form_page(store, read_filled(request.form, store.campaign.wishes_each), Trouble(status, alert=told(NOT_SENT)))


def _hand_in(store: Store) -> ResponseReturnValue:
    filled = read_filled(request.form, store.campaign.wishes_each)
    place = placed(store, filled)
    sent = typed(store, filled, now_ms())
    submission, problems = read_submission(store.campaign, sent, place.area, place.outward, place.postcode)
    if submission is None:
        return form_page(store, filled, Trouble(problems=problems))
    taken = _accept(store, submission, filled.key)
    ring_after(store, taken.ring)
    return _answer(store, filled, taken)


def _accept(store: Store, submission: Submission, key: str) -> Accepted:
    way = Way(key=f"form:{key}", limits=limits_for(store))
    taken = accept(store, submission, way)
    if taken.outcome == "card":  # a card this store never printed: the wishes count, without it
        taken = accept(store, replace(submission, card=0), way)
    return taken


def _answer(store: Store, filled: Filled, taken: Accepted) -> ResponseReturnValue:
    if taken.kept:
        return redirect(_thank_you(store, filled, taken.number), 303)
    if taken.outcome == "conflict":
        return _already(store, filled, taken.number)
    if taken.outcome == "limited":
        return _too_many(store, filled, max(int(taken.detail or 0), 1))
    why = taken.detail or taken.outcome
    if why in ("paused", "anew"):
        return form_page(store, filled, Trouble(503, alert=(NOT_SENT[0], ANSWERS[why])))
    return shut_page(store, filled, why)


def _thank_you(store: Store, filled: Filled, number: int) -> str:
    reference = reference_for(number, receipt_secret(store))
    return url_for("residents.thank_you", slug=store.slug, reference=reference, way=filled.way or None)


def _already(store: Store, filled: Filled, number: int) -> ResponseReturnValue:
    reference = reference_for(number, receipt_secret(store))
    response = get_response(store, number)
    if response and written(response) == check_wishes(list(filled.wishes), store.campaign.wishes_each)[0]:
        return redirect(_thank_you(store, filled, number), 303)
    return render_template(
        "residents/already.html", reference=reference, wishes=filled.wishes, revision=response.revision if response else 0
    ), 409


def _too_many(store: Store, filled: Filled, seconds: int) -> ResponseReturnValue:
    words = (
        "Many wishes have come from this connection in a short time. Nothing you typed is lost. "
        f"Wait {in_minutes(seconds)}, then send again."
    )
    page = form_page(store, filled, Trouble(429, alert=(NOT_SENT[0], words)))
    page.headers["Retry-After"] = str(seconds)
    return page
