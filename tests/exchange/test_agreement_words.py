from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.gate.scene import AGREEMENT, NOON, SUSPENSION, said
from tidegate.exchange.agreement_words import HeardWord, hear_word, say_word
from tidegate.exchange.link import LinkItem, LinkState, next_item
from tidegate.gate.agreement_state import AgreementEvent, AgreementState, advance
from tidegate.gate.refusal import Refusal
from tidegate.gate.terms import AgreementUnreadable

LINK = LinkState("link-1", "node-b", "node-a")


def carried(event: AgreementEvent) -> LinkItem:
    return next_item(LINK, *say_word(event, AGREEMENT))


def test_a_proposal_carries_its_text_and_counts_from_our_receipt():
    event = said("proposed", "node-b", received_at=NOON - timedelta(days=9))
    heard = hear_word(carried(event), received_at=NOON + timedelta(hours=3))
    assert isinstance(heard, HeardWord)
    assert heard.agreement == AGREEMENT
    assert heard.event.received_at == NOON + timedelta(hours=3)
    assert isinstance(advance(AgreementState(heard.agreement), heard.event), AgreementState)


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (replace(carried(SUSPENSION), sender="node-a"), "word-of-other"),
        (replace(carried(SUSPENSION), kind="resumption_agreed"), "word-other-kind"),
        (replace(carried(SUSPENSION), kind="message"), "message-misshapen"),
        (replace(carried(SUSPENSION), body={"event": "x"}), "message-misshapen"),
        (carried(said("proposed", "node-b", digest="0" * 64)), "agreement-digest-other"),
    ],
)
def test_a_word_in_anothers_name_or_over_another_text_is_refused(item, code):
    refusal = hear_word(item, received_at=NOON)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert all("{" not in refusal.sentence(lang) for lang in ("en", "zh", "es"))


def test_a_word_of_another_shape_says_what_was_expected():
    item = replace(carried(SUSPENSION), body={"agreement_id": AGREEMENT.id, "event": {"kind": "gossip"}})
    with pytest.raises(AgreementUnreadable, match="gossip"):
        hear_word(item, received_at=NOON)
