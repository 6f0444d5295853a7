from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gate.scene import IN_FORCE, NOON, SIX, granted, statement
from tidegate.exchange.kinds.catalogue import KINDS
from tidegate.exchange.message import Message, MessageInvalid, draft_message, padded_count, read_message
from tidegate.exchange.told import read_handling, write_handling
from tidegate.gate.admission import Admission, admit
from tidegate.gate.refusal import Refusal
from tidegate.model.handling import SOURCE_GRADES, TLP_ORDER, Handling
from tidegate.trust.canonical import dump_canonical
from tidegate.trust.salted_digests import check_statement, digest_statements

TIP = statement("goods_description", "told by informant 7", id="s-tip", protected_source=True)


def draft(statements=SIX, **more) -> Message:
    disclosure = granted(statements)
    return draft_message(
        disclosure,
        message_id="m-1",
        correspondence_id="k-1",
        statement_ids={each.id: f"t-{n}" for n, each in enumerate(disclosure.goes)},
        subject_ids={"consignment-1": "x-1"},
        created_at=NOON,
        **more,
    )


def refused(document: dict) -> str:
    refusal = read_message(dump_canonical(document))
    assert isinstance(refusal, Refusal), refusal
    assert all("{" not in refusal.sentence(lang) for lang in ("en", "zh", "es"))
    return refusal.code


def test_a_message_survives_its_bytes():
    message = draft()
    assert read_message(message.to_bytes()) == message


def test_nothing_of_our_own_crosses():
    data = draft((*SIX, TIP), case_ref="opaque").to_bytes()
    for ours in (b"informant", b"s-consignor", b"consignment-1", b"Sheet1", b"s-tip", b"protected", b"officer"):
        assert ours not in data


def test_the_number_withheld_is_padded():
    assert [padded_count(n) for n in (0, 8, 9, 17)] == [8, 8, 16, 32]
    assert draft((*SIX, TIP)).withheld_up_to == draft().withheld_up_to == 8


def test_windows_and_rule_stand_in_the_message():
    reply = draft().reply
    assert reply == {
        "agreement": {"calendar": "cn-state-council", "days": 15, "unit": "working"},
        "law": {"calendar": "every-day", "days": 15, "source": "21 CFR 1313.12", "unit": "calendar"},
        "silence_rule": "none",
    }


def test_salts_and_digests_let_the_receiver_check_what_it_was_told():
    plain = draft()
    digests = digest_statements([each.to_item() for each in plain.statements], b"s" * 32)
    salts = {told.id: salt.hex() for told, salt in zip(plain.statements, digests.salts, strict=True)}
    message = read_message(draft(salts=salts, digests=digests.hex_digests).to_bytes())
    assert isinstance(message, Message)
    assert message.withheld_up_to == 2
    for told in message.statements:
        check_statement([bytes.fromhex(each) for each in message.digests], told.to_item(), bytes.fromhex(told.salt))


def test_a_misshapen_value_is_named_before_anything_goes():
    wrong = [replace(each, value="79-03-9") if each.property == "cas" else each for each in SIX]
    with pytest.raises(MessageInvalid, match="check digit"):
        draft(wrong)


def test_the_admitted_message_is_what_was_told():
    message = read_message(draft().to_bytes())
    assert isinstance(message, Message)
    assert isinstance(admit(message, IN_FORCE, sender="node-a", now=NOON + timedelta(hours=1)), Admission)
    told = message.statements[0].to_statement(new_id="r-1", subject="r-x", source="message m-1", now=NOON)
    assert told.handling.originator == "importing-side"


def test_a_later_minor_version_is_read_and_its_new_fields_are_kept():
    document = draft().to_document()
    document["kind"] = "pre_export_notification@1.7"
    document["tide_table"] = {"high": "06:12"}
    document["statements"][0]["confidence"] = "new"
    message = read_message(dump_canonical(document))
    assert isinstance(message, Message)
    assert message.to_document() == document


def test_an_unknown_major_is_refused_with_the_known_one_named():
    document = {**draft().to_document(), "kind": "pre_export_notification@2.0"}
    assert refused(document) == "kind-version-unknown"
    refusal = read_message(dump_canonical(document))
    assert isinstance(refusal, Refusal)
    assert "@1" in refusal.sentence("en")


def test_an_unknown_kind_and_another_pillar_are_refused():
    assert refused({**draft().to_document(), "kind": "gossip@1.0"}) == "kind-unknown"
    assert refused({**draft().to_document(), "pillar": "financing"}) == "kind-other-pillar"


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(draft().to_document())),
    st.none() | st.booleans() | st.integers(-5, -1) | st.lists(st.integers(0, 9), min_size=1),
)
def test_a_message_of_another_shape_is_refused(name, junk):
    if name == "reply" and junk is None:
        return
    assert refused({**draft().to_document(), name: junk}).startswith(("message-", "kind-"))
    assert refused({key: value for key, value in draft().to_document().items() if key != name}) == "message-misshapen"


def test_an_unreadable_handling_reaches_the_gate_and_is_refused_there():
    document = draft().to_document()
    document["statements"][0]["handling"]["tlp"] = "ULTRAVIOLET"
    message = read_message(dump_canonical(document))
    assert isinstance(message, Message)
    refusal = admit(message, IN_FORCE, sender="node-a", now=NOON)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "handling-unreadable"


@settings(max_examples=60)
@given(
    st.builds(
        Handling,
        originator=st.text(max_size=20),
        tlp=st.sampled_from(TLP_ORDER),
        source_grade=st.sampled_from(SOURCE_GRADES),
        purposes=st.frozensets(st.text(max_size=5), max_size=3),
        originator_control=st.booleans(),
        third_party_rule=st.booleans(),
        do_not_tell_subject=st.booleans(),
        retain_until=st.none() | st.dates(),
    )
)
def test_a_handling_survives_the_wire(handling):
    assert read_handling(write_handling(handling)) == handling
    assert read_handling({**write_handling(handling), "more": True}) is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_names_its_own_fields(kind):
    found = KINDS[kind]
    assert found.must <= set(found.fields)
    assert all(group & set(found.fields) for group in found.one_of)
    assert found.answered_by <= set(KINDS)
