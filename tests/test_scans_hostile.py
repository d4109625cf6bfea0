"""Hostile and broken files, each with its named outcome: of the whole file, or of the one page that it spoils."""

import io
import tempfile
from collections.abc import Callable

import pytest

from campaigns.cards.scans.layout import CardLayout
from campaigns.cards.scans.leaves import Refused
from campaigns.cards.scans.opening import open_file
from campaigns.cards.scans.outcomes import PAGES, REFUSED
from campaigns.cards.scans.reading import FileRead, read_file
from tests import hostile_scans as hostile
from tests.hostile_scans import inked, pdf, pdf_of, tiff_of, zipped
from tests.scanning import as_file

LAYOUT = CardLayout(105, 148.5, 21, 5, 112.3)
GOOD, JPEG = (as_file([inked()], kind) for kind in ("PNG", "JPEG"))

FILES = {
    "nothing in it": (lambda: b"", "empty"),
    "no scan at all": (lambda: b"Dear council, here are my cards", "strange"),
    "a picture of a kind we do not read": (lambda: b"GIF89a" + bytes(100), "strange"),
    "only the beginning of a PDF": (lambda: b"%PDF-1.7\nand then nothing", "broken"),
    "a PDF that broke off": (lambda: pdf(3)[:400], "broken"),
    "noise that begins as a PDF": (lambda: b"%PDF-1.4" + bytes(range(256)) * 500, "broken"),
    "a PDF that asks for a password": (lambda: pdf(password="secret"), "locked"),
    "a PDF of no pages": (lambda: pdf_of(0), "no pages"),
    "a PDF of one page too many": (lambda: pdf_of(501), "too many"),
    "a PDF of ten thousand pages": (lambda: pdf_of(10_000), "too many"),
    "a TIFF of one page too many": (lambda: tiff_of(501), "too many"),
    "a TIFF of a million pages": (lambda: tiff_of(20_000), "too many"),
    "noise that begins as a TIFF": (lambda: b"II*\0" + bytes(40), "broken"),
    "an empty ZIP": (lambda: zipped(), "no pages"),
    "a ZIP that broke off": (lambda: zipped(("a.png", GOOD))[:-10], "broken"),
    "a ZIP of too many files": (lambda: zipped(*((f"{n}.png", GOOD) for n in range(501))), "too many"),
    "too many pages all together": (lambda: zipped(("a.pdf", pdf_of(300)), ("b.pdf", pdf_of(300))), "too many"),
    "a ZIP of a million files": (hostile.zip_of_a_million, "too many"),
    "a PDF that is a ZIP as well": (lambda: pdf() + zipped(("a.png", GOOD)), "two kinds"),
    "a JPEG that is a ZIP as well": (lambda: JPEG + zipped(("a.png", GOOD)), "two kinds"),
}

# Each a file in one ZIP, with what becomes of its pages; every other one of them is a good page.
PAGES_OF = {
    "a page of five metres.pdf": (lambda: pdf(size=(14_400, 14_400)), ["large"]),
    "gigabytes.png": (hostile.png_bomb, ["large"]),
    "a note of megabytes.png": (hostile.png_of_words, ["broken"]),
    "more memory than a page may take.png": (hostile.heavy_png, ["heavy"]),
    "a picture of gigabytes on a page.pdf": (hostile.bomb_in_pdf, ["large"]),
    "broke off.png": (lambda: GOOD[:-40], ["broken"]),
    "broke off.jpg": (lambda: JPEG[:len(JPEG) // 2], ["broken"]),
    "broke off.tif": (lambda: tiff_of(3)[:-60], ["no code", "no code", "broken"]),
    "pages.tif": (lambda: as_file([inked()] * 2, "TIFF"), ["no code"] * 2),
    "pages.pdf": (lambda: pdf(3), ["no code"] * 3),
    "a zip.zip": (lambda: zipped(("b.png", GOOD)), ["nested"]),
    "zeros.tif": (lambda: bytes(61_000_000), ["strange"]),
    "bomb.pdf": (lambda: pdf() + bytes(61_000_000), ["bomb"]),
    "locked.pdf": (lambda: pdf(password="x"), ["locked"]),
    "no pages.pdf": (lambda: pdf_of(0), ["no pages"]),
    "notes.txt": (lambda: b"notes", ["strange"]),
    "nothing.png": (lambda: b"", ["empty"]),
    "a PNG by another name.pdf": (lambda: GOOD, ["no code"]),
    "../../etc/passwd": (lambda: GOOD, ["no code"]),
    "/etc/passwd": (lambda: GOOD, ["no code"]),
    "bell\x07 and \u202eback.png": (lambda: GOOD, ["no code"]),
    "__MACOSX/._page.png": (lambda: b"left out", []),
    ".DS_Store": (lambda: b"left out", []),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_is_refused_by_name(name: str) -> None:
    made, outcome = FILES[name]
    with pytest.raises(Refused) as refused:
        open_file(io.BytesIO(made()))
    assert (refused.value.outcome, outcome in REFUSED) == (outcome, True)


@pytest.mark.parametrize(("made", "outcomes"), [
    (lambda: hostile.zip_that_lies(pdf() + bytes(2_000_000)), ["broken"]), (hostile.locked_zip, ["locked"]),
])
def test_a_zip_that_is_not_what_it_says_is_a_page_that_cannot_be_read(made: Callable[[], bytes], outcomes: list[str]) -> None:
    assert read(made()) == ("", outcomes)


def test_a_page_that_cannot_be_read_spoils_only_itself() -> None:
    members = [((name, made()), outcomes) for name, (made, outcomes) in PAGES_OF.items()]
    mixed = [one for at, member in enumerate(members) for one in (member, ((f"good {at}.png", GOOD), ["no code"]))]
    told, pages = read(zipped(*(member for member, _ in mixed)))
    assert (told, pages) == ("", [outcome for _, outcomes in mixed for outcome in outcomes])
    assert {outcome for outcome in pages if outcome != "blank"} <= {*REFUSED, *PAGES}


def test_what_is_refused_as_a_whole_is_refused_by_the_child_process_too() -> None:
    assert read(pdf(password="secret")) == ("locked", [])


def read(content: bytes) -> tuple[str, list[str]]:
    """Returns a file's outcome, empty where it has pages, and each page's, as the child process has them."""
    told, pages = "", []
    with tempfile.TemporaryFile() as file:
        file.write(content)
        for one in read_file(file, 0, "little-town", LAYOUT):
            if isinstance(one, FileRead):
                told = one.refused
            else:
                pages.append(one.refused or ("blank" if one.blank else "codes" if one.texts else "no code"))
    return told, pages
