"""The goAML file of a suspicion: UNODC report schema 5.0.1, report code SAR with one activity.

A party is a person where the record or its name says so, else an entity. Countries are the two-letter codes of ISO 3166
of which the schema holds all. Lists that each receiving office fills for itself (kind of address, indicators) hold "-", the
schema's own placeholder: the office's codes must be set before it takes the file. What the record did not tell is said
in the reason and never made up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tidegate.errors import SettingsWrong
from tidegate.registers.places import country_code
from tidegate.screening.scene import is_person
from tidegate.wording.sentences import say

if TYPE_CHECKING:
    from tidegate.files.suspicious import Reporter, Suspicion

_LONGEST_COMMENT = 8000
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
GOAML_NEEDS = ("institution_id", "branch", "first_name", "last_name", "address", "city", "country", "currency")
_NAMES = (
    "consignor", "consignee", "notify_party", "forwarder", "payer", "payee", "ultimate_payer", "ultimate_payee",
    "initiating_party", "name", "name_local",
)  # fmt: skip
_BANKS = ("payer_bank", "payee_bank", "intermediary_banks")  # reported only where they were found


def goaml_report(suspicion: Suspicion, reporter: Reporter, *, on: str, lang: str = "en") -> bytes:
    """Return the goAML file. on: the day of the report, YYYY-MM-DD.

    Raises SettingsWrong naming what the schema needs and the reporter lacks, or a country or currency that is no code.
    """
    _check(reporter)
    from lxml import etree

    report = etree.Element("report")
    _add(report, "rentity_id", str(reporter.institution_id))
    _add(report, "rentity_branch", reporter.branch[:255])
    _add(report, "submission_code", "E")
    _add(report, "report_code", "SAR")
    _add(report, "entity_reference", str(suspicion.finding["id"]))
    _add(report, "submission_date", f"{on}T00:00:00")
    _add(report, "currency_code_local", reporter.currency)
    person = _add(report, "reporting_person")
    _add(person, "first_name", reporter.first_name[:100])
    _add(person, "last_name", reporter.last_name[:100])
    _address(report, "location", reporter.address, reporter.city, country_code(reporter.country) or "-")
    _add(report, "reason", "\n".join(_reasons(suspicion, lang))[:_LONGEST_COMMENT])
    parties = _add(_add(report, "activity"), "report_parties")
    for column, name in parties_of(suspicion):
        party = _add(parties, "report_party")
        if _is_person(column, name, suspicion.fields):
            first, last = _split_name(name)
            natural = _add(party, "person")
            _add(natural, "first_name", first[:100])
            _add(natural, "last_name", last[:100])
        else:
            _entity(party, column, name, suspicion.fields)
        _add(party, "reason", _why(suspicion, column, name, lang)[:_LONGEST_COMMENT])
    _add(_add(report, "report_indicators"), "indicator", "-")
    return bytes(etree.tostring(report, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def parties_of(suspicion: Suspicion) -> list[tuple[str, str]]:
    """Return the parties to report as (column, name): those that were found, then the others that the record names.

    Where the record names none, the value of the finding stands alone.
    """
    found = [
        (str(finding["subject"]["column"]), str(finding["subject"]["value"]))
        for finding in (suspicion.finding, *suspicion.beside)
        if finding["subject"]["column"] in (*_NAMES, *_BANKS)
    ]
    named = [(column, suspicion.fields[column]) for column in _NAMES if suspicion.fields.get(column)]
    held = {name: column for column, name in reversed([*found, *named]) if name.strip()}
    ordered = [(column, name) for name, column in reversed(held.items())]
    return ordered or [(str(suspicion.finding["subject"]["column"]), str(suspicion.finding["subject"]["value"]))]


def missing_fields(suspicion: Suspicion) -> list[str]:
    """Return the fields that an office will ask for and the record does not tell."""
    kind = "payments" if "payer" in suspicion.fields or "payee" in suspicion.fields else "consignments"
    asked = {
        "payments": ("date", "amount", "currency", "payer", "payer_account", "payee", "payee_account", "memo"),
        "consignments": ("date", "consignor", "consignee", "goods_description", "net_mass_kg", "value", "currency"),
    }[kind]
    if "name" in suspicion.fields:
        asked = ("kind", "address", "birth_date", "registration_number")
    return [name for name in asked if not suspicion.fields.get(name)] if suspicion.fields else []


def _check(reporter: Reporter) -> None:
    missing = reporter.lacks()
    if missing:
        options = ", ".join("--" + name.replace("_", "-") for name in missing)
        raise SettingsWrong(
            f"goAML needs who reports; give {options}", code="suspicious.reporter-lacks", options=options
        )
    if country_code(reporter.country) is None:
        raise SettingsWrong(
            f"--country {reporter.country!r} is no code of ISO 3166; write two letters such as MX",
            code="suspicious.country-wrong",
            country=reporter.country,
        )
    if not re.fullmatch(r"[A-Z]{3}", reporter.currency):
        raise SettingsWrong(
            f"--currency {reporter.currency!r} is no code of ISO 4217; write three letters such as MXN",
            code="suspicious.currency-wrong",
            currency=reporter.currency,
        )


def _entity(party: Any, column: str, name: str, fields: Mapping[str, str]) -> None:
    entity = _add(party, "entity")
    _add(entity, "name", name[:255])
    own = column in ("name", "name_local")
    if own and fields.get("registration_number"):
        _add(entity, "incorporation_number", fields["registration_number"][:50])
    if own and fields.get("sector"):
        _add(entity, "business", fields["sector"][:255])
    address = fields.get("address" if own else f"{column}_address", "")
    country = country_code(fields.get("country" if own else f"{column}_country"))
    if address or country:
        # The record tells no town of its own; the address stands whole in its field.
        _address(_add(entity, "addresses"), "address", address or "-", "-", country or "-")


def _address(parent: Any, name: str, address: str, city: str, country: str) -> None:
    place = _add(parent, name)
    _add(place, "address_type", "-")
    _add(place, "address", address[:100])
    _add(place, "city", city[:255])
    _add(place, "country_code", country)


def _is_person(column: str, name: str, fields: Mapping[str, str]) -> bool:
    kind = fields.get("kind", "").casefold() if column in ("name", "name_local") else ""
    if kind:
        return any(word in kind for word in ("person", "individual", "个人", "個人", "自然人", "persona f"))
    return is_person(name)


def _split_name(name: str) -> tuple[str, str]:
    """Return given and family name as far as the writing tells: Han names begin with the family's, others end with it."""
    words = name.split()
    if len(words) == 1:
        han = words[0]
        if ord(han[0]) > 0x2E7F and len(han) > 1:
            family = 2 if len(han) > 3 else 1
            return han[family:], han[:family]
        return "-", han
    if "," in name:
        last, _, first = name.partition(",")
        return first.strip() or "-", last.strip() or "-"
    return " ".join(words[:-1]), words[-1]


