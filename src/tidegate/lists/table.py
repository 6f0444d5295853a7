"""A list as a plain table with the party columns (party_id, name, name_local, other_names, kind, …)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from tidegate.lists.births import births
from tidegate.lists.parties import Gathering
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
    "imo": "imo", "account": "account", "iban": "account", "账号": "account", "cuenta": "account", "wallet": "wallet", "phone": "phone", "email": "email", "website": "website", "programmes": "programmes", "programs": "programmes", "program": "programmes", "programme": "programmes", "list_programme": "programmes", "sanctions_programme": "programmes", "制裁项目": "programmes", "programa": "programmes",
    "program_ids": "programmes", "remarks": "remarks", "notes": "remarks", "comments": "remarks", "备注": "remarks", "observaciones": "remarks",
    "first_name": "given_name", "given_name": "given_name", "given_names": "given_name", "forename": "given_name", "nombres": "given_name",
    "last_name": "family_name", "family_name": "family_name", "surname": "family_name", "apellido": "family_name", "apellidos": "family_name",
}  # fmt: skip
_NAMED = ("name", "name_local", "family_name")
_WITH_LIST = re.compile(r"[A-Za-z][\w.-]*:\S")  # an id that carries its list already, "un-sc:XXi.001"
_SEPARATOR = re.compile(r"[;|\n；、]")
_KINDS = {
    **dict.fromkeys(("person", "individual", "people", "个人", "persona", "natural person", "natural", "自然人"), "Person"),
    **dict.fromkeys(("vessel", "ship", "船舶", "buque"), "Vessel"),
    **dict.fromkeys(
        ("firm", "company", "organization", "organisation", "entity", "legal entity", "企业", "公司", "empresa", "corporate", "business"),
        "Organization",
    ),
}  # fmt: skip
_OWN_KINDS = ("passport", "lei", "imo", "account", "wallet", "phone", "email", "website")
_HEADING_ROWS = 20
_MOST_OF_ONE = 100  # rows of one party: its aliases, addresses and papers
# What people write where a record has no id of its own: rows that share it are not one party.
_NO_ID = frozenset(("-", "--", "n/a", "na", "none", "null", "nil", "unknown", "tbd", "0", "?", "无", "s/n", "nan"))


def canonical_headers(row: Sequence[str]) -> dict[int, str]:
    """Return column number -> canonical party column for the headers that are known."""
    found = {}
    for at, cell in enumerate(row):
        key = re.sub(r"[\s.-]+", "_", cell.strip().lower().strip("\ufeff\"' *:")).strip("_")
        if key in HEADERS:
            found[at] = HEADERS[key]
    return found


def find_heading(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the number of the heading among the first rows: the first that has a column of names; None without one."""
    for at, row in enumerate(rows[:_HEADING_ROWS]):
        if set(_NAMED) & set(canonical_headers(row).values()):
            return at
    return None


def read_table_rows(rows: Sequence[Sequence[str]], *, list_id: str, title: str, date: str = "") -> Watchlist | None:
    """Return the list from rows of text, the heading among the first twenty, or None without a column of names.

    A second heading and a row without a name are counted in `left_out`; rows of one id are one party.
    """
    head = find_heading(rows)
    if head is None:
        return None
    columns = canonical_headers(rows[head])
    heading = [cell.strip() for cell in rows[head]]
    gathered = Gathering()
    twins: Counter[str] = Counter()
    shared = _shared_ids(rows[head + 1 :], [at for at, column in columns.items() if column == "party_id"])
    for row in rows[head + 1 :]:
        if not any(cell.strip() for cell in row):
            continue
        gathered.rows_in += 1
        if [cell.strip() for cell in row] == heading:
            gathered.leave_out("heading-repeated")
            continue
        cells: dict[str, list[str]] = {}
        for at, column in columns.items():
            if at < len(row) and row[at].strip():
                cells.setdefault(column, []).append(row[at].strip())
        # A row without an id goes by its name, so that it is known again where rows were added above it.
        if own_id(cells) in shared:
            del cells["party_id"]
        named = next((text.casefold() for column in _NAMED for text in cells.get(column, ())), "")
        twins[named] += not own_id(cells)
        fallback = named if twins[named] < 2 else f"{named}#{twins[named]}"
        gathered.take(party_from_cells(cells, list_id=list_id, date=date, fallback=fallback))
    return gathered.watchlist(list_id, title, date, shape="table")


def _shared_ids(rows: Sequence[Sequence[str]], places: Sequence[int]) -> set[str]:
    """Return what stands in the id's column on so many rows that it is no id: a country, a code of the list."""
    counts = Counter(
        " ".join(row[at].split()) for row in rows for at in places[:1] if at < len(row) and row[at].strip()
    )
    return {own for own, count in counts.items() if count > _MOST_OF_ONE or (count > 2 and len(counts) == 1)}


def party_from_cells(
    cells: Mapping[str, Sequence[str]], *, list_id: str, date: str, fallback: str
) -> ListedParty | None:
    """Return the party of one row of canonical cells, or None if it has no name.

    fallback: the id of a row that has none of its own.
    """

    def parts(column: str) -> list[str]:
        return [part.strip() for text in cells.get(column, ()) for part in _SEPARATOR.split(text) if part.strip()]

    joined = " ".join(value for column in ("given_name", "family_name") for value in cells.get(column, ()))
    names = [*cells.get("name", ()), *([joined] if joined else ()), *cells.get("name_local", ()), *parts("other_names")]
    names = [" ".join(name.split()) for name in names]
    if not any(any(char.isalnum() for char in name) for name in names):
        return None
    schema = _KINDS.get(" ".join(cells.get("kind", ())).strip().lower(), "LegalEntity")
    if schema == "LegalEntity" and joined:
        schema = "Person"
    identifiers = [
        (column if column in _OWN_KINDS else "registration", value)
        for column in ("registration_number", *_OWN_KINDS)
        for value in parts(column)
    ]
    own = own_id(cells) or fallback
    return ListedParty(
        id=own if _WITH_LIST.match(own) else f"{list_id}:{own}", schema=schema,
        names=tuple(dict.fromkeys(name for name in names if name)), identifiers=tuple(dict.fromkeys(identifiers)),
        birth_dates=births(parts("birth_date")), countries=tuple(parts("country")), addresses=tuple(cells.get("address", ())),
        programmes=tuple(parts("programmes")), list_id=list_id, list_date=date, remarks=" ".join(cells.get("remarks", ())),
    )  # fmt: skip


def own_id(cells: Mapping[str, Sequence[str]]) -> str:
    """Return the id a row brings, "" for none and for what people write instead of one."""
    own = " ".join(next(iter(cells.get("party_id", ())), "").split())
    return "" if own.casefold() in _NO_ID else own
