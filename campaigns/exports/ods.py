"""OpenDocument's spreadsheets (ISO/IEC 26300), written row by row so that any number of them takes no more memory than a few.

Texts stand in their cells as texts, in the format for text: no cell holds a formula, nor becomes one when it is edited.
"""

import re
from collections.abc import Iterable
from typing import IO, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from campaigns.exports.columns import Value
from campaigns.exports.sheets import Sheet, cell_text, cut_to_sheets, escaper

MIME = "application/vnd.oasis.opendocument.spreadsheet"
TOGETHER = 500
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
NAMED = " ".join(f'xmlns:{short}="{OASIS}:{name}:1.0"' for short, name in (
    ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("number", "datastyle"),
    ("fo", "xsl-fo-compatible"),
))
LETTER_CM = 0.21
MANIFEST = (
    f'{HEAD}<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="{MIME}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
CELLS = (
    '<number:text-style style:name="as-text"><number:text-content/></number:text-style>'
    '<number:date-style style:name="as-date"><number:year number:style="long"/><number:text>-</number:text>'
    '<number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/></number:date-style>'
    '<style:style style:name="text" style:family="table-cell" style:data-style-name="as-text"/>'
    '<style:style style:name="date" style:family="table-cell" style:data-style-name="as-date"/>'
    '<style:style style:name="heading" style:family="table-cell" style:data-style-name="as-text">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
)
# Spaces at either end and beside one another are dropped by whoever reads the file, unless they are written as what they are.
_SPACES = re.compile("^ +| +$|(?<= ) +|\t")
_escaped = escaper()


def write_ods(out: BinaryIO, sheets: Iterable[Sheet]) -> None:
    """Writes a spreadsheet; the sheets' rows are drawn as they are written."""
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=4) as package:
        package.writestr("mimetype", MIME, ZIP_STORED)
        package.writestr("META-INF/manifest.xml", MANIFEST)
        with package.open("content.xml", "w", force_zip64=True) as part:
            part.write(f'{HEAD}<office:document-content {NAMED} office:version="1.2"><office:automatic-styles>{CELLS}'.encode())
            part.write(f"{_widths()}</office:automatic-styles><office:body><office:spreadsheet>".encode())
            for sheet in cut_to_sheets(sheets):
                _write_sheet(part, sheet)
            part.write(b"</office:spreadsheet></office:body></office:document-content>")


def _widths() -> str:
    return "".join(
        f'<style:style style:name="wide{wide}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{wide * LETTER_CM:.1f}cm"/></style:style>' for wide in range(1, 100)
    )


def _write_sheet(part: IO[bytes], sheet: Sheet) -> None:
    columns = "".join(f'<table:table-column table:style-name="wide{wide}"/>' for wide in sheet.widths)
    names = "".join(_text(name, "heading") for name, _ in sheet.columns)
    part.write(f'<table:table table:name="{_escaped(sheet.name)}">{columns}<table:table-header-rows><table:table-row>'.encode())
    part.write(f"{names}</table:table-row></table:table-header-rows>".encode())
    kinds = [kind for _, kind in sheet.columns]
    some: list[str] = []
    for row in sheet.rows:
        some.append(f"<table:table-row>{''.join(map(_cell, row, kinds))}</table:table-row>")
        if len(some) == TOGETHER:
            part.write("".join(some).encode())
            some.clear()
    part.write(f"{''.join(some)}</table:table>".encode())


def _cell(value: Value, kind: str) -> str:
    if value == "":
        return "<table:table-cell/>"
    if not isinstance(value, str):
        return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
    if kind == "date":
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{value}" table:style-name="date">'
            f"<text:p>{value}</text:p></table:table-cell>"
        )
    return _text(value, "text")


def _text(text: str, style: str) -> str:
    kept = _escaped(cell_text(text))
    if "\t" in kept or "  " in kept or kept[:1] == " " or kept[-1:] == " " or "\n" in kept:
        kept = "</text:p><text:p>".join(_SPACES.sub(_spelt, line) for line in kept.split("\n"))
    return f'<table:table-cell office:value-type="string" table:style-name="{style}"><text:p>{kept}</text:p></table:table-cell>'


def _spelt(spaces: re.Match[str]) -> str:
    return "<text:tab/>" if spaces[0] == "\t" else f'<text:s text:c="{len(spaces[0])}"/>'
