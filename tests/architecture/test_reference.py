"""What can be named from outside has a line in `docs/reference`, or the build stands still."""

from __future__ import annotations

import ast
import importlib
import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kotinos.insight.metrics.registry import METRICS
from kotinos.kernel.environment import Environment
from kotinos.ops.cli import main
from kotinos.rights.contracts import REASON_DOCS, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
_LINE = re.compile(r"^\| `([^`]+)` \|(.+)\|$", re.MULTILINE)
_SHOWN = re.compile(r"(?:^ {4}|`)(?:bin/)?kotinos ([^`\n]+)", re.MULTILINE)
_CONSTANTS_IN_CLASS = re.compile(r"# ([A-Z0-9_]+):")


def _lines(name: str) -> dict[str, str]:
    """What a reference page says, by the word it says it of."""
    found = _LINE.findall((REFERENCE / f"{name}.md").read_text(encoding="utf-8"))
    assert len({word for word, _ in found}) == len(found), "a word has two lines"
    return {word: text for word, text in found if text.strip(" |")}


def _commands(group: click.Group, said: str) -> Iterator[str]:
    context = click.Context(group)
    for word in group.list_commands(context):
        command = group.get_command(context, word)
        assert command is not None, word
        if isinstance(command, click.Group):
            yield from _commands(command, f"{said} {word}")
        else:
            yield f"{said} {word}"


def test_every_command_has_a_line() -> None:
    assert sorted(_lines("commands")) == sorted(_commands(main, "kotinos"))


def test_every_command_explains_itself() -> None:
    context = click.Context(main)
    for word in main.list_commands(context):
        command = main.get_command(context, word)
        assert command is not None
        assert command.help, word


def test_commands_that_documents_show_exist_with_their_options() -> None:
    shown = [line for path in _documents() for line in _SHOWN.findall(path.read_text("utf-8"))]
    assert len(shown) > 20, "they are found at all"
    wrong = {line: problem for line in shown if (problem := _problem(line.split("#")[0]))}
    assert not wrong


def _documents() -> list[Path]:
    packages = (ROOT / "kotinos").glob("*/README.md")
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *packages, ROOT / "demo/README.md"]


def _problem(line: str) -> str:
    """What is wrong with a command as a document shows it; empty where nothing is."""
    words = re.findall(r"[^\s\[\]]+", line)
    command: click.Command = main
    while isinstance(command, click.Group) and words and words[0].islower():
        context, said = click.Context(command), words.pop(0).split("|")
        found = [below for word in said if (below := command.get_command(context, word))]
        if len(found) < len(said):
            return f"{command.name} has not all of {', '.join(said)}"
        command = found[-1]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    unknown = [word for word in words if word.startswith("--") and word.split("=")[0] not in known]
    if line.startswith("insight run"):
        unknown += [word for word in words[:1] if word.islower() and word not in METRICS]
    return " ".join(unknown)


def test_every_setting_has_a_line() -> None:
    source = (ROOT / "kotinos" / "kernel" / "environment.py").read_text(encoding="utf-8")
    named = set(_CONSTANTS_IN_CLASS.findall(source))
    assert len(named) == len(fields(Environment))
    assert set(_lines("settings")) == named


def test_every_refusal_reason_has_the_line_that_the_code_has() -> None:
    said = {word: text.split("|")[0].strip() for word, text in _lines("refusal-reasons").items()}
    assert said == {reason.value: REASON_DOCS[reason] for reason in Reason}


def test_every_event_has_a_line_with_its_fields() -> None:
    published = dict(_events())
    lines = _lines("events")
    assert sorted(lines) == sorted(published)
    for kind, keys in published.items():
        named = set(re.findall(r"`(\w+)`", lines[kind].split("|")[1]))
        assert named == keys, kind


def _events() -> Iterator[tuple[str, set[str]]]:
    """Every kind that is published, with its payload's fields, read from the code."""
    for path in sorted((ROOT / "kotinos").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "outbox.publish(" in text and "tests" not in path.parts:
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield from _published_in(ast.parse(text), module)
    for path in sorted((ROOT / "kotinos").rglob("*.sql")):
        text = path.read_text(encoding="utf-8")
        if "INSERT INTO kernel_outbox" in text:
            built = re.search(r"jsonb_build_object\((.*?)\n\s*\)", text, re.DOTALL)
            assert built, path
            for kind in set(re.findall(r"'(\w+\.\w+)'", text)):
                yield kind, set(re.findall(r"'(\w+)'", built[1]))


def _published_in(tree: ast.Module, module: str) -> Iterator[tuple[str, set[str]]]:
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        calls = [call for call in _calls(function) if ast.unparse(call.func) == "outbox.publish"]
        for call in calls:
            given = {word.arg: word.value for word in call.keywords}
            names = _kinds(given["kind"], function, tree)
            for name in names:
                yield _value(module, name), _keys(given["payload"], function)


def _calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def _kinds(kind: ast.expr, function: ast.FunctionDef, tree: ast.Module) -> list[str]:
    """Names of the constants that are published; a helper's are those its callers give first."""
    word = ast.unparse(kind)
    if word not in {argument.arg for argument in function.args.args}:
        return [word]
    own = [call for call in _calls(tree) if ast.unparse(call.func) == function.name]
    return sorted({ast.unparse(call.args[0]) for call in own})


def _value(module: str, name: str) -> str:
    """What a constant's name stands for where it is used."""
    value = getattr(importlib.import_module(module), name)
    assert isinstance(value, str)
    return value


def _keys(payload: ast.expr, function: ast.FunctionDef) -> set[str]:
    """The fields of the payload, given as a dictionary or as a name that holds one."""
    if isinstance(payload, ast.Name):
        payload = next(
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == payload.id
        )
    assert isinstance(payload, ast.Dict)
    return {str(ast.literal_eval(key)) for key in payload.keys if key is not None}


def test_events_are_found_at_all() -> None:
    assert {word for word, _ in _events()} >= {"rights.changed", "payments.captured"}
