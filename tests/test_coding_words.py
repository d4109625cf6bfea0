"""Words are found in a text, weighed, and tell whether the text can be read at all."""

import numpy as np
import pytest

from campaigns.coding.words import Grams, Lexicon, grams, marks, words

PLAIN = ["Fix the potholes", "More swimming lessons for adults", "Keep Darley Park lovely"]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.learn(PLAIN)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("Don’t dig up the A52!", ["don't", "dig", "up", "the", "a"]),
        ("Więcej ścieżek", ["więcej", "ścieżek"]),
        ("snake_case 5G", ["snake", "case", "g"]),
        ("😀 ... 12", []),
    ],
)
def test_words_are_found_in_any_script(text: str, found: list[str]) -> None:
    assert words(marks(text)) == found


def test_pairs_know_where_a_text_begins_and_ends() -> None:
    assert grams(marks("Stop it!")) == ["<", "stop", "it", "!", ">", "< stop", "stop it", "it !", "! >"]


def test_only_words_that_come_again_are_weighed() -> None:
    known = Grams.learn(["more buses", "more trams", "no trams"])
    assert "more" in known.listed
    assert "trams >" in known.listed
    assert "buses" not in known.listed


def test_rows_of_the_table_have_length_one_or_nothing() -> None:
    known = Grams.learn(["more buses", "more trams", "no trams"])
    table = known.table([marks(text) for text in ("more more trams", "", "no")])
    assert np.linalg.norm(table.toarray(), axis=1) == pytest.approx([1, 1, 1])
    assert known.table([]).shape == (0, len(known.listed))
    assert Grams.learn([]).table([marks("anything")]).shape == (1, 0)


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("", True),
        ("   \n", True),
        ("?!?", True),
        ("x", True),
        ("12345", True),
        ("😀🌳", True),
        ("asdfgh", True),
        ("sdfsdf sdfsdf", True),
        ("xxxxxxxx", True),
        ("aaaaaaaaaaa", True),
        ("5G", False),
        ("A52", False),
        ("RSPCA", False),
        ("BMX", False),
        ("NHS", False),
        ("parks", False),
        ("tarmak rodes", False),
        ("Chellaston", False),
        ("sdfsdf more buses", False),
        ("سڑکیں", False),
        ("Więcej drzew", False),
    ],
)
def test_a_text_with_nothing_to_read_is_told(lexicon: Lexicon, text: str, blank: bool) -> None:
    assert lexicon.is_blank(text, words(marks(text))) is blank


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("Więcej ścieżek rowerowych", True),
        ("wiecej sciezek rowerowych w miescie", True),
        ("Más parques para los niños por favor", True),
        ("Il faut plus de logements pour les jeunes et moins de voitures en ville", True),
        ("Bitte mehr Fahrradwege und weniger Autos in der Stadt", True),
        ("Më shumë punë për të rinjtë", True),
        ("vreau mai multe parcuri pentru copii", True),
        ("saaf sadkein aur behtar school chahiye", True),
        ("سڑکیں صاف کریں", True),
        ("Больше парков", True),
        ("更多公园", True),
        ("Fix the potholes on Duffield Road", False),
        ("pls fix rds", False),
        ("Chellaston Mickleover", False),
        ("A café culture", False),
        ("The council’s too far from people who don't vote", False),
        ("", False),
    ],
)
def test_a_text_not_in_english_is_told(lexicon: Lexicon, text: str, foreign: bool) -> None:
    assert lexicon.is_foreign(words(marks(text))) is foreign


def test_the_lexicon_knows_the_words_it_learnt_from() -> None:
    assert not Lexicon.learn([]).knows("potholes")
    assert Lexicon.learn(PLAIN).knows("potholes")
