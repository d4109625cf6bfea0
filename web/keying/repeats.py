"""Possible repeats: a card that came back with the wishes its code had brought online; a person says whether it is one."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.cards.serials import serial_for
from campaigns.store.repeats import decide_repeat, possible_repeats
from web.after import ring_after
from web.context import campaign_store
from web.guards import staff

AT_ONCE = 50
SAID = {
    "same": "Counted once: the posted card is a duplicate now.", "different": "Both count.",
    "already": "Somebody has decided that already, and that stands.",
    "gone": "One of the two counts no more, so there is nothing left to decide.",
}


def repeats(slug: str) -> ResponseReturnValue:
    """Lists the pairs that wait, and keeps what a person decides of one."""
    store = campaign_store(slug)
    waiting = possible_repeats(store)
    if request.method == "GET":
        shown, done = waiting[:AT_ONCE], request.args.get("done", "")
        return render_template(
            "keying/repeats.html", store=store, waiting=shown, more=len(waiting) - len(shown), said=SAID.get(done, ""),
            serials={one.card: serial_for(one.card, slug) for one in shown},
        )
    pair, same = request.form.get("pair", ""), request.form.get("do") == "same"
    chosen = next((one for one in waiting if f"{one.keyed.number}:{one.online.number}" == pair), None)
    if chosen is None:
        return redirect(url_for("keying.repeats", slug=slug, done="already"), 303)
    decided = decide_repeat(store, chosen, same, staff().id)
    ring_after(store, decided.ring)
    done = decided.outcome if decided.outcome != "decided" else "same" if same else "different"
    return redirect(url_for("keying.repeats", slug=slug, done=done), 303)
