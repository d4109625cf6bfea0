"""The styles of a Word draft: a few, named as an officer would look for them, with the campaign's colours."""

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from campaigns.definition import Look
from campaigns.drafts.word_pieces import AFTER_BORDERS

FONT = "Arial"
# name: the style it follows on from, size in points, space before and after.
PARAGRAPHS = {
    "Body Text": ("Normal", 11, 0, 6), "List Bullet": ("Normal", 11, 0, 4), "Caption": ("Normal", 10, 12, 4),
    "Quote": ("Normal", 11, 8, 0), "Quote Source": ("Normal", 9.5, 0, 10), "Banner": ("Normal", 11, 6, 10),
    "Box Heading": ("Normal", 12, 8, 4), "To Complete": ("Normal", 11, 4, 8), "To Complete Cell": ("Normal", 9.5, 2, 2),
    "Table Text": ("Normal", 9.5, 2, 2), "Table Number": ("Normal", 9.5, 2, 2), "Table Note": ("Normal", 9, 4, 10),
    "Contents Line": ("Normal", 11, 0, 3), "Contents Heading": ("Normal", 12, 14, 4),
}
MUTED = ("Subtitle", "Quote Source", "Table Note")
TO_COMPLETE = "FFF4CE"  # a wash under what is still to be written


def dress(document: Document, look: Look, language: str, wide: bool) -> None:
    """Gives a new document its page, fonts, colours and styles."""
    _page(document, wide)
    _speak(document, language)
    leaf, ink, muted = (RGBColor.from_string(colour.lstrip("#").upper()) for colour in (look.leaf, look.ink, look.muted))
    close = 0.55 if wide else 1.0  # what must stand on one page stands closer together
    normal = _paragraph_style(document, "Normal")
    _font(normal, 11)
    normal.font.color.rgb = ink
    normal.paragraph_format.line_spacing = 1.15
    for name, (base, size, before, after) in PARAGRAPHS.items():
        style = _paragraph_style(document, name)
        style.base_style = document.styles[base]
        _font(style, size)
        style.font.italic = style.font.bold = False
        style.font.color.rgb = muted if name in MUTED else ink
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before * close), Pt(after * close)
        style.quick_style = True
    for name, size, before, after in (
        ("Title", 26, 0, 4), ("Subtitle", 10.5, 0, 14),
        ("Heading 1", 17, 24, 8), ("Heading 2", 13.5, 18, 6), ("Heading 3", 11.5, 12, 4),
    ):
        smaller = 0.75 if wide and size > 12 else 1
        _heading(document, name, size * smaller, (before * close, after * close), muted if name == "Subtitle" else leaf)
    _special(document, look)
    _trace(document, leaf)
    _table_style(document, look)


def _page(document: Document, wide: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = (Cm(29.7), Cm(21)) if wide else (Cm(21), Cm(29.7))
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Cm(1.8 if wide else 2.3)
    section.top_margin = section.bottom_margin = Cm(1.6 if wide else 2.3)


def _speak(document: Document, language: str) -> None:
    """Says which language the document is in, in the defaults that every style inherits."""
    found = document.styles.element.find(f".//{qn('w:lang')}")
    if found is not None:
        found.set(qn("w:val"), language)


def _paragraph_style(document: Document, name: str) -> ParagraphStyle:
    if name not in [style.name for style in document.styles]:
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    return style


def _font(style: ParagraphStyle, size: float) -> None:
    style.font.name, style.font.size = FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), FONT)


def _heading(document: Document, name: str, size: float, around: tuple[float, float], colour: RGBColor) -> None:
    style = _paragraph_style(document, name)
    _font(style, size)
    style.font.bold, style.font.italic = name != "Subtitle", False
    for spread in style.element.get_or_add_rPr().findall(qn("w:spacing")):
        style.element.get_or_add_rPr().remove(spread)
    style.font.color.rgb = colour
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(around[0]), Pt(around[1])
    style.paragraph_format.keep_with_next = True
    style.paragraph_format.line_spacing = 1.1
    borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:  # the line that Word's own title has under it
        style.element.get_or_add_pPr().remove(borders)


def _special(document: Document, look: Look) -> None:
    styles = {name: _paragraph_style(document, name) for name in PARAGRAPHS}
    for name in ("Caption", "Box Heading", "Contents Heading", "Banner"):
        styles[name].font.bold = True
        styles[name].paragraph_format.keep_with_next = name != "Banner"
    styles["Banner"].font.color.rgb = RGBColor.from_string(look.red.lstrip("#").upper())
    styles["Table Number"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for name in ("Quote", "Quote Source"):
        styles[name].paragraph_format.left_indent = Cm(0.6)
        _insert(styles[name].element.get_or_add_pPr(), _border("left", 18, look.leaf.lstrip("#"), 8))
    for name in ("To Complete", "To Complete Cell"):
        _insert(styles[name].element.get_or_add_pPr(), parse_xml(
            f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{TO_COMPLETE}"/>'
        ))
    for name in ("Table Text", "Table Number", "To Complete Cell"):
        styles[name].paragraph_format.line_spacing = 1.0


def _border(side: str, size: int, colour: str, space: int) -> BaseOxmlElement:
    return parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour.upper()}"/></w:pBdr>'
    )


def _insert(properties: BaseOxmlElement, element: BaseOxmlElement) -> None:
    """Puts a border or a shade where Word's order of elements wants it: before spacing, indents and what follows them."""
    properties.insert_element_before(element, *(AFTER_BORDERS[1:] if element.tag == qn("w:shd") else AFTER_BORDERS))


def _trace(document: Document, colour: RGBColor) -> None:
    for name in ("Trace", "Hyperlink"):
        style = document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
        style.font.color.rgb = colour
        style.font.underline = name == "Hyperlink"
        if name == "Trace":
            style.font.size = Pt(8)


def _table_style(document: Document, look: Look) -> None:
    """A table of one's own style: a heavy line under the header, hair lines between rows, a line above the total."""
    ink = look.ink.lstrip("#").upper()
    line = 'w:val="single" w:sz="{}" w:space="0" w:color="{}"'
    hair, heavy = line.format(4, "D9D6CA"), line.format(12, ink)
    document.styles.element.append(parse_xml(
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="Figures"><w:name w:val="Figures"/>'
        '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:qFormat/>'
        f'<w:tblPr><w:tblBorders><w:bottom {hair}/><w:insideH {hair}/></w:tblBorders>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders><w:bottom {heavy}/></w:tcBorders>'
        '<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
        f'<w:tblStylePr w:type="lastRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders><w:top {heavy}/></w:tcBorders></w:tcPr>'
        '</w:tblStylePr></w:style>'
    ))
