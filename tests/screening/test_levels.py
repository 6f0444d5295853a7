from tidegate.screening.finding import Against, Finding
from tidegate.screening.levels import Evidence, at_least, settle_levels, worst


def seen(group, fact, wanted, *, row=0, alone=False, screen="red-flag", score=0.5):
    finding = Finding(row, screen, f"{group}-{fact}", wanted, score, "c", "v", Against("rule", fact, fact), (), "b")
    return finding, Evidence(group, fact, wanted, alone)


def levels(*judged):
    return [one.level for one in settle_levels(judged)]


def test_hold_from_one_group_becomes_ask():
    assert levels(seen("goods", "text", "hold")) == ["ask"]


def test_hold_needs_a_second_group_on_another_fact():
    assert levels(seen("goods", "text", "hold"), seen("route", "consignee", "ask")) == ["hold", "ask"]


def test_two_groups_on_one_fact_count_once():
    assert levels(seen("goods", "text", "hold"), seen("papers", "text", "ask")) == ["ask", "ask"]


def test_a_look_is_no_second_group():
    assert levels(seen("goods", "text", "hold"), seen("route", "consignee", "look")) == ["ask", "look"]


def test_groups_on_different_rows_do_not_add_up():
    assert levels(seen("goods", "text", "hold"), seen("route", "consignee", "ask", row=1)) == ["ask", "ask"]


def test_a_strong_identifier_or_missing_paper_holds_alone():
    assert levels(seen("identity", "number", "hold", alone=True)) == ["hold"]


def test_two_asks_of_two_groups_raise_the_screens_own_finding():
    assert levels(seen("route", "consignee", "ask", score=0.9), seen("goods", "text", "ask", screen="goods")) == [
        "ask",
        "hold",
    ]


def test_levels_are_ordered():
    assert worst(["look", "hold", "ask"]) == "hold"
    assert worst([]) == "look"
    assert at_least("ask", "look")
    assert not at_least("ask", "hold")
