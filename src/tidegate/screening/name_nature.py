"""What a name says its bearer is: a business of some form, or what is no business (a state's, a foundation, a university)."""

from __future__ import annotations

from collections.abc import Sequence

from tidegate.screening.name_token import Token

NATURES = frozenset(["foundation", "university", "ministry", "hospital", "school", "college", "government"])
_BITS = {
    "limited": 1, "joint-stock": 2, "company-limited": 3, "partnership": 4, "sole": 8, "state": 16, "non-profit": 32,
}  # fmt: skip


def legal_classes(legal: Sequence[str], tokens: Sequence[Token]) -> int:
    """Return the kinds of legal form as bits; "Co., Ltd." is said of two kinds, and yields to one that is plainer.

    A word such as foundation or university counts as a form that is not for profit, whatever stands beside it.
    """
    bits = 0
    for item in legal:
        bits |= _BITS.get(item, 0) if item != "company-limited" else 0
    bits = bits or (_BITS["company-limited"] if "company-limited" in legal else 0)
    return bits | (_BITS["non-profit"] if any(token.text in NATURES for token in tokens) else 0)
