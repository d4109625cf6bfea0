"""The work behind the pages: queues, jobs in hand, jobs that failed, and responses that were set aside; for administrators."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.store.consumers import parked
from campaigns.store.store import loaded_slugs, open_stores
from web.context import campaign_store, connections
from web.words import plural
from workers.queues import ring_replay
from workers.watching import failed, lines, retry, running

SAID = {
    "retried": "It waits in its queue again.", "gone": "That job is no longer there. Somebody may have tried it again already.",
    "replaying": "They are being tried again. Look again in a minute: what still cannot be handled stays on the list.",
}


def jobs() -> ResponseReturnValue:
    """Shows the queues and what is wrong, and tries a failed job or what was set aside again."""
    if request.method == "POST":
        return redirect(url_for("account.jobs", done=_again()), 303)
    known = loaded_slugs(connections())
    return render_template(
        "account/jobs.html", queues=lines(connections()), running=running(connections()), failed=failed(connections()),
        parked=[(store, some) for store in open_stores(connections()) if (some := parked(store))], titles=known, ago=ago,
        said=SAID.get(request.args.get("done", ""), ""),
    )


def _again() -> str:
    if slug := request.form.get("slug", ""):
        ring_replay(campaign_store(slug))
        return "replaying"
    return "retried" if retry(connections(), request.form.get("job", "")) else "gone"


def ago(seconds: int) -> str:
    """Returns a stretch of time in the largest unit that fits."""
    if seconds < 120:
        return plural(seconds, "second")
    return plural(seconds // 60, "minute") if seconds < 7200 else plural(seconds // 3600, "hour")
