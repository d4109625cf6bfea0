"""The journey through all of it: real workers, a real embedded server, and every table recounted from the responses."""

import csv
import json
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from campaigns.responses import Response, Wish
from campaigns.store.connection import connect
from campaigns.store.responses import get_responses, response_count
from campaigns.store.store import Store, open_store
from tests.service import Service, running_service

SLUG = "derby-2026"
Wait = Callable[..., None]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, model_folder: Path) -> Iterator[Service]:
    """Gives a running service with derby-2026 open as a demonstration."""
    with running_service(tmp_path_factory.mktemp("journey") / "var", model_folder) as running:
        yield running


def asked(url: str, body: dict[str, Any] | None = None, **headers: str) -> tuple[int, Any]:
    """Asks a running service for JSON; returns the status and what it says."""
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read() or "null")
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read() or "null")


def store_of(service: Service) -> Store:
    return open_store(connect({"DATA_DIR": str(service.data)}), SLUG)


def shown(service: Service, *by: str, base: str = "responses") -> dict[str, Any]:
    """Returns a table as the command shows it."""
    options = [part for facet in by for part in ("--by", facet)]
    return json.loads(service.flask("tallies", "show", SLUG, *options, "--base", base, "--json").stdout)


def recounted(responses: list[Response], facet: str, base: str) -> Counter[str]:
    """Counts one facet with loops, from the responses themselves."""
    counted: Counter[str] = Counter()
    for response in responses:
        each = [set(values(response, wish, facet)) for wish in response.wishes]
        counted.update(set().union(*each) if base == "responses" else [value for some in each for value in some])
    return counted


def values(response: Response, wish: Wish, facet: str) -> list[str]:
    if facet == "channel":
        return [response.channel]
    if wish.coding is None:
        return []
    codes = wish.coding.codes
    return {"code": list(codes), "theme": [code.split(".")[0] for code in codes], "ask": [wish.coding.ask]}[facet]


def deal_postcodes(comments: Path, postcodes: Path, out: Path, text: str) -> int:
    """Writes a copy of a file of comments with Derby postcodes dealt out to its rows; returns how many."""
    with postcodes.open(newline="") as table:
        known = [row["postcode"] for row in csv.DictReader(table)]
    with comments.open(newline="", encoding="utf-8-sig") as lines, out.open("w", newline="") as kept:
        writer = csv.writer(kept)
        writer.writerow(["comment", "postcode"])
        count = 0
        for count, row in enumerate(csv.DictReader(lines), 1):
            writer.writerow([row[text], known[count * 37 % len(known)]])
    return count


@pytest.mark.shared
def test_from_wishes_to_a_first_draft(service: Service, shared_data: Path, tmp_path: Path, wait_for: Wait) -> None:
    service.flask("areas", "load", SLUG, "--postcodes", str(shared_data / "geo/derby_postcode_ward_2014.csv"))
    api = f"{service.url}/api/v1/campaigns/{SLUG}"
    sent = {"wishes": ["More buses after ten at night", "", "Clean up the litter on our street 🍃"], "postcode": "de1 2fs"}
    first = asked(f"{api}/submissions", sent, **{"Idempotency-Key": "j1"})
    assert first[0] == 201
    assert asked(f"{api}/submissions", sent, **{"Idempotency-Key": "j1"}) == first
    assert asked(f"{api}/submissions", {"wishes": ["Another"]}, **{"Idempotency-Key": "j1"})[0] == 422

    rows = deal_postcodes(
        shared_data / "comments/bowling-green.csv", shared_data / "geo/derby_postcode_ward_2014.csv", tmp_path / "bg.csv", "text"
    )
    command = ("wishes", "import", SLUG, str(tmp_path / "bg.csv"), "--text", "comment", "--postcode", "postcode")
    said = service.flask(*command).stdout.splitlines()[-1]
    numbers = [int(word.replace(",", "")) for word in said.replace(":", "").split() if word.replace(",", "").isdigit()]
    assert numbers[0] == rows == sum(numbers[1:])
    assert service.flask(*command).stdout.splitlines()[-1].endswith(f"{numbers[1]:,} already loaded")

    wait_for(service.nothing_behind, seconds=240)
    store = store_of(service)
    responses = [r for r in get_responses(store, range(1, response_count(store) + 1)) if r.state == "live"]
    assert len(responses) == numbers[1] + 1
    assert all(wish.coding for response in responses for wish in response.wishes)
    for facet in ("theme", "code", "ask", "channel"):
        for base in ("responses", "wishes"):
            cells = {cell[facet]: cell["count"] for cell in shown(service, facet, base=base)["cells"]}
            assert cells == dict(recounted(responses, facet, base)), (facet, base)

    service.flask("tallies", "rebuild", SLUG, "--check")
    service.flask("log", "verify", SLUG)
    for name in ("draft.md", "draft.html"):
        service.flask("draft", "write", SLUG, "vision", "--out", str(tmp_path / name))
        draft = (tmp_path / name).read_text()
        assert f"{len(responses):,}" in draft
        assert f"{sum(len(r.wishes) for r in responses):,}" in draft
        assert "demonstration" in draft.lower()


def test_cards_are_printed_and_accounted_for(service: Service, tmp_path: Path) -> None:
    service.flask("cards", "print", SLUG, "--count", "10", "--ward", "Normanton", "--out", str(tmp_path / "cards.pdf"))
    assert (tmp_path / "cards.pdf").read_bytes().startswith(b"%PDF")
    ledger = json.loads(service.flask("cards", "reconcile", SLUG, "--json").stdout)
    assert (ledger["printed"], ledger["out"], ledger["keyed"], ledger["residual"]) == (10, 10, 0, 0)


def test_the_doctor_finds_a_running_service_well_but_for_the_limits(service: Service, wait_for: Wait) -> None:
    wait_for(lambda: all(asked(f"{service.url}/healthz")[1]["workers"].values()), seconds=120)
    said = service.flask("doctor", check=False).stdout
    assert [line for line in said.splitlines() if not line.startswith("Worth knowing: ")] == [
        "- RATE_LIMIT is off, so nothing bounds what one address sends. Unset it except for load tests.", "1 to put right."
    ]
