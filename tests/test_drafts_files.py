"""Drafts as Word and as PDF: what is in the file is what is in the document, in real styles, tagged, with every link whole."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from campaigns.definition import Look
from campaigns.drafts.document import Blank, Boxed, Bullets, Days, Draft, Grid, Link, Part, Said, Section, Share, Text
from campaigns.drafts.evidence import Evidence, Seal, Standing, Taggers
from campaigns.drafts.pdf import as_pdf
from campaigns.drafts.word import as_word
from campaigns.drafts.word_pieces import clean
from tests.test_drafts_writers import GRID, HOSTILE, LINKS, TODAY

HOME = "https://wishes.example/officers/derby-2026/wishes?theme=safer"
FIGURES = Grid(
    "Figures up to event 9", ("No.", "What is counted", "Responses", "Where"),
    (("1", "About Safer", 3, Link("theme=safer", HOME)),), anchors=("figure-1",),
)
TRACED = replace(GRID, traces=("1", ""), total=("In all", Share(4, 4), 1204, ""))
WHOLE: tuple[Part, ...] = (
    Text("Most asked for trees.", "Safer:", "3 of 4", "1"), Bullets((Text("One"), Text("Two", trace="1"))), TRACED,
    Days("Responses on each day", TODAY, (3, 0, 7)), Said("More trees\nand ponds", "Abbey, by card"),
    Boxed("In short", (Text("Four responses."), Bullets((Text("and more"),))), "in-short"),
    Blank("Financial", "the Director of Finance"), FIGURES,
)


def draft(*parts: Part, banner: str = "", wide: bool = False) -> Draft:
    """Returns a draft with these parts in the first of its three sections."""
    evidence = Evidence(9, 1278000000000, "abc", Seal(), Standing(), Taggers(), {})
    under = Section("theme-safer", "Safer", (Text("Said."),), (Section("deep", "Deep", ()),), theme="safer")
    first = Section("asked-for", "What they asked for", parts, (under,))
    sections = (first, Section("two", "Two", new_page=True), Section("x", "X"))
    opening = (Text("Opening."),)
    return Draft("vision", "A vision", "Up to event 9", banner, opening, sections, evidence, "en-GB", Look(), "A body", wide)


def opened(made: Draft) -> WordDocument:
    return Document(io.BytesIO(as_word(made)))


def words_of(document: WordDocument) -> list[str]:
    """Returns what stands in each paragraph, links and all, tables' cells after the rest."""
    return ["".join(text.text or "" for text in one.iter(qn("w:t"))) for one in document.element.body.iter(qn("w:p"))]


def styles_of(document: WordDocument) -> dict[str, str]:
    return {paragraph.text: paragraph.style.name for paragraph in document.paragraphs if paragraph.style}


def test_word_has_real_styles_for_an_officer_to_edit() -> None:
    styles = styles_of(opened(draft(*WHOLE, banner="Demonstration. Made up.")))
    assert [styles[words] for words in ("A vision", "What they asked for", "Safer", "Deep", "Two")] == [
        "Title", "Heading 1", "Heading 2", "Heading 3", "Heading 1"]
    assert styles["Codes | and counts"] == "Caption" and styles["One"] == "List Bullet" and styles["and more"] == "List Bullet"
    assert styles["More trees\nand ponds"] == "Quote" and styles["In short"] == "Box Heading"
    assert styles["Financial: To be completed by the Director of Finance"] == "To Complete"
    assert styles["Demonstration. Made up."] == "Banner"


