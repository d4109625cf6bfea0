"""Making the file of a draft in the background: written from the counts as they now are, offered only once it is whole."""

from campaigns.drafts.saving import WRITERS, draft_bytes
from campaigns.drafts.tracing import quoted_numbers
from campaigns.drafts.writing import CannotWrite, note_draft, write_draft
from campaigns.exports.making import Stopped, make_file
from campaigns.exports.orders import Made, Order, look
from campaigns.store.blocks import RowTable
from campaigns.store.log import last_event
from campaigns.store.room import check_room
from campaigns.store.server.disk import room_of
from campaigns.whole_files import whole_file

ENDINGS = tuple(ending.removeprefix(".") for ending in WRITERS)
ONLY, HOME = "only", "home"  # what an order says besides the kind: the theme or area it keeps to, the site's address


def make_draft(order: Order) -> bool:
    """Makes the file of a draft; False where someone else is at it, or it was stopped or cannot be made."""
    return make_file(order, _make)


def _make(order: Order) -> bool:
    """Writes the file, unless it is there; False where a wish that it quotes went meanwhile, so that it must be written again."""
    if look(order).made:
        return True
    for left in order.folder.glob(".*.part"):  # by whoever was ended half way
        left.unlink(missing_ok=True)
    check_room(room_of(order.folder))
    order.note_event(last_event(order.store))  # before anything is read
    asked = order.asked
    only, home = ("".join(asked.where.get(name, ())) for name in (ONLY, HOME))
    try:
        draft = write_draft(order.store, RowTable(), asked.kind, home=home, only=only, tell=lambda *far: _tell(order, *far))
    except CannotWrite as words:
        order.give_up(str(words))
        raise Stopped from None
    order.note_quoted(number for number, _ in quoted_numbers(draft))
    part = order.folder / "whole"
    with whole_file(part) as out:
        out.write(draft_bytes(draft, f"draft.{asked.ending}"))
    if order.asked_to_stop():
        raise Stopped
    if order.something_gone():
        part.unlink(missing_ok=True)
        return False
    version = note_draft(order.store, draft, asked.who)
    name = "-".join(part for part in (order.store.slug, asked.kind, only, f"v{version}", str(draft.event)) if part)
    made = Made(f"{name}.{asked.ending}", len(draft.evidence.blocks), draft.event, draft.event)
    part.rename(order.folder / made.name)
    order.finish(made)
    return True


def _tell(order: Order, done: int, total: int) -> None:
    if order.asked_to_stop():
        raise Stopped
    order.tell(done, total + 1)  # the last step is to make the file of it
