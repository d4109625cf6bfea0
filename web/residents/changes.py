"""Changing, querying, withdrawing and erasing one's wishes, by receipt."""

from dataclasses import replace

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.responses import HELD, LIVE, QUERIED, check_wishes
from campaigns.store import changes
from campaigns.store.changes import Changed
from campaigns.store.intake import ANSWERS
from web.after import ring_after
from web.residents.filled import read_filled
from web.residents.forms import SHUT_STATUS, Trouble
from web.residents.receipts import Receipt, open_receipt, written
from web.residents.rescue import rescue, told
from web.residents.visiting import now_ms, shut

NOT_CHANGED = ("Your change is not made yet", "Nothing you typed is lost. Try again.")
NO_LONGER = ("These wishes were withdrawn", "They cannot be changed any more. You can still copy what you typed.")
BEATEN = (
    "Your wishes were changed somewhere else meanwhile",
    "Below is what you typed here. Send it again to put it in place of the other change.",
)


def change(slug: str, reference: str) -> ResponseReturnValue:
    """Shows the wishes for changing, and puts the changed ones in their place."""
    if request.method == "POST":
        return rescue(slug, lambda: _revise(open_receipt(slug, reference)), lambda _, status: _not_changed(reference, status))
    found = open_receipt(slug, reference)
    return _form(found, written(found.response), Trouble(200, alert=_why_not(found)))


def _why_not(found: Receipt) -> tuple[str, str] | None:
    why = shut(found.store, now_ms())
    return (ANSWERS[why], "Wishes can be withdrawn or erased, but no longer changed.") if why else None


def _not_changed(reference: str, status: int) -> ResponseReturnValue:
    revision = request.form.get("revision", "")
    return _page(reference, read_filled(request.form).wishes, revision, Trouble(status, alert=told(NOT_CHANGED))), status


def _revise(found: Receipt) -> ResponseReturnValue:
    typed = read_filled(request.form, found.store.campaign.wishes_each).wishes
    if why := _why_not(found):
        return _form(found, typed, Trouble(SHUT_STATUS, alert=why))
    wishes, problems = check_wishes(list(typed), found.store.campaign.wishes_each)
    if problems:
        return _form(found, typed, Trouble(problems=problems))
    if wishes == written(found.response):
        return _back(found, "")
    revision = request.form.get("revision", "")
    seen = int(revision) if revision.isdecimal() else found.response.revision
    changed = changes.revise_wishes(found.store, replace(found.response, revision=seen), wishes)
    ring_after(found.store, changed.ring)
    if changed.done:
        return _back(found, "changed")
    return _form(found, typed, Trouble(409, alert=BEATEN if changed.outcome == "conflict" else NO_LONGER))


def _form(found: Receipt, typed: tuple[str, ...], trouble: Trouble) -> ResponseReturnValue:
    empty = ("",) * (found.store.campaign.wishes_each - len(typed))
    return _page(found.reference, typed + empty, str(found.response.revision), trouble), trouble.status


def _page(reference: str, wishes: tuple[str, ...], revision: str, trouble: Trouble) -> str:
    return render_template(
        "residents/change.html", reference=reference, wishes=wishes, revision=revision,
        problems=trouble.problems, alert=trouble.alert,
        anchors={"wishes": "wish1", **{f"wish{slot}": f"wish{slot}" for slot in range(1, len(wishes) + 1)}},
    )


def query(slug: str, reference: str) -> ResponseReturnValue:
    """Tells the officers that a wish's theme is not what its sender meant; it is not quoted until one has looked."""
    found = open_receipt(slug, reference)
    slot = request.form.get("wish", type=int)
    wish = next((wish for wish in found.response.wishes if wish.slot == slot), None)
    if wish is None:
        abort(400)
    if wish.moderation == HELD:  # an officer's hold outranks the query, and has a person looking already
        return _back(found, "queried")
    return _done(found, changes.moderate_wish(found.store, found.response, wish.slot, QUERIED, "public"), "queried")


def withdraw(slug: str, reference: str) -> ResponseReturnValue:
    """Asks once more, then takes the wishes out of every count."""
    found = open_receipt(slug, reference)
    if request.method == "GET":
        return render_template("residents/withdraw.html", reference=found.reference, live=found.response.state == LIVE)
    return _done(found, changes.withdraw(found.store, found.response.number), "withdrawn")


def erase(slug: str, reference: str) -> ResponseReturnValue:
    """Asks once more, then removes everything the response holds, for good."""
    found = open_receipt(slug, reference)
    if request.method == "GET":
        return render_template("residents/erase.html", reference=found.reference)
    return _done(found, changes.erase(found.store, found.response.number), "erased")


def _done(found: Receipt, changed: Changed, done: str) -> ResponseReturnValue:
    ring_after(found.store, changed.ring)
    return _back(found, done if changed.done else "")


def _back(found: Receipt, done: str) -> ResponseReturnValue:
    # An empty mark is left out of the address.
    address = url_for("residents.receipt", slug=found.store.slug, reference=found.reference, done=done or None)
    return redirect(address, 303)
