from dataclasses import replace
from datetime import date

from tidegate.screening.decisions import Decision, DecisionBook, apply_decisions
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
            "base_key": finding.base_key,
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


def test_of_two_decisions_on_one_key_the_last_counts_and_both_are_told():
    book = DecisionBook([decided(by="A"), decided(verdict="case", by="B")])
    assert len(book) == 1
    kept, aside = apply_decisions([FINDING], book, on=DAY)
    assert aside == []
    assert [(one.code, one.params["by"]) for one in kept[0].reasons] == [
        ("decision.case", "B"),
        ("decision.overruled-set-aside", "A"),
    ]


def test_where_both_tell_their_day_the_newer_counts_in_whatever_order_they_are_read():
    old, new = (
        decided(verdict="case", decided_on=date(2024, 1, 2)),
        decided(decided_on=date(2024, 1, 9)),
    )
    for order in ([old, new], [new, old]):
        book = DecisionBook(order)
        assert apply_decisions([FINDING], book, on=DAY)[1] == [FINDING]
        assert book.overruled == {FINDING.decision_key: old}


def test_the_same_judgement_twice_is_no_contradiction():
    assert DecisionBook([decided(), decided(verdict="case"), decided()]).overruled == {
        FINDING.decision_key: decided(verdict="case")
    }
    assert DecisionBook([decided(), decided(reason="again")]).overruled == {}


GOODS = Finding(
    0, "goods", "substance", "hold", 0.9, "goods_description", "piperonal", Against("substance", "120-57-0", "Piperonal"),
    (), "goods.benign", evidence=("120-57-0", "no paper: Mexico"), subject=("consignor: papercloud", "consignee: farolazul"),
)  # fmt: skip


def test_a_decision_on_goods_hides_nobody_elses_goods_and_is_no_change_of_theirs():
    other = replace(GOODS, subject=("consignor: papercloud", "consignee: otherfirm"))
    book = DecisionBook([decided(GOODS)])
    assert apply_decisions([other], book, on=DAY) == ([other], [])
    assert apply_decisions([GOODS, other], book, on=DAY) == ([other], [GOODS])


def test_other_evidence_beside_the_decided_finding_is_another_record_and_no_change():
    other = replace(FINDING, evidence=("Ejemplo, Ficticio", "born 1980-02-28"))
    assert apply_decisions([FINDING, other], DecisionBook([decided()]), on=DAY) == ([other], [FINDING])
