from hypothesis import given
from hypothesis import strategies as st

from tidegate.screening.finding import Reason
from tidegate.screening.reason_words import item_words, reason_text


def test_an_item_is_called_what_the_reader_calls_it_with_its_english_name_behind():
    assert item_words("Piperonal", "zh") == "胡椒醛 (Piperonal)"
    assert item_words("1,4-Butanediol, Toluene", "es") == "1,4-butanodiol (1,4-Butanediol), tolueno (Toluene)"
    assert item_words("Tableting machine", "zh").endswith("(Tableting machine)")
    assert item_words("Fentanyl-related substances (China)", "zh") == "芬太尼类物质（中国）"
    assert item_words("4-Anilinopiperidine, its amides, carbamates, halides, salts (United States)", "zh").startswith(
        "4-苯胺基哌啶及其"
    )
    assert item_words("Piperonal", "en") == "Piperonal"


def test_codes_among_the_values_are_said_in_words():
    missing = Reason("paper.missing", {"papers": "licence, Form 452", "regimes": "CN, US"})
    assert "许可, 452表" in reason_text(missing, "zh")
    cas = Reason("goods.cas", {"written": "120-57-0", "name": "Piperonal", "cas_status": "two-sources"})
    assert "两个来源一致" in reason_text(cas, "zh")
    refused = Reason("seen.refused", {"number": "P1", "answer": "objection", "item": "Piperonal", "day": "2024-01-01"})
    assert "objeción" in reason_text(refused, "es")


@given(st.text(max_size=60), st.sampled_from(["en", "zh", "es"]))
def test_a_text_that_is_no_item_stays_as_it_is(text, lang):
    assert item_words(f"\x00{text}", lang) == f"\x00{text}" or "(" in item_words(f"\x00{text}", lang)
