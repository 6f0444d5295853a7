from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tests.exchange.test_message import draft
from tests.gate.scene import AGREEMENT, IN_FORCE, PEN, SUSPENDED, SUSPENSION, after, said
from tidegate.exchange.affairs import Direction, affairs_bytes, affairs_digest, render_affairs, statement_of_affairs
from tidegate.exchange.correspondence import (
    Correspondence,
    add_turn,
    close,
    confirm_turn,
    correspondence_from_document,
    open_correspondence,
    read_clocks,
    record_silence,
)
from tidegate.exchange.message import check_reply
from tidegate.gate.agreement_state import AgreementState
from tidegate.gate.refusal import Refusal

RECEIVED = datetime(2022, 7, 28, 6, tzinfo=UTC)
LATER = datetime(2023, 11, 15, 10, tzinfo=UTC)
QUESTION = draft()
ANSWER = replace(QUESTION, id="m-2", kind="pre_export_answer", in_reply_to="m-1", statements=())
ASK_BACK = replace(ANSWER, id="m-3", kind="information_request")
THREAD = open_correspondence(QUESTION, by="node-a", at=RECEIVED)
PROPOSAL = said("resumption_proposed", "node-a", LATER, lifts=frozenset({SUSPENSION.id}))
RESUMED = after(
    SUSPENDED, PROPOSAL, said("resumption_agreed", "node-b", LATER + timedelta(hours=2), refers_to=PROPOSAL.id)
)


