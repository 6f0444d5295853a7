"""Publication: the public is a recipient too. The decision whether one document of the talks may be published."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from tidegate.gate.refusal import Refusal, refuse
from tidegate.model.handling import TLP_ORDER

_GRANT = object()
PUBLIC_COLOUR = "CLEAR"  # TLP 2.0: only CLEAR carries no limit on disclosure


@dataclass(frozen=True, slots=True)
class PublicLeave:
    """Leave to publish one document. Made only by `check_publication`."""

    kind: str
    subject: str
    drafted_by: str
    approver: str
    decided_at: datetime
    grant: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.grant is not _GRANT:
            raise TypeError("leave to publish is given by check_publication, nowhere else")


def check_publication(
    *,
    kind: str,
    subject: str,
    colours: Collection[str],
    countersigned: bool,
    drafted_by: str,
    approver: str,
    now: datetime,
) -> PublicLeave | Refusal:
    """Decide whether a document told in messages of these TLP colours may be published.

    colours: of every statement it rests on, ours and the partner's; none at all refuses, as nobody released it.
    countersigned: False for minutes that do not bear both signatures. A second person approves, never the drafter.
    """
    if drafted_by == approver:
        return refuse("approver-is-drafter", officer=drafted_by)
    if not countersigned:
        return refuse("minutes-not-countersigned", meeting=subject)
    closed = [colour for colour in colours if colour != PUBLIC_COLOUR]
    if closed or not colours:
        worst = max(closed, key=lambda colour: TLP_ORDER.index(colour) if colour in TLP_ORDER else 99, default="?")
        return refuse("not-released-to-public", colour=worst)
    return PublicLeave(kind, subject, drafted_by, approver, now, _GRANT)
