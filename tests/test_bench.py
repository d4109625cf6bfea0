"""The benchmarks, in little: that they run, say what they measured, and reckon right. How fast, they tell by themselves."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench import driving, words
from tests.bench.figures import Bench, Figure, Result, number, percentile, time_fsync
from tests.bench.filling import fill
from tests.bench.site import site
from tests.bench.table import as_json, as_table
from tests.bench.visitor import shape

RATIO = Figure("things", "/s", "nothing", 2, "ratio")
TIME = Figure("a wait", "ms", "", 100, less=True)
SPEED = Figure("a speed", "/s", "", 100)
TIMES_BETTER = Figure("a wait beside another", "ms", "another", 2, "ratio", less=True)


@pytest.mark.parametrize(("figure", "ours", "baseline", "ratio", "reached"), [
    (RATIO, [20, 30, 100], [10, 10, 10], 3, True),
    (RATIO, [10, 20, 15], [10, 20, 10], 1, False),
    (TIME, [90, 100, 500], [], None, True),
    (TIME, [101, 101, 1], [50, 50, 50], 50 / 101, False),
    (SPEED, [100], [], None, True),
    (SPEED, [99.9], [1], 99.9, False),
    (TIMES_BETTER, [10], [30], 3, True),
])
def test_a_figure_is_held_to_its_target(
    figure: Figure, ours: list[float], baseline: list[float], ratio: float | None, reached: bool,
) -> None:
    result = Result(figure, ours, baseline)
    assert result.ratio == (None if ratio is None else pytest.approx(ratio))
    assert result.reached is reached


@pytest.mark.parametrize(("value", "said"), [
    (None, "-"), (float("nan"), "-"), (0.1234, "0.123"), (12.34, "12.3"), (999.4, "999"), (1234.5, "1,234"), (0, "0"),
])
def test_a_number_in_the_table(value: float | None, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize(("percent", "value"), [(0, 1), (50, 51), (99, 100), (100, 100)])
def test_percentile(percent: float, value: float) -> None:
    assert percentile(range(1, 101), percent) == value


def test_the_table_says_what_was_not_reached_and_why() -> None:
    said = as_table([Result(RATIO, [1.0], [1.0], [0.5], ["bounded by the disk"]), Result(TIME, [50.0])])
    assert "NO" in said
    assert "bounded by the disk" in said
    assert "against nothing" in said


def test_the_json_holds_every_round() -> None:
    kept = json.loads(as_json([Result(RATIO, [4.0, 6.0], [2.0, 2.0], [0.5, 0.7])], "bin/bench things"))
    assert kept["figures"][0]["rounds"] == [4.0, 6.0]
    assert kept["figures"][0]["ratio"] == 2.5
    assert kept["figures"][0]["fdatasync_ms"] == {"p50": 0.7, "p99": 0.7}
    assert kept["machine"]["processors"]


def test_the_disk_is_timed(tmp_path: Path) -> None:
    assert all(took > 0 for took in time_fsync(tmp_path, 3))
    assert list(tmp_path.iterdir()) == []


def test_wishes_have_forty_letters_each() -> None:
    assert {len(wish) for wish in words.of_forty_letters(100)} == {40}


@pytest.mark.parametrize(("one", "other", "alike"), [
    ("/a/wishes/12/1", "/a/wishes/7/3", True), ("/a?ward=x&page=2", "/a?page=9&ward=y", True), ("/a", "/a?ward=x", False),
    ("/a/receipt/ABCD-EFGH-JKLM-N", "/a/receipt/2345-6789-ABCD-E", True),
])
def test_pages_of_one_shape(one: str, other: str, alike: bool) -> None:
    assert (shape(one) == shape(other)) is alike


@pytest.fixture
def answering() -> Iterator[int]:
    """Gives the port of a peer that answers every request at once."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=driving.answer_all, args=(door,), daemon=True).start()
        yield door.getsockname()[1]


def test_the_generator_sends_flat_out(answering: int) -> None:
    answered = driving.send(answering, 0.2, 4)
    assert answered.taken > 4
    assert len(answered.waits) == answered.taken
    assert answered.statuses["no answer"] == 0


def test_the_generator_keeps_to_a_rate(answering: int) -> None:
    answered = driving.send(answering, 0.5, 4, rate=40)
    assert answered.taken in (20, 21)


def test_a_filled_folder_is_coded_counted_and_not_filled_twice(tmp_path: Path, model_folder: Path) -> None:
    told: list[str] = []
    little = Bench(tmp_path, model_folder, tmp_path / "filled", quick=True, tell=told.append)
    with site(little.filled, model_folder) as here:
        assert fill(here, 30, little) == 30
        assert fill(here, 30, little) == 30
        here.counted()
        here.coded()
    assert any("standing" in said for said in told)


def test_a_figure_is_measured_and_kept(tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model").symlink_to(model_folder)
    bench.main(["--quick", "--folder", str(tmp_path), "--json", str(tmp_path / "figures.json"), "tallying", "coding", "million"])
    kept = json.loads((tmp_path / "figures.json").read_text())
    assert [figure["name"] for figure in kept["figures"]][:1] == ["tallying in a catch-up"]
    assert all(figure["median"] > 0 and figure["baseline"]["median"] > 0 for figure in kept["figures"])
    assert "tallying in a catch-up" in capsys.readouterr().out


def test_a_figure_that_is_not_known_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["--folder", str(tmp_path), "guesswork"])
    assert "accepts" in capsys.readouterr().err
