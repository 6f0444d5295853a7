"""OFAC lists: SDN CSV (with alt.csv and add.csv beside it) and the XML of the SDN and consolidated lists.

CSV: no heading, twelve columns, `-0- ` for nothing, a last line of Ctrl-Z; identifiers and birth dates stand in the
remarks, which OFAC cuts at 1,000 characters. Source: OFAC, "SDN data specification".
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tidegate.errors import InputUnreadable
from tidegate.lists.safe_xml import child_text, parse_xml
from tidegate.screening.watchlist import ListedParty, Watchlist

SCHEMAS = {
    "individual": "Person",
    "vessel": "Vessel",
    "aircraft": "Airplane",
    "entity": "Organization",
    "": "Organization",
}
_DOB = re.compile(r"^(?:alt\. )?DOB (?P<text>.+)$")
_QUOTED = re.compile(r"^(?P<kind>a\.k\.a\.|f\.k\.a\.|n\.k\.a\.)(?:,)? '?(?P<name>[^']+)'?\.?$")
_ID = re.compile(
    r"^(?:alt\. )?(?P<label>Passport|Cedula No\.|National ID No\.|Identification Number|Tax ID No\.|NIT #|RUC #|R\.?F\.?C\.?|C\.U\.R\.P\.|C\.U\.I\.T\.|"
    r"Registration (?:ID|Number)|Company Number|Business Registration (?:Number|Document #)|Commercial Registry Number|Unified Social Credit Code \(USCC\)|"
    r"Chinese Commercial Code|Driver's License No\.|SSN|D\.N\.I\.|N\.I\.E\.|Personal ID Card|Citizen's Card Number|Matricula Mercantil No|"
    r"SWIFT/BIC|Legal Entity Number|MMSI|Vessel Registration Identification|Aircraft Manufacturer's Serial Number \(MSN\)|"
    r"Digital Currency Address - (?P<coin>[A-Z]+)|Trade License No\.|License|Folio Mercantil No\.|VAT Number|Birth Certificate Number|Enterprise Number|"
    r"Government Gazette Number|Tax ID|Registered Charity No\.|UK Company Number|RTN|C\.I\.F\.|Numero de Identidad|Stateless Person ID Card|Turkish Identification Number|"
    r"Kenyan ID No\.|Afghan Money Service Provider License Number|Bosnian Personal ID No\.|Phone Number|Email Address|Website)\s*:?\s*(?P<value>\S[^;()]*?)\s*(?:\((?P<land>[^)]*)\).*)?\.?$"
)
_KINDS = {
    "passport": "passport", "cedula": "cedula", "national id": "national-id", "identification number": "national-id",
    "tax id": "tax", "nit": "nit", "ruc": "ruc", "r.f.c": "rfc", "rfc": "rfc", "c.u.r.p": "curp", "c.u.i.t": "tax",
    "unified social": "uscc", "chinese commercial code": "ccc", "ssn": "ssn", "swift": "swift", "legal entity number": "lei",
    "mmsi": "mmsi", "vessel registration": "imo", "digital currency": "wallet", "phone": "phone", "email": "email",
    "website": "website", "aircraft": "msn", "vat": "tax", "d.n.i": "national-id", "n.i.e": "national-id",
    "personal id": "national-id", "citizen": "national-id", "turkish": "national-id", "bosnian": "national-id", "kenyan": "national-id",
    "driver": "licence", "license": "licence", "afghan": "licence", "stateless": "national-id", "numero": "national-id", "birth": "licence",
}  # fmt: skip
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def read_sdn_csv(
    text: str, *, alt: str = "", add: str = "", list_id: str = "ofac-sdn", title: str = "OFAC SDN", date: str = ""
) -> Watchlist:
    """Return the SDN list from the text of sdn.csv, alt.csv and add.csv (the last two may be empty).

    Raises InputUnreadable if no row has twelve columns. Rows of `alt` and `add` whose party is not in `text` are
    counted in `left_out`, since the three files may be of different days.
    """
    aliases = _by_party(alt, 4)
    places = _by_party(add, 5)
    parties: list[ListedParty] = []
    left_out: dict[str, int] = {}
    rows_in = 0
    for row in csv.reader(text.splitlines()):
        if not row or row[0].strip() in ("", "\x1a"):
            continue
        rows_in += 1
        if len(row) < 12 or not row[0].strip().isdigit():
            left_out["row-cut"] = left_out.get("row-cut", 0) + 1
            continue
        parties.append(_party(row, aliases.pop(row[0].strip(), []), places.pop(row[0].strip(), []), list_id, date))
    if not parties:
        raise InputUnreadable(
            "no row looks like an OFAC SDN row: expected twelve columns beginning with the entity number",
            code="list-empty",
        )
    for code, rest in (("alias-without-party", aliases), ("address-without-party", places)):
        if rest:
            left_out[code] = sum(map(len, rest.values()))
    return Watchlist(
        tuple(parties), list_id, title, date, "Office of Foreign Assets Control, US Treasury", "public domain",
        "ofac-sdn-csv", rows_in, left_out,
    )  # fmt: skip


def _by_party(text: str, least: int) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for row in csv.reader(text.splitlines()):
        if len(row) >= least and row[0].strip().isdigit():
            found.setdefault(row[0].strip(), []).append([_value(cell) for cell in row])
    return found


def _value(cell: str) -> str:
    cell = cell.strip()
    return "" if cell == "-0-" else cell


def _party(row: list[str], aliases: list[list[str]], places: list[list[str]], list_id: str, date: str) -> ListedParty:
    values = [_value(cell) for cell in row]
    schema = SCHEMAS.get(values[2].lower(), "LegalEntity")
    remarks = values[11]
    births, identifiers, weak = read_remarks(remarks)
    if schema == "Vessel" and values[4]:
        identifiers.append(("call-sign", values[4]))
    names = [values[1], *(alias[3] for alias in aliases if alias[2].lower() != "weak")]
    lands = [row[4] for row in places if len(row) > 4 and row[4]]
    if schema == "Vessel" and values[9]:
        lands.append(values[9])
    return ListedParty(
        id=f"{list_id}:{values[0]}", schema=schema, names=tuple(dict.fromkeys(filter(None, names))),
        weak_names=tuple(name for name in dict.fromkeys(weak) if name not in names),
        identifiers=tuple(dict.fromkeys(identifiers)), birth_dates=tuple(dict.fromkeys(births)),
        countries=tuple(dict.fromkeys(lands)),
        addresses=tuple(dict.fromkeys(", ".join(filter(None, row[2:5])) for row in places if any(row[2:5]))),
        programmes=tuple(item.strip("[] ") for item in values[3].split("] [") if item.strip("[] ")),
        list_id=list_id, list_date=date, remarks=remarks,
    )  # fmt: skip


def read_remarks(remarks: str) -> tuple[list[str], list[tuple[str, str]], list[str]]:
    """Return (birth dates, identifiers, names in quotes) that stand in OFAC remarks, split by semicolons."""
    births: list[str] = []
    identifiers: list[tuple[str, str]] = []
    names: list[str] = []
    for part in (piece.strip() for piece in remarks.split(";")):
        part = part.rstrip(".") if not part.endswith(("No.", "a.k.a.")) else part
        birth = _DOB.match(part)
        if birth:
            births.append(parse_ofac_date(birth["text"]))
            continue
        quoted = _QUOTED.match(part)
        if quoted:
            names.append(quoted["name"].strip())
            continue
        found = _ID.match(part)
        if found:
            value = found["value"].strip()
            kind = next(
                (kind for mark, kind in _KINDS.items() if found["label"].lower().startswith(mark)), "registration"
            )
            if kind == "imo":
                value = value.removeprefix("IMO").strip()
            identifiers.append((kind, value))
    return [item for item in births if item], identifiers, names


def parse_ofac_date(text: str) -> str:
    """Return an ISO date, a year, "~1960" for circa, "1958/1962" for a span; "" if none of them."""
    text = text.strip().rstrip(".")
    span = re.search(r"(\d{4})\D+to\D+.*?(\d{4})", text)
    if span:
        return f"{span[1]}/{span[2]}"
    about = "~" if text.lower().startswith("circa") else ""
    whole = re.search(r"(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})", text)
    if whole and whole[2] in _MONTHS:
        return f"{about}{whole[3]}-{_MONTHS.index(whole[2]) + 1:02d}-{int(whole[1]):02d}"
    month = re.search(r"([A-Z][a-z]{2}) (\d{4})", text)
    if month and month[1] in _MONTHS:
        return f"{about}{month[2]}-{_MONTHS.index(month[1]) + 1:02d}"
    year = re.search(r"\d{4}", text)
    return about + year.group() if year else ""


def read_ofac_xml(data: bytes, *, list_id: str = "", title: str = "") -> Watchlist:
    """Return the SDN or consolidated list from OFAC's XML (any of its namespaces)."""
    root = parse_xml(data)
    published = child_text(root, "publshInformation/Publish_Date")
    date = datetime.strptime(published, "%m/%d/%Y").date().isoformat() if published else ""  # noqa: DTZ007
    entries = [node for node in root if node.tag == "sdnEntry"]
    programmes = {child_text(p, ".") for node in entries for p in node.iterfind("programList/program")}
    consolidated = any(name.startswith(("NS-", "CMIC", "FSE", "561", "CAPTA")) for name in programmes)
    list_id = list_id or ("ofac-consolidated" if consolidated else "ofac-sdn")
    title = title or ("OFAC consolidated (non-SDN)" if consolidated else "OFAC SDN")
    parties = []
    left_out: dict[str, int] = {}
    for node in entries:
        party = _xml_party(node, list_id, date)
        if party is None:
            left_out["no-name"] = left_out.get("no-name", 0) + 1
        else:
            parties.append(party)
    return Watchlist(
        tuple(parties), list_id, title, date, "Office of Foreign Assets Control, US Treasury", "public domain",
        "ofac-xml", len(entries), left_out,
    )  # fmt: skip


