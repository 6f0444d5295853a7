"""Forms made from message kinds: every field and code has its words, and what a form tells fits what the kind reads."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.exchange.kinds.catalogue import KINDS
from tidegate.model.columns import COLUMNS
from tidegate.web.desk_forms import codes_of, fields_of
from tidegate.web.desk_sign_in import MOST_WRONG, WRONG_WITHIN_S, TooManyTries, WrongCodes
from tidegate.web.desk_words import in_order, kind_name, value_words
from tidegate.wording.refusals import field_name
from tidegate.wording.sentences import LANGUAGES, knows

NAMES = {name for kind in KINDS.values() for name in kind.fields} | {n for names in COLUMNS.values() for n in names}


def test_every_field_and_every_code_has_its_words():
    assert [name for name in sorted(NAMES) if not (knows(f"field.{name}") or knows(f"column.{name}"))] == []
    codes = {code for kind in KINDS.values() for check in kind.fields.values() for code in codes_of(check)}
    assert [code for code in sorted(codes) if not knows(f"choice.{code}")] == []
    assert {"no_objection", "yes", "before_meeting"} <= codes


def test_every_sentence_of_the_desk_stands_in_three_languages_with_the_same_parameters():
    text = resources.files("tidegate.wording").joinpath("catalogues/desk.toml").read_text(encoding="utf-8")
    for code, sentences in tomllib.loads(text).items():
        assert set(sentences) == set(LANGUAGES), code
        marks = [{part.partition("}")[0] for part in sentences[lang].split("{")[1:]} for lang in LANGUAGES]
        assert marks[0] == marks[1] == marks[2], code


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_form_offers_every_field_and_only_codes_the_kind_takes(kind):
    fields = fields_of(kind, None, asked=None, today=date(2022, 7, 25), lang="zh")
    assert {field.name for field in fields} == set(KINDS[kind].fields)
    for field in fields:
        assert field.required == (field.name in KINDS[kind].must)
        assert all(KINDS[kind].fields[field.name](code) is None for code, _ in field.choices)
    assert kind_name(kind, "es") != kind


def test_a_value_is_put_in_words_only_where_it_is_a_code():
    assert value_words("decision", "hold", "es") == "retención"
    assert value_words("consignee", "hold", "es") == "hold"
    assert field_name("of_our_own", "en") == "of our own"


class Fact:
    def __init__(self, name: str) -> None:
        self.property = name


@settings(max_examples=50)
@given(st.lists(st.sampled_from([*KINDS["pre_export_answer"].fields, "unknown"]), max_size=12))
def test_facts_stand_in_the_order_of_their_kind_and_none_is_lost(names):
    ordered = [each.property for each in in_order([Fact(name) for name in names], "pre_export_answer")]
    known = [name for name in ordered if name != "unknown"]
    assert sorted(ordered) == sorted(names)
    assert known == sorted(known, key=list(KINDS["pre_export_answer"].fields).index)
    assert ordered[len(known) :] == ["unknown"] * (len(names) - len(known))


@settings(max_examples=100)
@given(st.lists(st.tuples(st.floats(0, 600), st.sampled_from(["one", "two"])), max_size=25))
def test_wrong_codes_close_the_door_exactly_while_too_many_lie_within_the_window(tries):
    now = [0.0]
    counted: list[tuple[float, str]] = []
    wrong = WrongCodes(clock=lambda: now[0])
    for pause, officer in tries:
        now[0] += pause
        recent = [who for at, who in counted if at > now[0] - WRONG_WITHIN_S]
        if recent.count(officer) >= MOST_WRONG:
            with pytest.raises(TooManyTries):
                wrong.check(officer)
        else:
            wrong.check(officer)
            wrong.count(officer)
            counted.append((now[0], officer))
