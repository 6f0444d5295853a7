"""HS 2022: which codes exist, and how much a code alone may weigh."""

from __future__ import annotations

from tidegate.registers.substances import load_register
from tidegate.registers.tariff import hs_descriptions, hs_exists


def test_codes_exist_at_every_length_and_invented_ones_do_not():
    assert hs_exists("2933360000")
    assert hs_exists("8479")
    assert not hs_exists("999999")
    assert sum(len(code) == 6 for code in hs_descriptions()) > 5_600


def test_no_code_alone_weighs_more_than_ask():
    assert {line.alone_level for line in load_register().hs.values()} <= {"none", "look", "ask"}
