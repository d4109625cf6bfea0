"""Pieces of a Word document that python-docx has no call for: bookmarks, links, fields, alternative texts, borders."""

import io
import re
import unicodedata
from collections.abc import Sequence
from itertools import count as counting

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

# What XML cannot hold, whoever typed it.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"
# What follows a paragraph's borders, in the order that Word wants.
AFTER_BORDERS = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:bidi", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl",
)
_ids = counting(1)


def clean(words: str) -> str:
    """Returns anyone's words without what a Word document cannot hold."""
    return UNWRITABLE.sub("", words.replace("\u2028", "\n").replace("\u2029", "\n").replace("\r\n", "\n").replace("\r", "\n"))


def wear(paragraph: Paragraph, style: str) -> Paragraph:
    """Gives a paragraph a style and returns it: by its id, since python-docx looks through all styles for each name."""
    paragraph._p.style = style_id(style)
    return paragraph


def style_id(name: str) -> str:
    """Returns the id of a style as python-docx makes it of a name."""
    return name.replace(" ", "")


def add_bookmark(paragraph: Paragraph, name: str) -> None:
    """Gives a paragraph a name to which links lead; Word knows names of up to 40 letters."""
    number = str(next(_ids))
    start, end = _element("w:bookmarkStart", id=number, name=_bookmark(name)), _element("w:bookmarkEnd", id=number)
    at = 1 if paragraph._p.pPr is not None else 0
    paragraph._p.insert(at, start)
    paragraph._p.append(end)


def add_link(paragraph: Paragraph, words: str, style: str, address: str = "", inside: str = "") -> None:
    """Adds words that lead to an address, or to a bookmark of the same document."""
    link = OxmlElement("w:hyperlink")
    if inside:
        link.set(qn("w:anchor"), _bookmark(inside))
    elif address.startswith(("http://", "https://")):
        link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = Run(OxmlElement("w:r"), paragraph)
    run.text, run._r.style = words, style_id(style)
    if inside or address.startswith(("http://", "https://")):
        link.append(run._r)
        paragraph._p.append(link)
    else:  # no site is known to lead to
        paragraph._p.append(run._r)


def add_contents(document: Document, entries: Sequence[tuple[int, str, str]]) -> None:
    """Adds a table of contents that leads to its headings as it stands, and that Word brings up to date when asked (F9)."""
    paragraphs = [wear(document.add_paragraph(), "Contents Line") for _ in entries]
    for place, (paragraph, (_, words, bookmark)) in enumerate(zip(paragraphs, entries, strict=True)):
        if place == 0:
            _field(paragraph, "begin", ' TOC \\o "1-2" \\h \\z \\u ')
        add_link(paragraph, clean(words), inside=bookmark, style="Hyperlink")
    if paragraphs:
        _field_mark(paragraphs[-1], "end")


def number_pages(document: Document, head: str) -> None:
    """Puts the number of each page at its foot, and at its head what every page must say."""
    section = document.sections[0]
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for field, before in ((" PAGE ", ""), (" NUMPAGES ", " / ")):
        foot.add_run(before)
        _field(foot, "begin", field)
        foot.add_run("1")
        _field_mark(foot, "end")
    if head:
        section.header.paragraphs[0].text = head
        section.header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _field(paragraph: Paragraph, kind: str, instruction: str) -> None:
    _field_mark(paragraph, kind)
    run = paragraph.add_run()
    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = instruction
    run._r.append(text)
    _field_mark(paragraph, "separate")


def _field_mark(paragraph: Paragraph, kind: str) -> None:
    paragraph.add_run()._r.append(_element("w:fldChar", fldCharType=kind))


def add_picture(paragraph: Paragraph, picture: bytes, width: Length, says: str = "") -> None:
    """Adds a picture with what it says in words; one without words is decoration beside numbers that stand there."""
    shape = paragraph.add_run().add_picture(io.BytesIO(picture), width)
    about = shape._inline.docPr
    about.set("descr", clean(says))
    if not says:
        about.append(parse_xml(
            f'<a:extLst {nsdecls("a")}><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}">'
            f'<adec:decorative xmlns:adec="{DECORATIVE}" val="1"/></a:ext></a:extLst>'
        ))


def box_paragraph(paragraph: Paragraph, colour: str) -> None:
    """Draws a border around a paragraph; those beside each other with the same one share it."""
    side = f'w:val="single" w:sz="12" w:space="6" w:color="{colour.upper()}"'
    sides = "".join(f"<w:{name} {side}/>" for name in ("top", "left", "bottom", "right"))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        parse_xml(f'<w:pBdr {nsdecls("w")}>{sides}</w:pBdr>'),
        *AFTER_BORDERS,
    )


def repeat_header(table: Table, has_total: bool) -> None:
    """Has the first row stand again on each page, keeps rows whole, and says which rows are a header and a total."""
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in table.rows[:2]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    if look is not None:
        said = {"firstRow": "1", "lastRow": str(int(has_total)), "firstColumn": "0", "noVBand": "1", "noHBand": "1"}
        for name, value in said.items():
            look.set(qn(f"w:{name}"), value)
        look.set(qn("w:val"), f"{0x0600 | 0x0020 | 0x0040 * has_total:04X}")


def describe_table(table: Table, title: str, words: str) -> None:
    """Gives a table its alternative text."""
    table._tbl.tblPr.append(_element("w:tblCaption", val=clean(title)))
    table._tbl.tblPr.append(_element("w:tblDescription", val=clean(words)))


def right_to_left(paragraph: Paragraph, words: str) -> None:
    """Sets a paragraph from right to left where its first letter runs that way."""
    first = next((way for letter in words if (way := unicodedata.bidirectional(letter)) in ("L", "R", "AL")), "L")
    if first != "L":
        properties = paragraph._p.get_or_add_pPr()
        properties.insert_element_before(OxmlElement("w:bidi"), *AFTER_BORDERS[4:])
        for run in paragraph.runs:
            run.font.rtl = True


def _bookmark(name: str) -> str:
    return re.sub(r"\W", "_", name)[:40]


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
