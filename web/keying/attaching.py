"""A file that came with a letter: the scan of it, or what was attached to an e-mail."""

import re

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

from campaigns.store.pictures import MOST_ATTACHED, NoPictures, put_attachment
from campaigns.store.pieces import get_piece
from campaigns.store.store import Store
from web.context import campaign_store
from web.guards import staff
from web.uploads import LARGEST_ATTACHMENT

KINDS = {b"%PDF-": "pdf", b"\x89PNG\r\n": "png", b"\xff\xd8\xff": "jpg"}
_UNFIT = re.compile(r"[^\w .-]")
STRANGE = "The file was not kept: only PDF, PNG and JPEG files up to 10 MB are. The letter itself is saved."
NOWHERE = "The file was not kept, since its letter is not keyed yet. Keep the file for your supervisor."
NO_PLACE = "The file was not kept: no place for files is set up here. The letter itself is saved; tell your administrator."

_GONE = "The file was not kept, since its letter was taken back or erased meanwhile."
NOT_KEPT = {
    "full": f"The file was not kept: a letter has up to {MOST_ATTACHED}. Keep the file for your supervisor.",
    "response": _GONE, "gone": _GONE,
}


def attach(slug: str) -> ResponseReturnValue:
    """Keeps a file with the letter that a piece became; once, however often it is sent."""
    store, sent = campaign_store(slug), request.files.get("file")
    if sent is None or not request.form.get("batch", "").isdecimal():
        abort(400)
    with sent.stream as stream:
        content = stream.read(LARGEST_ATTACHMENT + 1)
    if request.form.get("by") != staff().id:
        abort(409)
    words = _keep(store, int(request.form["batch"][:9]), request.form.get("piece", ""), sent.filename or "", content)
    return jsonify(answers=[{"outcome": "aside" if words else "saved", "words": words}])


def _keep(store: Store, batch: int, piece: str, filename: str, content: bytes) -> str:
    """Keeps a file, or returns why it is not kept in words."""
    kind = next((kind for magic, kind in KINDS.items() if content.startswith(magic)), "")
    if not kind or len(content) > LARGEST_ATTACHMENT:
        return STRANGE
    keyed = get_piece(store, batch, piece)
    if keyed is None or not keyed.response:
        return NOWHERE
    name = f"{_UNFIT.sub('', filename.rpartition('.')[0])[:80].strip() or 'letter'}.{kind}"
    try:
        return NOT_KEPT.get(put_attachment(store, keyed.response, name, content), "")
    except NoPictures:
        return NO_PLACE
