"""Small things the tests of trust share: one instant, two nodes and a witness with keys, notices and words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tidegate.trust.keys import (
    KeyNotice,
    RootKey,
    WorkingKeys,
    generate_root,
    generate_working_keys,
    make_key_notice,
    open_key_notice,
)

NOON = datetime(2022, 8, 5, 12, 0, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Side:
    """A node that exists only in a test."""

    node_id: str
    root: RootKey
    working: WorkingKeys
    notice_bytes: bytes
    notice: KeyNotice


def side(node_id: str, suite: int = 1, root: RootKey | None = None) -> Side:
    root = root or generate_root(suite)
    working = generate_working_keys(suite)
    data = make_key_notice(
        root, working, node_id=node_id, serial=1, valid_from=NOON, valid_until=NOON + timedelta(days=90)
    )
    return Side(node_id, root, working, data, open_key_notice(data, root_public=root.public))
