"""The sample's page: drawn by lot, how far its coding has come, and what it shows of people and machine."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.coding.frame import ALONE
from campaigns.sampling.measuring import measure, progress_of
from campaigns.store.sample import MOST_DRAWN, CannotDraw, draw_sample, read_sample
from campaigns.store.store import Store
from campaigns.store.turns import CODING, THIRD, left_for
from web.context import campaign_store, row_table
from web.guards import staff

FEWEST = 30  # wishes coded by two people, below which a measure of agreement says little


def sample(slug: str) -> ResponseReturnValue:
    """Shows the sample as it stands."""
    return _page(campaign_store(slug), {}, {})


def draw(slug: str) -> ResponseReturnValue:
    """Draws a sample, or more of it."""
    store = campaign_store(slug)
    typed = {name: request.form.get(name, "").strip() for name in ("wishes", "seed")}
    if not typed["wishes"].isascii() or not typed["wishes"].isdecimal() or len(typed["wishes"]) > 9:
        return _page(store, typed, {"wishes": f"Type a number from 1 to {MOST_DRAWN:,}."}), 400
    try:
        draw_sample(store, row_table(slug), int(typed["wishes"]), typed["seed"], staff().id)
    except CannotDraw as mistake:
        return _page(store, typed, {"seed" if "seed" in str(mistake) else "wishes": str(mistake)}), 400
    return redirect(url_for("officers.sample", slug=slug), 303)


def _page(store: Store, typed: dict[str, str], problems: dict[str, str]) -> str:
    found, frame, who = read_sample(store), store.campaign.frame, staff().id
    names = {theme.id: theme.name for theme in frame.themes} | {code.id: code.name for code in frame.codes if code.id in ALONE}
    return render_template(
        "officers/sample.html", store=store, campaign=store.campaign, sample=found, progress=progress_of(found.wishes),
        measured=measure(found.wishes, list(names)), names=names, fewest=FEWEST, typed=typed, problems=problems,
        mine=len(left_for(found, who, CODING)), to_settle=len(left_for(found, who, THIRD)), areas=store.campaign.area_names,
    )
