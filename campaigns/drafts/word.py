"""A draft as a Word document that an officer goes on editing: real styles, captions, repeated headers, bookmarks and links."""

import io
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as WordDocument
from docx.shared import Cm, Length
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph

from campaigns.drafts.document import Blank, Boxed, Bullets, Cell, Days, Draft, Grid, Link, Part, Said, Section, Share, Text, Ways
from campaigns.drafts.pictures import days_picture, share_picture, ways_picture
from campaigns.drafts.prose import count, percent
from campaigns.drafts.shape import columns_of
from campaigns.drafts.tracing import anchor
from campaigns.drafts.ways import counted_ways
from campaigns.drafts.word_pieces import (
    add_bookmark,
    add_contents,
    add_link,
    add_picture,
    box_paragraph,
    clean,
    describe_table,
    number_pages,
    repeat_header,
    right_to_left,
    wear,
)
from campaigns.drafts.word_styles import dress

BAR = Cm(3.2)
BARRED = Cm(4.6)
FIXED = {"no": Cm(1.4), "count": Cm(2.1), "share": Cm(2.9), "ways": Cm(5.6), "short": Cm(1.9)}


def as_word(draft: Draft) -> bytes:
    """Returns a draft as the bytes of a .docx file."""
    document = Document()
    dress(document, draft.look, draft.language, draft.wide)
    _about(document, draft)
    writer = _Writer(document, draft)
    writer.write()
    number_pages(document, draft.banner and "Demonstration: everything here is made up")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _about(document: WordDocument, draft: Draft) -> None:
    about = document.core_properties
    about.title, about.author, about.language = clean(draft.title), clean(draft.author), draft.language
    about.subject, about.comments = draft.kind, clean(draft.byline)
    about.created = about.modified = datetime.fromtimestamp(draft.evidence.at_ms / 1000, UTC).replace(tzinfo=None)
    about.last_modified_by, about.keywords, about.category = "", f"event {draft.event}", "draft"


