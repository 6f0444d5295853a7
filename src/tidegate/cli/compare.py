"""The command `tidegate compare`: one score for a pair of names, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from tidegate.cli.name_output import file_rows, reason_json
from tidegate.cli.options import check_choice, check_language
from tidegate.cli.usage import help_words
from tidegate.errors import SettingsWrong
from tidegate.screening.reason_words import reason_text
from tidegate.wording.problems import problem
from tidegate.wording.sentences import say

_COLUMNS = (("name1", "name_1", "left"), ("name2", "name_2", "right"), ("schema", "kind", "type"))


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("compare", help=help_words("compare.help"))(compare)


def compare(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME1 NAME2", show_default=False)] = None,
    file: Annotated[Path | None, typer.Option("--file", help=help_words("compare.option.file"))] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="person, firm")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    lang: Annotated[str, typer.Option("--lang", help="en, zh, es")] = "en",
    quiet: Annotated[bool, typer.Option("--quiet")] = False,
) -> None:
    """Print a score in [0, 1] for each pair, and the reasons."""
    from tidegate.screening.names import compare_names, match_threshold

    check_language(lang)
    if file is None and len(names or []) != 2:
        raise problem(SettingsWrong, "compare.nothing")
    check_choice("--kind", kind, ("person", "firm", "vessel"))
    for row, one, other, schema in _asked(names or [], file):
        result = compare_names(one, other, kind or schema or None)
        if as_json:
            line = {
                "row": row, "name1": one, "name2": other, "score": result.score, "match": result.score >= match_threshold(),
                "reasons": [reason_json(reason, lang) for reason in result.reasons],
            }  # fmt: skip
            print(json.dumps(line, ensure_ascii=False))
            continue
        code = "compare.match" if result.score >= match_threshold() else "compare.no-match"
        print(say(code, lang, score=f"{result.score:.2f}", one=one, other=other, threshold=match_threshold()))
        if not quiet:
            for reason in result.reasons:
                print("  · " + reason_text(reason, lang))


def _asked(names: list[str], file: Path | None) -> Iterator[tuple[int, str, str, str]]:
    if len(names) == 2:
        yield 1, names[0], names[1], ""
    if file is not None:
        for row, (one, other, schema) in file_rows(file, _COLUMNS, needed=2):
            yield row, one, other, schema
