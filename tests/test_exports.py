"""Exports: every figure of the pages again from the file, nothing that a spreadsheet runs, nothing about anyone beside words."""

import csv
import io
import json
from collections import Counter

import pytest

from campaigns.exports.columns import KINDS, columns_of_kind
from campaigns.exports.writing import harmless
from campaigns.facets import SURENESS, facets_of
from campaigns.responses import CLEARED, SlotCoding
from campaigns.rows import tenth_of
from campaigns.store.blocks import RowTable
from campaigns.store.changes import code_wish, erase, moderate_wish, withdraw
from campaigns.store.connection import Connections
from campaigns.store.responses import get_response
from campaigns.tallies import BASES, ask_for
from tests.desks import SLUG, Desks, make_desks
from web import create_app

AT = f"/officers/{SLUG}/exports"
FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A1", " =1+1", "   @x", "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example";"y")', "=IMPORTXML(1)", "+44 1332 000000", "-2+3+cmd|' /C calc'!A0", "=DDE(1)", "@@", "==1",
    '="a"&"b"', "=1;2", "=A1,B1", "-", "+", "=", "@", '=cmd|"/c x"!A1', "=WEBSERVICE(1)",
]
CODES = [("growth.transport",), ("safer.green", "culture.events"), ("other",), ("growth.transport", "safer.green")]


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


def filled(desks: Desks, texts: list[str]) -> Desks:
    """Sends a response for each text, with another wish in it, and codes some."""
    wards, channels = ("Abbey", "Boulton", ""), ("online", "card", "tree")
    for place, text in enumerate(texts):
        number = desks.send(text, f"Second {place}", ward=wards[place % 3], channel=channels[place % 2])
        for slot in (1, 2)[:place % 3]:
            response = get_response(desks.store, number)
            assert response
            ask = ("more", "less", "keep")[(place + slot) % 3]
            assert code_wish(desks.store, response, slot, SlotCoding(CODES[place % 4], ask, "s-1", at_ms=1)).done
    response = get_response(desks.store, 2)
    assert response and moderate_wish(desks.store, response, 1, CLEARED, "s-1").done
    withdraw(desks.store, 3)
    erase(desks.store, 4)
    desks.count()
    return desks


def rows_at(desks: Desks, address: str) -> list[dict[str, str]]:
    answer = desks.signed_in("officer").get(AT + address)
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline="")))


def recount(rows: list[dict[str, str]], column: str, base: str) -> Counter[str]:
    """Counts as anyone would in a pivot table; what has several values stands in each once."""
    found: Counter[str] = Counter()
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        for place, code in enumerate(row["codes"].split("|")):
            own = {"theme": code.partition(".")[0], "code": code, "ward": row["area"], "hour": row["hour"] or "not known"}
            own["sureness"] = SURENESS[tenth_of(round(float(row["confidence"]) * 100)) if row["confidence"] else 0]
            value = {**row, **dict(part.split(": ", 1) for part in row["places"].split("|")), **own}[column]
            unit = {"responses": (), "wishes": (row["wish"],), "mentions": (row["wish"], str(place))}[base]
            key = (value, row["response"], *unit)
            if key not in seen and (code or (base != "mentions" and column not in ("theme", "code"))):
                seen.add(key)
                found[value] += 1
    return found


@pytest.mark.parametrize("where", [{}, {"channel": "card"}, {"ward": "Abbey"}])
def test_every_figure_is_found_again_in_the_file(desks: Desks, where: dict[str, str]) -> None:
    filled(desks, [f"Wish {n}" for n in range(24)])
    rows = rows_at(desks, f"/wishes/{SLUG}.csv?" + "&".join(f"{name}={value}" for name, value in where.items()))
    table = RowTable()
    event = table.refresh(desks.store)
    assert {row["event"] for row in rows} == {str(event)}
    for facet in set(facets_of(desks.store.layout)) - {question.id for question in desks.store.campaign.questions}:
        for base in BASES:
            cells = table.count(desks.store, ask_for(desks.store.layout, [facet], {f: [v] for f, v in where.items()}, base)).cells
            due = {cell[0]: count for cell, count in cells.items() if facet != "theme" or cell[0]}
            assert recount(rows, facet, base) == due, (facet, base)
    for base, column in zip(BASES, ("counts_response", "counts_wish", "counts_mentions"), strict=True):
        total = table.count(desks.store, ask_for(desks.store.layout, [], {f: [v] for f, v in where.items()}, base)).total
        assert sum(int(row[column]) for row in rows) == total
    responses = rows_at(desks, f"/responses/{SLUG}.csv?" + "&".join(f"{name}={value}" for name, value in where.items()))
    assert [row["response"] for row in responses] == list(dict.fromkeys(row["response"] for row in rows))


def test_no_formula_is_live_in_any_file_and_no_word_is_lost(desks: Desks) -> None:
    texts = ["keep one", "keep two", "goes", "goes", *FORMULAS]
    for text in texts:
        desks.send(text)
    desks.count()
    rows = rows_at(desks, f"/wishes/{SLUG}-excel.csv")
    assert all(not row["text"].lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) for row in rows)
    lines = desks.signed_in("officer").get(f"{AT}/wishes/{SLUG}.jsonl").get_data(as_text=True).splitlines()
    kept = [json.loads(line)["text"] for line in lines]
    assert [row["text"].removeprefix("'") for row in rows] == kept
    assert kept == texts


@pytest.mark.parametrize(("value", "wanted"), [("a=1", "a=1"), ("=1", "'=1"), (" =1", "' =1"), (-3, -3), (0.5, 0.5), ("", "")])
def test_only_what_would_run_is_changed(value: object, wanted: object) -> None:
    assert harmless(value) == wanted  # type: ignore[arg-type]


def test_the_file_for_excel_says_that_it_is_utf_8(desks: Desks) -> None:
    desks.send("Café")
    desks.count()
    assert desks.signed_in("officer").get(f"{AT}/wishes/{SLUG}-excel.csv").data.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("kind", KINDS)
def test_the_description_names_every_column_and_nothing_about_anyone(desks: Desks, kind: str) -> None:
    officer = desks.signed_in("officer")
    desks.send("A wish")
    desks.count()
    names = [name for name, _, _ in columns_of_kind(kind)]
    package = json.loads(officer.get(f"{AT}/{kind}/datapackage.json").data)
    assert [field["name"] for field in package["resources"][0]["schema"]["fields"]] == names
    listed = csv.DictReader(io.StringIO(officer.get(f"{AT}/{kind}/dictionary.csv").text, newline=""))
    assert [row["column"] for row in listed] == names
    assert list(rows_at(desks, f"/{kind}/{SLUG}.csv")[0]) == names
    assert not {question.id for question in desks.store.campaign.questions} & {*names}


@pytest.mark.parametrize("address", ["/people/x.csv", f"/wishes/{SLUG}.exe", "/wishes/other.csv", f"/wishes/{SLUG}"])
def test_files_that_are_none_are_not_found(desks: Desks, address: str) -> None:
    assert desks.signed_in("officer").get(AT + address).status_code == 404


def test_a_member_takes_nothing_away_and_an_empty_campaign_says_so(desks: Desks) -> None:
    assert "No wishes yet." in desks.signed_in("officer").get(AT).text
    assert desks.signed_in("member", name="Mo").get(AT).status_code == 403
