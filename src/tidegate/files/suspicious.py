"""The report of a suspicion: a letter and an evidence pack (the goAML file: see `goaml`), made from the lines that a screening wrote.

What is reported is what was read and why it counts, with the innocent explanation beside it: a suspicion, not a verdict.
The pack says how to check it: `manifest.txt` holds the SHA-256 of every part, `README.txt` the commands.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from tidegate.errors import InputUnreadable, SettingsWrong
from tidegate.files.decisions_read import decision_lines
from tidegate.files.findings_json import finding_json, record_fields, summary_json
from tidegate.files.goaml import GOAML_NEEDS, goaml_report, missing_fields
from tidegate.files.screened import Screened
from tidegate.files.seen_text import column_words, seen
from tidegate.screening.decisions import Decision, DecisionBook
from tidegate.wording.problems import problem
from tidegate.wording.sentences import say

_ZIP_DAY = (2000, 1, 1, 0, 0, 0)  # fixed, so that the same suspicion gives the same bytes


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports. institution_id: the number that the receiving office gave, 0 if none was given yet."""

    institution: str = ""
    institution_id: int = 0
    branch: str = ""
    first_name: str = ""
    last_name: str = ""
    address: str = ""
    city: str = ""
    country: str = ""
    currency: str = ""

    def lacks(self) -> list[str]:
        """Return the names of what goAML needs and is not told."""
        return [name for name in GOAML_NEEDS if not getattr(self, name)]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One finding to report, the other findings on its record, and the summary of the screening that made them.

    decisions: what people decided about these findings before.
    """

    finding: Mapping[str, Any]
    beside: Sequence[Mapping[str, Any]]
    summary: Mapping[str, Any]
    decisions: Sequence[Decision] = ()

    @property
    def fields(self) -> Mapping[str, str]:
        """Return what the record told, by canonical column; nothing where the findings file holds no fields."""
        return cast("Mapping[str, str]", self.finding.get("fields", {}))

    def with_decisions(self, book: DecisionBook) -> Suspicion:
        """Return the suspicion with the decisions of `book` on its findings."""
        keys = [one["decision_key"] for one in (self.finding, *self.beside)]
        return replace(self, decisions=[book.by_key[key] for key in dict.fromkeys(keys) if key in book.by_key])


def suspicion_of(screened: Screened, finding_id: str, lang: str) -> Suspicion:
    """Return the finding `finding_id` of a run. Raises SettingsWrong for an id that is not in it."""
    chosen = next((one for one in screened.findings() if one.id == finding_id), None)
    if chosen is None:
        raise SettingsWrong(f"no finding {finding_id!r} in this run", code="suspicious.no-finding", finding=finding_id)
    for table in screened.tables:
        if chosen in table.findings:
            told = record_fields(table.table, chosen.finding.row)
            on_record = [one for one in table.findings if one.place == chosen.place and one is not chosen]
            beside = [finding_json(one, lang, told) for one in on_record]
            return Suspicion(finding_json(chosen, lang, told), beside, _summary(screened, lang))
    raise AssertionError("a finding stands in a table")


def _summary(screened: Screened, lang: str) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", summary_json(screened, lang)["summary"])


def read_suspicion(path: Path, finding_id: str) -> Suspicion:
    """Return the finding `finding_id` of a file that `tidegate screen --out x.jsonl` wrote.

    Raises InputUnreadable for another kind of file, SettingsWrong for an id that is not in it.
    """
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        summary = next(line["summary"] for line in lines if "summary" in line)
        findings = [line for line in lines if "id" in line]
    except (OSError, UnicodeDecodeError, ValueError, StopIteration, TypeError) as wrong:
        raise problem(InputUnreadable, "suspicious.no-findings", file=path.name) from wrong
    chosen = next((line for line in findings if line["id"] == finding_id), None)
    if chosen is None:
        raise SettingsWrong(
            f"{path.name} holds no finding {finding_id!r}; it holds {len(findings)}, ids of 16 characters",
            code="suspicious.no-finding",
            finding=finding_id,
        )
    beside = [line for line in findings if line["record"] == chosen["record"] and line is not chosen]
    return Suspicion(chosen, beside, summary)


def letter(suspicion: Suspicion, reporter: Reporter, lang: str, *, on: str) -> str:
    """Return the letter in `lang`; what the reporter left out stays as a blank to fill in by hand."""
    one, record = suspicion.finding, suspicion.finding["record"]
    blank = "____________"
    who = " ".join(part for part in (reporter.first_name, reporter.last_name) if part)
    lines = [
        reporter.institution or blank,
        ", ".join(part for part in (reporter.branch, reporter.address, reporter.city) if part) or blank,
        on,
        "",
        say("suspicious.subject", lang),
        "",
        say("suspicious.opening", lang, file=seen(record["file"]), sheet=record["sheet"] or "–", row=record["row"]),
        "",
    ]
    for name, value in suspicion.fields.items():
        lines.append(f"{column_words(name, lang)}: {seen(value)}")
    missing = missing_fields(suspicion)
    if missing:
        told = ", ".join(column_words(name, lang) for name in missing)
        lines.append(say("suspicious.missing", lang, fields=told))
    lines.append("")
    for number, finding in enumerate((one, *suspicion.beside), 1):
        lines += _told(finding, number, lang)
    lines += _decided(suspicion, lang)
    lines += [say("suspicious.not-verdict", lang), say("suspicious.no-tipping-off", lang), ""]
    for listed in suspicion.summary.get("lists", ()):
        lines.append(say("suspicious.list", lang, title=listed["title"], date=listed["date"] or "?"))
    lines.append(
        say("suspicious.settings", lang, register=suspicion.summary["register_date"], rules=suspicion.summary["rules"])
    )
    lines.append(say("suspicious.not-run", lang, count=len(suspicion.summary.get("not_run", ()))))
    lines += ["", who or blank, ""]
    return "\n".join(lines)


def evidence_pack(suspicion: Suspicion, reporter: Reporter, lang: str, *, on: str) -> bytes:
    """Return a ZIP: the letter, the findings with their record, what they rest on (file digests, lists, rules, settings,
    not run), who decided what, and the goAML file where the reporter is told whole.

    `manifest.txt` holds the SHA-256 of every part, as `sha256sum -c` reads it.
    """
    parts = {
        "letter.txt": letter(suspicion, reporter, lang, on=on).encode(),
        "findings.json": _json([suspicion.finding, *suspicion.beside]),
        "screening.json": _json(suspicion.summary),
        "decisions.jsonl": decision_lines(suspicion.decisions).encode(),
        "README.txt": _readme(suspicion, lang).encode(),
    }
    if not reporter.lacks():
        parts["goaml.xml"] = goaml_report(suspicion, reporter, on=on, lang=lang)
    manifest = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in parts.items())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in {**parts, "manifest.txt": manifest.encode()}.items():
            pack.writestr(zipfile.ZipInfo(name, _ZIP_DAY), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _told(finding: Mapping[str, Any], number: int, lang: str) -> list[str]:
    against = finding["against"]
    dated = f" ({against['list']} {against['list_date']})".replace(" )", ")") if against["list"] else ""
    column = column_words(finding["subject"]["column"], lang)
    lines = [f"{number}. {column}: {seen(finding['subject']['value'])}", f"   {against['name']}{dated}"]
    lines += [f"   – {seen(reason['text'])}" for reason in finding["reasons"] if reason["text"] != against["name"]]
    lines += [
        f"   – {duty['regime']} {duty['list']}: {duty['duty']}"
        for duty in finding["duties"]
        if duty["paper"] and not duty["found"]
    ]
    return [*lines, f"   {say('sheet.benign', lang)}: {finding['benign']}", ""]


def _decided(suspicion: Suspicion, lang: str) -> list[str]:
    lines = [
        say(
            "suspicious.decided", lang, verdict=say(f"verdict.{one.verdict}", lang), reason=seen(one.reason),
            by=one.by or "–", until=one.until or "–",
        )
        for one in suspicion.decisions
    ]  # fmt: skip
    return [*lines, ""] if lines else [say("suspicious.undecided", lang), ""]


def _readme(suspicion: Suspicion, lang: str) -> str:
    """Return how to check the pack, and what the screened files must hash to."""
    lines = [say("suspicious.readme", lang), "", "    sha256sum -c manifest.txt", "    shasum -a 256 -c manifest.txt"]
    lines += ["    PowerShell: Get-FileHash letter.txt -Algorithm SHA256", "", say("suspicious.readme-files", lang), ""]
    lines += [f"    {digest}  {seen(file)}" for file, digest in suspicion.summary.get("digests", {}).items()]
    lines += ["", say("suspicious.readme-again", lang), ""]
    return "\n".join(lines)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
