"""FollowTheMoney JSON lines, as OpenSanctions publishes them: entities with properties, or the nested target form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from tidegate.lists.births import births
from tidegate.lists.faults import list_unreadable
from tidegate.lists.parties import Gathering
from tidegate.screening.watchlist import ListedParty, Watchlist

# Schemata of the model that are no party. Any other kind that carries a name is kept under its own word.
NOT_PARTIES = frozenset((
    "Address", "Analyzable", "Article", "Assessment", "Associate", "Audio", "BankAccount", "Call", "Contract",
    "ContractAward", "CourtCase", "CourtCaseParty", "CryptoWallet", "Debt", "Directorship", "Document",
    "Documentation", "EconomicActivity", "Email", "Employment", "Event", "Family", "Folder", "HyperText",
    "Identification", "Image", "Interest", "Interval", "License", "Membership", "Mention", "Message", "Note",
    "Occupancy", "Ownership", "Package", "Page", "Pages", "Passport", "Payment", "PlainText", "Position", "Post",
    "ProjectParticipant", "Project", "RealEstate", "Representation", "Row", "Sanction", "Security", "Similar",
    "Succession", "Table", "TaxRoll", "Thing", "UnknownLink", "UserAccount", "Value", "Video", "Workbook",
))  # fmt: skip
_IDENTIFIERS = {
    "passportNumber": "passport", "idNumber": "national-id", "registrationNumber": "registration", "taxNumber": "tax",
    "leiCode": "lei", "imoNumber": "imo", "mmsi": "mmsi", "swiftBic": "swift", "uscCode": "uscc", "innCode": "tax", "ogrnCode": "registration",
    "okpoCode": "registration", "vatCode": "tax", "cryptoWallets": "wallet", "phone": "phone", "email": "email", "website": "website",
    "socialSecurityNumber": "ssn", "bicCode": "swift", "kppCode": "registration", "dunsCode": "duns", "callSign": "call-sign",
    "permId": "permid", "isinCode": "isin", "ricCode": "ric", "cikCode": "cik", "npiCode": "registration", "uniqueEntityId": "registration",
    "publicKey": "wallet", "registrationNumberPrevious": "registration", "serialNumber": "msn", "jibCode": "registration", "caemCode": "registration",
}  # fmt: skip
_NAMES = ("name", "alias", "previousName", "abbreviation")
_WEAK_NAMES = ("weakAlias",)


def read_ftm_lines(
    lines: Iterable[bytes], *, list_id: str, title: str, date: str = "", file: str = ""
) -> Watchlist:  # fmt: skip
    """Return the parties of `lines`, one JSON object each, read one at a time.

    Addresses, passports, wallets and sanctions that stand on lines of their own go to the party they belong to, and
    are counted as no party. Raises ListUnreadable, naming the line, for a line that is no entity; blank lines are
    skipped. The list's date is the latest change in it, else `date`.
    """
    gathered, parts = Gathering(), _Parts()
    waiting: dict[str, tuple[str, ...]] = {}  # party -> ids of its addresses
    latest = ""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        gathered.rows_in += 1
        entity = _entity(line, number, file)
        schema = str(entity["schema"])
        properties = _properties(entity)
        latest = max(latest, str(entity.get("last_change") or entity.get("last_seen") or "")[:10])
        if schema in NOT_PARTIES:
            gathered.leave_out(f"schema-{schema}", schema=schema)
            parts.keep(schema, str(entity.get("id") or ""), properties)
            continue
        party = _party(entity, properties, list_id)
        gathered.take(party)
        if party is not None and (links := tuple(properties.get("addressEntity", ()))):
            waiting[party.id] = links
    for key, party in gathered.parties.items():
        gathered.parties[key] = parts.give(party, waiting.get(key, ()))
    return gathered.watchlist(list_id, title, latest or date, shape="ftm-lines")


class _Parts:
    """What stands about parties on lines of its own: addresses by id; numbers and programmes by the party's id."""

    def __init__(self) -> None:
        self.addresses: dict[str, str] = {}
        self.numbers: dict[str, list[tuple[str, str]]] = {}
        self.programmes: dict[str, list[str]] = {}

    def keep(self, schema: str, entity_id: str, properties: Mapping[str, list[str]]) -> None:
        """Keep what one entity says about a party."""
        if schema == "Address":
            city = ", ".join(value for key in ("street", "city", "country") for value in properties.get(key, ())[:1])
            self.addresses[entity_id] = next(iter(properties.get("full", ())), city)
        elif schema in ("Passport", "Identification"):
            kind = "passport" if schema == "Passport" else "national-id"
            for holder in properties.get("holder", ()):
                for value in (*properties.get("number", ()), *properties.get("passportNumber", ())):
                    self.numbers.setdefault(holder, []).append((kind, value))
        elif schema == "CryptoWallet":
            for holder in properties.get("holder", ()):
                for value in properties.get("publicKey", ()):
                    self.numbers.setdefault(holder, []).append(("wallet", value))
        elif schema == "Sanction":
            for holder in properties.get("entity", ()):
                named = properties.get("programId") or properties.get("program") or []
                self.programmes.setdefault(holder, []).extend(named)

    def give(self, party: ListedParty, links: tuple[str, ...]) -> ListedParty:
        """Return the party with what its parts say of it."""
        places = [self.addresses[link] for link in links if self.addresses.get(link)]
        numbers, programmes = self.numbers.get(party.id, []), self.programmes.get(party.id, [])
        if not (places or numbers or programmes):
            return party
        return ListedParty(
            party.id, party.schema, party.names, party.weak_names, tuple(dict.fromkeys([*party.identifiers, *numbers])),
            party.birth_dates, party.countries, tuple(dict.fromkeys([*party.addresses, *places])),
            tuple(dict.fromkeys([*party.programmes, *programmes])), party.list_id, party.list_date, party.remarks,
        )  # fmt: skip


