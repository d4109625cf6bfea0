"""Boundaries of areas for maps: read from GeoJSON, laid flat and snapped to a grid, so that neighbours still meet. Pure."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from campaigns.definition import Area

WIDE = 1000  # units that the whole is wide, or high where it is higher
Ring = list[tuple[int, int]]


class UnreadableBoundaries(ValueError):
    """A file of boundaries that cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Boundaries:
    """Each area's rings by its id, in units of a picture ``width`` by ``height``; y grows downwards."""

    width: int
    height: int
    rings: dict[str, list[Ring]]

    def path(self, area: str) -> str:
        """Returns an area's outline as an SVG path, empty where it has none."""
        return "".join("M" + "L".join(f"{x} {y}" for x, y in ring) + "Z" for ring in self.rings.get(area, ()))

    def middle(self, area: str) -> tuple[int, int]:
        """Returns where an area's name may stand: the middle of its largest ring's box."""
        largest = max(self.rings[area], key=_box_size)
        xs, ys = zip(*largest, strict=True)
        return (min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2

    def to_json(self) -> str:
        """Returns them as text to keep."""
        return json.dumps([self.width, self.height, self.rings], separators=(",", ":"))


def kept_boundaries(text: str) -> Boundaries:
    """Returns what ``to_json`` wrote."""
    width, height, rings = json.loads(text)
    return Boundaries(width, height, {area: [[(x, y) for x, y in ring] for ring in some] for area, some in rings.items()})


def read_boundaries(text: str, areas: Sequence[Area]) -> tuple[Boundaries, list[str]]:
    """Returns the boundaries of a campaign's areas from GeoJSON, and the names of areas that it has none for.

    A feature is an area's if any of its properties is the area's id or name. Raises UnreadableBoundaries.
    """
    found = {area.id: _rings(feature) for feature in _features(text) if (area := _area_of(feature, areas))}
    points = [point for rings in found.values() for ring in rings for point in ring]
    if not points:
        raise UnreadableBoundaries(
            "None of the shapes is one of this campaign’s areas: no property holds an area’s code or name. Is it the right year?"
        )
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrow = cos(radians((south + north) / 2))  # a degree of longitude against one of latitude
    scale = WIDE / (max((east - west) * narrow, north - south) or 1)

    def snapped(ring: Iterable[tuple[float, float]]) -> Ring:
        points = [(round((x - west) * narrow * scale), round((north - y) * scale)) for x, y in ring]
        return [point for point, before in zip(points, [None, *points], strict=False) if point != before]

    flat = {area: [ring for ring in map(snapped, rings) if len(ring) > 2] for area, rings in found.items()}
    size = round((east - west) * narrow * scale), round((north - south) * scale)
    return Boundaries(*size, flat), [area.name for area in areas if not flat.get(area.id)]


def _features(text: str) -> list[dict[str, Any]]:
    try:
        features = json.loads(text)["features"]
        return [one for one in features if one["geometry"]["type"] in ("Polygon", "MultiPolygon")]
    except (ValueError, KeyError, TypeError, RecursionError) as mistake:
        said = "This is not GeoJSON. Save the areas as a FeatureCollection of polygons in WGS 84."
        raise UnreadableBoundaries(said) from mistake


def _area_of(feature: dict[str, Any], areas: Sequence[Area]) -> Area | None:
    held = {str(value).strip().casefold() for value in (feature.get("properties") or {}).values()}
    return next((area for area in areas if held & {area.id.casefold(), area.name.casefold()}), None)


def _rings(feature: dict[str, Any]) -> list[list[tuple[float, float]]]:
    shape = feature["geometry"]
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    try:
        rings = [[(float(point[0]), float(point[1])) for point in ring] for polygon in polygons for ring in polygon]
    except (TypeError, ValueError, IndexError) as broken:
        raise UnreadableBoundaries("A shape’s coordinates are not numbers. Save the file again from where it came.") from broken
    if any(abs(x) > 180 or abs(y) > 90 for ring in rings for x, y in ring):
        raise UnreadableBoundaries("The coordinates are not degrees. Save it again in WGS 84 (longitude and latitude).")
    return rings


def _box_size(ring: Ring) -> int:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return (max(xs) - min(xs)) * (max(ys) - min(ys))
