"""Mistakes in a campaign file: each with the line it stands on, and what to do about it."""

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

_HEAD = re.compile(r"^\s*\[\[?\s*([\w.\"-]+)\s*\]\]?\s*(#.*)?$")
_QUOTED = re.compile(r"(?<!\w)('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")
_TWICE = re.compile(r"\b(twice|more than once)\b")


def _list_of(kind: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(isinstance(one, kind) for one in value)


# What a setting may be: how to say it, and whether a value is one.
SHAPES: dict[Any, tuple[str, Callable[[object], bool]]] = {
    str: ("a text in quotation marks", lambda value: isinstance(value, str)),
    int: ("a whole number, without quotation marks", lambda value: type(value) is int),
    bool: ("true or false, without quotation marks", lambda value: isinstance(value, bool)),
    date: ("a day, without quotation marks: 2010-07-12", lambda value: type(value) is date),
    tuple[str, ...]: ('a list of texts: ["...", "..."]', _list_of(str)),
    dict: ("a table: begin it with its name in [ ]", lambda value: isinstance(value, dict)),
    list: ("a list of tables: begin each with its name in [[ ]]", _list_of(dict)),
    object: ("", lambda value: True),
}


class Mistakes:
    """Collects every mistake in a file, so that its author hears of all of them at once."""

    def __init__(self, text: str) -> None:
        self._file = text.splitlines()
        self._heads = [(i, found.group(1)) for i, line in enumerate(self._file) if (found := _HEAD.match(line))]
        self.lines: list[str] = []

    def add(self, path: str, remedy: str, nth: int = 0) -> None:
        """Notes a mistake in a setting, by its table and name; ``nth`` of the tables of that name."""
        self.lines.append(f"Line {self._line_of(path, nth)}: {remedy}")

    def add_quoting(self, remedy: str, table: str) -> None:
        """Notes a mistake where the file says what the remedy quotes, or else at the first such table."""
        for text in _quoted(remedy):
            found = [i for i, line in enumerate(self._file, 1) if text in line]
            if found:
                self.lines.append(f"Line {found[-1] if _TWICE.search(remedy) else found[0]}: {remedy}")
                return
        self.add(f"{table}.", remedy)

    def shaped(self, values: Mapping[str, Any], shapes: Mapping[str, Any], where: str = "", nth: int = 0) -> dict[str, Any]:
        """Returns the settings that are what they should be, and notes the others and those that mean nothing."""
        kept = {}
        for name, value in values.items():
            path, said = (f"{where}.{name}", f"[{where}] {name}") if where else (name, name)
            if name not in shapes:
                self.add(path, f"{said} means nothing here. Use {', '.join(shapes)}.", nth)
            elif not SHAPES[shapes[name]][1](value):
                self.add(path, f"{said} must be {SHAPES[shapes[name]][0]}.", nth)
            else:
                kept[name] = value
        return kept

    def _line_of(self, path: str, nth: int) -> int:
        table, _, name = path.rpartition(".")
        start, end = self._section(table, nth)
        for i in range(start, end):
            if name and re.match(rf"\s*{re.escape(name)}\s*=", self._file[i]):
                return i + 1
        return start + 1

    def _section(self, table: str, nth: int) -> tuple[int, int]:
        """Returns where a table begins and where the next one does."""
        starts = [i for i, head in self._heads if head == table] if table else [0]
        start = starts[min(nth, len(starts) - 1)] if starts else 0
        return start, next((i for i, _ in self._heads if i > start), len(self._file))


def shapes_of(kind: type[Any]) -> dict[str, Any]:
    """Returns what each setting of a dataclass may be, by its name."""
    return {field.name: field.type for field in fields(kind)}


def repeated(names: Iterable[str]) -> list[tuple[int, str]]:
    """Returns the place and the name of each one that stood before."""
    seen: set[str] = set()
    found = []
    for place, name in enumerate(names):
        if name in seen:
            found.append((place, name))
        seen.add(name)
    return found


def _quoted(remedy: str) -> list[str]:
    """Returns what a remedy quotes first, in the ways the file may write it, the likeliest first."""
    found = _QUOTED.search(remedy)
    text = str(ast.literal_eval(found.group())) if found else ""
    return [f'id = "{text}"'] * remedy.startswith(("The id", "Theme", "Code")) + [f'"{text}"', text] if text else []
