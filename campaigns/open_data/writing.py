"""The files of a release: tables and wishes as CSV and JSON, what each column means, and a data package of both."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from campaigns.definition import Campaign
from campaigns.exports.columns import Value
from campaigns.exports.writing import csv_lines, harmless
from campaigns.open_data.releases import Release, as_public, cleared_wishes
from campaigns.store.store import Store

CSV, JSON = "text/csv; charset=utf-8", "application/json"
OF_TABLES = (
    ("table", "string", "Which table: wards, themes, codes, asks, channels, sources, days, or the answers to a question."),
    ("by", "string", "What its lines are: ward, theme, code, ask, channel, source, day, or the question."),
    ("value", "string", "Which line."),
    ("by_2", "string", "What it is crossed with; empty in the line's own total."),
    ("value_2", "string", "Which of these."),
    ("responses", "integer", "How many responses; empty where withheld. One may stand under several themes, codes or asks."),
    ("withheld", "boolean", "Whether it is withheld: below 5 (10 for special categories), or it would give such a one away."),
    ("as_of_release", "integer", "The release this is of: a line is renewed only where that tells no small change."),
)
OF_WISHES = (
    ("text", "string", "The wish, as a person has cleared it; [removed: name] and the like where something was taken out."),
    ("themes", "string", "Its themes, joined by |."),
    ("ask", "string", "Which way it points: more, keep, mend, less, unclear."),
)
OF_DICTIONARY = tuple((name, "string", "") for name in ("file", "column", "type", "meaning"))
FILES = {
    "tables.csv": CSV, "tables.json": JSON, "wishes.csv": CSV, "wishes.json": JSON, "dictionary.csv": CSV,
    "datapackage.json": JSON,
}


def file_of(name: str, store: Store, release: Release) -> Iterator[str]:
    """Yields one of the files of a release, by its name."""
    made: Mapping[str, Callable[[], Iterator[str]]] = {
        "tables.csv": lambda: _as_csv(OF_TABLES, _cells(release)),
        "tables.json": lambda: iter([as_text({**about(store.campaign, release), **as_public(release)})]),
        "wishes.csv": lambda: _as_csv(OF_WISHES, ([w.text, "|".join(w.themes), w.ask] for w in cleared_wishes(store, release))),
        "wishes.json": lambda: _wishes_as_json(store, release),
        "dictionary.csv": lambda: _as_csv(OF_DICTIONARY, _dictionary()),
        "datapackage.json": lambda: iter([as_text(package(store.campaign, release))]),
    }
    return made[name]()


def about(campaign: Campaign, release: Release) -> dict[str, Any]:
    """Returns what every JSON of a release says of itself."""
    licence = campaign.open_data
    return {
        "campaign": campaign.title, "publisher": campaign.organiser, "question": campaign.question,
        "licence": {"name": licence.licence, "path": licence.address}, "release": release.number, "event": release.event,
        "note": "People chose to take part, so this describes those who replied. A response may be a person's, a household's "
                "or a workshop table's.",
    }


def package(campaign: Campaign, release: Release) -> dict[str, Any]:
    """Returns the Frictionless description of a release (Data Package, Table Schema)."""
    resources = [{
        "name": f"{name}-release-{release.number}-event-{release.event}", "path": f"{name}.csv", "format": "csv",
        "encoding": "utf-8", "profile": "tabular-data-resource", "schema": {
            "fields": [{"name": column, "type": kind, "description": meaning} for column, kind, meaning in columns],
            "missingValues": [""],
        },
    } for name, columns in (("tables", OF_TABLES), ("wishes", OF_WISHES))]
    licence = campaign.open_data
    return {
        "name": f"{campaign.slug}-open-data", "title": campaign.title, "profile": "tabular-data-package",
        "version": str(release.number), "licenses": [{"title": licence.licence, "path": licence.address}], "resources": resources,
    }


def _cells(release: Release) -> Iterator[list[Value]]:
    for name, table in release.tables.items():
        for line, found in table.lines.items():
            for column, count in zip(("", *table.columns), found.public, strict=True):
                crossed = [table.by[1], column] if column else ["", ""]
                shown: Value = "" if count is None else count
                yield [name, table.by[0], line, *crossed, shown, "true" if count is None else "false", found.release or ""]


def _dictionary() -> Iterator[list[Value]]:
    for file, columns in (("tables.csv", OF_TABLES), ("wishes.csv", OF_WISHES)):
        for column in columns:
            yield [file, *column]


def _as_csv(columns: tuple[tuple[str, str, str], ...], rows: Iterator[list[Value]]) -> Iterator[str]:
    yield csv_lines([[name for name, _, _ in columns]])
    for row in rows:
        yield csv_lines([[harmless(value) for value in row]])


def as_text(told: Mapping[str, Any]) -> str:
    """Returns what stands in a JSON file."""
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _wishes_as_json(store: Store, release: Release) -> Iterator[str]:
    yield json.dumps(about(store.campaign, release), ensure_ascii=False)[:-1] + ', "wishes": ['
    for place, wish in enumerate(cleared_wishes(store, release)):
        told = {"text": wish.text, "themes": list(wish.themes), "ask": wish.ask or None}
        yield (",\n" if place else "\n") + json.dumps(told, ensure_ascii=False)
    yield "\n]}\n"
