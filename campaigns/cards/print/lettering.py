"""Words on a printed card: the font, measured, wrapped and fitted.

The font is Bitstream Vera Sans, which reportlab ships and whose licence allows embedding: plain shapes, tall small
letters, easy for old eyes. It is set a little narrower than drawn. Letters of Polish, Welsh and their like that it
lacks are put together from a letter and an accent; other writing is refused by name, never printed as empty boxes.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas


class Face(StrEnum):
    """The two weights a card is lettered in."""

    PLAIN = "Card"
    BOLD = "Card-Bold"


NARROW = 0.92

# Not "ascii readable": only the letters used are embedded, which halves the fonts.
_FONTS = {
    Face.PLAIN: TTFont(Face.PLAIN, "Vera.ttf", asciiReadable=0),
    Face.BOLD: TTFont(Face.BOLD, "VeraBd.ttf", asciiReadable=0),
}
for _font in _FONTS.values():
    pdfmetrics.registerFont(_font)

# Each combining accent as the spacing accent the font has, drawn over the letter's middle.
_ACCENTS = dict(zip("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c", "`´ˆ˜¯˘˙¨˚˝ˇ", strict=True))
_HOOKS = {"\u0328": "˛", "\u0327": "¸"}
# How much higher an accent stands on a capital, as a part of the letters' size: cap height less x-height.
_RAISED = 0.18


class UnprintableError(ValueError):
    """Words that a card cannot show, for their letters or their length; says which, and what to do."""


def check_printable(words: Iterable[str]) -> None:
    """Raises UnprintableError, naming the letters, where any of these words cannot be printed."""
    missing = {letter for text in words for letter in unicodedata.normalize("NFC", text) if not _shapes(letter)}
    if missing:
        letters = " ".join(sorted(missing))
        raise UnprintableError(f"The card's font has no {letters}. Leave these out, or write them in Latin letters.")


def measure(text: str, face: Face, size: float) -> float:
    """Returns how wide a line of text is, in points."""
    plain = "".join(_shapes(letter)[:1] or letter for letter in unicodedata.normalize("NFC", text))
    width: float = pdfmetrics.stringWidth(plain, face, size)
    return width * NARROW


def wrap(text: str, face: Face, size: float, width: float) -> list[str]:
    """Returns text as lines no wider than ``width`` where its words allow; a no-break space keeps two together."""
    lines = [""]
    for word in re.findall(r"[^ \t\r\n]+", text):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and measure(longer, face, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def fit_lines(text: str, face: Face, sizes: Iterable[float], width: float, most: int) -> tuple[float, list[str]]:
    """Returns the first size (largest first) at which text takes ``most`` lines at most, with those lines.

    UnprintableError where it fits at none of them.
    """
    for size in sizes:
        lines = wrap(text, face, size, width)
        if len(lines) <= most and all(measure(line, face, size) <= width for line in lines):
            return size, lines
    raise UnprintableError(f"“{text}” is too long for its place on the card. Shorten it.")


def balance(lines: list[str], face: Face, size: float) -> list[str]:
    """Returns the same words in as many lines, the longest of them as short as it can be."""
    while True:
        longest = max(measure(line, face, size) for line in lines)
        closer = wrap(" ".join(lines), face, size, longest - 1)
        if len(closer) > len(lines) or max(measure(line, face, size) for line in closer) >= longest:
            return lines
        lines = closer


def shorten(text: str, face: Face, size: float, width: float) -> str:
    """Returns text cut to a width with an ellipsis, or whole where it fits."""
    if measure(text, face, size) <= width:
        return text
    while text and measure(f"{text}…", face, size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def write(canvas: Canvas, text: str, left: float, baseline: float, face: Face, size: float) -> None:
    """Writes one line in the canvas's fill colour."""
    text = unicodedata.normalize("NFC", text)
    shapes = [_shapes(letter) or letter for letter in text]
    plain = "".join(shape[0] for shape in shapes)
    _write_plain(canvas, plain, left, baseline, face, size)
    for place, shape in enumerate(shapes):
        for accent in shape[1:]:
            _write_accent(canvas, plain, place, accent, left, baseline, face, size)


def _write_plain(canvas: Canvas, text: str, left: float, baseline: float, face: Face, size: float) -> None:
    line = canvas.beginText(left, baseline)
    line.setFont(face, size)
    line.setHorizScale(100 * NARROW)
    line.textOut(text)
    canvas.drawText(line)


def _write_accent(
    canvas: Canvas, plain: str, place: int, accent: str, left: float, baseline: float, face: Face, size: float
) -> None:
    letter = measure(plain[place], face, size)
    slack = letter - measure(accent, face, size)
    hook = accent in _HOOKS.values()
    across = measure(plain[:place], face, size) + (slack * 0.8 if hook and plain[place] != "e" else slack / 2)
    lift = _RAISED * size if plain[place].isupper() and not hook else 0
    _write_plain(canvas, accent, left + across, baseline + lift, face, size)


def _shapes(letter: str) -> str:
    """Returns the shapes that make a letter: itself, or a letter and its accents, or nothing."""
    known = _FONTS[Face.PLAIN].face.charToGlyph
    if ord(letter) in known:
        return letter
    decomposed = unicodedata.normalize("NFD", letter)
    base, marks = decomposed[0], decomposed[1:]
    accents = [(_ACCENTS | _HOOKS).get(mark, "") for mark in marks]
    return base + "".join(accents) if marks and ord(base) in known and all(accents) else ""
