from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tidegate.casework.case import CaseMoveWrong, move_case, open_case, statements_from_record
from tidegate.casework.retention import delete_overdue
from tidegate.casework.triage import DecisionIncomplete, pursue, set_aside, standing_decision
from tidegate.model.handling import Handling
from tidegate.screening.finding import Against, Finding

NOON = datetime(2022, 7, 18, 12, tzinfo=UTC)
TODAY = date(2022, 7, 18)
HANDLING = Handling(originator="importing-side", tlp="GREEN")
FINDING = Finding(
    row=16, screen="party", rule="listed-party", level="ask", score=0.94, column="consignor",
    value="北极兔化工有限公司", against=Against("listed-party", "invented-1", "Beijitu Chemical"), reasons=(),
    benign="benign.namesake", evidence=("name",),
)  # fmt: skip
RECORD = {
    "source_row": "17",
    "consignor": " 北极兔化工有限公司 ",
    "net_mass_kg": "25.0 kg",
    "date": "2022/07/15",
    "notify_party": None,
    "gross_mass_kg": "about a ton",
}


def made(**more):
    return statements_from_record(
        RECORD, subject="c-17", handling=HANDLING, source="consignments.xlsx, Sheet1, row 17", now=NOON,
        new_id=lambda name: f"s-{name}", **more,
    )  # fmt: skip


def test_a_record_becomes_one_statement_for_each_filled_column():
    assert {each.property: each.value for each in made()} == {
        "date": "2022-07-15",
        "consignor": "北极兔化工有限公司",
        "net_mass_kg": "25",
        "gross_mass_kg": "about a ton",
    }


def test_only_the_wanted_columns_are_taken():
    assert [each.property for each in made(columns=["consignor"])] == ["consignor"]


def test_a_case_opens_with_its_findings_and_says_only_counts():
    case, event = open_case(
        case_id="c-1", ref="2022/118", title="Five spellings", pillar="production", officer="officer-li", now=NOON,
        statements=made(), findings=[FINDING],
    )  # fmt: skip
    assert case.findings == (FINDING.decision_key,)
    assert event.facts == {"pillar": "production", "statements": 4, "findings": 1}
    waiting, _ = move_case(case, "waiting", officer="officer-li", now=NOON)
    closed, _ = move_case(waiting, "closed", officer="officer-li", now=NOON)
    with pytest.raises(CaseMoveWrong, match="closed"):
        move_case(closed, "waiting", officer="officer-li", now=NOON)
    with pytest.raises(ValueError, match="twice"):
        case.with_statements(made())


def test_setting_aside_needs_a_known_reason_and_a_near_end():
    decision = set_aside(FINDING, reason="namesake", until=date(2022, 12, 31), officer="o", now=NOON, today=TODAY)
    assert decision.holds(date(2022, 12, 31))
    assert not decision.holds(date(2023, 1, 1))
    assert "note" not in decision.to_event().facts
    for reason, until in (
        ("mood", date(2022, 12, 31)),
        ("namesake", date(2030, 1, 1)),
        ("namesake", date(2022, 7, 17)),
    ):
        with pytest.raises(DecisionIncomplete):
            set_aside(FINDING, reason=reason, until=until, officer="o", now=NOON, today=TODAY)


def test_the_latest_decision_on_the_same_evidence_stands():
    aside = set_aside(FINDING, reason="namesake", until=date(2022, 12, 31), officer="o", now=NOON, today=TODAY)
    later = pursue(FINDING, case_id="c-1", officer="o", now=NOON + timedelta(days=1))
    assert standing_decision(FINDING, [later, aside], TODAY) == later
    assert standing_decision(replace(FINDING, evidence=("birth date",)), [later, aside], TODAY) is None


def test_statements_whose_day_has_passed_are_deleted():
    old = [replace(each, handling=replace(HANDLING, retain_until=date(2022, 7, 17))) for each in made()[:1]]
    case, _ = open_case(
        case_id="c-1", ref="r", title="t", pillar="production", officer="o", now=NOON, statements=[*old, *made()[1:]]
    )
    deletion = delete_overdue(case, today=TODAY, now=NOON, officer="o")
    assert deletion is not None
    assert deletion.statement_ids == (old[0].id,)
    assert len(deletion.case.statements) == 3
    assert delete_overdue(deletion.case, today=TODAY, now=NOON, officer="o") is None
