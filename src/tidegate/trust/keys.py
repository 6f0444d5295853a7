"""Everything about keys in one place: make them, lock them, vouch for them, compare them by eight words."""

from __future__ import annotations

from tidegate.trust.faults import KeyNoticeInvalid, KeyUnreadable, PassphraseWrong, SignatureInvalid, SuiteMismatch
from tidegate.trust.key_notice import (
    KeyNotice,
    Revocation,
    make_key_notice,
    make_revocation,
    open_key_notice,
    open_revocation,
    require_valid,
)
from tidegate.trust.locked_secret import LockCost, lock_secret, unlock_secret
from tidegate.trust.private_keys import RootKey, WorkingKeys, generate_root, generate_working_keys, root_id
from tidegate.trust.spoken_words import eight_words

__all__ = [
    "KeyNotice",
    "KeyNoticeInvalid",
    "KeyUnreadable",
    "LockCost",
    "PassphraseWrong",
    "Revocation",
    "RootKey",
    "SignatureInvalid",
    "SuiteMismatch",
    "WorkingKeys",
    "eight_words",
    "generate_root",
    "generate_working_keys",
    "lock_secret",
    "make_key_notice",
    "make_revocation",
    "open_key_notice",
    "open_revocation",
    "require_valid",
    "root_id",
    "unlock_secret",
]
