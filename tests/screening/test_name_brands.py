"""A Chinese brand and its translation are one brand; a brand that only holds such a word is not translated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.screening.name_brands import translated_texts
from tidegate.screening.name_keys import analyse
from tidegate.screening.names import build_index, compare_names, match_names, match_threshold
from tidegate.screening.watchlist import ListedParty, Watchlist

SAME = [
    ("Shanghai Oriental Logistics Co Ltd", "上海东方物流有限公司"),
    ("Great Wall Chemical", "长城化工有限公司"),
    ("New Century Chemical", "新世紀化工"),
    ("North China Pharmaceutical", "华北制药股份有限公司"),
    ("Red Sun Chemical", "红日化工"),
    ("Nanjing Red Sun Chem", "南京红日化工有限公司"),
    ("Sino-American Pharma", "中美制药"),
    ("Golden Dragon International Trading", "深圳金龙国际贸易有限公司"),
    ("Guangdong Provincial Trading", "广东省贸易"),
    ("China National Chemical Corp", "中国化工集团"),
]
OTHER = [
    ("Great Wall Chemical", "小长城化工有限公司"),
    ("Golden Dragon Trading", "金虎贸易有限公司"),
    ("Great Wall Chemical", "长城物流有限公司"),
    ("Oriental Chemical", "华北化工有限公司"),
]


@pytest.mark.parametrize(("latin", "han"), SAME)
def test_a_brand_and_its_translation_are_one(latin: str, han: str) -> None:
    assert compare_names(latin, han, kind="firm").score >= match_threshold()


@pytest.mark.parametrize(("latin", "han"), OTHER)
def test_another_brand_or_trade_stays_another(latin: str, han: str) -> None:
    assert compare_names(latin, han, kind="firm").score < match_threshold()


def test_the_reason_names_the_brand_and_its_english_words() -> None:
    reasons = compare_names("Great Wall Chemical", "长城化工", kind="firm").reasons
    told = {reason.code: reason.params for reason in reasons}
    assert told["name.translated"] == {"brand": "长城", "words": "Great Wall"}


def test_a_listed_chinese_firm_is_found_by_its_english_name_and_the_other_way() -> None:
    firms = ("天津长城化工有限公司", "Ningbo Golden Dragon Trading Co., Ltd.")
    parties = tuple(ListedParty(f"house:{at}", "Company", (firm,)) for at, firm in enumerate(firms))
    index = build_index([Watchlist(parties, "house", "House")])
    found = match_names(["Tianjin Great Wall Chemicals", "宁波金龙贸易有限公司"], index, limit=1)
    assert [[match.party.id for match in row if match.score >= match_threshold()] for row in found] == [
        ["house:0"], ["house:1"],
    ]  # fmt: skip


def test_pinyin_still_finds_a_brand_that_has_a_translation() -> None:
    assert compare_names("Changcheng Chemical", "长城化工", kind="firm").score >= match_threshold()


@given(st.text(alphabet="东方长城金龙化工贸易有限公司上海 -ab市", max_size=20))
def test_any_text_is_translated_or_left(text: str) -> None:
    for one in translated_texts(text):
        assert one.isprintable()
    analyse(text)
