"""Open data, for anyone to take: the tables of the latest release and the wishes that were cleared, with what they mean."""

from dataclasses import dataclass

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from campaigns.open_data.releases import Release, earlier, latest
from campaigns.open_data.renewing import Table
from campaigns.open_data.writing import FILES, JSON, OF_TABLES, OF_WISHES, as_text, file_of
from web.residents.visiting import visit

SHOWN_FIRST = ("wards", "themes")


@dataclass(frozen=True)
class Told:
    """A release as pages show it: its tables by name, how many counts are withheld, and how many wishes were cleared then."""

    release: Release
    tables: dict[str, Table]
    withheld: int
    cells: int
    wishes: int
    stale: int


def told(made: Release | None) -> Told | None:
    """Returns a release as pages show it; None for none."""
    if made is None:
        return None
    lines = [line for table in made.tables.values() for line in table.lines.values()]
    counts = [count for line in lines for count in line.public]
    return Told(
        made, dict(made.tables), sum(count is None for count in counts), len(counts), len(made.wishes),
        sum(line.release != made.number for line in lines),
    )


def data(slug: str) -> ResponseReturnValue:
    """Shows what is released, and each file of it."""
    store = visit(slug)
    return render_template(
        "residents/data.html", campaign=store.campaign, made=told(latest(store)), of_tables=OF_TABLES, of_wishes=OF_WISHES,
        shown_first=SHOWN_FIRST, called={theme.id: theme.name for theme in store.campaign.frame.themes},
    )


def file(slug: str, name: str) -> ResponseReturnValue:
    """Returns one file of the latest release, or the tables of an earlier one by its number: tables-2.json."""
    store = visit(slug)
    made = latest(store)
    if made is None:
        abort(404)
    if name in FILES:
        return _sent("".join(file_of(name, store, made)), FILES[name], f"{slug}-release-{made.number}-{name}")
    number = name.removeprefix("tables-").removesuffix(".json")
    before = earlier(store, int(number)) if number.isascii() and number.isdecimal() and name == f"tables-{number}.json" else None
    if before is None:
        abort(404)
    return _sent(as_text(before), JSON, f"{slug}-release-{number}-tables.json")


def _sent(body: str, mimetype: str, name: str) -> Response:
    return Response(body, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})
