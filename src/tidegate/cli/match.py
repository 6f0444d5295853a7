"""The command `tidegate match`: the best listed parties for each name, below the threshold too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidegate.cli.name_output import file_rows, held_lists, reason_json, say_lists
from tidegate.cli.options import check_language
from tidegate.cli.usage import help_words
from tidegate.errors import SettingsWrong
from tidegate.screening.reason_words import reason_text
from tidegate.wording.problems import problem
from tidegate.wording.sentences import say

if TYPE_CHECKING:
    from tidegate.screening.names import NameMatch

_BATCH = 5000


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("match", help=help_words("match.help"))(match)


def match(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME...", show_default=False)] = None,
    file: Annotated[Path | None, typer.Option("--file", help=help_words("match.option.file"))] = None,
    column: Annotated[str | None, typer.Option("--column", help=help_words("match.option.column"))] = None,
    lists: Annotated[list[str] | None, typer.Option("--list", help=help_words("match.option.list"))] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help=help_words("match.option.limit"))] = 5,
    threshold: Annotated[float | None, typer.Option("--threshold", min=0.0, max=1.0)] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="person, firm, vessel")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    lang: Annotated[str, typer.Option("--lang", help="en, zh, es")] = "en",
    quiet: Annotated[bool, typer.Option("--quiet")] = False,
) -> None:
    """Print the best listed parties for each name; `match` tells which reach the threshold."""
    from tidegate.screening.names import build_index, match_names, match_threshold

    check_language(lang)
    if not names and file is None:
        raise problem(SettingsWrong, "match.nothing")
    least = match_threshold() if threshold is None else threshold
    held = held_lists(lists)
    index = build_index(held)
    for batch in _batches(_asked(names or [], file, column)):
        queries = [name for _, name in batch]
        found = match_names(queries, index, limit=limit, kinds=[kind] * len(queries))
        for (row, query), matches in zip(batch, found, strict=True):
            if as_json:
                print(json.dumps(to_json(row, query, matches, least, lang), ensure_ascii=False))
            else:
                _print(query, matches, least, lang)
    say_lists(held, lang, quiet=quiet)


def to_json(row: int, query: str, matches: Sequence[NameMatch], threshold: float, lang: str) -> dict[str, object]:
    """Return one line of `match --json`."""
    return {
        "row": row,
        "query": query,
        "matches": [
            {
                "id": found.party.id, "name": found.party.name, "matched_name": found.matched_name,
                "schema": found.party.schema, "list": found.party.list_id, "list_date": found.party.list_date,
                "score": found.score, "match": found.score >= threshold, "level": found.level,
                "reasons": [reason_json(reason, lang) for reason in found.reasons],
            }
            for found in matches
        ],
    }  # fmt: skip


def _asked(names: Sequence[str], file: Path | None, column: str | None) -> Iterator[tuple[int, str]]:
    yield from enumerate(names, 1)
    if file is None:
        return
    headers = [column.strip().lower()] if column else ["name", "query", "party", "名称", "姓名", "nombre"]
    for row, cells in file_rows(file, [headers], needed=1):
        yield row, cells[0]


def _batches(asked: Iterator[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    batch: list[tuple[int, str]] = []
    for item in asked:
        batch.append(item)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _print(query: str, matches: Sequence[NameMatch], threshold: float, lang: str) -> None:
    print(query)
    if not matches:
        print("  " + say("match.none", lang))
    for found in matches:
        code = "match.line" if found.score >= threshold else "match.line-below"
        party = found.party
        print(
            "  " + say(code, lang, score=f"{found.score:.2f}", name=found.matched_name, id=party.id, list=party.list_id,
                       date=party.list_date or say("lists.no-date", lang), level=say(f"level.{found.level}", lang))
        )  # fmt: skip
        for reason in found.reasons:
            print("    · " + reason_text(reason, lang))