class _Writer:
    """Writes the parts of one draft into one document, top to bottom."""

    def __init__(self, document: WordDocument, draft: Draft) -> None:
        self.document, self.draft = document, draft
        section = document.sections[0]
        self.width = Length((section.page_width or Cm(21)) - (section.left_margin or 0) - (section.right_margin or 0))

    def write(self) -> None:
        """Writes the whole draft: title, banner, opening, contents, then its sections."""
        draft = self.draft
        self._paragraph(draft.title, "Title")
        self._paragraph(draft.byline, "Subtitle")
        if draft.banner:
            box_paragraph(self._paragraph(draft.banner, "Banner"), "B3261E")
        for part in draft.opening:
            self._part(part)
        if not draft.wide and len(draft.sections) > 2:
            self._paragraph("Contents", "Contents Heading")
            add_contents(self.document, [(1, one.heading, f"draft-{one.id}") for one in draft.sections])
        for section in draft.sections:
            self._section(section, 1)

    def _section(self, section: Section, level: int) -> None:
        heading = self._paragraph(section.heading, f"Heading {min(level, 3)}")
        heading.paragraph_format.page_break_before = section.new_page or None
        add_bookmark(heading, f"draft-{section.id}")
        for part in section.parts:
            self._part(part)
        for under in section.sections:
            self._section(under, level + 1)

    def _paragraph(self, words: str, style: str) -> Paragraph:
        return wear(self.document.add_paragraph(clean(words)), style)

    def _part(self, part: Part) -> list[Paragraph]:
        match part:
            case Text():
                return [self._text(part, "Body Text")]
            case Bullets():
                return [self._text(item, "List Bullet") for item in part.items]
            case Grid():
                self._grid(part)
            case Days():
                self._days(part)
            case Said():
                return self._said(part)
            case Boxed():
                return self._boxed(part)
            case Blank():
                return [self._blank(part)]
        return []

    def _text(self, text: Text, style: str) -> Paragraph:
        paragraph = self._paragraph("", style)
        if text.label:
            paragraph.add_run(clean(text.label)).bold = True
            paragraph.paragraph_format.keep_with_next = (text.label.endswith(":") and not text.words) or None
        behind = f"({text.behind})" if text.behind else ""
        said = " ".join(part for part in (text.words, behind) if part)
        if said:
            paragraph.add_run(clean(f" {said}" if text.label else said))
        self._trace(paragraph, text.trace)
        return paragraph

    def _trace(self, paragraph: Paragraph, number: str) -> None:
        if number:
            paragraph.add_run("\u00a0")
            add_link(paragraph, f"[{number}]", inside=anchor(number), style="Trace")

    def _said(self, said: Said) -> list[Paragraph]:
        quote, about = self._paragraph(said.words, "Quote"), self._paragraph(said.about, "Quote Source")
        right_to_left(quote, said.words)
        quote.paragraph_format.keep_with_next = True
        return [quote, about]

    def _boxed(self, boxed: Boxed) -> list[Paragraph]:
        """A box is its paragraphs with one border around them, which an officer may write on in, as in no table."""
        inside = [self._paragraph(boxed.label, "Box Heading")]
        for part in boxed.parts:
            inside += self._part(part)
        for paragraph in inside:
            box_paragraph(paragraph, self.draft.look.leaf.lstrip("#"))
        return inside

    def _blank(self, blank: Blank) -> Paragraph:
        paragraph = self._paragraph("", "To Complete")
        if blank.what:
            paragraph.add_run(f"{clean(blank.what)}: ").bold = True
        paragraph.add_run(clean(blank.words))
        return paragraph

    def _days(self, days: Days) -> None:
        self._paragraph(days.caption, "Caption").paragraph_format.keep_with_next = True
        paragraph = self._paragraph("", "Body Text")
        picture = days_picture(days, self.draft.look.leaf, self.draft.look.ink)
        add_picture(paragraph, picture, self.width, f"Columns, one a day. {days.caption}. The table below has the same counts.")

    def _grid(self, grid: Grid) -> None:
        self._paragraph(grid.caption, "Caption")
        rows = [grid.columns, *grid.rows, *([grid.total] if grid.total else [])]
        table = self.document.add_table(len(rows), len(grid.columns), "Figures")
        table.autofit = False
        widths = self._widths(grid)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        self._fill(table, grid, widths)
        repeat_header(table, bool(grid.total))
        describe_table(table, grid.caption, f"{len(grid.rows)} rows; columns: {', '.join(grid.columns)}.")
        after = self._paragraph(grid.note, "Table Note")
        after.paragraph_format.keep_with_next = None

    def _fill(self, table: WordTable, grid: Grid, widths: list[Length]) -> None:
        rows = table.rows
        numbered = [shape.right for shape in columns_of(grid)]
        for column, (heading, slot) in enumerate(zip(grid.columns, rows[0].cells, strict=True)):
            wear(slot.paragraphs[0], "Table Number" if numbered[column] else "Table Text")
            slot.paragraphs[0].add_run(clean(heading)).bold = True
        for place, cells in enumerate([*grid.rows, *([grid.total] if grid.total else [])]):
            slots = rows[place + 1].cells
            for column, (cell, slot) in enumerate(zip(cells, slots, strict=True)):
                # The bar of a total is as long as the whole, and says nothing.
                self._cell(slot.paragraphs[0], cell, widths[column] if place < len(grid.rows) else Length(0), numbered[column])
                if place == len(grid.rows):
                    _embolden(slot.paragraphs[0])
            if place < len(grid.traces):
                self._trace(slots[0].paragraphs[0], grid.traces[place])
            if place < len(grid.anchors):
                add_bookmark(slots[0].paragraphs[0], grid.anchors[place])

    def _cell(self, paragraph: Paragraph, cell: Cell, width: Length, right: bool) -> None:
        wear(paragraph, "Table Number" if right else "Table Text")
        match cell:
            case int():
                paragraph.add_run(count(cell))
            case Share():
                paragraph.add_run(f"{count(cell.part)} ({percent(cell.part, cell.whole)})")
                if width >= BARRED:
                    paragraph.add_run("  ")
                    add_picture(paragraph, share_picture(cell, self.draft.look.leaf), Cm(1.9))
            case Ways():
                said = counted_ways(dict(cell.asks), with_untold=True)
                if said:
                    add_picture(paragraph, ways_picture(cell, self.draft.look), BAR)
                    paragraph.add_run().add_break()
                paragraph.add_run(said or "–")
            case Link():
                add_link(paragraph, clean(cell.words), address=cell.address, style="Hyperlink")
            case Blank():
                paragraph.add_run(clean(cell.words))
                wear(paragraph, "To Complete Cell")
            case _:
                paragraph.add_run(clean(str(cell)))

    def _widths(self, grid: Grid) -> list[Length]:
        """Numbers get what they need; what is left is shared among the columns of words by what stands in them."""
        shapes = columns_of(grid)
        wanted = {**FIXED, "share": BARRED if len(shapes) < 4 else FIXED["share"]}
        free = self.width - sum(wanted.get(shape.kind, 0) for shape in shapes)
        weights = sum(shape.weight for shape in shapes) or 1
        return [Length(int(wanted.get(shape.kind, free * shape.weight / weights))) for shape in shapes]


def _embolden(paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        run.bold = True
