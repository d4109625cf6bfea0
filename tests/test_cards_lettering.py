"""Lettering: measured as it is drawn, wrapped and fitted; accents put together; what cannot be printed is named."""

import io

import numpy as np
import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from campaigns.cards.print.lettering import (
    Face,
    UnprintableError,
    balance,
    check_printable,
    fit_lines,
    measure,
    shorten,
    wrap,
    write,
)

SENTENCE = "This number tells us which area the card went to and that we counted it."


def draw_line(text: str) -> np.ndarray:
    """Returns the dark pixels of a line written at 10 points from the left edge, 20 points up."""
    page = io.BytesIO()
    canvas = Canvas(page, pagesize=(200, 50))
    write(canvas, text, 0, 20, Face.PLAIN, 20)
    canvas.save()
    return ~pypdfium2.PdfDocument(page.getvalue())[0].render(scale=4, grayscale=True).to_numpy().squeeze() > 128


@pytest.mark.parametrize(
    "words",
    ["Normanton", "Żółć, Świętokrzyska, Ąć", "Tŵr Ŷnys Môn", "Čáslav Şile Őr", "“£5” – it’s…", "call\u00a0999", ""],
)
def test_british_polish_and_welsh_words_are_printable(words: str) -> None:
    check_printable([words])


@pytest.mark.parametrize(("words", "named"), [("اردو", "ا ر د و"), ("Κως", "Κ ς ω"), ("Yes 💚", "💚"), ("ạ", "ạ")])
def test_other_writing_is_refused_by_name(words: str, named: str) -> None:
    with pytest.raises(UnprintableError) as refused:
        check_printable(["Abbey", words])
    assert set(named.split()) <= set(str(refused.value))


@pytest.mark.parametrize(
    ("accented", "plain", "above"),
    [("ś", "s", True), ("Ż", "Z", True), ("ŵ", "w", True), ("Ŷ", "Y", True), ("ą", "a", False), ("Ę", "E", False)],
)
def test_accent_stands_clear_on_the_right_side_of_its_letter(accented: str, plain: str, above: bool) -> None:
    with_accent, without = draw_line(accented), draw_line(plain)
    added = np.nonzero(with_accent & ~without)
    rows, columns = np.nonzero(without)
    assert not (without & ~with_accent).any()
    assert added[0].size > 20
    assert (added[0].max() < rows.min()) if above else (added[0].max() > rows.max())
    assert columns.min() - 4 <= added[1].min() and added[1].max() <= columns.max() + 4


def test_a_letter_in_two_parts_is_drawn_as_one() -> None:
    assert (draw_line("ś") == draw_line("s\u0301")).all()


def test_measure_is_what_is_drawn() -> None:
    drawn = np.nonzero(draw_line("Świętokrzyska").any(0))[0]
    assert drawn.max() / 4 == pytest.approx(measure("Świętokrzyska", Face.PLAIN, 20), abs=2.5)


@pytest.mark.parametrize("width", [30, 80, 150, 400])
def test_wrapped_lines_keep_every_word_and_the_width(width: float) -> None:
    lines = wrap(SENTENCE, Face.PLAIN, 9, width)
    assert " ".join(lines) == SENTENCE
    assert all(measure(line, Face.PLAIN, 9) <= width or " " not in line for line in lines)


def test_no_break_space_keeps_words_together() -> None:
    assert "call\u00a0999." in wrap("In danger, call\u00a0999. Now.", Face.PLAIN, 9, 40)


def test_largest_size_that_fits_is_taken() -> None:
    width = measure("What are your wishes", Face.BOLD, 14)
    assert fit_lines("What are your wishes", Face.BOLD, (16, 14, 12), width, 1) == (14, ["What are your wishes"])


@pytest.mark.parametrize(("text", "most"), [("What are your wishes for the city", 1), ("Llanfairpwllgwyngyllgogerych", 3)])
def test_words_too_long_for_their_place_are_refused_in_words(text: str, most: int) -> None:
    with pytest.raises(UnprintableError, match=f"“{text}” is too long for its place on the card. Shorten it."):
        fit_lines(text, Face.BOLD, (14, 12), 100, most)


def test_balanced_lines_are_near_each_other_in_length() -> None:
    lines = wrap("What are your three wishes for Derby in 2026?", Face.BOLD, 15, 250)
    even = balance(lines, Face.BOLD, 15)
    assert len(even) == len(lines) == 2
    assert " ".join(even) == " ".join(lines)
    assert max(map(len, even)) < max(map(len, lines))


@pytest.mark.parametrize(("text", "cut"), [("Abbey", "Abbey"), ("", ""), ("Blagreaves and Sunnyhill", "Blagreaves…")])
def test_long_names_are_cut_with_an_ellipsis(text: str, cut: str) -> None:
    assert shorten(text, Face.PLAIN, 9, measure("Blagreaves an", Face.PLAIN, 9)) == cut
