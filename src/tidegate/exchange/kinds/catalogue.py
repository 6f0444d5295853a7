"""The catalogue of kinds: every kind this version speaks, by id, and how a version is judged."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tidegate.exchange.kinds import conduct, enquiry, parley, precursors
from tidegate.exchange.kinds.base import MessageKind
from tidegate.gate.refusal import Refusal, refuse

KINDS: Mapping[str, MessageKind] = {
    kind.id: kind
    for kind in (
        precursors.PRE_EXPORT_NOTIFICATION,
        precursors.PRE_EXPORT_ANSWER,
        precursors.CONSIGNMENT_DATA,
        precursors.SEIZURE_RECORD,
        enquiry.INFORMATION_REQUEST,
        enquiry.INFORMATION_ANSWER,
        enquiry.FEEDBACK,
        enquiry.RECALL,
        conduct.COMPANY_NOTICE,
        conduct.PAYMENT_BLOCK_REQUEST,
        conduct.ACT_REPORT,
        conduct.ACT_CONFIRMATION,
        parley.MEETING_INVITATION,
        parley.MEETING_DELEGATION,
        parley.MEETING_AGENDA,
        parley.MINUTES_TEXT,
        parley.MINUTES_COUNTERSIGNATURE,
        parley.PLEDGE_TEXT,
    )
}


def find_kind(kind_id: str, version: str) -> MessageKind | Refusal:
    """Return the kind to read a message of `kind_id` at `version` with, or why it cannot be read.

    A higher minor of a known major is read: it only adds optional fields, which are kept.
    """
    kind = KINDS.get(kind_id)
    if kind is None:
        return refuse("kind-unknown", kind=kind_id[:80], known=", ".join(sorted(KINDS)))
    found = re.fullmatch(r"([0-9]{1,5})\.([0-9]{1,5})", version)
    if found is None or int(found[1]) != kind.major:
        return refuse("kind-version-unknown", kind=kind_id, version=version[:20], known=f"{kind_id}@{kind.major}")
    return kind


def may_answer(answer_kind: str, question_kind: str) -> bool:
    """Tell whether a message of `answer_kind` may answer one of `question_kind`."""
    kind = KINDS.get(question_kind)
    return kind is not None and answer_kind in kind.answered_by
