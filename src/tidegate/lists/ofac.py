"""OFAC's SDN list as CSV, with alt.csv and add.csv beside it, and what stands in OFAC's remarks.

CSV: no heading, twelve columns, `-0- ` for nothing, a last line of Ctrl-Z; identifiers and birth dates stand in the
remarks, which OFAC cuts at 1,000 characters. Source: OFAC, "SDN data specification".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from tidegate.lists.births import births as read_births
from tidegate.lists.births import read_birth as parse_ofac_date
from tidegate.lists.faults import list_unreadable
from tidegate.lists.identifier_kinds import REMARKS, identifier
from tidegate.lists.parties import Gathering
from tidegate.lists.rows import fold_header, read_rows, sniff_delimiter
from tidegate.screening.watchlist import ListedParty, Watchlist

SCHEMAS = {
    "individual": "Person",
    "vessel": "Vessel",
    "aircraft": "Airplane",
    "entity": "Organization",
    "": "Organization",
}
COLUMNS = (
    "ent_num", "sdn_name", "sdn_type", "program", "title", "call_sign", "vess_type", "tonnage", "grt", "vess_flag",
    "vess_owner", "remarks",
)  # fmt: skip
_BIRTH = re.compile(r"(?:alt\. )?DOB (.+)$")
_QUOTED = re.compile(r"(?:a\.k\.a\.|f\.k\.a\.|n\.k\.a\.),? '?([^']+)'?\.?$")
# A label that numbers something ends with one of these words, or is one of the few that stand alone.
_LABELLED = re.compile(
    r"(?:alt\. )?(?P<label>Passport|Diplomatic Passport|SWIFT/BIC|SSN|MMSI|C\.U\.R\.P\.|R\.?F\.?C\.?|C\.U\.I\.T\.|D\.N\.I\.|N\.I\.E\.|C\.I\.F\.|RTN|CNPJ|INN|ISIN|"
    r"Website|Email Address|Phone Number|Telephone|Tel\.|Fax|Digital Currency Address - [A-Z0-9]+|Vessel Registration Identification|"
    r"Government Gazette Number|Aircraft Tail Number|National ID No\.|Tax ID No\.|Tax ID|Registration ID|Identification Number|"
    r"(?:US|Italian|Personal|Trade|Business|Stateless|Citizen's|UK|Afghan|Kenyan|Bosnian|Turkish|Moroccan|Chinese|Unified|[A-Z])[^0-9;:#(]{0,60}?(?:No\.|Number|#|Code|ID|FEIN|Card|License|No|Document #))"
    r"\s*(?:\([A-Za-z/ ]{2,14}\))?\s*:?\s+(?P<value>[^;()]*[^;()\s.])"
)
_SKIPPED = (
    *(mark.capitalize() for mark in REMARKS),
    "nationality", "citizen", "POB", "alt. POB", "alt. nationality", "alt. citizen", "Linked To", "Additional Sanctions",
    "Secondary sanctions", "Executive Order", "alt. Executive Order", "Organization Established", "Organization Type",
    "Transactions Prohibited", "CAATSA", "alt. CAATSA", "Former Vessel Flag", "Target Type", "Aircraft Model",
)  # fmt: skip


def read_sdn_csv(
    text: str, *, alt: str = "", add: str = "", list_id: str = "ofac-sdn", title: str = "OFAC SDN", date: str = "",
    file: str = "",
) -> Watchlist:  # fmt: skip
    """Return the SDN list from the text of sdn.csv, alt.csv and add.csv (the last two may be empty).

    Raises ListUnreadable if no row has twelve columns. Rows of `alt` and `add` whose party is not in `text` are
    counted in `left_out`, since the three files may be of different days.
    """
    rows = _in_order(read_rows(text.replace("\x1a", ""), sniff_delimiter(text)))
    aliases, places = _by_party(alt, 4), _by_party(add, 5)
    gathered = Gathering()
    for row in rows:
        gathered.rows_in += 1
        number = row[0].strip()
        if len(row) < 12 or not number.isdigit():
            gathered.leave_out("row-cut")
            continue
        gathered.take(_party(row, aliases.pop(number, []), places.pop(number, []), list_id, date))
    if not gathered.parties:
        raise list_unreadable("no-party", file=file or title, rows=gathered.rows_in)
    for code, rest in (("alias-without-party", aliases), ("address-without-party", places)):
        if rest:
            gathered.leave_out(code, sum(map(len, rest.values())))
    return gathered.watchlist(
        list_id, title, date, "Office of Foreign Assets Control, US Treasury", "public domain", "ofac-sdn-csv"
    )


def looks_like_sdn_csv(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first rows are OFAC's: a number first, twelve columns, a kind of party or nulls written -0-."""
    if rows and {"sdn_name", "ent_num"} & {fold_header(cell) for cell in rows[0]}:
        return True
    kinds = {"individual", "vessel", "aircraft", "-0-"}
    good = [row for row in rows if len(row) >= 12 and row[0].strip().isdigit() and row[2].strip().lower() in kinds]
    return len(good) >= max(1, len([row for row in rows if row and row[0].strip("\x1a ")]) // 2)


def read_remarks(remarks: str) -> tuple[list[str], list[tuple[str, str]], list[str]]:
    """Return (birth dates, identifiers, names in quotes) that stand in OFAC remarks, split by semicolons."""
    births: list[str] = []
    identifiers: list[tuple[str, str]] = []
    names: list[str] = []
    for piece in remarks.split(";"):
        part = piece.strip()
        if not part or part.startswith(_SKIPPED):
            continue
        if not part.endswith(("No.", "a.k.a.")):
            part = part.rstrip(".")
        if birth := _BIRTH.match(part):
            births.append(birth[1])
        elif quoted := _QUOTED.match(part):
            names.append(quoted[1].strip())
        elif (found := _LABELLED.match(part)) and (one := identifier(found["label"], found["value"])):
            identifiers.append(one)
    return list(read_births(births)), identifiers, names


def _in_order(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows in OFAC's own order of columns, where somebody put a heading over them and moved columns."""
    if not rows:
        return rows
    heading = [fold_header(cell) for cell in rows[0]]
    if not {"sdn_name", "ent_num"} <= set(heading):
        return [row for row in rows if any(cell.strip() for cell in row)]
    places = [heading.index(name) if name in heading else None for name in COLUMNS]
    return [
        [row[place] if place is not None and place < len(row) else "" for place in places]
        for row in rows[1:]
        if any(cell.strip() for cell in row)
    ]


def _by_party(text: str, least: int) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for row in read_rows(text.replace("\x1a", ""), sniff_delimiter(text)) if text else ():
        if len(row) >= least and row[0].strip().isdigit():
            found.setdefault(row[0].strip(), []).append([_value(cell) for cell in row])
    return found


def _value(cell: str) -> str:
    cell = cell.strip()
    return "" if cell == "-0-" else cell


@lru_cache(maxsize=10_000)
def _programmes(cell: str) -> tuple[str, ...]:
    return tuple(item for part in cell.split("] [") if (item := part.strip("[] ")))


def _party(
    row: list[str], aliases: list[list[str]], places: list[list[str]], list_id: str, date: str
) -> ListedParty | None:
    schema = SCHEMAS.get(_value(row[2]).lower(), "LegalEntity")
    remarks = _value(",".join(row[11:]) if len(row) > 12 else row[11])  # a comma that was not quoted cuts the remarks
    births, identifiers, weak = read_remarks(remarks) if remarks else ([], [], [])
    lands = [place[4] for place in places if place[4]] if places else []
    if schema == "Vessel":
        if call_sign := _value(row[5]):
            identifiers.append(("call-sign", call_sign))
        if flag := _value(row[9]):
            lands.append(flag)
    names = [" ".join(_value(row[1]).split())]
    if aliases:
        names += [alias[3] for alias in aliases if alias[2].lower() != "weak"]
        weak += [alias[3] for alias in aliases if alias[2].lower() == "weak"]
    return ListedParty(
        f"{list_id}:{row[0].strip()}", schema, tuple(dict.fromkeys(filter(None, names))),
        tuple(name for name in dict.fromkeys(weak) if name and name not in names) if weak else (),
        tuple(dict.fromkeys(identifiers)) if identifiers else (), tuple(births), tuple(dict.fromkeys(lands)),
        tuple(dict.fromkeys(", ".join(filter(None, place[2:5])) for place in places if any(place[2:5]))) if places else (),
        _programmes(_value(row[3])), list_id, date, remarks,
    )  # fmt: skip


__all__ = ["COLUMNS", "SCHEMAS", "looks_like_sdn_csv", "parse_ofac_date", "read_remarks", "read_sdn_csv"]