def test_word_tables_repeat_their_header_and_are_described() -> None:
    document = opened(draft(*WHOLE))
    for table in document.tables:
        heads = [row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert heads == [True] + [False] * (len(heads) - 1)
        described = {tag: table._tbl.tblPr.find(qn(tag)) for tag in ("w:tblCaption", "w:tblDescription")}
        assert all(found is not None and found.get(qn("w:val")) for found in described.values())
        assert table.style and table.style.name == "Figures"
    cells = [cell.text for cell in document.tables[0].rows[1].cells]
    assert cells == ["Parks\u00a0[1]", "3 (75%)", "1,204", "\n1,200 for more and 4 for less"]


def test_word_says_its_language_title_and_day() -> None:
    document = opened(draft(*WHOLE))
    about = document.core_properties
    assert (about.title, about.author, about.language, about.subject) == ("A vision", "A body", "en-GB", "vision")
    assert about.created and about.created.year == 2010
    assert {found.get(qn("w:val")) for found in document.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    foot = "".join(document.sections[0].footer.paragraphs[0].text.split())
    assert foot == "1/1" and document.sections[0].header.paragraphs[0].text == ""


def test_every_picture_in_word_is_described_or_decoration() -> None:
    body = opened(draft(*WHOLE)).element.body
    pictures = list(body.iter(qn("wp:docPr")))
    assert len(pictures) >= 2
    for picture in pictures:
        assert picture.get("descr") or "decorative" in str(list(picture.iter())[-1].tag)
    assert [picture.get("descr") for picture in pictures if picture.get("descr")] == [
        "Columns, one a day. Responses on each day. The table below has the same counts."]


def test_every_link_in_word_leads_somewhere() -> None:
    document = opened(draft(*WHOLE))
    names = {one.get(qn("w:name")) for one in document.element.body.iter(qn("w:bookmarkStart"))}
    links = list(document.element.body.iter(qn("w:hyperlink")))
    inside = [link.get(qn("w:anchor")) for link in links if link.get(qn("w:anchor"))]
    assert set(inside) <= names and {"figure_1", "draft_asked_for"} <= set(inside)
    targets = [document.part.rels[link.get(qn("r:id"))].target_ref for link in links if link.get(qn("r:id"))]
    assert targets == [HOME]


def test_a_wide_draft_lies_on_its_side_without_contents() -> None:
    document = opened(draft(*WHOLE, wide=True))
    section = document.sections[0]
    assert section.page_width and section.page_height and section.page_width > section.page_height
    assert "Contents" not in words_of(document)
    page = pypdfium2.PdfDocument(as_pdf(draft(Text("x"), wide=True)))[0]
    assert page.get_width() > page.get_height()


@pytest.mark.parametrize("words", [*HOSTILE, *LINKS, "bell\x07 null\x00 esc\x1b \ufffe", "one\r\ntwo\u2028three"])
def test_a_wish_is_words_in_word(words: str) -> None:
    plain, hostile = (opened(draft(Said(said, said), Text(said, said, said))) for said in ("plain", words))
    tags = [[element.tag for element in one.element.body.iter() if element.tag not in (qn("w:br"), qn("w:tab"), qn("w:bidi"),
             qn("w:rPr"), qn("w:rtl"), qn("w:t"))] for one in (plain, hostile)]
    assert tags[0] == tags[1]
    assert clean(words).replace("\n", "") in "".join(words_of(hostile))


@pytest.mark.parametrize("words", ["نئے پارک، مزید درخت", "עוד עצים"])
def test_what_runs_from_right_to_left_does_so_in_word(words: str) -> None:
    quote = next(one for one in opened(draft(Said(words, "Abbey"))).paragraphs if one.text == words)
    assert quote._p.pPr is not None and quote._p.pPr.find(qn("w:bidi")) is not None


def pages_of(made: Draft) -> str:
    document = pypdfium2.PdfDocument(as_pdf(made))
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_a_pdf_is_tagged_and_accessible() -> None:
    made = as_pdf(draft(*WHOLE, banner="Demonstration. Made up."))
    for mark in (b"/MarkInfo", b"/Marked true", b"/StructTreeRoot", b"(en-GB)", b"pdfuaid:part"):
        assert mark in made, mark
    document = pypdfium2.PdfDocument(made)
    assert document.get_metadata_dict()["Title"] == "A vision"
    assert [one.get_title() for one in document.get_toc()][:2] == ["What they asked for", "Safer"]


def test_a_pdf_holds_all_that_the_draft_says() -> None:
    said = " ".join(pages_of(draft(*WHOLE, banner="Demonstration. Made up.")).split())
    for words in (
        "Most asked for trees. (3 of 4) [1]", "1,200 for more and 4 for less", "75%", "More trees", "and ponds", "Abbey, by card",
        "Financial: To be completed by the Director of Finance", "About Safer", "Demonstration: everything here is made up",
    ):
        assert words in said, words


@pytest.mark.parametrize("words", [*HOSTILE, *LINKS, "#import \"x\"", "$x^2$", "*b* _i_ `c` @ref <label> #panic()", "bell\x07"])
def test_a_wish_is_words_in_a_pdf(words: str) -> None:
    said = re.sub(r"\s", "", pages_of(draft(Said(words, "Abbey"))))
    if all(ord(letter) < 0x250 for letter in words):
        assert re.sub(r"[\s\x07]", "", words) in said
    assert "Abbey" in said


def test_a_script_without_letters_here_is_not_claimed_to_be_shown() -> None:
    made = as_pdf(draft(Said("\U00013000\U000132b9", "Abbey")))
    assert b"/MarkInfo" in made and b"pdfuaid:part" not in made


def test_the_same_draft_gives_the_same_files() -> None:
    made = draft(*WHOLE)
    assert as_pdf(made) == as_pdf(made)
    first, second = (ZipFile(io.BytesIO(as_word(made))).read("docProps/core.xml") for _ in range(2))
    assert first == second


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_libreoffice_opens_the_word_file_and_makes_a_pdf_of_it(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(as_word(draft(*WHOLE, banner="Demonstration. Made up.")))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, path], check=True, timeout=120)
    said = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(tmp_path / "a.pdf"))
    assert "1,200 for more and 4 for less" in " ".join(said.split())
