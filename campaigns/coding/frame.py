"""The coding frame: themes, the codes under them, and example wishes for each code."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

ASKS = ("more", "keep", "mend", "less", "unclear")
OTHER, NONE = "other", "none"
ALONE = (OTHER, NONE)  # codes that stand alone, without a theme above them and without a second code
MOST_CODES = 3
FEWEST_EXAMPLES = 5  # a code: the tagger tries itself on a fifth of them at a time

_ID = re.compile(r"[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)?")


class FrameError(ValueError):
    """A frame with mistakes, each told in plain words with its remedy."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = list(mistakes)


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme, and the body that answers for it."""

    id: str
    name: str
    answers: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code with the words that say what falls under it."""

    id: str
    name: str
    definition: str
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A wish with its right codes, main one first, and its ask where that is known."""

    text: str
    codes: tuple[str, ...]
    ask: str | None = None


def theme_of(code: str) -> str:
    """Name the theme a code falls under; `other` and `none` are their own."""
    return code.partition(".")[0]


@dataclass(frozen=True)
class Frame:
    """Themes and codes in the order they are shown, and the example wishes the tagger learns from."""

    themes: tuple[Theme, ...]
    codes: tuple[Code, ...]
    examples: tuple[Example, ...]
    retired: tuple[Code, ...] = ()  # codes of earlier versions that are no longer given, so that older codings keep their names

    def theme_of(self, code: str) -> str:
        """Name the theme a code of this frame, or of an earlier version, falls under; KeyError for a code that is in none."""
        return theme_of(self.code(code).id)

    def code(self, code: str) -> Code:
        """Find a code by its id, a retired one too; KeyError where the frame has none such."""
        return self._codes[code]

    @cached_property
    def _codes(self) -> dict[str, Code]:
        return {code.id: code for code in (*self.retired, *self.codes)}

    @cached_property
    def names(self) -> dict[str, str]:
        """Tell what each code is called, in the frame's order; retired ones stand behind."""
        return {code.id: code.name for code in (*self.codes, *self.retired)}

    @cached_property
    def sha256(self) -> str:
        """Tell this frame from any other, by all that coding follows."""
        said = {name: part for name, part in asdict(self).items() if name != "retired"}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def example_mistakes(example: Example, frame: Frame) -> list[str]:
    """Tell what keeps a wish's codes and ask from fitting the frame, each with its remedy."""
    where = f"The example {example.text!r}"
    told = []
    if not 1 <= len(set(example.codes)) == len(example.codes) <= MOST_CODES:
        told.append(f"{where} has {len(example.codes)} codes. Give it 1 to {MOST_CODES}, each once.")
    told += [
        f"{where} has the code {code!r}, which is not in the frame. Mend it, or add it to [[frame.codes]]."
        for code in example.codes
        if all(code != known.id for known in frame.codes)
    ]
    if len(example.codes) > 1 and set(ALONE) & set(example.codes):
        told.append(f"{where} gives other or none a second code. They stand alone: keep one code.")
    if example.ask not in (*ASKS, None):
        told.append(f"{where} has the ask {example.ask!r}. Use one of {', '.join(ASKS)}, or leave it out.")
    return told


def read_frame(table: Mapping[str, Any]) -> Frame:
    """Read the `[frame]` table of a campaign file; FrameError with every mistake and its remedy."""
    reader = _Reader()
    frame = reader.frame(table)
    if reader.mistakes:
        raise FrameError(reader.mistakes)
    return frame


