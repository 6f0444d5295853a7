"""The command `tidegate identify`: what a text, CAS number or InChIKey names, and the duties on one leg and day."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidegate.cli.options import check_language, civil_day
from tidegate.cli.usage import help_words
from tidegate.errors import InputUnreadable, SettingsWrong
from tidegate.screening.reason_words import reason_text
from tidegate.wording.problems import problem
from tidegate.wording.sentences import say

if TYPE_CHECKING:
    from tidegate.registers.substances import Register
    from tidegate.screening.identification import Found, Identification


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("identify", help=help_words("identify.help"))(identify)


def identify(
    texts: Annotated[list[str] | None, typer.Argument(metavar="TEXT...", show_default=False)] = None,
    file: Annotated[Path | None, typer.Option("--file", help=help_words("identify.option.file"))] = None,
    column: Annotated[str | None, typer.Option("--column", help=help_words("identify.option.column"))] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help=help_words("identify.option.on"))] = None,
    origin: Annotated[str | None, typer.Option("--from", metavar="CC", help=help_words("identify.option.from"))] = None,
    destination: Annotated[
        str | None, typer.Option("--to", metavar="CC", help=help_words("identify.option.to"))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=help_words("identify.option.json"))] = False,
    lang: Annotated[str, typer.Option("--lang", help="en, zh, es")] = "en",
    quiet: Annotated[bool, typer.Option("--quiet")] = False,
) -> None:
    """Name the register items in each text and the duties that apply. The day is today unless --on gives one."""
    from tidegate.registers.substances import load_register
    from tidegate.screening.identification import identify as identify_text

    check_language(lang)
    if not texts and file is None:
        raise problem(SettingsWrong, "identify.nothing")
    day = civil_day("--on", on)
    leaving, arriving = _country("--from", origin), _country("--to", destination)
    held = load_register()
    for number, text in _asked(texts or [], file, column):
        answer = identify_text(text, held, on=day, origin=leaving, destination=arriving)
        if as_json:
            print(json.dumps(to_json(number, answer, held, lang), ensure_ascii=False))
        else:
            print("\n".join(_lines(answer, held, lang)))
    if not quiet:
        print(say("identify.closing", lang, date=held.date, day=day.isoformat()), file=sys.stderr)


def to_json(row: int, answer: Identification, held: Register, lang: str) -> dict[str, object]:
    """Return one line of `identify --json`. `row` counts texts from 1, or is the row number a person sees in a file."""
    return {
        "row": row,
        "text": answer.text,
        "on": answer.on.isoformat(),
        "from": answer.origin,
        "to": answer.destination,
        "register_date": held.date,
        "found": [_found_json(entry, held, lang) for entry in answer.found],
        "notes": [
            {"code": note.code, "params": dict(note.params), "text": say(note.code, lang, **note.params)}
            for note in answer.notes
        ],
    }


def _found_json(entry: Found, held: Register, lang: str) -> dict[str, object]:
    hit = entry.hit
    return {
        "id": hit.against.id,
        "register_id": hit.item_id,
        "kind": hit.against.kind,
        "name": _name(entry, held, lang),
        "level": hit.level,
        "score": hit.score,
        "span": list(hit.span) if hit.span is not None else None,
        "rule": hit.rule,
        "context": hit.context,
        "reasons": [{"code": r.code, "params": dict(r.params), "text": say(r.code, lang, **r.params)} for r in hit.reasons],
        "controls": [
            {
                "regime": control.regime, "list": control.list, "from": control.valid_from, "to": control.valid_to,
                "duty": "; ".join(control.duties), "scope": control.scope, "threshold": control.threshold,
                "source": control.source, "certainty": control.certainty,
            }
            for control in entry.controls
        ],
        "duties": [
            {
                "regime": duty.regime, "list": duty.list, "duty": duty.duty, "paper": duty.paper, "found": duty.found,
                "from": duty.valid_from, "source": duty.source, "certainty": duty.certainty,
            }
            for duty in entry.duties
        ],
        "notes": [{"code": n.code, "params": dict(n.params), "text": say(n.code, lang, **n.params)} for n in entry.notes],
    }  # fmt: skip


def _name(entry: Found, held: Register, lang: str) -> str:
    try:
        return held.item_name(entry.hit.item_id, lang)
    except KeyError:
        return entry.hit.against.name


def _lines(answer: Identification, held: Register, lang: str) -> Iterator[str]:
    yield say("identify.asked", lang, text=answer.text, day=answer.on.isoformat(), leg=_leg(answer, lang))
    for entry in answer.found:
        hit = entry.hit
        yield "  " + say(
            "identify.found",
            lang,
            name=_name(entry, held, lang),
            id=hit.against.id,
            level=say(f"level.{hit.level}", lang),
        )
        for reason in hit.reasons:
            yield "    · " + reason_text(reason, lang)
        for control in entry.controls:
            yield "    → " + say(
                "identify.control", lang, regime=control.regime, list=control.list, since=control.valid_from or "?",
                duty=", ".join(say(f"duties.name.{duty.replace(' ', '-')}", lang) for duty in control.duties),
                source=control.source, certainty=say(f"duties.certainty.{control.certainty}", lang),
            )  # fmt: skip
        for duty in entry.duties:
            if duty.duty == "form 452":
                yield "    → " + say(
                    "identify.machine",
                    lang,
                    source=duty.source,
                    certainty=say(f"duties.certainty.{duty.certainty}", lang),
                )
        for note in entry.notes:
            yield "    ! " + say(note.code, lang, **note.params)
    for note in answer.notes:
        yield "  ! " + say(note.code, lang, **note.params)


def _leg(answer: Identification, lang: str) -> str:
    if answer.origin is None and answer.destination is None:
        return say("identify.leg.any", lang)
    return say("identify.leg.lane", lang, origin=answer.origin or "?", destination=answer.destination or "?")


def _country(option: str, text: str | None) -> str | None:
    from tidegate.registers.places import country_code

    if text is None:
        return None
    code = country_code(text)
    if code is None:
        raise problem(SettingsWrong, "option.country", option=option, value=text)
    return code


def _asked(texts: Iterable[str], file: Path | None, column: str | None) -> Iterator[tuple[int, str]]:
    yield from enumerate(texts, 1)
    if file is None:
        return
    if not file.exists():
        raise problem(InputUnreadable, "files.no-such-file", file=file)
    yield from _column_cells(file, column)


def _column_cells(file: Path, column: str | None) -> Iterator[tuple[int, str]]:
    """Yield the row number a person sees and the text of each filled cell under the header `column`.

    Without a column the table must have one only. Raises InputUnreadable naming the headers that were found.
    """
    from tidegate.files.grids import read_grids

    grids = read_grids(file)
    for grid in grids:
        for at, cells in enumerate(grid.head(20)):
            filled = [cell for cell in cells if cell]
            place = (
                cells.index(column) if column in cells else 0 if column is None and len(cells) == 1 and filled else None
            )
            if place is None:
                continue
            values = grid.table.column(place).to_pylist()
            for row in range(at + 1 if column is not None else at, len(values)):
                if values[row]:
                    yield grid.first_row + row, values[row]
            return
    headers = ", ".join(cell for cell in grids[0].head(1)[0] if cell) if grids and grids[0].table.num_rows else ""
    code = "files.no-column" if column is not None else "files.several-columns"
    raise problem(InputUnreadable, code, file=file.name, column=column, headers=headers)