def _entity(line: bytes, number: int, file: str) -> Mapping[str, object]:
    try:
        entity = json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise list_unreadable("json-line", file=file, line=number) from problem
    if not isinstance(entity, dict) or not isinstance(entity.get("schema"), str):
        raise list_unreadable("no-entity", file=file, line=number)
    return entity


def _properties(entity: Mapping[str, object]) -> dict[str, list[str]]:
    """Return the values of each property as text; a nested entity stands by its caption."""
    properties = entity.get("properties")
    found: dict[str, list[str]] = {}
    for key, values in properties.items() if isinstance(properties, Mapping) else ():
        items = values if isinstance(values, list) else [values]
        texts = (_caption(item) if isinstance(item, Mapping) else item for item in items)
        found[str(key)] = [
            " ".join(str(item).split()) for item in texts if isinstance(item, str | int) and str(item).strip()
        ]
    return found


def _party(entity: Mapping[str, object], found: Mapping[str, list[str]], list_id: str) -> ListedParty | None:
    caption = entity.get("caption")
    names = [name for key in _NAMES for name in found.get(key, ())]
    joined = " ".join(value for key in ("firstName", "middleName", "lastName") for value in found.get(key, ())[:1])
    if not names and found.get("lastName"):
        names = [joined]
    if isinstance(caption, str) and caption.strip() and caption != entity.get("schema"):
        if caption in names:
            names = [caption, *names]
        elif not names:
            names = [caption]
    names = [name for name in dict.fromkeys(names) if any(char.isalnum() for char in name)]
    weak = [name for key in _WEAK_NAMES for name in dict.fromkeys(found.get(key, ())) if name not in names]
    if not names and not weak:
        return None
    identifiers = [
        (kind, value if kind in ("website", "wallet") else value.rpartition(": ")[2])
        for key, kind in _IDENTIFIERS.items()
        for value in found.get(key, ())
    ]
    lands = [
        value
        for key in ("country", "nationality", "citizenship", "jurisdiction", "flag")
        for value in found.get(key, ())
    ]
    places = [*found.get("address", []), *found.get("addressEntity", [])]
    return ListedParty(
        id=str(entity.get("id") or (names or weak)[0]), schema=str(entity["schema"]), names=tuple(names or weak[:1]),
        weak_names=tuple(weak if names else weak[1:]), identifiers=tuple(dict.fromkeys(identifiers)),
        birth_dates=births(found.get("birthDate", [])), countries=tuple(dict.fromkeys(lands)),
        addresses=tuple(dict.fromkeys(item for item in places if " " in item)),
        programmes=tuple(found.get("programId", ())) or tuple(found.get("program", ())), list_id=list_id,
        remarks=" ".join(found.get("notes", [])),
    )  # fmt: skip


def _caption(item: Mapping[str, object]) -> str:
    caption = item.get("caption")
    return caption if isinstance(caption, str) else ""
