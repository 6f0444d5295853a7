"""Folding of goods texts: one chemical, one spelling, and a way back to the text as written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.screening.goods_fold import chemical_key, fold_goods


@pytest.mark.parametrize(
    "written",
    [
        "4-Piperidone",
        "4 - piperidone",
        "4‑piperidone",
        "4–PIPERIDONE",
        "４－ｐｉｐｅｒｉｄｏｎｅ",
        "4-piperi\u00addone",
        "4-\u00a0piperidone",
    ],
)
def test_hyphens_blanks_width_and_case_do_not_change_the_key(written):
    assert chemical_key(written) == "4piperidone"


def test_accents_greek_letters_and_traditional_characters_fold():
    assert chemical_key("Anhídrido Acético") == chemical_key("anhidrido ace\u0301tico") == "anhidridoacetico"
    assert chemical_key("α-Phenylacetoacetonitrile") == chemical_key("alpha-phenylacetoacetonitrile")
    assert chemical_key("鹽酸麻黃鹼") == chemical_key("盐酸麻黄碱")
    assert chemical_key("丙醯氯") == chemical_key("丙酰氯")


@settings(max_examples=80)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_every_folded_stretch_points_back_into_the_text(text):
    folded = fold_goods(text)
    for start in range(len(folded.text)):
        first, last = folded.written_span(start, start + 1)
        assert 0 <= first < last <= len(text)
