"""FollowTheMoney JSON lines, as OpenSanctions publishes them: entities with properties, or the nested target form."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tidegate.errors import InputUnreadable
from tidegate.screening.watchlist import ListedParty, Watchlist

_PARTIES = frozenset(["Person", "Organization", "Company", "LegalEntity", "PublicBody", "Vessel", "Airplane"])
_IDENTIFIERS = {
    "passportNumber": "passport", "idNumber": "national-id", "registrationNumber": "registration", "taxNumber": "tax",
    "leiCode": "lei", "imoNumber": "imo", "mmsi": "mmsi", "swiftBic": "swift", "uscCode": "uscc", "innCode": "tax", "ogrnCode": "registration",
    "okpoCode": "registration", "vatCode": "tax", "cryptoWallets": "wallet", "phone": "phone", "email": "email", "website": "website",
    "socialSecurityNumber": "ssn", "bicCode": "swift", "kppCode": "registration", "dunsCode": "registration", "callSign": "call-sign",
}  # fmt: skip


def read_ftm_lines(text: str, *, list_id: str, title: str) -> Watchlist:
    """Return the parties of `text`, one JSON object a line; other schemas give them their addresses or are counted.

    Raises InputUnreadable, naming the line, for a line that is no JSON object; blank lines are skipped.
    """
    parties: list[ListedParty] = []
    left_out: dict[str, int] = {}
    rows_in = 0
    latest = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        rows_in += 1
        try:
            entity = json.loads(line)
        except ValueError as problem:
            raise InputUnreadable(
                f"line {number}: no JSON object ({problem})", code="list-shape", line=number
            ) from problem
        if not isinstance(entity, dict) or "schema" not in entity:
            raise InputUnreadable(
                f"line {number}: expected a FollowTheMoney entity with id, schema and properties",
                code="list-shape",
                line=number,
            )
        if entity["schema"] not in _PARTIES:
            left_out[f"schema-{entity['schema']}"] = left_out.get(f"schema-{entity['schema']}", 0) + 1
            continue
        party = _party(entity, list_id)
        latest = max(latest, str(entity.get("last_change") or entity.get("last_seen") or "")[:10])
        if party is None:
            left_out["no-name"] = left_out.get("no-name", 0) + 1
        else:
            parties.append(party)
    return Watchlist(tuple(parties), list_id, title, latest, "", "", "ftm-lines", rows_in, left_out)


def _party(entity: Mapping[str, object], list_id: str) -> ListedParty | None:
    properties = entity.get("properties")
    found: dict[str, list[str]] = {}
    if isinstance(properties, Mapping):
        for key, values in properties.items():
            items = values if isinstance(values, list) else [values]
            found[str(key)] = [" ".join(item.split()) for item in items if isinstance(item, str) and item.strip()]
            found[str(key)] += [_caption(item) for item in items if isinstance(item, Mapping)]
    caption = entity.get("caption")
    names = [*found.get("name", []), *found.get("alias", []), *found.get("previousName", [])]
    if not names and isinstance(caption, str) and caption.strip() and caption != entity.get("schema"):
        names = [caption]
    if isinstance(caption, str) and caption in names:
        names = [caption, *names]
    names = [name for name in dict.fromkeys(names) if any(char.isalnum() for char in name)]
    if not names:
        return None
    identifiers = [
        (kind, value.rpartition(": ")[2]) for key, kind in _IDENTIFIERS.items() for value in found.get(key, [])
    ]
    return ListedParty(
        id=str(entity.get("id") or names[0]), schema=str(entity["schema"]), names=tuple(names),
        weak_names=tuple(name for name in dict.fromkeys(found.get("weakAlias", [])) if name not in names),
        identifiers=tuple(dict.fromkeys(identifiers)), birth_dates=tuple(found.get("birthDate", ())),
        countries=tuple(dict.fromkeys([*found.get("country", []), *found.get("nationality", []), *found.get("jurisdiction", [])])),
        addresses=tuple(item for item in [*found.get("address", []), *found.get("addressEntity", [])] if item and " " in item),
        programmes=tuple(found.get("programId", ())) or tuple(found.get("program", ())), list_id=list_id,
        remarks=" ".join(found.get("notes", [])),
    )  # fmt: skip


def _caption(item: Mapping[str, object]) -> str:
    caption = item.get("caption")
    return caption if isinstance(caption, str) else ""
