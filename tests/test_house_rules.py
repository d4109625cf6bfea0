"""The rules of the house, held by tests: walls between rooms, one door for events, keys in one file."""

import ast
import re
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from campaigns.store.keys import NAMES
from web import create_app
from web.guards import OPEN, PUBLIC, ROLE_OF
from workers.queues import CATCH_UP, QUEUES

HOUSE = Path(__file__).parents[1]
ROOMS = ("campaigns", "workers", "web")
FILES = sorted(path for room in ROOMS for path in (HOUSE / room).rglob("*.py"))
SCRIPTS = sorted((HOUSE / "campaigns/store/scripts").glob("*.lua"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Returns every part of a file as Python reads it."""
    return tuple(ast.walk(ast.parse(path.read_text())))


@cache
def imported(path: Path) -> set[str]:
    """Returns the full names of the modules a file imports."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def users_of(package: str) -> set[str]:
    """Returns the files that import a package, from the top of the house."""
    return {
        str(path.relative_to(HOUSE))
        for path in FILES
        if any(name == package or name.startswith(package + ".") for name in imported(path))
    }


@pytest.mark.parametrize(("package", "room"), [
    ("redis", "campaigns/store/"), ("rq", "workers/"), ("flask", "web/"), ("flask_wtf", "web/"), ("argon2", "web/"),
    ("onnxruntime", "campaigns/coding/"), ("onnx", "campaigns/coding/"), ("sklearn", "campaigns/coding/"),
    ("reportlab", "campaigns/cards/"), ("qrcode", "campaigns/cards/"),
    ("pypdfium2", "campaigns/cards/scans/"), ("zxingcpp", "campaigns/cards/scans/"), ("fsspec", "campaigns/store/"),
    ("rapidfuzz", "campaigns/cards/"), ("docx", "campaigns/drafts/"), ("typst", "campaigns/drafts/"),
])
def test_a_library_is_used_only_in_its_room(package: str, room: str) -> None:
    assert {file for file in users_of(package) if not file.startswith(room)} == set()


@pytest.mark.parametrize(("room", "never"), [("campaigns", {"web", "workers"}), ("workers", {"web"})])
def test_imports_run_one_way(room: str, never: set[str]) -> None:
    for above in never:
        assert {file for file in users_of(above) if file.startswith(f"{room}/")} == set()


def test_what_learns_is_loaded_by_name_where_something_is_to_be_learnt() -> None:
    learn = {"campaigns/coding/learning.py", "campaigns/consumers/teaching.py", "campaigns/coding/density.py"}
    assert users_of("campaigns.coding.learning") | users_of("sklearn") == learn
    assert (users_of("campaigns.consumers.teaching"), users_of("workers.teaching")) == ({"workers/teaching.py"}, set())
    assert users_of("campaigns.coding.density") == {"campaigns/consumers/missing.py"}
    assert users_of("campaigns.consumers.missing") == {"workers/missing.py"}


def test_pages_load_no_model() -> None:
    """They would each hold a hundred megabytes, and start a second later."""
    ask = "import sys, web; print({'onnxruntime', 'onnx', 'tokenizers', 'sklearn', 'scipy'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", ask], cwd=HOUSE, check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "set()"


def test_what_makes_files_is_loaded_by_name_where_one_is_to_be_made() -> None:
    assert users_of("campaigns.drafts.word") | users_of("campaigns.drafts.pdf") == set()


def test_only_the_prelude_adds_events() -> None:
    assert [path.name for path in SCRIPTS if "XADD" in path.read_text()] == ["prelude.lua"]
    assert [str(path) for path in FILES if re.search(r"\bxadd\b|XADD", path.read_text())] == []


def test_every_script_opens_with_its_legend() -> None:
    for path in SCRIPTS:
        if path.name != "prelude.lua":
            head = path.read_text().split("\nlocal ")[0]
            assert all(word in head for word in ("KEYS[1]", "ARGV", "Returns")), path.name


def test_scripts_build_only_keys_of_the_key_file() -> None:
    used = {name for path in SCRIPTS for name in re.findall(r"key\('([a-z]+)'", path.read_text())}
    assert used <= set(NAMES)


def test_every_key_name_is_used() -> None:
    code = "".join(path.read_text() for path in [*FILES, *SCRIPTS] if path.name != "keys.py")
    assert [name for name in NAMES if f"'{name}'" not in code and f'"{name}"' not in code and f"{name}(" not in code] == []


def test_keys_are_spelt_in_the_key_file_alone() -> None:
    spelt = re.compile(r"""f["']\{+(self\.|store\.)?slug\}+:[^ ]""")
    assert [str(path) for path in FILES if path.name != "keys.py" and spelt.search(path.read_text())] == []


def test_no_key_is_looked_for_by_pattern_on_a_page() -> None:
    assert [str(path) for path in FILES if re.search(r"\.keys\(\s*[\"']|\bKEYS \*", path.read_text())] == []


def test_every_queue_has_its_worker() -> None:
    procfile = (HOUSE / "Procfile").read_text()
    assert set(re.findall(r"python -m workers (\w+)", procfile)) == {*QUEUES, "schedule"}


def test_jobs_enter_by_one_door() -> None:
    doors = [path for path in FILES if re.search(r"\.enqueue(_call|_many)?\(", path.read_text())]
    assert [str(path.relative_to(HOUSE)) for path in doors] == ["workers/queues.py"]


def test_every_job_that_is_rung_for_exists() -> None:
    for name in CATCH_UP.values():
        module, _, function = name.rpartition(".")
        assert callable(getattr(import_module(module), function))


def test_every_route_is_open_by_name_or_guarded(settings: dict[str, str]) -> None:
    app = create_app(settings)
    for rule in app.url_map.iter_rules():
        blueprint = rule.endpoint.partition(".")[0] if "." in rule.endpoint else ""
        assert rule.endpoint in OPEN or blueprint in PUBLIC or blueprint in ROLE_OF, rule


def test_only_the_public_api_writes_without_a_page() -> None:
    assert {"residents", "api"} == PUBLIC


def test_every_template_is_rendered_or_included() -> None:
    templates = sorted((HOUSE / "web/templates").rglob("*.html"))
    said = "".join(path.read_text() for path in [*FILES, *templates])
    unused = [str(path.relative_to(HOUSE / "web/templates")) for path in templates]
    assert [name for name in unused if name not in said] == []


def test_no_import_hides_inside_a_function() -> None:
    hidden = []
    for path in FILES:
        for function in nodes(path):
            if isinstance(function, ast.FunctionDef):
                hidden += [path.name for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert hidden == []


def test_no_file_or_function_has_outgrown_its_reader() -> None:
    for path in FILES:
        assert len(path.read_text().splitlines()) <= 250, path
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 50, f"{path}: {node.name}"


def test_nothing_names_a_path_of_one_machine() -> None:
    strange = re.compile(r"(?<![\w.])/(work|root|home)/")
    for path in [*FILES, *SCRIPTS, *HOUSE.glob("*.*"), *HOUSE.glob("bin/*"), *(HOUSE / "docs").rglob("*.md")]:
        if path.is_file() and path.suffix not in (".png", ".jpg"):
            assert not strange.search(path.read_text()), path


@pytest.mark.parametrize("own", ["keying.css", "officers.css"])
def test_the_stylesheets_of_one_page_stay_small(own: str) -> None:
    static = HOUSE / "web/static"
    assert {sheet.name for sheet in static.glob("*.css")} == {"style.css", "desk.css", "keying.css", "officers.css"}
    assert sum((static / sheet).stat().st_size for sheet in ("style.css", "desk.css", own)) <= 30_000