def _why(suspicion: Suspicion, column: str, name: str, lang: str) -> str:
    """Return why a party is in the report: its own findings, or its part in the record."""
    own = [
        finding
        for finding in (suspicion.finding, *suspicion.beside)
        if finding["subject"]["column"] == column and finding["subject"]["value"] == name
    ]
    lines = [str(reason["text"]) for finding in own for reason in finding["reasons"]]
    if not suspicion.fields.get("kind") and is_person(name):
        lines.append(say("suspicious.person-by-form", lang))
    return "\n".join([column, *lines, *(str(finding["benign"]) for finding in own[:1])])


def _reasons(suspicion: Suspicion, lang: str) -> Sequence[str]:
    record = suspicion.finding["record"]
    lines = [f"{record['file']} {record['sheet']} {record['row']}".replace("  ", " ").strip()]
    lines += [f"{name}: {value}" for name, value in suspicion.fields.items()]
    for finding in (suspicion.finding, *suspicion.beside):
        lines.append(f"{finding['subject']['column']}: {finding['subject']['value']} / {finding['against']['name']}")
        lines += [str(reason["text"]) for reason in finding["reasons"]]
    missing = missing_fields(suspicion)
    if missing:
        lines.append(say("suspicious.missing", lang, fields=", ".join(missing)))
    return lines


def _add(parent: Any, name: str, text: str | None = None) -> Any:
    from lxml import etree

    child = etree.SubElement(parent, name)
    if text is not None:
        child.text = _NOT_IN_XML.sub("", text)
    return child
