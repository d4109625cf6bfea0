"""The front page, a campaign's home, and its colours."""

import re
from dataclasses import asdict

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from campaigns.store.areas import table_loaded
from campaigns.store.standing import read_standing
from campaigns.store.store import loaded_slugs, open_store
from web.context import connections
from web.residents.visiting import days_left, now_ms, shut, visit

COLOUR = re.compile(r"^#[0-9a-fA-F]{3,8}$")


def front() -> ResponseReturnValue:
    """Shows the campaigns, each with what is asked and until when."""
    stores = [open_store(connections(), slug) for slug in loaded_slugs(connections())]
    at = now_ms()
    asked = [{"store": store, "shut": shut(store, at), "days": days_left(store, at)} for store in stores]
    return render_template("residents/front.html", asked=sorted(asked, key=lambda one: bool(one["shut"])))


def home(slug: str) -> ResponseReturnValue:
    """Shows why the campaign asks, what can change, who decides, and the ways to take part."""
    store = visit(slug)
    standing = read_standing(store)
    return render_template(
        "residents/home.html", campaign=store.campaign, shut=shut(store, now_ms()), days=days_left(store, now_ms()),
        wishes=standing.total("wishes"), responses=standing.total("responses"), postcodes=table_loaded(store),
    )


def look(slug: str) -> ResponseReturnValue:
    """Returns the campaign's own colours as a small stylesheet."""
    colours = {name: value for name, value in asdict(visit(slug).campaign.look).items() if COLOUR.match(str(value))}
    sheet = ":root{" + "".join(f"--{name}:{value};" for name, value in colours.items()) + "}\n"
    return Response(sheet, mimetype="text/css", headers={"Cache-Control": "public, max-age=300"})
