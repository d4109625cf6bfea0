"""The commands for keeping and forgetting: what they say, and that mistakes are answered in words."""

from pathlib import Path

import pytest
from click.testing import Result
from flask.testing import FlaskCliRunner

from campaigns.store.backups import all_backups
from campaigns.store.changes import erase
from campaigns.store.connection import Connections
from campaigns.store.server.embedded import EmbeddedServer
from tests.keeping import now, opened
from tests.storehouse import LITTLE, open_little, send
from web import commands, create_app


@pytest.fixture
def runner(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> FlaskCliRunner:
    monkeypatch.setenv("DATA_DIR", settings["DATA_DIR"])
    app = create_app(settings)
    commands.init_app(app)
    return app.test_cli_runner()


def run(runner: FlaskCliRunner, *arguments: object) -> Result:
    """Returns what a command answers."""
    return runner.invoke(args=[str(argument) for argument in arguments])


def test_backup_and_restore_say_what_they_did(runner: FlaskCliRunner, connections: Connections, tmp_path: Path) -> None:
    store = open_little(connections)
    send(store, "trees")
    file = tmp_path / "b.zip"
    made = run(runner, "backup", file)
    assert (made.exit_code, file.exists()) == (0, True)
    assert f"{LITTLE}: 1 responses, up to event " in made.output and "Seal: " in made.output
    refused = run(runner, "restore", file)
    assert (refused.exit_code, "--replace" in refused.output) == (1, True)
    restored = run(runner, "restore", file, "--replace")
    assert restored.exit_code == 0, restored.output
    assert "1 responses are those they commit to, no row differs." in restored.output
    assert "What was there before is kept in " in restored.output and "start it again" in restored.output


def test_only_the_newest_are_kept_where_told(runner: FlaskCliRunner, connections: Connections, tmp_path: Path) -> None:
    open_little(connections)
    (tmp_path / "nightly").mkdir()
    run(runner, "backup", tmp_path / "elsewhere.zip")
    for name in "abc":
        answer = run(runner, "backup", tmp_path / "nightly" / f"{name}.zip", "--keep", 2)
    assert f"{tmp_path / 'nightly' / 'a.zip'} was destroyed: 2 newer ones are there." in answer.output
    assert sorted(path.name for path in tmp_path.rglob("*.zip")) == ["b.zip", "c.zip", "elsewhere.zip"]
    assert sorted(Path(one.path).name for one in all_backups(connections)) == ["b.zip", "c.zip", "elsewhere.zip"]


@pytest.mark.parametrize(("name", "content", "said"), [
    ("nothing.zip", None, "does not exist"), ("photo.zip", b"...", "no backup at all"),
])
def test_a_file_that_is_none_is_refused_in_words(
    runner: FlaskCliRunner, connections: Connections, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content:
        (tmp_path / name).write_bytes(content)
    answer = run(runner, "restore", tmp_path / name)
    assert (answer.exit_code > 0, said in answer.output, "Traceback" in answer.output) == (True, True, False)


def test_a_backup_into_a_folder_that_is_not_there_is_refused_in_words(
    runner: FlaskCliRunner, connections: Connections, tmp_path: Path
) -> None:
    open_little(connections)
    answer = run(runner, "backup", tmp_path / "no" / "b.zip")
    assert (answer.exit_code, "No such file or directory. Check that the folder is there" in answer.output) == (1, True)


def test_the_list_names_what_holds_what_was_erased(runner: FlaskCliRunner, connections: Connections, tmp_path: Path) -> None:
    assert "No backup was ever made" in run(runner, "backup", "list").output
    store = open_little(connections)
    send(store, "trees")
    for name in ("here", "gone"):
        run(runner, "backup", tmp_path / f"{name}.zip")
    (tmp_path / "gone.zip").unlink()
    erase(store, 1)
    answer = run(runner, "backup", "forget")
    assert (answer.exit_code, "1 backups were written anew." in answer.output) == (1, True)
    assert "gone.zip cannot be reached from here" in answer.output
    gone = next(one.id for one in all_backups(connections) if one.path.endswith("gone.zip"))
    assert "holds what was erased since, and cannot be reached from here" in run(runner, "backup", "list").output
    assert run(runner, "backup", "forget", "--gone", "nonsense").exit_code == 1
    assert run(runner, "backup", "forget", "--gone", gone).exit_code == 0
    assert [one.id for one in all_backups(connections)] != [gone]
    assert "holds what was erased" not in run(runner, "backup", "list").output


def test_copies_of_a_damaged_store_are_named(
    runner: FlaskCliRunner, connections: Connections, redis_server: EmbeddedServer
) -> None:
    copy = redis_server.places.data / "redis-damaged-20260101-000000"
    copy.mkdir()
    try:
        for command in ("list", "forget"):
            assert f"{copy} is a copy of a damaged store" in run(runner, "backup", command).output
    finally:
        copy.rmdir()


def test_retention_is_tried_dry_and_then_done(runner: FlaskCliRunner, connections: Connections) -> None:
    store = opened(connections, months=1, days=30)
    dry = run(runner, "campaign", "retain", LITTLE, "--dry-run")
    assert (dry.exit_code, now(store, 1).wishes[0].kept) == (0, True)
    assert "the words of 4 responses (3 counted, 1 withdrawn)" in dry.output and "What stays" in dry.output
    done = run(runner, "campaign", "retain", LITTLE)
    assert (done.exit_code, now(store, 1).wishes[0].kept) == (0, False)
    assert "The words of 4 responses are gone." in done.output
    for check in (("log", "verify", LITTLE), ("tallies", "rebuild", LITTLE, "--check")):
        answer = run(runner, *check)
        assert answer.exit_code == 0, answer.output


def test_a_campaign_that_says_nothing_of_retention_keeps_its_words(runner: FlaskCliRunner, connections: Connections) -> None:
    open_little(connections)
    answer = run(runner, "campaign", "retain", LITTLE)
    assert (answer.exit_code, "does not say how long words are kept" in answer.output) == (1, True)
