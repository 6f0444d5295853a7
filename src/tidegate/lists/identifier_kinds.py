"""What kind of identifier a publisher's label names. A remark about a party (a directive, a gender) is none."""

from __future__ import annotations

import re
from functools import lru_cache

# Beginnings of labels that say something about a party but number nothing. A wrong one here would make two strangers
# share an "identifier" such as a listing date, so these come first.
REMARKS = (
    "gender", "secondary sanctions", "additional sanctions", "executive order", "transactions prohibited", "listing date",
    "effective date", "purchase/sales", "target type", "issuer name", "equity ticker", "organization established",
    "organization type", "nationality", "citizen", "caatsa", "ifca", "peesa", "isa ", "linked to", "pob", "former vessel flag",
    "alt. former vessel flag", "aircraft model", "aircraft operator", "aircraft manufacture date", "aircraft mode s",
    "previous aircraft tail", "vessel year of build", "vessel type", "vessel owner", "vessel flag", "for more information",
    "member", "date of", "title", "place of birth", "height", "weight", "hair", "eyes", "race", "complexion", "physical",
)  # fmt: skip
# Beginning of a label -> kind. The first that fits counts.
_KINDS = (
    ("passport", "passport"), ("diplomatic passport", "passport"), ("travel document", "passport"), ("british national overseas", "passport"),
    ("cedula", "cedula"), ("unified social", "uscc"), ("chinese commercial code", "ccc"), ("legal entity number", "lei"), ("lei", "lei"),
    ("swift", "swift"), ("mmsi", "mmsi"), ("vessel registration", "imo"), ("imo", "imo"), ("digital currency", "wallet"), ("ssn", "ssn"),
    ("us social security", "ssn"), ("united states social security", "ssn"), ("r.f.c", "rfc"), ("rfc", "rfc"), ("c.u.r.p", "curp"),
    ("curp", "curp"), ("nit", "nit"), ("ruc", "ruc"), ("c.u.i.t", "tax"), ("c.u.i.", "tax"), ("cnpj", "tax"), ("tax", "tax"),
    ("vat", "tax"), ("v.a.t", "tax"), ("rif", "tax"), ("italian fiscal", "tax"), ("fiscal", "tax"), ("us fein", "tax"), ("paraguayan tax", "tax"),
    ("c.i.f", "tax"), ("rtn", "tax"), ("inn", "tax"), ("isin", "isin"), ("d-u-n-s", "duns"), ("duns", "duns"), ("bik", "bik"),
    ("aircraft manufacturer", "msn"), ("aircraft construction", "msn"), ("aircraft serial", "msn"), ("aircraft tail", "tail"),
    ("phone", "phone"), ("telephone", "phone"), ("tel", "phone"), ("fax", "phone"), ("email", "email"), ("e-mail", "email"), ("website", "website"),
    ("national", "national-id"), ("identification number", "national-id"), ("identification card", "national-id"), ("identity", "national-id"),
    ("personal id", "national-id"), ("citizen's card", "national-id"), ("turkish identification", "national-id"), ("bosnian personal", "national-id"),
    ("moroccan personal", "national-id"), ("kenyan id", "national-id"), ("d.n.i", "national-id"), ("dni", "national-id"), ("n.i.e", "national-id"),
    ("numero de identidad", "national-id"), ("stateless person", "national-id"), ("electoral", "national-id"), ("credencial electoral", "national-id"),
    ("le number", "national-id"), ("immigration", "national-id"), ("public security and immigration", "national-id"), ("residency", "national-id"),
    ("afghan national", "national-id"), ("tazkira", "national-id"), ("id card", "national-id"), ("refugee id", "national-id"),
    ("driver", "licence"), ("license", "licence"), ("afghan money service", "licence"), ("birth certificate", "licence"),
    ("trade license", "registration"), ("professional registration", "licence"), ("visa", "licence"), ("bank identifier", "swift"),
    ("bank branch", "bank-code"), ("routing", "bank-code"),
)  # fmt: skip
_NUMBERS = re.compile(
    r"(?:\bno\b|\bno\.|\bnumber\b|#|\bnumero\b|\bnúmero\b|\bregistr|\bcode\b|\bid\b|\bgazette\b|\bmercantil\b|\bcertificate\b|\bcodigo\b|\bcode\.?$)"
)


@lru_cache(maxsize=4096)
def identifier_kind(label: str) -> str:
    """Return the kind a label names, "registration" for any other label that numbers something, "" for a remark."""
    low = " ".join(label.lower().removeprefix("alt. ").split())
    if low.startswith(REMARKS):
        return ""
    found = next((kind for start, kind in _KINDS if low.startswith(start)), "")
    if found:
        return found
    return "registration" if _NUMBERS.search(low) else ""


def identifier(label: str, value: str) -> tuple[str, str] | None:
    """Return (kind, value) or None if `label` names no identifier or there is no value. An IMO number stands bare."""
    value = value.strip()
    kind = identifier_kind(label) if value else ""
    if not kind:
        return None
    return kind, value.removeprefix("IMO").strip() if kind == "imo" else value
