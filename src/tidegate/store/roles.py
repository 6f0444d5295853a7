"""The login roles of a node's database: one owner that migrates, four plain ones that work."""

from __future__ import annotations

from typing import Final, Literal

Role = Literal["owner", "desk", "exchange", "public", "witness"]

ROLE_NAMES: Final[dict[Role, str]] = {
    "owner": "tidegate_owner",
    "desk": "tidegate_desk",
    "exchange": "tidegate_exchange",
    "public": "tidegate_public",
    "witness": "tidegate_witness",
}
"""owner: migrations, backups, verification. desk: officers. exchange: the door to partners. public: the public page,
which reads nothing but what is published. witness: keeps the checkpoints of others."""

WORKING_ROLES: Final = tuple(name for role, name in ROLE_NAMES.items() if role != "owner")

DATABASE: Final = "tidegate"
"""Name of a node's database."""
