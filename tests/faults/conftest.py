"""The fixture ``fault`` (see tests/faults/account.py), and the table that the long form ends with."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.account import LONG, Fault, lines_of, read_account
from tests.faults.machine import Machine, running_machine

ENDED_WELL = pytest.StashKey[bool]()


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory, model_folder: Path) -> Iterator[Machine]:
    """Returns a machine with everything running, which the tests of this folder share; each leaves it running."""
    if not sys.platform.startswith("linux"):
        pytest.skip("processes are found and killed by /proc, which Linux has")
    with running_machine(tmp_path_factory.mktemp("machine") / "data", model_folder) as made:
        yield made


@pytest.fixture
def machine(running: Machine) -> Machine:
    """Returns the running machine, with no waiting of senders measured on it yet."""
    running.sent.slowest = 0.0
    return running


@pytest.fixture
def fault(request: pytest.FixtureRequest) -> Iterator[Fault]:
    """Returns the account of one fault; what it was expected to show must have been looked at by the end."""
    made = Fault(_name(request.node.nodeid))
    print(f"\n{made.name}", flush=True)
    yield made
    request.node.user_properties.append(("fault", made.as_text()))
    unseen = [name for name in made.hoped if name not in made.seen]
    if request.node.stash.get(ENDED_WELL, False):
        assert made.hoped and not unseen, f"expected and never looked at: {unseen}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Lets the fixture above know how the test ended."""
    report = yield
    if report.when == "call":
        item.stash[ENDED_WELL] = report.passed
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Ends the long form with a table: each fault, what it expected, what it saw, and how many held."""
    if not LONG:
        return
    reports = sorted(
        (one for kind in ("passed", "failed", "error", "skipped", "") for one in terminalreporter.stats.get(kind, [])),
        key=lambda report: report.start,
    )
    untried = {one.nodeid: str(one.longrepr[2]) for one in reports if one.outcome == "skipped"}
    failed = {one.nodeid for one in reports if one.outcome == "failed"}
    accounts = {one.nodeid: Fault(_name(one.nodeid)) for one in reports if one.outcome != "skipped" and one.when == "setup"}
    accounts |= {
        one.nodeid: read_account(told) for one in reports
        if (told := dict(one.user_properties).get("fault")) and one.nodeid not in untried
    }
    well = {node for node, account in accounts.items() if account.held() and node not in failed}
    lines = [line for node, account in accounts.items() for line in lines_of(account, node in well)]
    lines += [f"{'not tried':10} {_name(node)}: {why}" for node, why in untried.items()]
    terminalreporter.section("faults")
    for line in [*lines, f"score: {len(well)} of {len(accounts)} held; {len(untried)} could not be tried here"]:
        terminalreporter.write_line(line)


def _name(node: str) -> str:
    return node.rpartition("::")[2].removeprefix("test_").replace("_", " ")
