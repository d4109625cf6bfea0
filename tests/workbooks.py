"""Reading workbooks back as the programs that open them do, for tests: the sheets of an XLSX or ODS, cell by cell."""

import re
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

CODED = re.compile("_x([0-9A-Fa-f]{4})_")
Sheets = dict[str, list[list[str]]]


def read_workbook(path: Path) -> Sheets:
    """Returns the texts of every sheet; refuses a file in which any cell holds a formula or leads elsewhere."""
    with ZipFile(path) as package:
        assert package.testzip() is None
        parts = {name: package.read(name) for name in package.namelist()}
    for name, part in parts.items():
        for formula in (b"<f>", b"<f ", b"table:formula", b"externalLink", b"hyperlink", b"xlink:href", b"oleObject"):
            assert formula not in part, (name, formula)
    return _ods(parts) if path.suffix == ".ods" else _xlsx(parts)


def _local(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2]


def _named(node: ElementTree.Element, name: str) -> str:
    return next((value for key, value in node.attrib.items() if key.rpartition("}")[2] == name), "")


def _xlsx(parts: dict[str, bytes]) -> Sheets:
    listed = ElementTree.fromstring(parts["xl/workbook.xml"])
    names = [_named(node, "name") for node in listed.iter() if _local(node) == "sheet"]
    found: Sheets = {}
    for place, name in enumerate(names, 1):
        sheet = ElementTree.fromstring(parts[f"xl/worksheets/sheet{place}.xml"])
        rows = [row for row in sheet.iter() if _local(row) == "row"]
        found[name] = [[CODED.sub(lambda one: chr(int(one[1], 16)), "".join(cell.itertext())) for cell in row] for row in rows]
    return found


def _ods(parts: dict[str, bytes]) -> Sheets:
    content = ElementTree.fromstring(parts["content.xml"])
    return {
        _named(table, "name"): [
            ["\n".join(map(_paragraph, cell)) for cell in row] for row in table.iter() if _local(row) == "table-row"
        ]
        for table in content.iter() if _local(table) == "table"
    }


def _paragraph(node: ElementTree.Element) -> str:
    """Returns a paragraph as it is shown: spaces beside one another are one, unless they are written as what they are."""
    text = re.sub(" +", " ", node.text or "")
    for inner in node:
        text += "\t" if _local(inner) == "tab" else " " * int(_named(inner, "c") or 1)
        text += re.sub(" +", " ", inner.tail or "")
    return text
