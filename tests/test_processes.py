"""The Procfile's processes, with real ones: what falls is started again, and nothing is left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from workers import kept, processes
from workers.processes import Processes

Wait = Callable[..., object]
HOUSE = Path(__file__).parents[1]


@contextmanager
def running(folder: Path, **commands: str) -> Iterator[Processes]:
    """Keeps commands running in a folder, and ends them."""
    made = Processes({name: f"sh -c '{command}'" for name, command in commands.items()}, os.environ, folder, folder)
    made.start()
    try:
        yield made
    finally:
        made.end()


def alive(pid_file: Path) -> bool:
    """Tells whether the process that wrote its number to a file lives."""
    with suppress(ProcessLookupError, FileNotFoundError, ValueError):
        os.kill(int(pid_file.read_text()), 0)
        return True
    return False


def test_what_falls_is_started_again_and_the_others_stay(tmp_path: Path, wait_for: Wait) -> None:
    with running(tmp_path, weak="echo up; exit 3", strong="echo $$ > strong.pid; echo up; sleep 1000") as made:
        wait_for(lambda: made.falls("weak") >= 2)
        assert alive(tmp_path / "strong.pid")
        assert made.falls("strong") == 0
    assert (tmp_path / "weak.log").read_text().count("up") >= 2
    assert (tmp_path / "strong.log").read_text() == "up\n"


def test_they_are_started_by_name_or_all(tmp_path: Path, wait_for: Wait) -> None:
    made = Processes({"web": "touch web", "slow": "touch slow"}, os.environ, tmp_path, tmp_path)
    made.start("web")
    wait_for((tmp_path / "web").exists)
    wait_for(lambda: made.falls("web"))
    assert not (tmp_path / "slow").exists()
    made.start()
    wait_for((tmp_path / "slow").exists)
    made.end()


def test_each_may_finish_what_it_does(tmp_path: Path, wait_for: Wait) -> None:
    with running(tmp_path, worker='trap "echo done >> said; exit" TERM; echo up >> said; while :; do sleep 0.05; done'):
        wait_for(lambda: (tmp_path / "said").exists())
    assert (tmp_path / "said").read_text() == "up\ndone\n"


def test_the_stubborn_are_killed_with_whatever_they_started(
    tmp_path: Path, wait_for: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "ASK_AGAIN", 0.2)
    monkeypatch.setattr(processes, "GIVE_UP", 0.4)
    (tmp_path / "horse.py").write_text(
        "import os, signal, sys, time\n"
        "if os.fork() == 0:\n    os.setpgrp()\n    name = 'child.pid'\nelse:\n    name = 'parent.pid'\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "open(name, 'w').write(str(os.getpid()))\n"
        "while True: time.sleep(100)\n"
    )
    with running(tmp_path, slow=f"exec {sys.executable} horse.py"):
        wait_for(lambda: alive(tmp_path / "child.pid") and alive(tmp_path / "parent.pid"))
    wait_for(lambda: not alive(tmp_path / "child.pid") and not alive(tmp_path / "parent.pid"))


def test_what_a_fallen_process_left_is_cleared_away(tmp_path: Path, wait_for: Wait) -> None:
    command = "[ -e left.pid ] && exec sleep 1000; sleep 1000 & echo $! > left.pid; exit 1"
    with running(tmp_path, web=command) as made:
        wait_for(lambda: made.falls("web") == 1)
        wait_for(lambda: not alive(tmp_path / "left.pid"))


def test_a_large_log_is_put_aside_at_the_next_start(tmp_path: Path, wait_for: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LARGEST_LOG", 10)
    with running(tmp_path, web="echo something rather long; exit 1") as made:
        wait_for(lambda: made.falls("web") >= 2)
    assert (tmp_path / "web.log.1").read_text() == "something rather long\n"


@pytest.mark.skipif(not kept.dying_with_us(), reason="needs setpriv, which Linux has")
def test_none_outlives_a_killed_supervisor(tmp_path: Path, wait_for: Wait) -> None:
    script = (
        "import os, sys, time; from pathlib import Path; from workers.processes import Processes\n"
        "folder = Path(sys.argv[1])\n"
        "Processes({'web': 'sh -c \"echo $$ > web.pid; exec sleep 1000\"'}, os.environ, folder, folder).start()\n"
        "time.sleep(1000)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=HOUSE) as supervisor:
        wait_for(lambda: alive(tmp_path / "web.pid"))
        supervisor.send_signal(signal.SIGKILL)
    wait_for(lambda: not alive(tmp_path / "web.pid"))
