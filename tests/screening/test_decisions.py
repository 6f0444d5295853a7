from dataclasses import replace
from datetime import date

from tidegate.screening.decisions import Decision, DecisionBook, apply_decisions, base_key_of
from tidegate.screening.finding import Against, Finding

DAY = date(2024, 1, 30)
FINDING = Finding(
    3, "party", "listed-party", "ask", 0.95, "consignee", "Ficticio Ejemplo", Against("listed-party", "77", "Ejemplo, Ficticio", "sdn", "2023-11-14"),
    (), "party.benign", evidence=("Ejemplo, Ficticio", "born 1979-02-28"),
)  # fmt: skip


def decided(finding=FINDING, **changes):
    return Decision(
        **{
            "key": finding.decision_key,
            "base_key": base_key_of(finding),
            "verdict": "set-aside",
            "reason": "namesake",
            **changes,
        }
    )


def test_a_decision_survives_a_new_list():
    newer = replace(FINDING, against=replace(FINDING.against, list_date="2024-01-30"))
    assert apply_decisions([newer], DecisionBook([decided()]), on=DAY) == ([], [newer])


def test_a_changed_birth_date_brings_the_finding_back_with_its_reason():
    changed = replace(FINDING, evidence=("Ejemplo, Ficticio", "born 1980-02-28"))
    kept, aside = apply_decisions([changed], DecisionBook([decided()]), on=DAY)
    assert aside == []
    assert [reason.code for reason in kept[0].reasons] == ["decision.evidence-changed"]


def test_a_decision_ends_after_its_last_day():
    book = DecisionBook([decided(until=DAY)])
    assert apply_decisions([FINDING], book, on=DAY)[1] == [FINDING]
    kept, _ = apply_decisions([FINDING], book, on=date(2024, 1, 31))
    assert kept[0].reasons[-1].code == "decision.ended"


def test_asking_first_keeps_the_finding_and_says_so():
    kept, aside = apply_decisions([FINDING], DecisionBook([decided(verdict="ask", by="M. Muster")]), on=DAY)
    assert aside == []
    assert kept[0].reasons[-1].params == {"reason": "namesake", "by": "M. Muster", "until": "–"}


def test_a_decision_on_one_party_does_not_touch_another():
    other = replace(FINDING, against=replace(FINDING.against, id="78"))
    assert apply_decisions([other], DecisionBook([decided()]), on=DAY) == ([other], [])


def test_the_last_decision_on_a_key_counts():
    book = DecisionBook([decided(), decided(verdict="case")])
    assert len(book) == 1
    assert apply_decisions([FINDING], book, on=DAY)[1] == []
