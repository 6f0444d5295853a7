"""Machines: which are regulated, which only give context."""

from __future__ import annotations

from tidegate.registers.substances import load_register


def test_presses_and_fillers_are_regulated_and_mixers_only_context():
    equipment = load_register().equipment
    assert equipment["eq-tablet-press"].is_regulated
    assert equipment["eq-encapsulating-machine"].is_regulated
    assert equipment["eq-punch-die-set"].is_watched
    assert equipment["eq-powder-mixer"].is_context
    assert all(item.look_alikes and item.innocent_uses for item in equipment.values())
