"""A bundle goes over by hand, is taken once, and its receipts come home."""

from __future__ import annotations

import pytest

from tests.cli.test_node_story import LIAISON, agree, notify

pytestmark = pytest.mark.postgres


def test_a_notification_goes_over_in_a_folder(shells, tmp_path) -> None:
    agree(shells, tmp_path)
    _, proposal = notify(shells)
    shells.b("case", "approve", proposal, "--officer", "second")
    carried = tmp_path / "bundle"
    assert shells.b("bundle", "export", shells.pair.a.node_id, carried, *LIAISON)[0]["items"] == 1
    assert shells.a("bundle", "take", carried, *LIAISON)[0]["taken"] == 1
    assert shells.a("bundle", "take", carried, *LIAISON)[0] == {
        "partner": shells.pair.b.node_id, "taken": 0, "known": 1, "refused": [],
    }  # fmt: skip
    assert shells.b("bundle", "receipts", carried, *LIAISON)[0]["delivered"] == 1
    assert shells.b("bundle", "export", shells.pair.a.node_id, tmp_path / "again", *LIAISON)[0]["items"] == 0
