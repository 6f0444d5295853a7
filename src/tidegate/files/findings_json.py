"""Findings as JSON lines: one finding a line, then one summary line (see INTERFACE, `screen --json`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from tidegate.files.records import TableRead
from tidegate.files.screened import PlacedFinding, Screened, against_name, because
from tidegate.model.columns import COLUMNS
from tidegate.screening.finding import Duty
from tidegate.screening.reason_words import reason_text
from tidegate.wording.sentences import knows, say


def finding_json(placed: PlacedFinding, lang: str, fields: Mapping[str, str] | None = None) -> dict[str, object]:
    """Return one finding as the object of its line; sentences in `lang`.

    fields: what the record told, by canonical column; it is written with findings above look, which a person may have
    to report, so that the line is enough for the letter.
    """
    one = placed.finding
    row: int | str = int(placed.place) if placed.place.isdigit() else placed.place
    return {
        "id": placed.id,
        "record": {"file": placed.file, "sheet": placed.sheet, "row": row},
        "screen": one.screen,
        "rule": one.rule,
        "level": one.level,
        "score": round(one.score, 4),
        "subject": {"column": one.column, "value": one.value},
        "against": {
            "kind": one.against.kind,
            "id": one.against.id,
            "name": against_name(one, lang) if one.against.kind == "rule" else one.against.name,
            "list": one.against.list,
            "list_date": one.against.list_date,
        },
        "reasons": [
            {"code": reason.code, "params": dict(reason.params), "text": reason_text(reason, lang)}
            for reason in one.reasons
        ],
        "benign": say(one.benign, lang) if knows(one.benign) else one.benign,
        "duties": [duty_json(duty) for duty in one.duties],
        "decision_key": one.decision_key,
        **({"fields": dict(fields)} if fields else {}),
    }


def record_fields(table: TableRead, row: int) -> dict[str, str]:
    """Return what the record at `row` of a table told, by canonical column; nothing for a row that is no record."""
    if not 0 <= row < table.batch.num_rows:
        return {}
    told = {name: table.batch.column(name)[row].as_py() for name in COLUMNS[table.kind]}
    return {name: value for name, value in told.items() if value}


def duty_json(duty: Duty) -> dict[str, object]:
    """Return one duty as an object; `found` tells whether the record shows its paper."""
    return {
        "regime": duty.regime,
        "list": duty.list,
        "duty": duty.duty,
        "paper": duty.paper,
        "found": duty.found,
        "from": duty.valid_from,
        "source": duty.source,
        "certainty": duty.certainty,
    }


def summary_json(screened: Screened, lang: str) -> dict[str, object]:
    """Return the last line: what was read and recognised, counts, what was not run, lists with their dates."""
    rows = screened.rows()
    above = screened.rows_above_look()
    return {
        "summary": {
            "files": [
                {
                    "file": one.table.file,
                    "sheet": one.table.sheet,
                    "kind": one.table.kind,
                    "rows": one.table.rows,
                    "columns": dict(one.table.columns),
                    "unrecognised": list(one.table.unrecognised),
                    "notes": [note.sentence(lang) for note in one.table.notes],
                }
                for one in screened.tables
            ],
            "with": [
                {
                    "file": file,
                    "sheet": sheet,
                    "kind": what,
                    "rows": rows,
                    "columns": dict(screened.beside_headers.get((file, sheet), {})),
                }
                for file, sheet, what, rows in screened.beside
            ],
            "unread": [{"file": file, "because": why} for file, why in screened.unread_in(lang).items()],
            "notes": [{"file": file, "text": note.sentence(lang)} for file, note in screened.notes],
            "by_level": screened.by_level(),
            "rows": rows,
            "rows_above_look": above,
            "per_1000": round(1000 * above / rows, 2) if rows else 0.0,
            "set_aside": screened.set_aside(),
            "not_run": [
                {"rule": one.rule, "because": because(one, lang), "code": one.code} for one in screened.not_run()
            ],
            "lists": [
                {"id": one.id, "title": one.title, "date": one.date, "parties": one.parties, "age_days": one.age_days}
                for one in screened.lists
            ],
            "register_date": screened.register_date,
            "rules": screened.rules_digest,
            "threshold": screened.threshold,
            "on": screened.on,
            "digests": dict(screened.digests),
        }
    }


def json_lines(screened: Screened, lang: str) -> Iterator[str]:
    """Give every line, without its line end."""
    for table in screened.tables:
        told: dict[int, dict[str, str]] = {}
        for placed in table.findings:
            one = placed.finding
            if one.level != "look" and one.row not in told:
                told[one.row] = record_fields(table.table, one.row)
            fields = told.get(one.row) if one.level != "look" else None
            yield json.dumps(finding_json(placed, lang, fields), ensure_ascii=False)
    yield json.dumps(summary_json(screened, lang), ensure_ascii=False)


def write_findings_json(screened: Screened, path: Path, lang: str) -> None:
    """Write findings and summary as JSON lines in UTF-8."""
    with open(path, "w", encoding="utf-8", newline="\n") as stream:
        for line in json_lines(screened, lang):
            stream.write(line + "\n")
