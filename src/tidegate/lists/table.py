"""A list as a plain table with the party columns (party_id, name, name_local, other_names, kind, …)."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from io import StringIO

from tidegate.errors import InputUnreadable
from tidegate.screening.watchlist import ListedParty, Watchlist

# header as people write it (folded) -> canonical party column
HEADERS = {
    "party_id": "party_id", "id": "party_id", "entity_id": "party_id", "ref": "party_id", "reference": "party_id", "编号": "party_id",
    "name": "name", "party_name": "name", "full_name": "name", "company": "name", "company_name": "name", "entity": "name", "caption": "name",
    "名称": "name", "姓名": "name", "企业名称": "name", "公司名称": "name", "nombre": "name", "razon_social": "name", "razón_social": "name", "listed_name": "name",
    "english_name": "name", "英文名称": "name", "latin_name": "name",
    "name_local": "name_local", "local_name": "name_local", "name_original": "name_local", "native_name": "name_local", "中文名称": "name_local",
    "chinese_name": "name_local", "name_original_script": "name_local", "original_script": "name_local",
    "other_names": "other_names", "aliases": "other_names", "alias": "other_names", "aka": "other_names", "alt_names": "other_names",
    "别名": "other_names", "曾用名": "other_names", "otros_nombres": "other_names", "alternative_names": "other_names",
    "kind": "kind", "type": "kind", "schema": "kind", "类型": "kind", "tipo": "kind",
    "country": "country", "countries": "country", "国家": "country", "pais": "country", "país": "country",
    "address": "address", "addresses": "address", "地址": "address", "direccion": "address", "dirección": "address", "domicilio": "address",
    "birth_date": "birth_date", "date_of_birth": "birth_date", "dob": "birth_date", "出生日期": "birth_date", "fecha_de_nacimiento": "birth_date",
    "registration_number": "registration_number", "registration": "registration_number", "reg_no": "registration_number", "uscc": "registration_number",
    "identifiers": "registration_number", "identifier": "registration_number", "统一社会信用代码": "registration_number", "注册号": "registration_number",
    "tax_id": "registration_number", "rfc": "registration_number", "nit": "registration_number", "passport": "passport", "护照号": "passport", "lei": "lei",
    "imo": "imo", "account": "account", "iban": "account", "账号": "account", "cuenta": "account", "wallet": "wallet", "phone": "phone", "email": "email", "website": "website", "programmes": "programmes", "programs": "programmes", "program": "programmes",
    "program_ids": "programmes", "remarks": "remarks", "notes": "remarks",
}  # fmt: skip
_SEPARATOR = re.compile(r"\s*[;|\n；、]\s*")
_PERSON = {"person", "individual", "people", "个人", "persona", "natural person", "natural", "自然人"}
_VESSEL = {"vessel", "ship", "船舶", "buque"}
_FIRM = {
    "firm",
    "company",
    "organization",
    "organisation",
    "entity",
    "legal entity",
    "企业",
    "公司",
    "empresa",
    "corporate",
    "business",
}


def read_table_text(text: str, *, list_id: str, title: str, date: str = "") -> Watchlist:
    """Return the list from the text of a delimited table (comma, semicolon, tab or bar) with a heading."""
    sample = text[:20000]
    try:
        delimiter = csv.Sniffer().sniff(sample.split("\n", 1)[0], delimiters=",;\t|").delimiter
    except csv.Error:
        delimiter = "\t" if "\t" in sample.split("\n", 1)[0] else ","
    try:
        rows = list(csv.reader(StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter))
    except csv.Error as problem:
        raise InputUnreadable(f"{title}: no table that can be read ({problem})", code="list-shape") from problem
    return read_table_rows(rows, list_id=list_id, title=title, date=date)


def canonical_headers(row: Sequence[str]) -> dict[int, str]:
    """Return column number -> canonical party column for the headers that are known."""
    found = {}
    for at, cell in enumerate(row):
        key = re.sub(r"[\s.-]+", "_", cell.strip().lower().lstrip("\ufeff"))
        if key in HEADERS:
            found[at] = HEADERS[key]
    return found


def read_table_rows(rows: Sequence[Sequence[str]], *, list_id: str, title: str, date: str = "") -> Watchlist:
    """Return the list from rows of text, the heading among the first ten. Raises InputUnreadable without a name column."""
    head = next(
        (at for at, row in enumerate(rows[:10]) if {"name", "name_local"} & set(canonical_headers(row).values())), None
    )
    if head is None:
        raise InputUnreadable(
            "no heading with a name column (name, name_local, 名称, nombre) in the first ten rows", code="list-shape"
        )
    columns = canonical_headers(rows[head])
    parties: list[ListedParty] = []
    left_out: dict[str, int] = {}
    body = [row for row in rows[head + 1 :] if any(cell.strip() for cell in row)]
    seen: dict[str, int] = {}
    for number, row in enumerate(body, start=1):
        cells: dict[str, list[str]] = {}
        for at, column in columns.items():
            if at < len(row) and row[at].strip():
                cells.setdefault(column, []).append(row[at].strip())
        party = party_from_cells(cells, list_id=list_id, date=date, fallback=str(number))
        if party is None:
            left_out["no-name"] = left_out.get("no-name", 0) + 1
            continue
        if party.id in seen:
            left_out["id-twice"] = left_out.get("id-twice", 0) + 1
            first = parties[seen[party.id]]
            parties[seen[party.id]] = merge_parties(first, party)
            continue
        seen[party.id] = len(parties)
        parties.append(party)
    return Watchlist(tuple(parties), list_id, title, date, "", "", "table", len(body), left_out)


def party_from_cells(
    cells: Mapping[str, Sequence[str]], *, list_id: str, date: str, fallback: str
) -> ListedParty | None:
    """Return the party of one row of canonical cells, or None if it has no name."""
    names = [name for column in ("name", "name_local") for name in cells.get(column, ())]
    for text in cells.get("other_names", ()):
        names += [item for item in _SEPARATOR.split(text) if item]
    names = [" ".join(name.split()) for name in names]
    if not any(any(char.isalnum() for char in name) for name in names):
        return None
    kind = " ".join(cells.get("kind", ())).strip().lower()
    schema = (
        "Person"
        if kind in _PERSON
        else "Vessel"
        if kind in _VESSEL
        else "Organization"
        if kind in _FIRM
        else "LegalEntity"
    )
    identifiers = [
        (
            column
            if column in ("passport", "lei", "imo", "account", "wallet", "phone", "email", "website")
            else "registration",
            value,
        )
        for column in (
            "registration_number",
            "passport",
            "lei",
            "imo",
            "account",
            "wallet",
            "phone",
            "email",
            "website",
        )
        for text in cells.get(column, ())
        for value in _SEPARATOR.split(text)
        if value
    ]
    split = {
        c: tuple(v for text in cells.get(c, ()) for v in _SEPARATOR.split(text) if v)
        for c in ("country", "birth_date", "programmes")
    }
    own = next(iter(cells.get("party_id", ())), "") or fallback
    return ListedParty(
        id=own if ":" in own else f"{list_id}:{own}", schema=schema,
        names=tuple(dict.fromkeys(name for name in names if name)), identifiers=tuple(dict.fromkeys(identifiers)),
        birth_dates=split["birth_date"], countries=split["country"], addresses=tuple(cells.get("address", ())),
        programmes=split["programmes"], list_id=list_id, list_date=date, remarks=" ".join(cells.get("remarks", ())),
    )  # fmt: skip


def merge_parties(first: ListedParty, second: ListedParty) -> ListedParty:
    """Return one party from two rows with the same id: everything of both, the first one's name first."""

    def both(name: str) -> tuple[object, ...]:
        return tuple(dict.fromkeys((*getattr(first, name), *getattr(second, name))))

    fields = ("names", "weak_names", "identifiers", "birth_dates", "countries", "addresses", "programmes")
    merged = {name: both(name) for name in fields}
    return ListedParty(
        id=first.id, schema=first.schema, list_id=first.list_id, list_date=first.list_date, remarks=first.remarks,
        **merged,  # type: ignore[arg-type]
    )  # fmt: skip
