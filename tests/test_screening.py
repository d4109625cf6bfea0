"""The screen: what may point at somebody is marked, in every form people write it in; the rest is left alone."""

import csv
import random
from pathlib import Path

import pytest

from campaigns.screening import in_pieces, marks
from tests.desks import SLUG, Desks, make_desks
from web import create_app

PAGE = f"/officers/{SLUG}/moderation"


def spaced(chance: random.Random, *parts: str) -> str:
    return chance.choice(("", " ")).join(parts)


def made_up(chance: random.Random) -> dict[str, str]:
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
        for kind, text in made_up(chance).items():
            said = chance.choice(AROUND)
            whole, all_of_them = said.format(text), all_of_them + 1
            covered = {place for mark in marks(whole) for place in range(mark.start, mark.end)}
            start = whole.index(text)
            alnum = {start + n for n, letter in enumerate(text) if letter.isalnum()}
            if len(alnum & covered) < 0.8 * len(alnum):
                missed.append((kind, whole))
    assert all_of_them == 1200
    assert len(missed) <= 0.02 * all_of_them, missed[:20]


@pytest.mark.parametrize(("text", "kinds"), [
    ("Ask Mr Jones at the shop", ["name"]), ("my name is Anna Bell and I wish", ["name"]), ("Cllr Smith should go", ["name"]),
    ("More buses on London Road", []), ("A park in DE1", []), ("20 mph zones", []), ("by 2026", []), ("10 more buses", []),
    ("open 24 hours", []), ("M1 junction 25", []), ("A52 widened", []), ("Save £1,000,000", []), ("1.5 million", []), ("", []),
    ("ＤＥ１ wishes 🌳", []),
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


def test_real_comments_are_seldom_marked(shared_data: Path) -> None:
    with (shared_data / "comments" / "bowling-green.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    column = next(name for name in rows[0] if "comment" in name or "text" in name or "body" in name)
    assert sum(bool(marks(row[column])) for row in rows) <= 0.05 * len(rows)


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
