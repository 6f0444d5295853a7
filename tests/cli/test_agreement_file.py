"""An agreement goes through its file unchanged, and each fault names its field and line."""

from __future__ import annotations

import contextlib
import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.cli.agreement_draft import PLACEHOLDERS, draft, template
from tidegate.cli.agreement_file import read_agreement, write_agreement
from tidegate.cli.main import run
from tidegate.demo.agreement import story_agreement
from tidegate.exchange.kinds.catalogue import KINDS
from tidegate.gate.agreement import Agreement, Party
from tidegate.gate.terms import PILLARS, SILENCE_RULES, AgreementUnreadable, KindTerms, LawClock, Window
from tidegate.model.agency import Agency
from tidegate.model.deadline import UNITS
from tidegate.registers.calendars import load_calendars

CALENDARS = st.sampled_from(sorted(load_calendars()))
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=20).filter(str.strip)
WINDOWS = st.builds(Window, st.integers(0, 366), st.sampled_from(UNITS), CALENDARS)
LAWS = st.builds(LawClock, st.integers(0, 366), st.sampled_from(UNITS), CALENDARS, TEXTS)
TODAY = date(2026, 11, 25)


@st.composite
def terms(draw, kind: str) -> KindTerms:
    known = KINDS[kind]
    fields = frozenset(known.must) | draw(st.frozensets(st.sampled_from(sorted(known.fields)), max_size=4))
    return KindTerms(
        kind, fields, draw(st.frozensets(st.sampled_from(sorted(fields)))) if fields else frozenset(),
        draw(st.frozensets(TEXTS, min_size=1, max_size=2)), draw(st.none() | WINDOWS), draw(st.none() | LAWS),
        draw(st.sampled_from(SILENCE_RULES)), draw(st.integers(1, 2)), draw(st.booleans()),
        tuple(sorted(draw(st.frozensets(TEXTS, max_size=2)))),
        tuple(sorted(draw(st.frozensets(st.integers(1, 9), min_size=1, max_size=2)))),
    )  # fmt: skip


@st.composite
def agreements(draw) -> Agreement:
    pillars = {}
    for pillar in draw(st.lists(st.sampled_from(PILLARS), unique=True, max_size=3)):
        fitting = sorted(kind for kind, known in KINDS.items() if pillar in known.pillars)
        chosen = draw(st.lists(st.sampled_from(fitting), unique=True, max_size=2))
        pillars[pillar] = {kind: draw(terms(kind)) for kind in chosen}
    ids = draw(st.lists(TEXTS, min_size=2, max_size=2, unique=True))
    parties = [
        Party(node, Agency(draw(TEXTS), draw(TEXTS), draw(TEXTS), draw(TEXTS), draw(st.sampled_from(["XA", "CN"]))))
        for node in ids
    ]
    first, last = sorted(draw(st.lists(st.dates(), min_size=2, max_size=2)))
    return Agreement(
        draw(TEXTS), draw(st.integers(1, 10_000)), {lang: draw(TEXTS) for lang in ("en", "zh", "es")},
        (parties[0], parties[1]), draw(st.integers(1, 2)), pillars, draw(CALENDARS), first, last,
        draw(st.frozensets(st.sampled_from(sorted(KINDS)), max_size=2)), draw(st.booleans()),
        draw(st.dictionaries(TEXTS, st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=9),
                             max_size=2)),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(agreements())
def test_an_agreement_comes_back_from_its_toml_and_its_json(agreement: Agreement) -> None:
    assert read_agreement(write_agreement(agreement), form="toml").to_bytes() == agreement.to_bytes()
    assert read_agreement(json.dumps(agreement.to_document()), form="json").to_bytes() == agreement.to_bytes()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_file_is_read_or_refused_in_words(data) -> None:
    text = write_agreement(story_agreement())
    place = data.draw(st.integers(0, len(text)))
    changed = text[:place] + data.draw(st.text(max_size=4)) + text[place + data.draw(st.integers(0, 30)) :]
    with contextlib.suppress(AgreementUnreadable):
        read_agreement(changed, form="toml")


def test_the_story_agreement_and_the_template_are_read_back() -> None:
    assert read_agreement(write_agreement(story_agreement()), form="toml").digest() == story_agreement().digest()
    for lang in ("en", "zh", "es"):
        text = template(*PLACEHOLDERS, today=TODAY, lang=lang)
        assert read_agreement(text, form="toml").digest() == draft(*PLACEHOLDERS, today=TODAY).digest()


def test_the_template_names_every_kind_that_this_version_speaks(capsys) -> None:
    assert run(["agreement", "template"]) == 0
    held = read_agreement(capsys.readouterr().out, form="toml")
    assert {kind for kinds in held.pillars.values() for kind in kinds} == set(KINDS)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("approvals = 1", "approvals = 3", "approvals is 3; expected a whole number from 1 to 2"),
        ("suite = 1", "suite = true", "line 3: suite is True"),
        ("valid_from = 2022-06-01", "", "valid_from is missing"),
        ("valid_from = 2022-06-01", "valid_from = 2028-06-01", "valid_until is 2027-05-31, before valid_from"),
        ('silence_rule = "none"', 'silence_rule = "yes"', "silence_rule is 'yes'; expected one of none"),
        ("[pillars.distribution.recall]", "[pillars.distribution.recal]", "pillars.distribution.recal is unknown"),
        ("[pillars.financing.recall]", "[pillars.finance.recall]", "pillars.finance is unknown"),
        ('calendar = "monday-friday"', 'calendar = "moon"', "line 4: calendar is 'moon'"),
        ('country = "XA"', 'country = "xa"', "parties.1.country is 'xa'"),
        ("third_party_rule = true", "third_party = true", "third_party is unknown"),
        ("[title]", "[title", "this is not TOML"),
        ("days = 10", "days = 900", "reply.days is 900"),
        ("suite = 1", f"suite = {'9' * 5000}", "this cannot be read as TOML"),
        ("suite = 1", f"suite = {'[' * 50_000}", "this cannot be read as TOML"),
    ],
)
def test_a_fault_names_its_field(old: str, new: str, fault: str) -> None:
    text = write_agreement(story_agreement())
    assert old in text
    with pytest.raises(AgreementUnreadable, match=r".") as raised:
        read_agreement(text.replace(old, new, 1), form="toml")
    assert fault in str(raised.value)


def test_all_faults_are_told_together_with_their_lines() -> None:
    text = write_agreement(story_agreement()).replace("suite = 1", "suite = 7").replace("version = 1", "version = 0")
    with pytest.raises(AgreementUnreadable) as raised:
        read_agreement(text, form="toml")
    assert "line 2: version is 0" in str(raised.value)
    assert "line 3: suite is 7" in str(raised.value)
