"""Random identifiers. They carry no time and no count, so they tell a partner nothing."""

from __future__ import annotations

import secrets


def new_id(prefix: str) -> str:
    """Return `prefix`-, then 24 random hexadecimal characters, e.g. case-4f0c9e…"""
    return f"{prefix}-{secrets.token_hex(12)}"


def new_nonce() -> str:
    """Return 32 random hexadecimal characters, for one use."""
    return secrets.token_hex(16)


def new_code(groups: int = 3) -> str:
    """Return a sign-in code to read aloud: groups of four letters and digits without look-alikes, 19.8 bits a group."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(groups))