def _xml_party(node: object, list_id: str, date: str) -> ListedParty | None:
    def texts(path: str) -> list[str]:
        return [value for item in node.iterfind(path) if (value := child_text(item, "."))]  # type: ignore[attr-defined]

    def full(item: object) -> str:
        last, first = child_text(item, "lastName"), child_text(item, "firstName")
        return f"{last}, {first}" if last and first else last or first

    primary = full(node)
    akas = list(node.iterfind("akaList/aka"))  # type: ignore[attr-defined]
    strong = [full(item) for item in akas if child_text(item, "category") != "weak"]
    weak = [full(item) for item in akas if child_text(item, "category") == "weak"]
    names = tuple(dict.fromkeys(filter(None, [primary, *strong])))
    if not names:
        return None
    identifiers: list[tuple[str, str]] = []
    for item in node.iterfind("idList/id"):  # type: ignore[attr-defined]
        label, value = child_text(item, "idType"), child_text(item, "idNumber")
        if value:
            kind = next((kind for mark, kind in _KINDS.items() if label.lower().startswith(mark)), "registration")
            identifiers.append((kind, value.removeprefix("IMO").strip() if kind == "imo" else value))
    addresses = [
        ", ".join(
            filter(None, (child_text(a, tag) for tag in ("address1", "address2", "city", "stateOrProvince", "country")))
        )
        for a in node.iterfind("addressList/address")  # type: ignore[attr-defined]
    ]
    schema = SCHEMAS.get(child_text(node, "sdnType").lower(), "LegalEntity")
    return ListedParty(
        id=f"{list_id}:{child_text(node, 'uid')}", schema=schema, names=names,
        weak_names=tuple(name for name in dict.fromkeys(filter(None, weak)) if name not in names),
        identifiers=tuple(identifiers),
        birth_dates=tuple(filter(None, map(parse_ofac_date, texts("dateOfBirthList/dateOfBirthItem/dateOfBirth")))),
        countries=tuple(dict.fromkeys(texts("addressList/address/country") + texts("nationalityList/nationality/country"))),
        addresses=tuple(filter(None, addresses)), programmes=tuple(texts("programList/program")),
        list_id=list_id, list_date=date, remarks=child_text(node, "remarks"),
    )  # fmt: skip


def only_programmes(watchlist: Watchlist, programmes: Iterable[str]) -> Watchlist:
    """Return `watchlist` with only the parties under one of `programmes`."""
    wanted = set(programmes)
    kept = tuple(party for party in watchlist.parties if wanted & set(party.programmes))
    return replace(watchlist, parties=kept)


def programme_counts(watchlist: Watchlist) -> Mapping[str, int]:
    """Return how many parties stand under each programme."""
    counts: dict[str, int] = {}
    for party in watchlist.parties:
        for programme in party.programmes:
            counts[programme] = counts.get(programme, 0) + 1
    return counts


def looks_like_sdn_csv(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first rows are OFAC's: a number first, twelve columns, nulls written -0-."""
    good = [row for row in rows if len(row) >= 12 and row[0].strip().isdigit() and "-0-" in "".join(row)]
    return len(good) >= max(1, len([row for row in rows if row]) // 2)
