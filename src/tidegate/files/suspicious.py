"""The report of a suspicion: a letter, a goAML file, and an evidence pack, made from the lines that a screening wrote.

What is reported is what was read and why it counts, with the innocent explanation beside it: a suspicion, not a verdict.
goAML: UNODC schema 5.0.1, report code SAR with one activity. Lists that each country fills hold "-" here, which is the
schema's placeholder: a country's own codes must be set before its office takes the file.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidegate.errors import InputUnreadable, SettingsWrong
from tidegate.wording.sentences import say

_LONGEST_COMMENT = 8000
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


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One finding to report, the other findings on its record, and the summary of the screening that made them."""

    finding: Mapping[str, Any]
    beside: Sequence[Mapping[str, Any]]
    summary: Mapping[str, Any]


def read_suspicion(path: Path, finding_id: str) -> Suspicion:
    """Return the finding `finding_id` of a file that `tidegate screen --out x.jsonl` wrote.

    Raises InputUnreadable for another kind of file, SettingsWrong for an id that is not in it.
    """
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        summary = next(line["summary"] for line in lines if "summary" in line)
        findings = [line for line in lines if "id" in line]
    except (OSError, UnicodeDecodeError, ValueError, StopIteration, TypeError) as problem:
        raise InputUnreadable(
            f"{path.name}: no findings; give the .jsonl file that `tidegate screen --out` wrote"
        ) from problem
    chosen = next((line for line in findings if line["id"] == finding_id), None)
    if chosen is None:
        raise SettingsWrong(
            f"{path.name} holds no finding {finding_id!r}; it holds {len(findings)}, ids of 16 characters"
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
        say("suspicious.opening", lang, file=record["file"], sheet=record["sheet"] or "–", row=record["row"]),
        "",
    ]
    for number, finding in enumerate((one, *suspicion.beside), 1):
        lines += _told(finding, number, lang)
    lines += [say("suspicious.not-verdict", lang), say("suspicious.no-tipping-off", lang), ""]
    for listed in suspicion.summary.get("lists", ()):
        lines.append(say("suspicious.list", lang, title=listed["title"], date=listed["date"] or "?"))
    lines.append(
        say("suspicious.settings", lang, register=suspicion.summary["register_date"], rules=suspicion.summary["rules"])
    )
    lines.append(say("suspicious.not-run", lang, count=len(suspicion.summary.get("not_run", ()))))
    lines += ["", who or blank, ""]
    return "\n".join(lines)


def goaml_report(suspicion: Suspicion, reporter: Reporter, *, on: str) -> bytes:
    """Return the goAML file, report code SAR. Raises SettingsWrong naming what the schema needs and the reporter lacks."""
    needed = ("institution_id", "branch", "first_name", "last_name", "address", "city", "country", "currency")
    missing = [name for name in needed if not getattr(reporter, name)]
    if missing:
        options = ", ".join("--" + name.replace("_", "-") for name in missing)
        raise SettingsWrong(f"goAML needs who reports; give {options}")
    from lxml import etree

    one = suspicion.finding
    report = etree.Element("report")
    _add(report, "rentity_id", str(reporter.institution_id))
    _add(report, "rentity_branch", reporter.branch[:255])
    _add(report, "submission_code", "E")
    _add(report, "report_code", "SAR")
    _add(report, "entity_reference", str(one["id"]))
    _add(report, "submission_date", f"{on}T00:00:00")
    _add(report, "currency_code_local", reporter.currency)
    person = _add(report, "reporting_person")
    _add(person, "first_name", reporter.first_name)
    _add(person, "last_name", reporter.last_name)
    location = _add(report, "location")
    _add(location, "address_type", "-")
    _add(location, "address", reporter.address)
    _add(location, "city", reporter.city)
    _add(location, "country_code", reporter.country)
    _add(report, "reason", "\n".join(_reasons(suspicion))[:_LONGEST_COMMENT])
    activity = _add(report, "activity")
    parties = _add(activity, "report_parties")
    for name in _parties(suspicion):
        party = _add(parties, "report_party")
        entity = _add(party, "entity")
        _add(entity, "name", name[:255])
        _add(party, "reason", str(one["benign"])[:_LONGEST_COMMENT])
    indicators = _add(report, "report_indicators")
    _add(indicators, "indicator", "-")
    return bytes(etree.tostring(report, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def evidence_pack(suspicion: Suspicion, reporter: Reporter, lang: str, *, on: str) -> bytes:
    """Return a ZIP: the letter, the findings, and what they rest on (file digests, lists, rules, settings, not run).

    `manifest.txt` holds the SHA-256 of every part, as `sha256sum -c` reads it.
    """
    parts = {
        "letter.txt": letter(suspicion, reporter, lang, on=on).encode(),
        "findings.json": _json([suspicion.finding, *suspicion.beside]),
        "screening.json": _json(suspicion.summary),
    }
    manifest = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in parts.items())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in {**parts, "manifest.txt": manifest.encode()}.items():
            pack.writestr(zipfile.ZipInfo(name, _ZIP_DAY), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _told(finding: Mapping[str, Any], number: int, lang: str) -> list[str]:
    against = finding["against"]
    dated = f" ({against['list']} {against['list_date']})".replace(" )", ")") if against["list"] else ""
    lines = [f"{number}. {finding['subject']['column']}: {finding['subject']['value']}", f"   {against['name']}{dated}"]
    lines += [f"   – {reason['text']}" for reason in finding["reasons"]]
    lines += [
        f"   – {duty['regime']} {duty['list']}: {duty['duty']}"
        for duty in finding["duties"]
        if duty["paper"] and not duty["found"]
    ]
    return [*lines, f"   {say('sheet.benign', lang)}: {finding['benign']}", ""]


def _reasons(suspicion: Suspicion) -> list[str]:
    record = suspicion.finding["record"]
    lines = [f"{record['file']} {record['sheet']} {record['row']}".strip()]
    for finding in (suspicion.finding, *suspicion.beside):
        lines.append(f"{finding['subject']['column']}: {finding['subject']['value']} / {finding['against']['name']}")
        lines += [str(reason["text"]) for reason in finding["reasons"]]
    return lines


def _parties(suspicion: Suspicion) -> list[str]:
    """Return the parties whose names were found; the value of the finding itself where none was a name."""
    names = [
        str(finding["subject"]["value"])
        for finding in (suspicion.finding, *suspicion.beside)
        if finding["subject"]["column"]
        in ("consignor", "consignee", "notify_party", "forwarder", "payer", "payee", "name", "name_local")
    ]
    return list(dict.fromkeys(names)) or [str(suspicion.finding["subject"]["value"])]


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _add(parent: Any, name: str, text: str | None = None) -> Any:
    from lxml import etree

    child = etree.SubElement(parent, name)
    if text is not None:
        child.text = "".join(sign for sign in text if sign >= " " or sign in "\t\n")
    return child
