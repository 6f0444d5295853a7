"""Agreements as files that people write: a TOML or JSON text becomes an Agreement, and an Agreement its TOML text.

Every fault names the field by its path, and in TOML the line; several faults are told together.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tidegate.exchange.kinds.catalogue import KINDS
from tidegate.gate.agreement import LANGUAGES, Agreement, agreement_from_document
from tidegate.gate.terms import PILLARS, SILENCE_RULES, AgreementUnreadable, KindTerms
from tidegate.model.deadline import UNITS
from tidegate.registers.calendars import load_calendars
from tidegate.wording.problems import problem

LONGEST_FILE = 1_000_000
_TOP = ("id", "version", "suite", "calendar", "valid_from", "valid_until", "third_party_rule", "emergency_kinds",
        "title", "notes", "parties", "pillars")  # fmt: skip
_PARTY = ("node", "agency", "country", "name")
_TERMS = ("fields", "required", "purposes", "reply", "law", "silence_rule", "approvals", "text_allowed", "labels",
          "majors")  # fmt: skip
_BARE = re.compile(r"[A-Za-z0-9_-]+")
Path = tuple[str, ...]


def read_agreement(text: str, *, form: str) -> Agreement:
    """Return the agreement that a text spells. form: "toml" or "json".

    What may be left out: notes, emergency_kinds, third_party_rule (true), and of the terms reply, law, silence_rule,
    approvals (1), text_allowed (false), labels, majors, required (what the kind itself needs).
    Raises AgreementUnreadable with every fault, each with its field and line.
    """
    if len(text) > LONGEST_FILE:
        raise problem(AgreementUnreadable, "agreement-file.too-long", most=LONGEST_FILE, size=len(text))
    try:
        table = tomllib.loads(text) if form == "toml" else json.loads(text)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as exc:
        raise problem(AgreementUnreadable, "agreement-file.no-form", form=form.upper(), why=exc) from exc
    except (ValueError, RecursionError) as exc:  # a number of thousands of digits, brackets without end
        raise problem(AgreementUnreadable, "agreement-file.cannot-read", form=form.upper(), why=exc) from exc
    reader = _Reader(_lines_of(text) if form == "toml" else {})
    document = reader.agreement(table)
    if reader.faults:
        raise problem(AgreementUnreadable, "agreement-file.faults", faults=tuple(reader.faults))
    return agreement_from_document(document)


def write_agreement(agreement: Agreement, *, comments: Mapping[str, str] | None = None, head: str = "") -> str:
    """Return the TOML text of an agreement, which `read_agreement` reads back to the same.

    comments: message kind -> a line to stand above its terms. head: lines to stand above everything.
    """
    said = comments or {}
    lines = [f"# {line}".rstrip() for line in head.splitlines()]
    lines += [
        f"id = {_text(agreement.id)}",
        f"version = {agreement.version}",
        f"suite = {agreement.suite}",
        f"calendar = {_text(agreement.calendar_id)}",
        f"valid_from = {agreement.valid_from.isoformat()}",
        f"valid_until = {agreement.valid_until.isoformat()}",
        f"third_party_rule = {_flag(agreement.third_party_rule)}",
        f"emergency_kinds = {_list(sorted(agreement.emergency_kinds))}",
        "",
        "[title]",
        *(f"{lang} = {_text(agreement.title[lang])}" for lang in LANGUAGES),
        "",
        "[notes]",
        *(f"{_key(name)} = {_text(words)}" for name, words in agreement.notes.items()),
    ]
    for party in agreement.parties:
        agency = party.agency
        names = ", ".join(f"{lang} = {_text(agency.name(lang))}" for lang in LANGUAGES)
        lines += ["", "[[parties]]", f"node = {_text(party.node_id)}", f"agency = {_text(agency.id)}",
                  f"country = {_text(agency.country)}", f"name = {{ {names} }}"]  # fmt: skip
    if not agreement.pillars:
        lines += ["", "[pillars]"]
    for pillar, kinds in agreement.pillars.items():
        if not kinds:
            lines += ["", f"[pillars.{_key(pillar)}]"]
        for kind, terms in kinds.items():
            lines += ["", *([f"# {said[kind]}"] if kind in said else []), f"[pillars.{_key(pillar)}.{_key(kind)}]"]
            lines += _terms_lines(terms)
    return "\n".join(lines) + "\n"


def _terms_lines(terms: KindTerms) -> list[str]:
    lines = [
        f"fields = {_list(sorted(terms.fields))}",
        f"required = {_list(sorted(terms.required))}",
        f"purposes = {_list(sorted(terms.purposes))}",
    ]
    for name, window in (("reply", terms.reply), ("law", terms.law)):
        if window is not None:
            inner = ", ".join(
                f"{key} = {value if isinstance(value, int) else _text(str(value))}"
                for key, value in sorted(window.to_document().items())
            )
            lines.append(f"{name} = {{ {inner} }}")
    return [
        *lines,
        f"silence_rule = {_text(terms.silence_rule)}",
        f"approvals = {terms.approvals}",
        f"text_allowed = {_flag(terms.text_allowed)}",
        f"labels = {_list(sorted(terms.labels))}",
        f"majors = [{', '.join(str(major) for major in sorted(terms.majors))}]",
    ]


class _Reader:
    """Reads one document and gathers its faults. A value with a fault is replaced by one that does no harm."""

    def __init__(self, lines: Mapping[Path, int]) -> None:
        self.faults: list[AgreementUnreadable] = []
        self._lines = lines

    def fault(self, path: Path, code: str, /, **params: object) -> None:
        """Note what is wrong with the field at `path`. code: the wording code of what follows its name."""
        line = next((self._lines[path[:size]] for size in range(len(path), 0, -1) if path[:size] in self._lines), 0)
        words = problem(AgreementUnreadable, f"agreement-file.{code}", **params)
        if not path:
            self.faults.append(problem(AgreementUnreadable, "agreement-file.whole", words=words))
        elif not line:
            self.faults.append(problem(AgreementUnreadable, "agreement-file.at", place=".".join(path), words=words))
        else:
            place = ".".join(path)
            self.faults.append(
                problem(AgreementUnreadable, "agreement-file.at-line", line=line, place=place, words=words)
            )

    def agreement(self, table: object) -> dict[str, Any]:
        """Return the agreement's document, with what may be left out filled in."""
        top = self.table(table, (), _TOP, leave_out=("notes", "third_party_rule", "emergency_kinds"))
        parties = top.get("parties")
        if not isinstance(parties, list) or len(parties) != 2:
            self.fault(("parties",), "two-parties")
            parties = []
        calendar = self.choice(top.get("calendar"), ("calendar",), sorted(load_calendars()))
        emergency = self.texts(top.get("emergency_kinds", []), ("emergency_kinds",), known=sorted(KINDS))
        first, last = (
            self.day(top.get("valid_from"), ("valid_from",)),
            self.day(top.get("valid_until"), ("valid_until",)),
        )
        if first > last:
            self.fault(("valid_until",), "ends-early", last=last, first=first)
        return {
            "id": self.text(top.get("id"), ("id",)),
            "version": self.number(top.get("version"), ("version",), 1, 10_000),
            "suite": self.number(top.get("suite"), ("suite",), 1, 2),
            "calendar": calendar,
            "valid_from": first,
            "valid_until": last,
            "third_party_rule": self.flag(top.get("third_party_rule", True), ("third_party_rule",)),
            "emergency_kinds": emergency,
            "title": self.tongues(top.get("title"), ("title",)),
            "notes": self.notes(top.get("notes", {})),
            "parties": [self.party(each, ("parties", str(place))) for place, each in enumerate(parties, 1)],
            "pillars": self.pillars(top.get("pillars"), calendar),
        }

    def party(self, value: object, path: Path) -> dict[str, Any]:
        """Return one party."""
        found = self.table(value, path, _PARTY)
        country = self.text(found.get("country"), (*path, "country"))
        if not re.fullmatch("[A-Z]{2}", country):
            self.fault((*path, "country"), "no-country", value=_shown(country))
        return {
            "node": self.text(found.get("node"), (*path, "node")),
            "agency": self.text(found.get("agency"), (*path, "agency")),
            "country": country,
            "name": self.tongues(found.get("name"), (*path, "name")),
        }

    def pillars(self, value: object, calendar: str) -> dict[str, Any]:
        """Return pillar -> kind -> terms."""
        found: dict[str, Any] = {}
        for pillar, kinds in self.table(value, ("pillars",), PILLARS, leave_out=PILLARS).items():
            path: Path = ("pillars", pillar)
            found[pillar] = {}
            for kind, terms in self.table(kinds, path, sorted(KINDS), leave_out=sorted(KINDS)).items():
                if pillar not in KINDS[kind].pillars:
                    self.fault(
                        (*path, kind),
                        "wrong-pillar",
                        allowed=", ".join(sorted(KINDS[kind].pillars)),
                    )
                found[pillar][kind] = self.terms(kind, terms, (*path, kind), calendar)
        return found

    def terms(self, kind: str, value: object, path: Path, calendar: str) -> dict[str, Any]:
        """Return the terms of one kind."""
        given = self.table(
            value, path, _TERMS, leave_out=[name for name in _TERMS if name not in ("fields", "purposes")]
        )
        known = KINDS[kind]
        fields = self.texts(given.get("fields"), (*path, "fields"), known=sorted(known.fields))
        lacking = sorted(known.must - set(fields))
        if lacking:
            self.fault((*path, "fields"), "lacks", fields=", ".join(lacking))
        required = self.texts(given.get("required", sorted(known.must)), (*path, "required"), known=fields)
        purposes = self.texts(given.get("purposes"), (*path, "purposes"))
        if not purposes:
            self.fault((*path, "purposes"), "no-purpose")
        majors = given.get("majors", [1])
        if not isinstance(majors, list) or not majors or not all(type(each) is int and each > 0 for each in majors):
            self.fault((*path, "majors"), "no-majors", value=_shown(majors))
            majors = [1]
        return {
            "fields": fields,
            "required": required,
            "purposes": purposes,
            "reply": self.window(given.get("reply"), (*path, "reply"), calendar, law=False),
            "law": self.window(given.get("law"), (*path, "law"), calendar, law=True),
            "silence_rule": self.choice(given.get("silence_rule", "none"), (*path, "silence_rule"), SILENCE_RULES),
            "approvals": self.number(given.get("approvals", 1), (*path, "approvals"), 1, 2),
            "text_allowed": self.flag(given.get("text_allowed", False), (*path, "text_allowed")),
            "labels": self.texts(given.get("labels", []), (*path, "labels")),
            "majors": sorted(set(majors)),
        }

    def window(self, value: object, path: Path, calendar: str, *, law: bool) -> dict[str, Any] | None:
        """Return a window to answer in, or None where there is none."""
        if value is None:
            return None
        names = ("days", "unit", "calendar", "source") if law else ("days", "unit", "calendar")
        found = self.table(value, path, names, leave_out=("calendar",))
        window: dict[str, Any] = {
            "days": self.number(found.get("days"), (*path, "days"), 0, 366),
            "unit": self.choice(found.get("unit"), (*path, "unit"), UNITS),
            "calendar": self.choice(found.get("calendar", calendar), (*path, "calendar"), sorted(load_calendars())),
        }
        if law:
            window["source"] = self.text(found.get("source"), (*path, "source"))
        return window

    def table(
        self, value: object, path: Path, names: Sequence[str], *, leave_out: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Return a table with only known names. What is unknown or missing is a fault."""
        if not isinstance(value, dict):
            self.fault(path, "no-table", value=_shown(value), names=", ".join(names))
            return {}
        for name in value:
            if name not in names:
                self.fault((*path, str(name)), "unknown", names=", ".join(names))
        for name in names:
            if name not in value and name not in leave_out:
                self.fault((*path, name), "missing")
        return {str(name): each for name, each in value.items() if name in names}

    def tongues(self, value: object, path: Path) -> dict[str, str]:
        """Return one text in the three languages."""
        found = self.table(value, path, LANGUAGES)
        return {lang: self.text(found.get(lang), (*path, lang)) for lang in LANGUAGES}

    def notes(self, value: object) -> dict[str, str]:
        """Return the notes: any names, each a text."""
        if not isinstance(value, dict) or not all(isinstance(words, str) for words in value.values()):
            self.fault(("notes",), "no-notes")
            return {}
        return {str(name): words for name, words in value.items()}

    def text(self, value: object, path: Path) -> str:
        """Return a text that is not empty. A missing one was named by its table."""
        if value is None:
            return "-"
        if not isinstance(value, str) or not value.strip():
            self.fault(path, "no-text", value=_shown(value))
            return "-"
        return value

    def texts(self, value: object, path: Path, *, known: Sequence[str] = ()) -> list[str]:
        """Return a list of different texts. known: what each must be one of, () for any."""
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            self.fault(path, "no-texts", value=_shown(value))
            return []
        for each in value:
            if known and each not in known:
                self.fault(path, "strange", value=_shown(each), allowed=", ".join(known))
        return sorted(set(value))

    def choice(self, value: object, path: Path, allowed: Sequence[str]) -> str:
        """Return one of `allowed`."""
        if value is not None and value not in allowed:
            self.fault(path, "no-choice", value=_shown(value), allowed=", ".join(allowed))
        return str(value) if value in allowed else allowed[0]

    def number(self, value: object, path: Path, low: int, high: int) -> int:
        """Return a whole number within bounds."""
        if type(value) is int and low <= value <= high:
            return value
        if value is not None:
            self.fault(path, "no-number", value=_shown(value), low=low, high=high)
        return low

    def flag(self, value: object, path: Path) -> bool:
        """Return true or false."""
        if not isinstance(value, bool):
            self.fault(path, "no-flag", value=_shown(value))
        return value is True

    def day(self, value: object, path: Path) -> str:
        """Return a civil day in ISO 8601. TOML has days of its own; JSON spells them."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        try:
            return date.fromisoformat(value).isoformat() if isinstance(value, str) else self._no_day(value, path)
        except ValueError:
            return self._no_day(value, path)

    def _no_day(self, value: object, path: Path) -> str:
        if value is not None:
            self.fault(path, "no-day", value=_shown(value))
        return "2000-01-01"


def _lines_of(text: str) -> dict[Path, int]:
    """Return the line of each table and key of a TOML text, as far as lines can tell: only messages rest on it."""
    found: dict[Path, int] = {}
    table: Path = ()
    counts: dict[Path, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        head = re.match(r"\s*(\[\[?)([^\[\]]+)\]", line)
        key = re.match(r'\s*([A-Za-z0-9_-]+|"[^"]*")\s*=', line)
        if head is not None:
            table = tuple(part.strip().strip("\"'") for part in head[2].split("."))
            if head[1] == "[[":
                counts[table] = counts.get(table, 0) + 1
                table = (*table, str(counts[table]))
            for size in range(1, len(table) + 1):
                found.setdefault(table[:size], number)
        elif key is not None:
            found.setdefault((*table, key[1].strip('"')), number)
    return found


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(value: str) -> str:
    """Return a TOML basic string: JSON's escapes are TOML's too, but for DEL, which TOML wants escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(values: Sequence[str]) -> str:
    whole = f"[{', '.join(_text(each) for each in values)}]"
    return whole if len(whole) <= 100 else "[\n" + "".join(f"    {_text(each)},\n" for each in values) + "]"


def _flag(value: bool) -> str:
    return "true" if value else "false"
