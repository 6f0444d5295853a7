from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tidegate.web.pages import day_time, day_words, in_tongue, instant_words, link, number_words


@pytest.mark.parametrize(
    ("day", "lang", "words"),
    [(date(2022, 8, 5), "en", "5 August 2022"), (date(2022, 8, 5), "zh", "2022年8月5日"),
     (date(2022, 8, 5), "es", "5 de agosto de 2022"), ("2018-12", "en", "December 2018"), ("2018-12", "zh", "2018年12月"),
     ("2018-12", "es", "diciembre de 2018"), ("2019", "es", "2019"), (None, "en", "not known")],
)  # fmt: skip
def test_civil_days_in_prose(day, lang, words):
    assert day_words(day, lang) == words


def test_a_day_is_a_time_element_and_an_instant_is_in_utc():
    assert day_time("2022-08-05", "en") == '<time datetime="2022-08-05">5 August 2022</time>'
    assert instant_words(datetime(2022, 8, 5, 13, 5, tzinfo=UTC)) == "2022-08-05 13:05Z"


@pytest.mark.parametrize(
    ("number", "lang", "words"),
    [(107081, "en", "107,081"), (107081, "zh", "107,081"), (107081, "es", "107\u202f081"), (1000, "es", "1000"),
     (Decimal("11.9"), "es", "11,9"), (Decimal("4973.4"), "en", "4,973.4")],
)  # fmt: skip
def test_numbers_as_each_language_groups_them(number, lang, words):
    assert number_words(number, lang) == words


def test_another_language_is_marked_and_escaped():
    assert in_tongue("a < b", "en", "zh") == '<span lang="en">a &lt; b</span>'
    assert in_tongue("a < b", "en", "en") == "a &lt; b"


def test_a_link_leaves_out_what_is_not_asked():
    assert link("zh", "/", on=None) == "/zh/"
    assert link("es", "/pledges", on=date(2024, 1, 28)) == "/es/pledges?on=2024-01-28"
