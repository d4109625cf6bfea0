"""Every flask command: what it prints when all is well, and its plain words on mistakes."""

import csv
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import Result

from campaigns.responses import SlotCoding
from campaigns.store.areas import load_postcodes
from campaigns.store.cards import print_cards, reconcile
from campaigns.store.connection import Connections
from campaigns.store.log import read_events, seal
from campaigns.store.opening import open_campaign
from campaigns.store.responses import get_response, response_count
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.staff import read_invitation
from campaigns.store.store import Store, loaded_slugs, open_store
from tests.storehouse import ABBEY, LITTLE, code_by_machine, loaded_little, open_little, send
from web import commands, create_app
from workers import jobs

Run = Callable[..., Result]
DERBY = "derby-2026"


@pytest.fixture
def run(settings: dict[str, str]) -> Run:
    """Returns a function that runs a flask command, and says what it printed where it should not have failed."""
    app = create_app(settings)
    commands.init_app(app)

    def invoke(*arguments: object, code: int = 0) -> Result:
        result = app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])
        assert result.exit_code == code, f"{result.output}{result.exception!r}"
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return invoke


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


@pytest.fixture
def model(model_folder: Path, tmp_path: Path, redis_server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets commands that code reach the model and the test's own store."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "model").symlink_to(model_folder)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    jobs.connections.cache_clear()


def comments(path: Path, *rows: str, head: str = "id,text") -> Path:
    path.write_text("\n".join([head, *rows]) + "\n")
    return path


def test_a_campaign_is_listed_checked_loaded_opened_and_closed(run: Run, connections: Connections) -> None:
    assert run("campaign", "list").output.splitlines()[0] == "derby-2026: in the catalogue"
    assert "derby-2026 is in order: " in run("campaign", "check", DERBY).output
    assert run("campaign", "load", DERBY).output == f"{DERBY} is loaded. Open it with: bin/flask campaign open {DERBY}\n"
    assert run("campaign", "list").output.splitlines()[0] == "derby-2026: loaded"
    opened = run("campaign", "open", DERBY)
    assert opened.stdout == f"{DERBY} is open from 2010-06-28 to 2010-07-30.\n"
    assert "Those days are past" in opened.stderr
    assert run("campaign", "list").output.splitlines()[0] == "derby-2026: open, 2010-06-28 to 2010-07-30"
    assert run("campaign", "close", DERBY, "--why", "the end").output == f"{DERBY} is closed.\n"
    assert [event.name for event in read_events(open_store(connections, DERBY))] == ["campaign.opened", "campaign.closed"]


def test_a_demonstration_is_opened_around_today_and_listed_as_one(run: Run) -> None:
    run("campaign", "load", DERBY)
    opens = date.today() - timedelta(days=14)
    assert f"from {opens} to {opens + timedelta(days=32)}" in run("campaign", "open", DERBY, "--demonstration").output
    assert run("campaign", "list").output.splitlines()[0].endswith("(demonstration)")


def test_a_demonstration_is_filled_and_removed_in_one_step(run: Run, connections: Connections) -> None:
    assert "30 made-up responses are in." in run("campaign", "demo", DERBY, "--responses", 30).output
    assert json.loads(run("tallies", "show", DERBY, "--json").stdout)["total"] == 30
    send(open_store(connections, DERBY), "A wish that somebody really sent")
    asked = run("campaign", "demo", DERBY, "--remove", code=1)
    assert "Nothing is removed yet." in asked.stderr
    assert "1 response sent, keyed or imported" in asked.stderr
    assert loaded_slugs(connections) == [DERBY]
    assert "is gone, with all that was in it" in run("campaign", "demo", DERBY, "--remove", "--yes").output
    assert loaded_slugs(connections) == []


@pytest.mark.parametrize(("arguments", "said"), [
    (("campaign", "check", "atlantis"), "There is no campaign “atlantis” in the catalogue. There are: derby-2026"),
    (("campaign", "load", "atlantis"), "There is no campaign “atlantis”"),
    (("campaign", "open", "atlantis"), "“atlantis” is not loaded"),
    (("campaign", "open", LITTLE), "little-town is open already."),
    (("campaign", "close", "atlantis"), "“atlantis” is not loaded"),
    (("campaign", "demo", "atlantis"), "There is no campaign “atlantis”"),
    (("campaign", "demo", "atlantis", "--remove"), "“atlantis” is not loaded"),
    (("areas", "load", "atlantis", "--postcodes", __file__), "“atlantis” is not loaded"),
    (("areas", "load", LITTLE, "--postcodes", __file__), "No column of postcodes"),
    (("wishes", "import", "atlantis", __file__, "--text", "t"), "“atlantis” is not loaded"),
    (("wishes", "import", LITTLE, __file__), "Say which column holds the wishes"),
    (("wishes", "import", LITTLE, __file__, "--text", "t"), "has no column “t”"),
    (("wishes", "import", LITTLE, __file__, "--text", "t", "--source", "x"), "There is no source “x”"),
    (("wishes", "import", LITTLE, __file__, "--text", "t", "--channel", "pigeon"), "takes no wishes by pigeon"),
    (("tallies", "show", "atlantis"), "“atlantis” is not loaded"),
    (("tallies", "show", LITTLE, "--by", "colour"), "“colour” is not something wishes are counted by"),
    (("tallies", "show", LITTLE, "--ward", "Atlantis"), "There is no ward called “Atlantis”"),
    (("tallies", "show", LITTLE, "--day", "soon"), "“soon” is not a day"),
    (("tallies", "show", LITTLE, "--colour", "red"), "“--colour” needs a value and must be one of"),
    (("tallies", "show", LITTLE, "--ward"), "“--ward” needs a value"),
    (("tallies", "rebuild", "atlantis"), "“atlantis” is not loaded"),
    (("log", "verify", "atlantis"), "“atlantis” is not loaded"),
    (("cards", "print", LITTLE, "--count", "0", "--out", "{tmp}/cards.pdf"), "Print from 1 to 200,000 cards"),
    (("cards", "print", LITTLE, "--count", "4", "--ward", "Atlantis", "--out", "{tmp}/cards.pdf"), "There is no ward “Atlantis”"),
    (("cards", "print", LITTLE, "--count", "4", "--out", "{tmp}/nowhere/cards.pdf"), "nowhere"),
    (("cards", "reconcile", "atlantis"), "“atlantis” is not loaded"),
    (("draft", "write", LITTLE, "poem", "--out", "{tmp}/poem.md"), "A “poem” cannot be written"),
    (("draft", "write", LITTLE, "vision", "--out", "{tmp}/vision.txt"), "cannot be written: end the name in"),
    (("draft", "write", LITTLE, "area", "--only", "Atlantis", "--out", "{tmp}/a.md"), "There is no area called “Atlantis”"),
    (("indicators", "load", LITTLE, __file__), "Line 1: "), (("indicators", "load", LITTLE), "Name one file, or --made-up"),
    (("indicators", "load", LITTLE, "--made-up"), "Name a file of your own"),
    (("indicators", "list", "atlantis"), "“atlantis” is not loaded"),
    (("coding", "report", DERBY, "--against", __file__), "has no column “text”"),
    (("coding", "learn", DERBY, __file__, "--text", "t", "--codes", "c"), "has no column “t”"),
    (("wishes", "code", DERBY, __file__, "--text", "t", "--out", "{tmp}/out.csv"), "has no column “t”"),
])
def test_mistakes_are_answered_in_words(
    run: Run, store: Store, model: None, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = run(*(argument.replace("{tmp}", str(tmp_path)) for argument in arguments), code=1)
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert response_count(store) == 0


@pytest.mark.parametrize("arguments", [
    ("campaign", "demo", LITTLE, "--responses", "0"), ("wishes", "import", LITTLE, "/no/such/file.csv", "--text", "t"),
    ("tallies", "show", LITTLE, "--base", "people"), ("user", "add", "--role", "king"), ("user", "add"),
    ("cards", "print", LITTLE), ("campaign", "list", "all"),
])
def test_options_that_cannot_be_are_refused_with_how_to_write_them(run: Run, arguments: tuple[str, ...]) -> None:
    assert "Usage: " in run(*arguments, code=2).stderr


def test_what_was_open_in_earnest_is_not_filled_or_removed(run: Run, connections: Connections) -> None:
    loaded_little(connections)
    open_campaign(connections, LITTLE, "s-1")
    assert "not a demonstration" in run("campaign", "demo", LITTLE, "--remove", code=1).stderr
    run("campaign", "load", DERBY)
    run("campaign", "open", DERBY)
    assert "not open as a demonstration" in run("campaign", "demo", DERBY, "--responses", "5", code=1).stderr


def test_what_is_missing_to_open_is_told(run: Run, connections: Connections) -> None:
    run("campaign", "load", DERBY)
    run("campaign", "open", DERBY)
    assert "derby-2026 is open already." in run("campaign", "open", DERBY, code=1).stderr
    run("campaign", "close", DERBY)
    assert "cannot become a demonstration" in run("campaign", "open", DERBY, "--demonstration", code=1).stderr


def test_postcodes_are_loaded_and_counted(run: Run, store: Store, tmp_path: Path) -> None:
    table = comments(tmp_path / "p.csv", f"DE1 1AA,{ABBEY}", "NG1 1AA,E0500", head="postcode,ward_code")
    assert run("areas", "load", LITTLE, "--postcodes", table).stdout == (
        "1 postcodes are in, in this campaign's areas. 1 lie elsewhere and were left out.\n"
    )
    other = comments(tmp_path / "q.csv", "NG1 1AA,E0500", head="postcode,ward_code")
    assert "is it the table of the right place and year?" in run("areas", "load", LITTLE, "--postcodes", other).stderr


def test_a_file_in_another_alphabet_is_said_to_be(run: Run, store: Store, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes("postcode,ward\nDE1 1AA,Café\n".encode("cp1252"))
    assert "Save it again as “CSV UTF-8”" in run("areas", "load", LITTLE, "--postcodes", tmp_path / "p.csv", code=1).stderr


def test_wishes_are_imported_with_each_refusal_by_line_and_reason(run: Run, store: Store, tmp_path: Path) -> None:
    load_postcodes(store, ["postcode,ward\n", f"DE1 1AA,{ABBEY}\n"], "s-1")
    file = comments(tmp_path / "w.csv", "1,Trees,DE1 1AA", "2,,DE1 1AA", "3,Buses,", head="id,text,postcode")
    command = ("wishes", "import", LITTLE, file, "--text", "text", "--postcode", "postcode")
    assert run(*command).stdout.splitlines() == [
        "line 3: refused: Write at least one wish.", "3 rows: 2 accepted, 1 refused, 0 already loaded"
    ]
    assert run(*command).stdout.splitlines()[-1] == "3 rows: 0 accepted, 1 refused, 2 already loaded"
    assert "Abbey" in run("tallies", "show", LITTLE, "--by", "ward").stdout


def test_three_columns_of_wishes_with_their_day_channel_and_source(run: Run, store: Store, tmp_path: Path) -> None:
    file = comments(tmp_path / "w.csv", "a,b,c,2010-07-01", head="one,two,three,day")
    run("wishes", "import", LITTLE, file, "--wish1", "one", "--wish2", "two", "--wish3", "three", "--date", "day",
        "--channel", "card", "--source", "libraries")
    shown = run("tallies", "show", LITTLE, "--by", "day", "--by", "source", "--base", "wishes", "--channel", "card").stdout
    assert shown.splitlines()[0].split() == ["2010-07-01", "·", "libraries", "3"]


def test_tallies_are_shown_as_a_table_and_as_json(run: Run, store: Store) -> None:
    for channel in ("online", "card", "card"):
        send(store, "Trees", channel=channel)
    lines = [line.split() for line in run("tallies", "show", LITTLE, "--by", "channel").stdout.splitlines()]
    assert lines == [["online", "1"], ["card", "2"], ["in", "all", "3", "responses,", "up", "to", "event", "4"]]
    body = json.loads(run("tallies", "show", LITTLE, "--by", "channel", "--channel=card", "--base", "wishes", "--json").stdout)
    assert body == {"by": ["channel"], "base": "wishes", "total": 2, "cells": [{"channel": "card", "count": 2}], "as_of": 4}


def test_rows_are_checked_and_rebuilt(run: Run, store: Store) -> None:
    for _ in range(3):
        send(store)
    assert run("tallies", "rebuild", LITTLE, "--check").stdout == "No row differs.\n"
    store.raw.setrange(store.keys.of("rows", 0), 2 * store.layout.width, b"\x00")
    store.text.hincrby(store.keys.of("rows", "versions"), "0", 1)
    assert run("tallies", "rebuild", LITTLE, "--check", code=1).stdout.splitlines() == [
        "Response 2: its row is not what its present state makes.", "1 rows differ."
    ]
    assert run("tallies", "rebuild", LITTLE).stdout == "3 rows made again.\n"
    assert run("tallies", "rebuild", LITTLE, "--check").stdout == "No row differs.\n"


def test_the_log_is_verified_and_the_first_misfit_named(run: Run, store: Store) -> None:
    for _ in range(3):
        send(store)
    seal(store)
    assert run("log", "verify", LITTLE).stdout == "5 events fit, and the words of 3 responses are those they commit to.\n"
    store.text.xdel(store.keys.of("log"), "3-0")
    assert run("log", "verify", LITTLE, code=1).stderr == (
        "The log does not verify: event 3 is missing. 2 events before it fit.\n"
    )


def test_cards_are_printed_and_accounted_for(run: Run, store: Store, tmp_path: Path) -> None:
    result = run("cards", "print", LITTLE, "--count", "5", "--ward", "abbey", "--out", tmp_path / "cards.pdf")
    assert result.stdout.startswith("Cards 1 to 5 are in ") and "Set PUBLIC_URL" in result.stderr
    assert (tmp_path / "cards.pdf").read_bytes().startswith(b"%PDF")
    print_cards(store, 1, "", "s-1")
    ledger = json.loads(run("cards", "reconcile", LITTLE, "--json").stdout)
    assert {name: ledger[name] for name in ("printed", "out", "keyed", "residual", "set_aside")} == {
        "printed": 6, "out": 6, "keyed": 0, "residual": 0, "set_aside": 0
    }
    assert ["printed", "6"] in [line.split() for line in run("cards", "reconcile", LITTLE).stdout.splitlines()]


def test_cards_for_a_print_house_come_with_all_it_needs(run: Run, store: Store, tmp_path: Path) -> None:
    out, merge, manifest = (tmp_path / name for name in ("cards.pdf", "cards.csv", "cards.json"))
    delivery = ("--round", "Round 12", "--households", "3", "--place", "libraries", "--held")
    paper = ("--paper", "singles", "--out", out, "--merge", merge, "--manifest", manifest)
    run("cards", "print", LITTLE, "--count", "3", *delivery, *paper)
    told = json.loads(manifest.read_text())
    assert (told["cards"], told["pages"], told["paper"]["bleed_mm"], told["batch"]["place_name"]) == (3, 6, 3, "Libraries")
    sizes = [(file["name"], file["bytes"]) for file in told["files"]]
    assert sizes == [(path.name, path.stat().st_size) for path in (out, merge)]
    assert len(merge.read_text("utf-8-sig").splitlines()) == 4
    assert json.loads(run("cards", "reconcile", LITTLE, "--json").stdout)["held"] == 3


@pytest.mark.parametrize(("option", "value", "said"), [
    ("--place", "moon", "There is no place “moon”. Places are the campaign's sources: libraries."),
    ("--round", "x" * 41, "Name the round in 40 letters at most"), ("--households", "-1", "Households must be a number"),
    ("--merge", "{tmp}/nowhere/cards.csv", "nowhere"), ("--manifest", "{tmp}/nowhere/cards.json", "nowhere"),
])
def test_cards_that_cannot_go_where_they_are_sent_are_not_numbered(
    run: Run, store: Store, tmp_path: Path, option: str, value: str, said: str
) -> None:
    out = tmp_path / "cards.pdf"
    given = value.format(tmp=tmp_path)
    assert said in run("cards", "print", LITTLE, "--count", "3", option, given, "--out", out, code=1).stderr
    assert (reconcile(store).printed, out.exists()) == (0, False)


def test_cards_that_cannot_be_written_are_not_numbered(run: Run, store: Store, tmp_path: Path) -> None:
    run("cards", "print", LITTLE, "--count", "5", "--ward", "Atlantis", "--out", tmp_path / "cards.pdf", code=1)
    run("cards", "print", LITTLE, "--count", "5", "--out", tmp_path / "nowhere" / "cards.pdf", code=1)
    assert json.loads(run("cards", "reconcile", LITTLE, "--json").stdout)["printed"] == 0
    assert not (tmp_path / "cards.pdf").exists()


@pytest.mark.parametrize("ending", [".md", ".html"])
def test_a_draft_is_written_and_noted(run: Run, store: Store, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"vision{ending}"
    assert run("draft", "write", LITTLE, "vision", "--out", out).stdout.startswith(f"The vision is in {out}, up to event ")
    assert "demonstration" in out.read_text().lower()
    assert read_events(store)[-1].name == "draft.written"


def test_indicators_are_loaded_listed_and_drafted(run: Run, store: Store, tmp_path: Path) -> None:
    path, out = tmp_path / "measured.csv", tmp_path / "board.md"
    assert "None yet" in run("indicators", "list", LITTLE).stdout
    path.write_text("id,name,theme,target,actual,good_direction,source\nNI 47,Killed,growth,108,121,down,The police\n")
    assert "1 indicators, 1 with a target and a figure; 0 are" in run("indicators", "load", LITTLE, path).stdout
    assert run("indicators", "list", LITTLE).stdout == "NI 47\tgrowth\tred\tKilled\n"
    run("draft", "write", LITTLE, "board", "--out", out)
    assert "| NI 47: Killed | – | 108 | 121 | – | red |" in out.read_text().replace("\\", "")


@pytest.mark.parametrize(("option", "value", "said"), [
    ("--campaign", "atlantis", "No campaign “atlantis” is loaded."), ("--email", "ada", "“ada” is not an e-mail address."),
])
def test_nobody_is_invited_to_what_is_not_there(run: Run, store: Store, option: str, value: str, said: str) -> None:
    assert said in run("user", "add", "--role", "keyer", option, value, code=1).stderr


def test_staff_are_invited_by_a_link_that_holds_their_roles(run: Run, store: Store, connections: Connections) -> None:
    said = run("user", "add", "--role", "officer", "--role", "keyer", "--name", "Ada", "--campaign", LITTLE).stdout
    invitation = read_invitation(connections, said.rpartition("/")[2].strip())
    assert invitation and (invitation.roles, invitation.name, invitation.campaigns) == (("officer", "keyer"), "Ada", (LITTLE,))
    assert "http://127.0.0.1:8000/account/invitation/" in said


def test_texts_are_coded_without_being_stored(run: Run, store: Store, model: None, tmp_path: Path) -> None:
    file = comments(tmp_path / "in.csv", '1,"Mend the holes in Mill Lane"', "2,", '3,"More benches, please"')
    said = run("wishes", "code", LITTLE, file, "--text", "text", "--out", tmp_path / "out.csv").stdout
    assert said.startswith("3 texts coded by tagger ")
    with (tmp_path / "out.csv").open(newline="") as lines:
        coded = list(csv.DictReader(lines))
    assert list(coded[0]) == ["id", "text", "codes", "ask", "confidence", "why", "tagger"]
    assert [row["id"] for row in coded] == ["1", "2", "3"]
    assert coded[0]["codes"].split("|")[0] == "growth.roads" and coded[1]["codes"] == "none"
    assert (response_count(store), [row["text"] for row in coded][2]) == (0, "More benches, please")


def test_a_tagger_learns_and_its_report_measures_it(run: Run, store: Store, model: None, tmp_path: Path) -> None:
    rows = ("A skate park for Mill Lane,safer.green,more", "Trams for us,growth.roads|growth.jobs,")
    file = comments(tmp_path / "coded.csv", *rows, head="t,c,a")
    columns = ("--text", "t", "--codes", "c", "--ask", "a")
    assert "Learnt from 2 codings. Tagger " in run("coding", "learn", LITTLE, file, *columns).stdout
    assert read_events(store)[-1].name == "tagger.adopted"
    report = json.loads(run("coding", "report", LITTLE, "--against", file, *columns, "--json").stdout)
    assert (report["wishes"], report["asks"], report["against"]) == (2, 1, "coded.csv")
    assert report["tagger"] in run("coding", "report", LITTLE, "--against", file, *columns).stdout


def test_what_another_tagger_coded_is_coded_again(run: Run, store: Store, model: None) -> None:
    send(store, "Mend the holes in Mill Lane")
    code_by_machine(store, 1, 1, SlotCoding(("other",), "more", "t-old", 0.75), vector=bytes(384))
    said = run("coding", "again", LITTLE).stdout
    assert said.startswith("1 wish coded again by tagger ")
    assert get_response(store, 1).wishes[0].coding.codes == ("growth.roads",)  # type: ignore[union-attr]
    assert run("coding", "again", LITTLE).stdout.startswith("0 wishes coded again")


def test_a_lost_store_is_said_in_words(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    app = create_app({"REDIS_URL": server.start()})
    commands.init_app(app)
    server.stop()
    result = app.test_cli_runner().invoke(args=["campaign", "list"])
    assert (result.exit_code, "The store does not answer" in result.stderr) == (1, True)
    app.extensions["surroundings"].connections.close()
