"""Boundaries and tints: GeoJSON as people have it, snapped so that neighbours meet, and keys with round figures."""

import json
from pathlib import Path

import pytest

from campaigns.boundaries import UnreadableBoundaries, kept_boundaries, read_boundaries
from campaigns.campaign_file import read_campaign, read_file
from campaigns.definition import Area
from campaigns.shading import round_up, tint_of, tints

AREAS = (Area("A1", "Abbey"), Area("B2", "Boulton"))


def square(west: float, named: object, kind: str = "Polygon") -> dict[str, object]:
    ring = [[west, 0], [west + 1, 0], [west + 1, 1], [west, 1], [west, 0]]
    return {"properties": named, "geometry": {"type": kind, "coordinates": [ring] if kind == "Polygon" else [[ring]]}}


def geojson(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_neighbours_share_their_border_and_names_or_codes_find_them() -> None:
    shapes = square(0, {"code": "a1"}), square(1, {"x": None, "NM": "BOULTON"}, "MultiPolygon")
    drawn, without = read_boundaries(geojson(*shapes), AREAS)
    assert (drawn.width, drawn.height, without) == (1000, 500, [])
    assert drawn.path("A1").startswith("M0 500L500 500L500 0L0 0")
    assert {(500, 0), (500, 500)} <= {*drawn.rings["A1"][0]} & {*drawn.rings["B2"][0]}
    assert drawn.middle("B2") == (750, 250)
    assert kept_boundaries(drawn.to_json()) == drawn


def test_areas_without_a_shape_are_named() -> None:
    drawn, without = read_boundaries(geojson(square(0, {"n": "Abbey"}), square(3, {"n": "Elsewhere"})), AREAS)
    assert (list(drawn.rings), without, drawn.path("B2")) == (["A1"], ["Boulton"], "")


@pytest.mark.parametrize(("text", "said"), [
    ("", "not GeoJSON"), ("[1]", "not GeoJSON"), ("{}", "not GeoJSON"), ('{"features": [1]}', "not GeoJSON"),
    ("[" * 100_000, "not GeoJSON"),
    (geojson(), "None of the shapes"), (geojson(square(0, {"n": "Elsewhere"})), "None of the shapes"),
    (geojson(square(0, None)), "None of"),
    (geojson(square(400_000, {"n": "Abbey"})), "not degrees"),
    (geojson({"properties": {"n": "Abbey"}, "geometry": {"type": "Polygon", "coordinates": [[["x", 1]]]}}), "not numbers"),
])
def test_what_cannot_be_drawn_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(UnreadableBoundaries, match=said):
        read_boundaries(text, AREAS)


def test_the_wards_of_derby_are_all_found(shared_data: Path) -> None:
    campaign = read_campaign("derby-2026", read_file("derby-2026"))
    drawn, without = read_boundaries((shared_data / "geo" / "derby_wards_2013.geojson").read_text(), campaign.areas)
    assert (len(drawn.rings), without) == (17, [])
    assert max(drawn.width, drawn.height) == 1000


@pytest.mark.parametrize(("values", "ends"), [
    ([], []), ([0, 0], []), ([3], [2, 3]), ([1, 10], [0, 2, 4, 6, 8, 10]), ([676, 1628], [500, 750, 1000, 1250, 1500, 1750]),
    ([90, 100], []), ([0.2, 1], [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
])
def test_keys_have_round_steps_that_hold_every_value(values: list[float], ends: list[float]) -> None:
    key = tints(values)
    assert all(tint_of(value, key) for value in values if value)
    assert len(key) <= 5
    assert not key or (key[0].least < min(values) and key[-1].most >= max(values))
    assert not ends or [key[0].least, *(tint.most for tint in key)] == pytest.approx(ends)


@pytest.mark.parametrize(("value", "wanted"), [(0, 1), (0.3, 0.5), (1, 1), (1.1, 2), (2.3, 2.5), (7, 10), (120, 200)])
def test_steps_are_round(value: float, wanted: float) -> None:
    assert round_up(value) == pytest.approx(wanted)
