"""The screen: what may point at somebody is marked, in every form people write it in; the rest is left alone."""

import csv
import json
import random
import time
from pathlib import Path

import pytest

from campaigns.screening import WORRYING, in_pieces, marks
from campaigns.screening.made_up import MAKERS, made_up, said
from campaigns.screening.measuring import found, marked, recall, whole_share
from tests.desks import SLUG, Desks, make_desks
from web import commands, create_app

PAGE = f"/officers/{SLUG}/moderation"


def spaced(chance: random.Random, *parts: str) -> str:
    return chance.choice(("", " ")).join(parts)


def other_made_up(chance: random.Random) -> dict[str, str]:
    """Returns one made-up identifier of each kind, in one of the ways people write it."""
    d = lambda many: "".join(chance.choice("0123456789") for _ in range(many))  # noqa: E731
    a = lambda many, of="ABCDEFGHJKLMNOPRSTUVWXY": "".join(chance.choice(of) for _ in range(many))  # noqa: E731
    name = chance.choice(("anna", "J.Smith", "k_o"))
    street = chance.choice(("London Road", "Uttoxeter Old Road", "Abbey st", "Kedleston Rd"))
    made = {
        "e-mail": f"{name}{d(2)}@{chance.choice(('gmail.com', 'derby.gov.uk', 'btinternet.co.uk'))}",
        "telephone": chance.choice((
            f"07{d(3)} {d(6)}", f"07{d(9)}", f"01332 2{d(5)}", f"(01332) 3{d(5)}", f"+44 7{d(3)} {d(6)}", f"01332-7{d(5)}",
        )),
        "postcode": spaced(chance, f"DE{chance.randint(1, 24)}", f"{d(1)}{a(2, 'ABDEFGHJLNPQRSTUWXYZ')}"),
        "address": f"{chance.randint(1, 400)} {street}",
        "registration": chance.choice((
            spaced(chance, f"{a(2, 'ABCDEFGHKLMNPRSTVWXY')}{chance.randint(10, 74)}", a(3, "ABCDEFGHJKLMNPRSTUVWXYZ")),
            spaced(chance, f"{a(1, 'ABCDEFGHJKLMNPRSTVWXY')}{chance.randint(1, 999)}", a(3, "ABCDEFGHKLMNPRSTVWXY")),
        )),
        "insurance": spaced(chance, a(1, "ABCEGHJKLMNPRSTWXYZ") + a(1, "ABCEGHJKLMNPRSTWXYZ"), d(2), d(2), d(2), a(1, "ABCD")),
        "health": spaced(chance, d(3), d(3), d(4)), "card": spaced(chance, f"4{d(3)}", d(4), d(4), d(4)),
    }
    return made if chance.random() < 0.6 else {kind: text.lower() for kind, text in made.items()}


AROUND = ("Please ring {} about the park", "{}", "my wish is that {} is told", "Write to {}.", "({}) thanks")


def test_of_made_up_identifiers_hardly_any_is_missed() -> None:
    chance, missed, all_of_them = random.Random(4), [], 0
    for _ in range(150):
        for kind, text in other_made_up(chance).items():
            around = chance.choice(AROUND)
            whole, all_of_them = around.format(text), all_of_them + 1
            if not found(marks, whole, text):
                missed.append((kind, whole))
    assert all_of_them == 1200
    assert len(missed) <= 0.02 * all_of_them, missed[:20]


@pytest.mark.parametrize("seed", [1, 2])
def test_of_harder_identifiers_hardly_any_is_missed(seed: int) -> None:
    recalls = recall(marks, 200, seed)
    assert set(recalls) == set(MAKERS) == set(made_up(random.Random(seed)))
    assert whole_share(recalls.values()) >= 0.98, [one.missed for one in recalls.values()]
    assert min(one.share for one in recalls.values()) >= 0.96


def test_what_is_not_found_is_told() -> None:
    recalls = recall(lambda text: [], 5, 1)
    assert {(one.made, one.found, one.share, len(one.missed)) for one in recalls.values()} == {(5, 0, 0.0, 5)}
    assert said(random.Random(1), "DE1 2FS").count("DE1 2FS") == 1


def test_what_is_marked_is_counted_by_decision() -> None:
    told = marked(marks, [("accepted", "More trees"), ("rejected", "Ask Mr Jones"), ("rejected", "Ask Mr Jones of DE1 2FS")])
    assert {said: (one.comments, one.marked, one.kinds) for said, one in told.items()} == {
        "accepted": (1, 0, {}), "rejected": (2, 2, {"name": 2, "postcode": 1})
    }


