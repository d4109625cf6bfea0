"""A frame is read from the campaign file, and every mistake in it is told at once with its remedy."""

import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from campaigns.coding.frame import ASKS, Example, FrameError, read_frame

DERBY = Path(__file__).parents[1] / "campaigns" / "catalogue" / "derby-2026" / "campaign.toml"


def examples(about: str, count: int = 6) -> dict[str, list[str]]:
    return {"more": [f"{about} {number}" for number in range(count)]}


def small() -> dict[str, Any]:
    return {
        "themes": [{"id": "growth", "name": "City Growth", "answers": "The growth partnership"}],
        "codes": [
            {
                "id": "growth.roads",
                "name": "Roads",
                "definition": "Roads and parking.",
                "includes": ["potholes"],
                "excludes": ["buses"],
                "examples": {"mend": ["Fill the potholes"], "less": ["No more humps"], **examples("A road")},
            },
            {"id": "growth.jobs", "name": "Jobs", "definition": "Work and wages.", "examples": examples("A job")},
            {"id": "other", "name": "Other", "definition": "Fits no code.", "examples": examples("Lions")},
            {"id": "none", "name": "No wish", "definition": "No wish in it.", "examples": {"unclear": list("abcde")}},
        ],
        "doubles": [{"text": "Jobs mending roads", "codes": ["growth.jobs", "growth.roads"], "ask": "more"}],
    }


def test_a_frame_is_read_in_the_order_of_its_file() -> None:
    frame = read_frame(small())
    assert [theme.name for theme in frame.themes] == ["City Growth"]
    assert [code.id for code in frame.codes] == ["growth.roads", "growth.jobs", "other", "none"]
    assert (frame.code("growth.roads").includes, frame.code("growth.roads").excludes) == (("potholes",), ("buses",))
    assert frame.examples[0] == Example("A road 0", ("growth.roads",), "more")
    assert Example("No more humps", ("growth.roads",), "less") in frame.examples
    assert frame.examples[-1] == Example("Jobs mending roads", ("growth.jobs", "growth.roads"), "more")


@pytest.mark.parametrize(("code", "theme"), [("growth.roads", "growth"), ("other", "other"), ("none", "none")])
def test_a_code_falls_under_its_theme(code: str, theme: str) -> None:
    assert read_frame(small()).theme_of(code) == theme


def test_a_code_the_frame_does_not_know_has_no_theme() -> None:
    with pytest.raises(KeyError):
        read_frame(small()).theme_of("growth.unicorns")


def test_the_hash_of_a_frame_tells_any_change() -> None:
    changed = small()
    changed["codes"][0]["excludes"] = ["trams"]
    assert read_frame(small()).sha256 == read_frame(small()).sha256 != read_frame(changed).sha256


def set_at(table: dict[str, Any], *path: str | int, to: object) -> dict[str, Any]:
    changed = deepcopy(table)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return changed


MISTAKES = [
    (("codes", 0, "id"), "growth.jobs", "'growth.jobs' stands more than once"),
    (("codes", 0, "id"), "Growth Roads", "Use small letters"),
    (("codes", 0, "id"), "travel.roads", "no such theme. Add it to [[frame.themes]]"),
    (("codes", 3, "id"), "blank", "The code 'none' is missing"),
    (("codes", 0, "name"), " ", "Code 'growth.roads' has no name. Write it"),
    (("codes", 0, "definition"), 3, "Code 'growth.roads' has no definition. Write it"),
    (("codes", 0, "include"), ["x"], "has 'include', which means nothing here. Use id, name"),
    (("codes", 0, "includes"), "potholes", "includes is not a list of texts"),
    (("codes", 0, "examples"), ["x"], "are not a table. Write [frame.codes.examples]"),
    (("codes", 0, "examples", "want"), ["x"], "has 'want', which means nothing here. Use more, keep"),
    (("codes", 1, "examples", "more"), ["A job"], "Code 'growth.jobs' has 2 examples. Give it 5 or more"),
    (("codes", 1, "examples", "keep"), ["a  ROAD 3"], "stands twice (growth.roads, growth.jobs). Keep one"),
    (("doubles", 0, "codes"), ["growth.jobs", "growth.unicorns"], "'growth.unicorns', which is not in the frame"),
    (("doubles", 0, "codes"), ["growth.jobs", "other"], "They stand alone"),
    (("doubles", 0, "codes"), ["growth.jobs", "growth.jobs"], "Give it 1 to 3, each once"),
    (("doubles", 0, "codes"), [], "has 0 codes"),
    (("doubles", 0, "ask"), "want", "has the ask 'want'. Use one of more, keep, mend, less, unclear"),
    (("doubles",), "none", "The frame's doubles are not tables. Begin each with [[frame.doubles]]"),
    (("themes", 0, "answers"), "", "Theme 'growth' has no answers"),
    (("colours",), [], "The frame has 'colours', which means nothing here"),
]


@pytest.mark.parametrize(("path", "value", "told"), MISTAKES)
def test_a_mistake_is_told_with_its_remedy(path: tuple[str | int, ...], value: object, told: str) -> None:
    with pytest.raises(FrameError) as caught:
        read_frame(set_at(small(), *path, to=value))
    assert told in str(caught.value)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(FrameError) as caught:
        read_frame({"codes": [{"id": "growth.roads"}], "doubles": 3})
    said = "\n".join(caught.value.mistakes)
    assert len(caught.value.mistakes) >= 6
    for told in ("no name", "no definition", "no such theme", "'none' is missing", "has 0 examples", "doubles"):
        assert told in said


def test_derbys_frame_has_its_themes_codes_and_examples() -> None:
    frame = read_frame(tomllib.loads(DERBY.read_text())["frame"])
    assert [theme.id for theme in frame.themes] == ["children", "culture", "growth", "health", "safer"]
    assert len(frame.codes) == 26
    for code in frame.codes:
        own = [example for example in frame.examples if code.id in example.codes]
        assert len(own) >= 25, code.id
    assert {example.ask for example in frame.examples} <= {*ASKS, None}
