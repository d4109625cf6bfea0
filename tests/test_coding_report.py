"""A tagger's codings are measured against people's, by hand-worked figures."""

import json

import pytest

from campaigns.coding.report import Expected, Report, as_dict, as_text, calibration_error, measure
from campaigns.coding.tagger import Coding

EXPECTED: list[Expected] = [
    ({"growth.roads"}, "mend"),
    ({"growth.roads", "safer.clean"}, "less"),
    ({"growth.jobs"}, None),
    ({"none"}, "unclear"),
]
CODINGS = [
    Coding(("growth.roads",), "mend", 0.9),
    Coding(("safer.clean",), "more", 0.8),
    Coding(("growth.roads", "safer.clean"), "more", 0.6),
    Coding(("none",), "unclear", 1.0),
]


@pytest.fixture
def report() -> Report:
    return measure(EXPECTED, CODINGS)


def test_f1_over_all_codes_is_of_mentions(report: Report) -> None:
    # 5 given by people, 5 by the tagger, 3 of them the same: roads, clean, none.
    assert report.code_micro == pytest.approx(2 * 3 / 10)


def test_f1_as_a_mean_of_codes_weighs_each_alike(report: Report) -> None:
    # roads 2*1/(2+2), clean 2*1/(1+2), jobs 0, none 1
    assert report.code_macro == pytest.approx((1 / 2 + 2 / 3 + 0 + 1) / 4)


def test_two_codes_of_a_theme_count_once_for_it(report: Report) -> None:
    growth = next(score for score in report.themes if score.id == "growth")
    assert (growth.support, growth.given, growth.agreed) == (3, 2, 2)
    assert report.theme_micro == pytest.approx(2 * (2 + 1 + 1) / (5 + 5))


def test_asks_are_measured_where_they_are_known(report: Report) -> None:
    assert report.asks == 3
    assert report.ask_right == pytest.approx(2 / 3)


def test_main_code_is_right_where_people_gave_it_at_all(report: Report) -> None:
    assert report.main_right == pytest.approx(3 / 4)


def test_every_code_has_its_counts(report: Report) -> None:
    counts = {score.id: (score.support, score.given, score.agreed) for score in report.codes}
    assert counts == {
        "growth.jobs": (1, 0, 0),
        "growth.roads": (2, 2, 1),
        "none": (1, 1, 1),
        "safer.clean": (1, 2, 1),
    }


@pytest.mark.parametrize(
    ("confidences", "right", "error"),
    [
        ([], [], 0),
        ([1.0, 1.0], [True, True], 0),
        ([0.5, 0.5], [True, False], 0),
        ([0.95, 0.95], [False, False], 0.95),
        ([0.95, 0.05], [True, True], 0.5),
        ([0.62, 0.68, 0.31], [True, False, False], (0.30 + 0.31) / 3),
    ],
)
def test_calibration_error_is_the_gap_between_sure_and_right(
    confidences: list[float], right: list[bool], error: float
) -> None:
    assert calibration_error(confidences, right) == pytest.approx(error)


def test_nothing_to_measure_gives_noughts() -> None:
    empty = measure([], [])
    assert (empty.wishes, empty.code_micro, empty.theme_macro, empty.ask_right, empty.codes) == (0, 0, 0, 0, ())


def test_the_report_is_written_for_machines(report: Report) -> None:
    table = json.loads(json.dumps(as_dict(report)))
    assert table["code_micro"] == pytest.approx(0.6)
    assert {"id": "none", "support": 1, "given": 1, "agreed": 1, "f1": 1.0} in table["codes"]


def test_the_report_is_written_for_people(report: Report) -> None:
    text = as_text(report)
    assert text.startswith("4 wishes coded by people")
    assert "F1 by code   0.600 over all" in text
    assert "Asks right   0.667 of 3" in text
    assert max(map(len, text.splitlines())) <= 80
