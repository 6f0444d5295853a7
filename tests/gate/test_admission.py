from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from tests.gate.scene import HANDLING, IN_FORCE, NOON, SUSPENDED
from tidegate.gate.admission import Admission, admit
from tidegate.gate.agreement_state import AgreementState
from tidegate.gate.refusal import Refusal
from tidegate.model.handling import Handling


@dataclass(frozen=True)
class Told:
    property: str
    handling: Handling | None = HANDLING


@dataclass(frozen=True)
class Incoming:
    id: str = "m-1"
    agreement_id: str = IN_FORCE.agreement.id
    pillar: str = "production"
    kind: str = "pre_export_notification"
    version: str = "1.0"
    purpose: str = "precursor-control"
    text: str = ""
    statements: tuple[Told, ...] = (Told("consignor"), Told("date"))


def test_a_message_within_the_agreement_is_admitted():
    admission = admit(Incoming(), IN_FORCE, sender="node-b", now=NOON)
    assert isinstance(admission, Admission)
    assert admission.to_event().facts == {
        "agreement": "tg-2022-1",
        "kind": "pre_export_notification",
        "emergency": False,
    }


@pytest.mark.parametrize(
    ("change", "state", "sender", "code"),
    [
        ({}, IN_FORCE, "node-z", "sender-not-party"),
        ({"agreement_id": "another"}, IN_FORCE, "node-b", "agreement-unknown"),
        ({}, None, "node-b", "agreement-unknown"),
        ({}, SUSPENDED, "node-b", "agreement-suspended"),
        ({}, AgreementState(IN_FORCE.agreement), "node-b", "agreement-not-in-force"),
        ({"kind": "seizure_record"}, IN_FORCE, "node-b", "kind-not-in-agreement"),
        ({"version": "2.0"}, IN_FORCE, "node-b", "kind-version-unknown"),
        ({"version": "x"}, IN_FORCE, "node-b", "kind-version-unknown"),
        ({"purpose": "curiosity"}, IN_FORCE, "node-b", "purpose-not-allowed"),
        ({"text": "psst"}, IN_FORCE, "node-b", "text-not-allowed"),
        ({"statements": (Told("value"),)}, IN_FORCE, "node-b", "field-not-in-agreement"),
        ({"statements": (Told("date", None),)}, IN_FORCE, "node-b", "handling-unreadable"),
    ],
)
def test_anything_else_is_refused_in_words(change, state, sender, code):
    refusal = admit(replace(Incoming(), **change), state, sender=sender, now=NOON)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert all("{" not in refusal.sentence(lang) for lang in ("en", "zh", "es"))


def test_an_emergency_kind_passes_a_suspension_and_says_so():
    asked = Incoming(kind="information_request", statements=(Told("question"),))
    admission = admit(asked, SUSPENDED, sender="node-b", now=NOON)
    assert isinstance(admission, Admission)
    assert admission.emergency


def test_nobody_else_makes_an_admission():
    with pytest.raises(TypeError, match="admit"):
        Admission(
            "m", "a", "node-b", "production", "k", IN_FORCE.terms("production", "pre_export_answer"), NOON, False, 1
        )
