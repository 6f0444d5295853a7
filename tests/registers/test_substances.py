"""The packaged register is whole: check digits, references, and indexes. And a national list only ever says "watched"."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from tidegate.model.identifiers.cas import check_digit_holds
from tidegate.registers.controls import REGIMES, RegisterRowWrong
from tidegate.registers.substances import load_register
from tidegate.registers.tariff import hs_exists

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "register"
WATCH = {
    "control_id": "watch-1", "subject_id": "sub-benzaldehyde", "regime": "home", "list": "own list", "from": "2026-01-01", "to": "",
    "scope": "", "duty": "watch", "threshold": "", "legs": "import; export", "source": "own", "certainty": "read",
}  # fmt: skip


def test_every_cas_number_passes_its_check_digit_and_stands_once():
    register = load_register()
    numbers = [item.cas for item in register.substances.values() if item.cas]
    assert all(check_digit_holds(number) for number in (*numbers, *register.cas_numbers, *register.weak_cas_numbers))
    assert len(numbers) == len(set(numbers))


def test_every_reference_leads_somewhere():
    register = load_register()
    assert {name.substance_id for name in register.names} == set(register.substances)
    assert all(
        control.subject_id in register.substances or control.subject_id in register.families
        for control in register.controls
    )
    assert all(member in register.substances for family in register.families.values() for member in family.members)
    assert set(register.hs_of) == {*register.substances, *register.equipment}


def test_every_code_is_one_of_hs_2022():
    assert all(hs_exists(code) and len(code) == 6 for code in load_register().hs)


def test_every_key_has_the_form_of_an_inchikey():
    keys = [item.inchikey for item in load_register().substances.values() if item.inchikey]
    assert all(re.fullmatch(r"[A-Z]{14}-[A-Z]{8}[SN]A-[A-Z]", key) for key in keys)


def test_every_control_states_its_regime_source_and_certainty():
    for control in load_register().controls:
        assert control.regime in REGIMES
        assert control.source
        assert control.certainty in ("read", "memory")


def test_names_are_unique_within_substance_and_language():
    names = [(name.substance_id, name.language, name.text.casefold()) for name in load_register().names]
    assert len(names) == len(set(names))


def test_nothing_but_identity_and_law_stands_in_a_substance_row():
    words = " ".join(f"{item.licit_uses} {item.note}" for item in load_register().substances.values()).lower()
    assert not re.search(r"\b(synthes\w+|yield|reflux|reaction|route|supplier|buy)\b", words)


def test_the_register_is_read_once():
    assert load_register() is load_register()


def test_a_watch_row_adds_no_duty_and_leaves_the_packaged_register_alone():
    watched = load_register().with_watch([WATCH])
    assert watched.watched == {"sub-benzaldehyde"}
    assert not load_register().watched
    assert len(watched.controls) == len(load_register().controls) + 1


@pytest.mark.parametrize(
    ("column", "value"), [("duty", "licence"), ("subject_id", "sub-unheard-of"), ("from", "soon"), ("legs", "sideways")]
)
def test_a_watch_row_that_says_more_than_watched_is_refused(column, value):
    with pytest.raises(RegisterRowWrong):
        load_register().with_watch([WATCH | {column: value}])


def test_the_facts_carried_over_are_those_of_the_shared_register():
    if not SHARED.exists():
        pytest.skip("shared register not at hand")
    register = load_register()
    with (SHARED / "controls.csv").open(encoding="utf-8", newline="") as handle:
        shared = {row["control_id"]: (row["from"], row["to"], row["certainty"]) for row in csv.DictReader(handle)}
    assert {
        control.id: (control.valid_from, control.valid_to, control.certainty) for control in register.controls
    } == shared
