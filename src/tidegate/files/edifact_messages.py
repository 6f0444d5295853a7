"""EDIFACT messages as consignments: CUSCAR, IFTMIN, BAPLIE and COARRI, as far as parties, containers and goods go.

Meaning of qualifiers: UN/EDIFACT code lists 3035 (parties), 3227 (places), 6063 and 6313 (measures), 1153 (references),
5025 (amounts), 8067 (modes of transport).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tidegate.errors import InputUnreadable, TidegateError
from tidegate.files.edifact import EdifactMessage, Segment, read_interchange
from tidegate.files.messages import MessageRecord, MessageTable
from tidegate.files.records import Note
from tidegate.model.days import parse_civil_day
from tidegate.model.identifiers.container import fold_container, looks_like_container, parse_container
from tidegate.model.quantity import QuantityAmbiguous, canonical_decimal, format_number, parse_number, unit_factor

# 3035: the first party of a role wins, in the order written here.
_PARTIES = {
    "consignor": ("CZ", "SH", "EX", "SE", "SU"),
    "consignee": ("CN", "UC", "IM", "BY"),
    "notify_party": ("NI", "N1", "N2", "NP"),
    "forwarder": ("FW", "FR", "CA", "CF", "AG"),
}
_PLACES = {"9": "port_of_loading", "11": "port_of_discharge", "27": "origin_country", "28": "destination_country",
           "35": "origin_country", "36": "destination_country"}  # fmt: skip
_GROSS = ("G", "AAB", "EGW", "WT", "VGM", "AAD", "X7E", "AET", "")
_NET = ("AAA", "AAL", "AAC", "N", "ACN")
_MODES = {
    "1": "sea",
    "2": "rail",
    "3": "road",
    "4": "air",
    "5": "mail",
    "6": "multimodal",
    "7": "fixed",
    "8": "inland water",
}
_REFERENCES = {"BM": "document_number", "BH": "document_number", "MB": "document_number", "AWB": "document_number",
               "AAM": "document_number", "AEP": "licence", "EX": "licence", "IP": "licence", "LI": "licence"}  # fmt: skip
_MOST_NAMED = 20
_LEGAL_FORM = re.compile(
    r"^(?:co|ltd|limited|inc|llc|llp|corp|plc|gmbh|kg|ag|bv|b\.v|n\.v|nv|s\.?\s?a|s\.?\s?l|s\.?\s?r\.?\s?l|pty|pte|sdn|bhd|"
    r"s\.?\s?a\.?\s?de\s?c\.?\s?v|c\.?\s?v|s\.?\s?p\.?\s?a|sarl)\.?(?:[\s,.]|$)",
    re.IGNORECASE,
)
# What begins a new record, by message: a consignment, a goods item, a stowed unit, a unit moved.
_STARTS = {"CUSCAR": ("CNI", "GID"), "IFTMIN": ("CNI", "GID"), "BAPLIE": ("LOC",), "COARRI": ("EQD",)}
_SOURCES = {
    "consignment_id": "CNI, RFF, BGM", "date": "DTM", "consignor": "NAD+CZ", "consignor_address": "NAD+CZ",
    "consignor_country": "NAD+CZ", "consignee": "NAD+CN", "consignee_address": "NAD+CN", "consignee_country": "NAD+CN",
    "notify_party": "NAD+NI", "forwarder": "NAD+FW, NAD+CA", "goods_description": "FTX+AAA, DGS", "hs_code": "PIA, CST, GDS",
    "net_mass_kg": "MEA", "gross_mass_kg": "MEA", "packages": "GID", "value": "MOA", "currency": "MOA",
    "origin_country": "LOC+27, LOC+35", "destination_country": "LOC+28, LOC+36", "port_of_loading": "LOC+9",
    "port_of_discharge": "LOC+11", "transport_mode": "TDT+20", "container": "EQD, SGP", "document_number": "RFF+BM",
    "licence": "RFF",
}  # fmt: skip


@dataclass(slots=True)
class _Level:
    """What is known at one level: of the message, of a consignment, of one item. Lower levels win over higher ones."""

    path: str
    values: dict[str, str] = field(default_factory=dict)
    parties: dict[str, Segment] = field(default_factory=dict)
    goods: list[str] = field(default_factory=list)
    containers: list[str] = field(default_factory=list)
    doubts: list[tuple[str, str, str]] = field(default_factory=list)
    items: int = 0


def read_edifact(file: str, data: bytes) -> list[MessageTable]:
    """Return one table of consignments for each message, in order.

    Raises InputUnreadable if the file holds no message, or none of those read here.
    """
    messages = read_interchange(file, data)
    tables = [_table(message) for message in messages if message.type in _STARTS]
    if not tables:
        shown = ", ".join(dict.fromkeys(message.type for message in messages))
        raise InputUnreadable(
            f"{file}: none of the messages that are read (CUSCAR, IFTMIN, BAPLIE, COARRI); found: {shown}",
            code="files.edifact-unknown",
            file=file,
            found=shown,
        )
    return tables


def _table(message: EdifactMessage) -> MessageTable:
    name = f"{message.type} {message.release}".strip()
    notes = []
    if message.told and message.told != str(message.counted):
        params = {"place": f"{name} UNH[{message.number}]", "told": message.told, "found": str(message.counted)}
        notes.append(Note("files.segments-differ", params))
    notes += [
        Note("files.segment-left-out", {"place": f"{name} UNH[{message.number}]", "value": raw})
        for raw in message.unreadable
    ]
    if message.is_last_of_open:
        notes.append(Note("files.interchange-open", {"place": f"{name} UNH[{message.number}]"}))
    notes += _parties_left_out(message, name)
    return MessageTable(name, "consignments", _records(message), _SOURCES, notes)


def _parties_left_out(message: EdifactMessage, name: str) -> list[Note]:
    """Say which parties have no column of their own, or come again where one was named, and were not screened."""
    known = {role for roles in _PARTIES.values() for role in roles}
    notes: list[Note] = []
    held: dict[str, str] = {}
    for segment in message.segments:
        if segment.tag in {"CNI", "GID"} or (segment.tag == "LOC" and segment.get(0) == "147"):
            held.clear()
        if segment.tag != "NAD":
            continue
        role, party = segment.get(0).upper(), _name_and_address(segment)[0]
        if party and (role not in known or held.setdefault(role, party) != party) and len(notes) < _MOST_NAMED:
            params = {"place": f"{name} UNH[{message.number}]", "role": role, "party": party[:80]}
            notes.append(Note("files.party-left-out", params))
    return notes


def _records(message: EdifactMessage) -> list[MessageRecord]:
    """Walk the segments; each belongs to the lowest level begun before it."""
    top = _Level(f"UNH[{message.number}]")
    levels = [top]
    records: list[MessageRecord] = []
    counts: dict[str, int] = {}

    def close(depth: int) -> None:
        # A level that holds others is told through them, else it is a record of its own.
        while len(levels) > depth:
            if not levels[-1].items:
                records.append(_record(levels))
            levels.pop()

    for segment in message.segments:
        if _starts(message.type, segment):
            depth = 2 if segment.tag == "GID" and len(levels) > 1 and "CNI" in levels[1].path else 1
            close(depth)
            counts[segment.tag] = 1 if depth == 2 and not levels[-1].items else counts.get(segment.tag, 0) + 1
            levels[-1].items += 1
            levels.append(_Level(f"{levels[-1].path}/{segment.tag}[{counts[segment.tag]}]"))
        elif segment.tag == "EQD" and message.type == "CUSCAR" and len(levels) == 1:
            # CUSCAR lists its equipment with its weights before the consignments, which name theirs by SGP.
            levels.append(_Level(f"{top.path}/EQD", items=1))
        elif segment.tag == "CNT" and len(levels) > 1 and message.type in {"BAPLIE", "COARRI"}:
            close(1)
        _take(levels[-1], segment, message.type)
    close(1)
    if not records and (top.parties or top.goods):
        records.append(_record([top]))
    return records


def _starts(message: str, segment: Segment) -> bool:
    if segment.tag not in _STARTS[message]:
        return False
    return segment.get(0) == "147" if segment.tag == "LOC" else True


def _take(level: _Level, segment: Segment, message: str) -> None:
    """Add what one segment says to the level it belongs to."""
    tag, qualifier = segment.tag, segment.get(0)
    if tag == "NAD":
        level.parties.setdefault(qualifier.upper(), segment)
    elif tag == "LOC" and qualifier in _PLACES:
        level.values.setdefault(_PLACES[qualifier], segment.get(1) or segment.get(1, 3))
    elif tag == "FTX" and qualifier.upper() in {"AAA", "ACB", "PRD"}:
        level.goods.append(" ".join(segment.element(3)))
    elif tag == "IMD":
        level.goods.append(
            " ".join(part for part in segment.elements[2][3:] if part.strip()) if len(segment.elements) > 2 else ""
        )
    elif tag == "DGS":
        level.goods.append(f"UN {segment.get(2)} class {segment.get(1)}".strip())
    elif tag in {"EQD", "SGP"}:
        _take_container(level, segment.get(1) if tag == "EQD" else segment.get(0))
    elif tag == "MEA":
        _take_measure(level, segment)
    elif tag == "GID":
        level.values["packages"] = segment.get(1)
        _take_container(level, "")
    elif tag == "CNI":
        level.values["consignment_id"] = segment.get(1)
        level.values.setdefault("document_number", segment.get(1))
    elif tag == "BGM":
        level.values.setdefault("document_number", segment.get(1))
    elif tag == "RFF":
        kind = segment.get(0).upper()
        if kind in _REFERENCES and segment.get(0, 1):
            level.values[_REFERENCES[kind]] = segment.get(0, 1)
        elif kind in {"CU", "BN", "UCN"}:
            level.values.setdefault("consignment_id", segment.get(0, 1))
    elif tag == "DTM" and segment.get(0) in {"137", "2", "132", "133", "203"}:
        _take_day(level, segment)
    elif tag == "TDT" and qualifier == "20":
        level.values.setdefault(
            "transport_mode", _MODES.get(segment.get(2), "sea" if message in {"BAPLIE", "COARRI"} else "")
        )
    elif tag in {"PIA", "CST", "GDS"}:
        _take_tariff(level, segment)
    elif tag == "MOA" and segment.get(0) in {"39", "40", "43", "44", "134"}:
        level.values.setdefault("value", segment.get(0, 1))
        level.values.setdefault("currency", segment.get(0, 2))


def _take_container(level: _Level, number: str) -> None:
    folded = fold_container(number)
    if folded and folded not in level.containers:
        level.containers.append(folded)
        if looks_like_container(folded) and not parse_container(folded):
            level.doubts.append(("container", number, "files.container-wrong"))


def _take_measure(level: _Level, segment: Segment) -> None:
    unit = segment.get(2) or "KGM"
    kind = segment.get(1).upper() or ("WT" if segment.get(0).upper() == "WT" else "")
    column = "net_mass_kg" if kind in _NET else "gross_mass_kg" if kind in _GROSS else ""
    number = segment.get(2, 1)
    if segment.get(0).upper() == "WT" and kind not in {*_NET, "T"}:
        kind = "WT"
    if not column or not number:
        return
    try:
        factor = unit_factor(unit, number)
    except QuantityAmbiguous as exc:
        level.values[column] = f"{number} {unit}"
        level.doubts.append((column, f"{number} {unit}", exc.code))
        return
    except TidegateError:
        return  # volumes and temperatures are measures too, and no masses
    try:
        # ISO 9735: the decimal mark is a point or a comma, and thousands are never set apart.
        plain = parse_number(number.replace(",", "."), decimal=".")
        level.values[column] = canonical_decimal(format_number(plain * factor))
    except TidegateError as exc:
        level.values[column] = number
        level.doubts.append((column, number, exc.code))


def _take_day(level: _Level, segment: Segment) -> None:
    written, form = segment.get(0, 1), segment.get(0, 2)
    digits = written[:8] if form in {"102", "203", "204"} else f"20{written[:6]}" if form in {"101", "201"} else written
    try:
        level.values.setdefault("date", parse_civil_day(digits).isoformat())
    except TidegateError:
        if written:
            level.doubts.append(("date", written, "day.unreadable"))


def _take_tariff(level: _Level, segment: Segment) -> None:
    for element in segment.elements[0 if segment.tag == "GDS" else 1 :]:
        code = element[0].replace(".", "") if element else ""
        marked = len(element) > 1 and element[1].upper() in {"HS", "122"}
        if re.fullmatch(r"\d{4,10}", code) and (marked or segment.tag != "PIA"):
            level.values.setdefault("hs_code", code)


def _record(levels: list[_Level]) -> MessageRecord:
    values: dict[str, str | None] = {}
    parties: dict[str, Segment] = {}
    goods: list[str] = []
    containers: list[str] = []
    doubts: list[tuple[str, str, str]] = []
    for level in levels:
        values.update({name: value for name, value in level.values.items() if value})
        parties.update(level.parties)
        goods = level.goods or goods
        containers = level.containers or containers
        doubts += level.doubts
    for column, roles in _PARTIES.items():
        segment = next((parties[role] for role in roles if role in parties), None)
        if segment is not None:
            name, address, country = _name_and_address(segment)
            values[column] = name
            if column in {"consignor", "consignee"}:
                values[f"{column}_address"] = address
                values[f"{column}_country"] = country
    values["goods_description"] = "; ".join(dict.fromkeys(text for text in goods if text))
    values["container"] = ", ".join(containers)
    values.setdefault("consignment_id", values.get("document_number"))
    return MessageRecord(levels[-1].path, values, doubts)


def _name_and_address(segment: Segment) -> tuple[str, str, str]:
    """Return name, address and country of a NAD segment; a party known by its code alone goes by the code."""
    name = " ".join(segment.element(3))
    free = segment.element(2)
    address = [*segment.element(4), segment.get(5), segment.get(6), segment.get(7)]
    if not name and len(free) > 1:
        name, address = free[0], [*free[1:], *address]
    elif not name and free:
        name, rest = _cut_name(free[0])
        address = [rest, *address]
    elif free:
        address = [*free, *address]
    return name or segment.get(1), ", ".join(part for part in address if part), segment.get(8)


def _cut_name(packed: str) -> tuple[str, str]:
    """Cut "Name Co., Ltd., Street, Town" behind the name: at the first comma that no legal form follows."""
    pieces = [piece.strip() for piece in packed.split(",")]
    end = 1
    while end < len(pieces) and _LEGAL_FORM.match(pieces[end]):
        end += 1
    return ", ".join(pieces[:end]), ", ".join(pieces[end:])