class _Reader:
    """Reads what it can and gathers mistakes, so that the author hears of all of them at once."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []

    def frame(self, table: Mapping[str, Any]) -> Frame:
        """Read the whole frame, then hold its parts against each other."""
        self.only(table, ("themes", "codes", "doubles"), "The frame")
        themes = tuple(self.theme(entry) for entry in self.tables(table, "themes"))
        entries = self.tables(table, "codes")
        codes = tuple(self.code(entry) for entry in entries)
        singles = [example for entry in entries for example in self.singles(entry)]
        doubles = [self.double(entry) for entry in self.tables(table, "doubles")]
        self.check_ids(themes, codes)
        frame = Frame(themes, codes, tuple(singles + doubles))
        self.check_examples(frame)
        return frame

    def theme(self, entry: Mapping[str, Any]) -> Theme:
        """Read one theme."""
        where = f"Theme {entry.get('id')!r}"
        self.only(entry, ("id", "name", "answers"), where)
        return Theme(*(self.text(entry, key, where) for key in ("id", "name", "answers")))

    def code(self, entry: Mapping[str, Any]) -> Code:
        """Read one code, without its examples."""
        where = f"Code {entry.get('id')!r}"
        self.only(entry, ("id", "name", "definition", "includes", "excludes", "examples"), where)
        id_, name, definition = (self.text(entry, key, where) for key in ("id", "name", "definition"))
        return Code(id_, name, definition, *(self.texts(entry, key, where) for key in ("includes", "excludes")))

    def singles(self, entry: Mapping[str, Any]) -> list[Example]:
        """Read the examples of one code, by ask."""
        where = f"The examples of code {entry.get('id')!r}"
        by_ask = entry.get("examples", {})
        if not isinstance(by_ask, Mapping):
            self.mistakes.append(f"{where} are not a table. Write [frame.codes.examples] with a list for each ask.")
            return []
        self.only(by_ask, ASKS, where)
        code = (str(entry.get("id")),)
        return [Example(text, code, ask) for ask in ASKS for text in self.texts(by_ask, ask, where)]

    def double(self, entry: Mapping[str, Any]) -> Example:
        """Read an example of more than one code."""
        where = f"The double {entry.get('text')!r}"
        self.only(entry, ("text", "codes", "ask"), where)
        return Example(self.text(entry, "text", where), self.texts(entry, "codes", where), entry.get("ask"))

    def tables(self, table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        """Read a list of tables."""
        entries = table.get(key, [])
        if isinstance(entries, list) and all(isinstance(entry, Mapping) for entry in entries):
            return entries
        self.mistakes.append(f"The frame's {key} are not tables. Begin each with [[frame.{key}]].")
        return []

    def only(self, table: Mapping[str, Any], known: Sequence[str], where: str) -> None:
        """Note each key that means nothing here."""
        self.mistakes += [
            f"{where} has {key!r}, which means nothing here. Use {', '.join(known)}."
            for key in table
            if key not in known
        ]

    def text(self, table: Mapping[str, Any], key: str, where: str) -> str:
        """Read a text that must be there."""
        value = table.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self.mistakes.append(f"{where} has no {key}. Write it in quotation marks.")
        return ""

    def texts(self, table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
        """Read a list of texts that may be left out."""
        values = table.get(key, [])
        if isinstance(values, list) and all(isinstance(value, str) for value in values):
            return tuple(values)
        self.mistakes.append(f"{where}: {key} is not a list of texts. Write {key} = [\"...\", \"...\"].")
        return ()

    def check_ids(self, themes: Sequence[Theme], codes: Sequence[Code]) -> None:
        """Note ids that are ill-made, given twice, without a theme, or missing."""
        ids = [id_ for id_ in [theme.id for theme in themes] + [code.id for code in codes] if id_]
        for id_ in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
            self.mistakes.append(f"The id {id_!r} stands more than once among themes and codes. Give each its own.")
        for id_ in (id_ for id_ in ids if not _ID.fullmatch(id_)):
            self.mistakes.append(f"The id {id_!r} will not do. Use small letters, as in growth.roads.")
        under = {theme_of(code.id) for code in codes} - {theme.id for theme in themes} - {*ALONE, ""}
        for theme in sorted(under):
            self.mistakes.append(f"There are codes under {theme!r} and no such theme. Add it to [[frame.themes]].")
        for id_ in sorted(set(ALONE) - set(ids)):
            self.mistakes.append(f"The code {id_!r} is missing. Add it: wishes that fit nowhere else need it.")

    def check_examples(self, frame: Frame) -> None:
        """Note examples that do not fit, stand twice, or are too few."""
        first: dict[str, Example] = {}
        for example in frame.examples:
            self.mistakes += example_mistakes(example, frame)
            text = " ".join(example.text.lower().split())
            if text in first:
                where = "|".join(first[text].codes), "|".join(example.codes)
                self.mistakes.append(f"The example {example.text!r} stands twice ({where[0]}, {where[1]}). Keep one.")
            first.setdefault(text, example)
        for code in frame.codes:
            count = sum(code.id in example.codes for example in frame.examples)
            if count < FEWEST_EXAMPLES:
                self.mistakes.append(f"Code {code.id!r} has {count} examples. Give it {FEWEST_EXAMPLES} or more.")
