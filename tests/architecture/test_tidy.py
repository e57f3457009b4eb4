"""House rules, written as tests so that nobody has to remember them."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 40
LINE_CHARACTERS_MAX = 100
TEXT = {".py", ".sql", ".css", ".js", ".html", ".md", ".toml", ".sh", ".in", ".po", ""}
# Words of work not done, and words that name nothing.
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|HA" + r"CK)\b")
VAGUE = {"utils.py", "helpers.py", "common.py", "misc.py"}
# Frameworks and `python -m` find these by their names.
_FOUND_BY_NAME = {
    *("__init__", "__main__", "apps", "models", "admin", "tasks", "urls", "views", "commands"),
    *("asgi", "wsgi", "settings"),
}
SQL = re.compile(r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s", re.ASCII)


def _committed() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def _python(*, product_only: bool = False) -> Iterator[tuple[Path, str]]:
    for path in _committed():
        inside = path.relative_to(ROOT).parts
        if path.suffix != ".py" or "migrations" in inside:
            continue
        if product_only and (inside[0] not in {"kotinos", "config"} or "tests" in inside):
            continue
        yield path, path.read_text(encoding="utf-8")


def _where(path: Path, line: int = 0) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def test_files_and_functions_stay_small() -> None:
    long: list[str] = []
    for path, text in _python():
        if text.count("\n") > FILE_LINES_MAX:
            long.append(_where(path, text.count("\n")))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                if node.end_lineno - node.lineno >= FUNCTION_LINES_MAX:
                    long.append(f"{_where(path, node.lineno)} {node.name}")
    assert long == []


def test_no_line_is_wider_than_a_page() -> None:
    """A suppression with its reason may stand beyond the edge: it is not part of the reading."""
    wide = [
        _where(path, number)
        for path, text in _python()
        for number, line in enumerate(text.splitlines(), start=1)
        if len(re.sub(r" *# (noqa|type: ignore).*", "", line)) > LINE_CHARACTERS_MAX
    ]
    assert wide == []


def test_sql_lives_where_it_is_looked_for() -> None:
    found = [
        _where(path, node.lineno)
        for path, text in _python(product_only=True)
        if path.name not in {"models.py", "queries.py"} and "queries" not in path.parts
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and SQL.match(node.value)
        and len(node.value) > 30
    ]
    assert found == []


def test_every_sql_file_says_its_promise_first_and_is_loaded() -> None:
    python = "\n".join(text for _, text in _python(product_only=True))
    faults = [
        _where(path)
        for path in _committed()
        if path.suffix == ".sql"
        and (
            not path.read_text(encoding="utf-8").startswith("-- ") or f'"{path.name}"' not in python
        )
    ]
    assert faults == []


def test_every_package_has_a_front_page() -> None:
    packages = {path.parent for path in (ROOT / "kotinos").glob("*/__init__.py")}
    assert [p.name for p in sorted(packages) if not (p / "README.md").is_file()] == []


def test_no_file_is_dead() -> None:
    """A module that nothing names is reached by nobody."""
    everything = "\n".join(
        path.read_text(encoding="utf-8") for path in _committed() if path.suffix in TEXT
    )
    dead = []
    for path, _ in _python(product_only=True):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        parent, _, name = module.rpartition(".")
        named = re.search(rf"{re.escape(module)}\b", everything) or re.search(
            rf"from {re.escape(parent)} import (\([^)]*\b{name}\b|[^(\n]*\b{name}\b)", everything
        )
        if name not in _FOUND_BY_NAME and not named and "templatetags" not in path.parts:
            dead.append(_where(path))
    assert dead == []


def test_no_empty_file_and_no_vague_name() -> None:
    faults = [
        _where(path)
        for path in _committed()
        if path.name in VAGUE or (path.stat().st_size == 0 and path.name != "__init__.py")
    ]
    assert faults == []


def test_nothing_is_left_unfinished() -> None:
    found = [
        _where(path, number)
        for path in _committed()
        if path.suffix in TEXT and path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if UNFINISHED.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "pattern", [r'"resolved": *"htt' + "p", r"--(extra-)?index" + "-url", "--find" + "-links"]
)
def test_locks_record_no_download_address(pattern: str) -> None:
    locks = [ROOT / "package-lock.json", *(ROOT / "requirements").glob("*.txt")]
    assert [_where(path) for path in locks if re.search(pattern, path.read_text())] == []


def test_every_suppression_has_a_code_and_a_reason() -> None:
    bare = [
        _where(path, number)
        for path, text in _python()
        for number, line in enumerate(text.splitlines(), start=1)
        if re.search(r"# (noqa|type: ignore)(?!(: [A-Z0-9, ]+|\[[a-z-, ]+\]).*\S)", line)
    ]
    assert bare == []


def test_the_fast_lane_does_not_load_django() -> None:
    modules = "kotinos.fastlane.dispatch, kotinos.fastlane.app"
    check = f"import sys, {modules}; sys.exit('django' in sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True, cwd=ROOT)
