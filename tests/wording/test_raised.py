"""Every error that the house raises has a sentence in three languages, made of the values the error is given."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import tidegate
from tidegate.wording.sentences import LANGUAGES, catalogue

SOURCE = Path(tidegate.__file__).parent
# Errors that carry refusals, each told by its own sentence; and two that are always caught: a job is stopped, a
# workbook is written the slow way.
TOLD_OTHERWISE = {"DeskRefused", "AnswerIncomplete", "MessageInvalid", "SceneRefused", "Stopped", "WorkbookUnmade"}
TOO_WIDE = {"error", "settings-wrong", "input-unreadable"}  # they say nothing of the place or the mend
ADDED_BY_THE_READER = {"column", "row"}  # a value of a cell is read without knowing where the cell stands


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield str(path.relative_to(SOURCE)), ast.parse(path.read_text(encoding="utf-8"))


def name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def errors() -> dict[str, str]:
    """Return class name -> its code, of every subclass of TidegateError; one without a code has its base's."""
    classes = [node for _, tree in trees() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found = {"TidegateError": "error"}
    grown = True
    while grown:
        before = len(found)
        for node in classes:
            base = next((name_of(each) for each in node.bases if name_of(each) in found), None)
            if base is not None and node.name not in found:
                own = [
                    line.value.value
                    for line in node.body
                    if isinstance(line, ast.Assign) and name_of(line.targets[0]) == "code"
                    and isinstance(line.value, ast.Constant)
                ]  # fmt: skip
                found[node.name] = str(own[0]) if own else found[base]
        grown = len(found) > before
    return found


def made() -> Iterator[tuple[str, str, str | None, set[str] | None]]:
    """Yield (place, class, code or None, names of the values or None where they cannot be read) of each error made."""
    known = errors()
    for file, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            place, called = f"{file}:{node.lineno}", name_of(node.func)
            words = {each.arg for each in node.keywords if each.arg}
            open_ended = any(each.arg is None for each in node.keywords)
            if called == "problem" and len(node.args) == 2:
                if literal(node.args[1]) is not None:
                    yield place, name_of(node.args[0]), literal(node.args[1]), None if open_ended else words
            elif called in known:
                code = next((each.value for each in node.keywords if each.arg == "code"), None)
                if code is None or literal(code) is not None:
                    yield place, called, literal(code), None if open_ended else words - {"code"}


def literal(code: ast.expr | None) -> str | None:
    return code.value if isinstance(code, ast.Constant) and isinstance(code.value, str) else None


def needs(code: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(catalogue()[code]["en"]) if name is not None}


def test_every_error_has_a_sentence_made_of_the_values_it_is_given() -> None:
    known, faults = errors(), []
    for place, kind, code, words in made():
        if kind in TOLD_OTHERWISE or kind not in known:
            continue
        told = code or known[kind]
        if told not in catalogue() or set(catalogue()[told]) != set(LANGUAGES):
            faults.append(f"{place}: {kind} {told!r} has no sentence")
        elif code is None and told in TOO_WIDE:
            faults.append(f"{place}: {kind} needs a code of its own")
        elif words is not None and not needs(told) <= words | ADDED_BY_THE_READER:
            faults.append(f"{place}: {told!r} needs {sorted(needs(told) - words)}")
    assert faults == []


def test_every_code_of_a_class_has_a_sentence() -> None:
    """It is what an error is told by whose own code has none, e.g. one that another release raised."""
    without = {name: code for name, code in errors().items() if code not in catalogue()}
    assert without == {}
