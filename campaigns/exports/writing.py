"""Writing an export as a stream: CSV that no spreadsheet runs, JSON Lines, and the description of both."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from itertools import islice

from campaigns.definition import Campaign
from campaigns.exports.columns import Value, columns_of_kind

TOGETHER = 1000
FORMATS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson; charset=utf-8"}
BOM = "\ufeff"
# What a spreadsheet takes for the beginning of a formula, in full width too (OWASP, CSV injection).
RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(rows: Iterator[list[Value]], kind: str, marked: bool = False) -> Iterator[str]:
    """Yields a CSV piece by piece; ``marked`` begins with the mark by which Excel knows UTF-8."""
    yield (BOM if marked else "") + csv_lines([[name for name, _, _ in columns_of_kind(kind)]])
    for some in _together(rows):
        yield csv_lines([[harmless(value) for value in row] for row in some])


def as_json_lines(rows: Iterator[list[Value]], kind: str) -> Iterator[str]:
    """Yields one JSON object a line, texts as they are."""
    names = [name for name, _, _ in columns_of_kind(kind)]
    for some in _together(rows):
        yield "".join(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n" for row in some)


def harmless(value: Value) -> Value:
    """Returns a value that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(RUN) else value


def dictionary(kind: str) -> Iterator[str]:
    """Yields what each column means, as a CSV."""
    yield csv_lines([["column", "type", "meaning"], *columns_of_kind(kind)])


def descriptor(campaign: Campaign, kind: str, event: int, path: str = "") -> str:
    """Returns the Frictionless description of an export (Data Package, Table Schema), which names the event it is as of."""
    fields = [{"name": name, "type": type_, "description": meaning} for name, type_, meaning in columns_of_kind(kind)]
    schema = {"fields": fields, "missingValues": [""]}
    resource = {
        "name": f"{kind}-{event}", "path": path or file_name(campaign.slug, kind, "csv", event), "format": "csv",
        "encoding": "utf-8", "profile": "tabular-data-resource", "schema": schema,
    }
    named = {"name": f"{campaign.slug}-{kind}", "title": campaign.title, "version": str(event)}
    package = {**named, "profile": "tabular-data-package", "resources": [resource]}
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def file_name(slug: str, kind: str, ending: str, event: int, last: int = 0) -> str:
    """Returns what a file is called: the campaign, what it holds and the event it is as of, or from which to which."""
    return f"{slug}-{kind}-{event}{f'-to-{last}' if last > event else ''}.{ending}"


def _together(rows: Iterator[list[Value]]) -> Iterator[list[list[Value]]]:
    while some := list(islice(rows, TOGETHER)):
        yield some


def csv_lines(rows: Sequence[Sequence[Value]]) -> str:
    """Returns rows as lines of a CSV."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue()
