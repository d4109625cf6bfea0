"""Letters, e-mails and calls: the whole text beside the boxes, to be split into wishes by an officer."""

from urllib.parse import quote

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.responses import Response, check_wishes
from campaigns.store.letters import SPLIT, get_letter, split_letter, unsplit_letters
from campaigns.store.pictures import attachments, get_attachment
from campaigns.store.responses import get_responses
from campaigns.store.store import Store
from web.after import ring_after
from web.context import campaign_store
from web.guards import staff

CHANGED = "Somebody changed this letter in the meantime. Look at what stands now, then save again."


def letters(slug: str) -> ResponseReturnValue:
    """Lists the letters that nobody has split yet, the oldest first."""
    store = campaign_store(slug)
    found = get_responses(store, unsplit_letters(store))
    return render_template("officers/letters.html", store=store, letters=found)


def letter(slug: str, number: int) -> ResponseReturnValue:
    """Shows a letter beside the boxes for its wishes, and keeps what it was split into."""
    store = campaign_store(slug)
    found = get_letter(store, number)
    if found is None:
        abort(404)
    if request.method == "GET":
        return _page(store, found, _standing(store, found), {})
    boxes = [request.form.get(f"wish{place}", "") for place in range(1, store.campaign.wishes_each + 1)]
    wishes, problems = check_wishes(boxes, store.campaign.wishes_each)
    if problems:
        return _page(store, found, boxes, problems), 400
    if request.form.get("revision") != str(found.revision):
        return _page(store, found, boxes, {"wish1": CHANGED}), 409
    changed = split_letter(store, found, wishes, staff().id)
    if not changed.done:
        return _page(store, found, boxes, {"wish1": CHANGED}), 409
    ring_after(store, changed.ring)
    return redirect(url_for("officers.letters", slug=slug), 303)


def attachment(slug: str, number: int, name: str) -> ResponseReturnValue:
    """Gives a file that came with a letter, to be saved and never shown in the page's own frame."""
    store = campaign_store(slug)
    content = get_attachment(store, number, name) if get_letter(store, number) else None
    if content is None:
        abort(404)
    said = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return content, {"Content-Type": "application/octet-stream", "Content-Disposition": said}


def _standing(store: Store, found: Response) -> list[str]:
    said = {wish.slot: wish.text for wish in found.wishes} if SPLIT in found.marks else {}
    return [said.get(slot, "") for slot in range(1, store.campaign.wishes_each + 1)]


def _page(store: Store, found: Response, boxes: list[str], problems: dict[str, str]) -> str:
    return render_template(
        "officers/letter.html", store=store, letter=found, boxes=boxes, problems=problems,
        files=[one["name"] for one in attachments(store, found.number)],
    )
