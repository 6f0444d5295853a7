"""Evidence beside the name: identifiers and birth dates, for and against."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tidegate.screening.finding import Level, Reason
from tidegate.screening.watchlist import ListedParty

# identifiers that name one party and no other; the rest (telephone, website) only add weight
STRONG = frozenset(
    [
        "passport",
        "national-id",
        "tax",
        "registration",
        "uscc",
        "lei",
        "imo",
        "wallet",
        "id-card",
        "swift",
        "cedula",
        "rfc",
        "curp",
        "nit",
        "ruc",
        "ssn",
        "mmsi",
    ]
)
_PLAIN = re.compile(r"[^0-9A-Za-z]+")
_SPAN = re.compile(r"(\d{4})\s*/\s*(\d{4})")


@dataclass(frozen=True, slots=True)
class PartyEvidence:
    """What is known of our party besides its name. identifiers: (type, value); birth_dates: ISO dates or years."""

    identifiers: tuple[tuple[str, str], ...] = ()
    birth_dates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The score after the evidence, and the reasons."""

    score: float
    strong_identifier: bool
    birth_date: str  # "same", "same-year", "different" or ""
    reasons: tuple[Reason, ...]

    def level(self, *, common: bool, threshold: float) -> Level:
        """Return look, ask or hold. Hold needs a strong identifier, or name and whole birth date together."""
        if self.strong_identifier:
            return "hold"
        if self.score < threshold or self.birth_date == "different":
            return "look"
        if self.birth_date == "same":
            return "hold"
        return "look" if common else "ask"


def identifier_keys(identifiers: Iterable[tuple[str, str]]) -> list[str]:
    """Return the comparable keys of strong identifiers: letters and digits only, at least five of them."""
    keys = []
    for kind, value in identifiers:
        plain = _PLAIN.sub("", value).upper()
        if kind == "wallet" and not value.lower().startswith("0x"):
            plain = value.strip()  # Bitcoin addresses are compared exactly
        if kind == "imo" and plain.startswith("IMO"):
            plain = plain[3:]
        if len(plain) >= 5 and (kind in STRONG or kind == "") and any(char.isdigit() for char in plain):
            keys.append(plain)
    return keys


def judge_evidence(score: float, party: ListedParty, known: PartyEvidence | None) -> Verdict:
    """Return the score of a name match after comparing identifiers and birth dates.

    A strong identifier in common lifts the score to 0.97 at least. A whole birth date in common lifts it a little;
    one that differs by more than a slip pulls it below any threshold of a match.
    """
    if known is None:
        return Verdict(score, False, "", ())
    reasons: list[Reason] = []
    ours, theirs = _by_key(known.identifiers), _by_key(party.identifiers)
    shared = [key for key in ours if key in theirs]
    for key in shared:
        reasons.append(Reason("evidence.identifier-same", {"type": theirs[key][0], "value": theirs[key][1]}))
    strong = bool(shared)
    if not shared:
        for kind in {item[0] for item in ours.values()} & {item[0] for item in theirs.values()}:
            if kind in ("uscc", "lei", "imo"):  # a party has one of these only
                mine = next(value for k, value in ours.values() if k == kind)
                listed = next(value for k, value in theirs.values() if k == kind)
                reasons.append(Reason("evidence.identifier-different", {"type": kind, "ours": mine, "listed": listed}))
                score *= 0.6
    birth = compare_births(known.birth_dates, party.birth_dates)
    if birth:
        params = {"ours": ", ".join(known.birth_dates), "listed": ", ".join(party.birth_dates)}
        reasons.append(Reason(f"evidence.birth-{birth}", params))
    if strong:
        score = max(score, 0.97)
    elif birth == "same":
        score = score + (1 - score) * 0.4 if score >= 0.5 else score
    elif birth == "same-year":
        score = score + (1 - score) * 0.1 if score >= 0.5 else score
    elif birth == "different":
        score *= 0.6
    return Verdict(score, strong, birth, tuple(reasons))


def _by_key(identifiers: Iterable[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    return {key: (kind, value) for kind, value in identifiers for key in identifier_keys([(kind, value)])}


def compare_births(ours: Sequence[str], theirs: Sequence[str]) -> str:
    """Return same, same-year, different or "" (cannot tell) for two sets of dates; the kindest pair counts.

    "~1960" is within two years; "1958/1962" any year between; a day and month swapped count as the same.
    """
    best = ""
    order = {"": 0, "different": 1, "same-year": 2, "same": 3}
    for one in ours:
        for other in theirs:
            verdict = _compare_birth(one.strip(), other.strip())
            if order[verdict] > order[best]:
                best = verdict
    return best


def _compare_birth(one: str, other: str) -> str:
    low, high, about = _years(one)
    low2, high2, about2 = _years(other)
    if not low or not low2:
        return ""
    if len(one) >= 10 and len(other) >= 10 and not about and not about2 and one[4] == other[4] == "-":
        if one[:10] == other[:10]:
            return "same"
        if one[:4] == other[:4] and one[5:7] == other[8:10] and one[8:10] == other[5:7]:
            return "same"
        if sum(a != b for a, b in zip(one[:10], other[:10], strict=True)) == 1 and one[:4] == other[:4]:
            return "same-year"
        return "different"
    slack = 2 if about or about2 else 1 if high != low or high2 != low2 else 0
    return "same-year" if low - slack <= high2 and low2 - slack <= high else "different"


def _years(text: str) -> tuple[int, int, bool]:
    span = _SPAN.search(text)
    if span:
        return int(span.group(1)), int(span.group(2)), False
    year = re.search(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)", text)
    return (int(year.group()), int(year.group()), text.startswith("~")) if year else (0, 0, False)