def code_of(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def answered() -> Correspondence:
    thread = add_turn(THREAD, ANSWER, by="node-b", at=RECEIVED + timedelta(days=3))
    assert isinstance(thread, Correspondence)
    return thread


def test_no_clock_runs_before_the_receipt_is_back():
    thread = open_correspondence(QUESTION, by="node-a", at=None)
    assert read_clocks(thread, IN_FORCE, now=RECEIVED) == ()
    assert len(read_clocks(confirm_turn(thread, "m-1", RECEIVED), IN_FORCE, now=RECEIVED)) == 2


def test_two_clocks_start_with_the_receipt():
    agreement, law = read_clocks(THREAD, IN_FORCE, now=RECEIVED + timedelta(days=1))
    assert (agreement.kind, agreement.ends_on, agreement.days_left) == ("agreement", date(2022, 8, 18), 14)
    assert (law.kind, law.ends_on, law.days_left) == ("law", date(2022, 8, 12), 14)


def test_suspension_stops_one_clock_and_the_law_runs_on():
    agreement, law = read_clocks(THREAD, SUSPENDED, now=datetime(2022, 9, 1, tzinfo=UTC))
    assert (agreement.state, agreement.days_left) == ("stopped", 10)
    assert law.state == "over"
    assert record_silence(THREAD, SUSPENDED, now=datetime(2023, 9, 1, tzinfo=UTC)) is None


def test_after_467_days_the_clock_goes_on_where_it_stopped():
    agreement, _ = read_clocks(THREAD, RESUMED, now=LATER + timedelta(days=1))
    assert (agreement.state, agreement.days_left, agreement.ends_on) == ("running", 8, date(2023, 11, 28))


def test_an_answer_meets_the_clock_and_a_late_one_does_not():
    assert [each.state for each in read_clocks(answered(), IN_FORCE, now=LATER)] == ["met", "met"]
    late = add_turn(THREAD, ANSWER, by="node-b", at=RECEIVED + timedelta(days=40))
    assert isinstance(late, Correspondence)
    assert late.state == "answered"
    assert [each.state for each in read_clocks(late, IN_FORCE, now=LATER)] == ["over", "over"]


def test_a_question_back_is_a_turn_and_no_answer():
    thread = add_turn(THREAD, ASK_BACK, by="node-b", at=RECEIVED)
    assert isinstance(thread, Correspondence)
    assert thread.state == "opened"
    assert thread.turn_of(("node-a", "node-b")) == "node-a"


def test_silence_is_recorded_as_silence_with_what_follows_from_it():
    rule = replace(PEN, silence_rule="counts_as_no_objection")
    pillars = {**AGREEMENT.pillars, "production": {**AGREEMENT.pillars["production"], PEN.kind: rule}}
    state = AgreementState(replace(AGREEMENT, pillars=pillars), IN_FORCE.events)
    assert record_silence(THREAD, state, now=datetime(2022, 8, 18, 12, tzinfo=UTC)) is None
    outcome = record_silence(THREAD, state, now=datetime(2022, 8, 19, 12, tzinfo=UTC))
    assert outcome is not None
    silent, event = outcome
    assert (silent.state, silent.silence_outcome) == ("silent", "counts_as_no_objection")
    assert event.facts["window_ended"] == "2022-08-18"
    assert record_silence(silent, state, now=LATER) is None
    assert record_silence(answered(), state, now=LATER) is None


def test_turns_out_of_place_are_refused():
    assert code_of(add_turn(THREAD, replace(ANSWER, in_reply_to="m-9"), by="node-b", at=None)) == "reply-to-unknown"
    assert code_of(add_turn(THREAD, ANSWER, by="node-a", at=None)) == "reply-to-own"
    assert code_of(add_turn(THREAD, replace(ANSWER, kind="feedback"), by="node-b", at=None)) == "kind-no-answer"
    assert code_of(add_turn(close(THREAD), ANSWER, by="node-b", at=None)) == "correspondence-closed"
    other = replace(ANSWER, correspondence_id="k-9")
    assert code_of(add_turn(THREAD, other, by="node-b", at=None)) == "other-correspondence"


def test_a_message_taken_twice_changes_nothing():
    thread = answered()
    assert add_turn(thread, ANSWER, by="node-b", at=None) is thread


def test_the_thread_survives_its_document():
    assert correspondence_from_document(answered().to_document()) == answered()


DIRECTIONS = [Direction("node-b", 1, 4, 9, "b" * 64), Direction("node-a", 1, 7, 11, "a" * 64)]


def test_both_sides_state_the_same_affairs_whatever_else_they_know():
    second = replace(THREAD, id="k-0")
    draft_of_ours = open_correspondence(replace(QUESTION, correspondence_id="k-2"), by="node-a", at=None)
    ours = statement_of_affairs(SUSPENDED, DIRECTIONS, [THREAD, second, draft_of_ours], as_of=LATER)
    theirs = statement_of_affairs(SUSPENDED, DIRECTIONS[::-1], [second, THREAD], as_of=LATER)
    assert affairs_bytes(ours) == affairs_bytes(theirs)
    assert [each["id"] for each in ours["correspondences"]] == ["k-0", "k-1"]


def test_the_statement_tells_states_turns_and_both_due_days():
    document = statement_of_affairs(SUSPENDED, DIRECTIONS, [THREAD], as_of=datetime(2022, 8, 6, tzinfo=UTC))
    thread = document["correspondences"][0]
    assert thread["due"] == {
        "agreement": {"ends_on": "", "state": "stopped"},
        "law": {"ends_on": "2022-08-12", "state": "running"},
    }
    assert (thread["turn"], thread["opened_on"]) == ("node-b", "2022-07-28")
    assert ["production", "pre_export_notification"] in document["agreement"]["suspended"]


def test_the_statement_is_read_aloud_in_three_languages():
    document = statement_of_affairs(SUSPENDED, DIRECTIONS, [THREAD, answered_thread()], as_of=LATER)
    for lang in ("en", "zh", "es"):
        lines = render_affairs(document, lang)
        assert affairs_digest(document) in lines[-1]
        assert not any("{" in line for line in lines)


def answered_thread() -> Correspondence:
    return replace(answered(), id="k-5")


def test_an_act_report_settles_a_payment_block_request():
    asked = replace(
        THREAD, kind="payment_block_request", turns=(replace(THREAD.turns[0], kind="payment_block_request"),)
    )
    thread = add_turn(asked, replace(ANSWER, kind="act_report"), by="node-b", at=RECEIVED)
    assert isinstance(thread, Correspondence)
    assert thread.state == "answered"


def test_a_message_with_other_windows_than_the_agreement_is_refused():
    assert check_reply(QUESTION, PEN) is None
    assert code_of(check_reply(replace(QUESTION, reply=None), PEN)) == "reply-other-window"
    assert code_of(check_reply(QUESTION, replace(PEN, silence_rule="counts_as_objection"))) == "reply-other-window"
