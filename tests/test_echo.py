"""What the terminal shows of the logs."""

import os
import threading
from pathlib import Path

import pytest

from workers.echo import MOST_LINES, Echo, shorten


@pytest.mark.parametrize(("lines", "shown"), [
    ([], []),
    (["Listening"], ["web      | Listening"]),
    (["", "  ", "one"], ["web      | one"]),
    (["a" * 100], [f"web      | {'a' * 48}…"]),
    (["bell\x07 and \x1b[31mred"], ["web      | bell  and  [31mred"]),
    (['{"event": "a job broke", "pid": 7, "failure": "KeyError", "trail": []}'], ["web      | a job broke failure=KeyError"]),
    (['{"event": "request", "status": 200}', '{"event": "job done"}'], []),
    (['{"event": "Started", "level": "info", "library": "_granian"}'], []),
    (['{"event": "Lost", "level": "error", "library": "_granian"}'], ["web      | Lost"]),
    (['{"event": "request", "status": 500}'], ["web      | request status=500"]),
    (['{"no": "event"}', "[1]"], ['web      | {"no": "event"}', "web      | [1]"]),
    (["Żółw 🐢"], ["web      | Żółw 🐢"]),
    ([f"line {n}" for n in range(MOST_LINES)], [f"web      | line {n}" for n in range(MOST_LINES)]),
    (
        [f"line {n}" for n in range(1000)],
        [*(f"web      | line {n}" for n in range(MOST_LINES - 1)), f"web      | ... {1001 - MOST_LINES} more lines in web.log"],
    ),
])
def test_lines_are_labelled_cut_and_never_a_flood(lines: list[str], shown: list[str]) -> None:
    assert shorten("web", lines, width=60) == shown


def test_only_what_is_new_and_whole_is_shown(tmp_path: Path) -> None:
    web = tmp_path / "web.log"
    web.write_text("yesterday\n")
    reading, writing = os.pipe()
    echo = Echo(tmp_path, writing)
    for added in ("one\ntw", "o\n", ""):
        with web.open("a") as log:
            log.write(added)
        (tmp_path / "redis.log").write_text("the server's own affairs\n")
        echo.copy()
    web.write_text("anew\n")
    echo.copy()
    os.close(writing)
    with os.fdopen(reading) as said:
        assert said.read().splitlines() == ["web      | one", "web      | two", "web      | anew"]


def test_a_terminal_that_is_gone_ends_it_in_silence(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    echo = Echo(tmp_path, writing)
    (tmp_path / "web.log").write_text("hello\n")
    os.close(reading)
    echo.start()
    echo.join(10)
    os.close(writing)
    assert echo not in threading.enumerate()