@pytest.mark.parametrize(("text", "kinds"), [
    ("Ask Mr Jones at the shop", ["name"]), ("my name is Anna Bell and I wish", ["name"]), ("Cllr Smith should go", ["name"]),
    ("More buses on London Road", []), ("A park in DE1", []), ("20 mph zones", []), ("by 2026", []), ("10 more buses", []),
    ("open 24 hours", []), ("M1 junction 25", []), ("A52 widened", []), ("Save £1,000,000", []), ("1.5 million", []), ("", []),
    ("ＤＥ１ wishes 🌳", []),
    ("Ask Anna Bell at the desk", ["name"]), ("my son Jack needs a park", ["name"]), ("I'm Anna Bell", ["name"]),
    ("Anna Bell, 07700 900123", ["name", "telephone"]), ("More parks\nAnna Bell", ["name"]), ("Thanks, Anna Bell x", ["name"]),
    ("Ask Derby City Council", []), ("Ring Fenced Against Future Cuts", []), ("More parks - Better Play Areas", []),
    ("Mr. Mayor, mend the roads", []), ("I am Muslim", []), ("my wife loves it", []), ("by the 50p shop", []),
    ("a52 bus lane", []),
    ("the 38a and the 9a", []), ("rise in 5 2nd homes", []), ("flat roofs leak", []), ("3 more flats", []),
    ("a 12 lane road", []),
    ("look at derby.gov.uk", []), ("meet at noon on the dot", []), ("anna at gmail dot com", ["e-mail"]),
    ("01332-255-667", ["telephone"]), ("rpp 121w blocks the path", ["vehicle registration"]),
    ("Flat 8, Rivermead House", ["address"]),
    ("I want to die", ["harm"]), ("he hits me every night", ["harm"]), ("My dad is touching me", ["harm"]),
    ("i self harm", ["harm"]),
    ("I will kill you", ["threat"]), ("they should be shot", ["threat"]), ("the councillors are idiots", ["abuse"]),
    ("f**k off", ["abuse"]),
    ("Help for people after a suicide", []), ("the cold hits us hard", []), ("Fukushima", []), ("Scunthorpe United", []),
    ("mend the dykes by the slag heap", []), ("I would die for a decent bakery", []),
    ("dying for a swimming pool", []), ("shoot more films here", []),
])
def test_what_points_at_somebody_and_what_does_not(text: str, kinds: list[str]) -> None:
    assert [mark.kind for mark in marks(text)] == kinds


def test_names_of_the_campaigns_own_are_left_alone() -> None:
    assert marks("Dr Normanton", ["dr normanton"]) == []


@pytest.mark.parametrize("text", ["👩‍👩‍👧 ring 07700 900123 é", "اتصل 07700 900123 الآن", "e\u0301 07700 900123"])
def test_stretches_are_cut_by_letters_as_people_wrote_them(text: str) -> None:
    pieces = in_pieces(text, marks(text))
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, kind in pieces if kind] == ["07700 900123"]


@pytest.mark.parametrize("text", [
    "\n" * 5000, " \n" * 2500, "a." * 2500, "a at " * 1000, "Aa " * 1700, "flat 8 the" + " " * 4990, "0 " * 2500, "+44" * 1600,
    "12-34-56" + " " * 4990, "a" * 9000,
], ids=["lines", "spaced lines", "dots", "ats", "capitals", "flat", "noughts", "abroad", "bank", "letters"])
def test_no_text_holds_the_screen_up(text: str) -> None:
    began = time.process_time()
    marks(text)
    assert time.process_time() - began < 2


def test_real_comments_are_seldom_marked(shared_data: Path) -> None:
    with (shared_data / "comments" / "bowling-green.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    column = next(name for name in rows[0] if "comment" in name or "text" in name or "body" in name)
    assert sum(bool(marks(row[column])) for row in rows) <= 0.01 * len(rows)


@pytest.fixture
def desks(settings: dict[str, str], connections: object) -> Desks:
    return make_desks(create_app(settings), connections)  # type: ignore[arg-type]


def test_the_page_lists_what_is_marked_and_nobody_looked_at(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    reviewer = desks.signed_in("reviewer")
    assert "No wish waits to be looked at." in reviewer.get(PAGE).text
    desks.send("Ring me on 07700 900123 <b>now</b>", "More trees")
    desks.send("Write to anna@example.org")
    desks.send("A plain wish")
    desks.count()
    page = reviewer.get(PAGE).text
    assert page.count("data-wish ") == 2 and "A plain wish" not in page
    assert '<mark title="telephone?">07700 900123</mark> &lt;b&gt;now' in page
    monkeypatch.setattr("web.officers.moderation.SHOWN", 1)
    first = reviewer.get(PAGE).text
    assert "anna@example.org" in first and "before=2-1" in first
    assert "07700 900123" in reviewer.get(f"{PAGE}?before=2-1").text


def test_words_of_harm_ask_whoever_reads_them_for_a_worry(desks: Desks) -> None:
    desks.send("My dad hits me at 14 Kedleston Road", "More trees")
    desks.count()
    reviewer = desks.signed_in("reviewer")
    listed, wish = reviewer.get(PAGE).text, reviewer.get(f"/officers/{SLUG}/wishes/1/1").text
    assert "#worry\">Worried?</a>" in listed and "may tell of harm" in wish
    assert wish.count('name="span"') == 1  # harm is nothing to redact
    assert "may tell of harm" not in reviewer.get(f"/officers/{SLUG}/wishes/1/2").text
    assert WORRYING == ("harm", "threat")


def test_the_report_tells_what_is_found_and_what_is_marked(desks: Desks, tmp_path: Path) -> None:
    comments = tmp_path / "comments.csv"
    comments.write_text("text,moderated\nMore trees,accepted\nAsk Mr Jones,rejected\n")
    commands.init_app(desks.app)
    run = desks.app.test_cli_runner().invoke
    told = run(args=["screening", "report", str(comments), "--each", "20"]).output
    assert "telephone" in told and "comments.csv" in told and "1 comment rejected, 1 marked (100.00%): name 1" in told
    told = json.loads(run(args=["screening", "report", str(comments), "--each", "20", "--json"]).output)
    assert told["recall"] > 0.9 and told["comments"]["comments.csv"]["accepted"]["marked"] == 0
    wrong = run(args=["screening", "report", str(comments), "--each", "1", "--text", "words"])
    assert wrong.exit_code == 1 and "has no column “words”" in wrong.output
