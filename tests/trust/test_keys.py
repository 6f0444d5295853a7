from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.trust.canonical import dump_canonical
from tidegate.trust.dsse import sign_with
from tidegate.trust.encoding import from_base64
from tidegate.trust.faults import KeyNoticeInvalid, KeyUnreadable, PassphraseWrong, SignatureInvalid, SuiteMismatch
from tidegate.trust.key_notice import NOTICE_TYPE
from tidegate.trust.keys import (
    LockCost,
    RootKey,
    WorkingKeys,
    generate_root,
    generate_working_keys,
    lock_secret,
    make_key_notice,
    make_revocation,
    open_key_notice,
    open_revocation,
    require_valid,
    unlock_secret,
)
from tidegate.trust.suites import SUITES, SigningKey

from .factory import NOON, side

SUITE_NUMBERS = pytest.mark.parametrize("suite", [1, 2])
CHEAP = LockCost(memory_kib=64, passes=1, lanes=1)


@SUITE_NUMBERS
def test_private_keys_come_back_from_their_bytes(suite: int) -> None:
    root, working = generate_root(suite), generate_working_keys(suite)
    assert RootKey.from_bytes(root.to_bytes()) == root
    again = WorkingKeys.from_bytes(working.to_bytes())
    assert again == working
    assert (again.key_id, again.to_bytes()) == (working.key_id, working.to_bytes())


@SUITE_NUMBERS
def test_key_bytes_of_another_kind_or_length_are_refused(suite: int) -> None:
    root, working = generate_root(suite).to_bytes(), generate_working_keys(suite).to_bytes()
    for data in (root[:-1], root + b"x", working, b"", b"TGRK\x02" + root[5:]):
        with pytest.raises(KeyUnreadable):
            RootKey.from_bytes(data)
    for data in (working[:-1], working + b"x", root):
        with pytest.raises(KeyUnreadable):
            WorkingKeys.from_bytes(data)
    with pytest.raises(SuiteMismatch):
        WorkingKeys.from_bytes(working[:5] + b"\x07" + working[6:])


def test_secrets_do_not_show_in_logs() -> None:
    working = generate_working_keys(2)
    assert working.signing.seeds.hex()[:16] not in repr(working) + repr(working.signing)
    assert working.encryption_secret.hex()[:16] not in repr(working)


@SUITE_NUMBERS
def test_notice_opens_under_its_root(suite: int) -> None:
    node = side("importing-side", suite)
    notice = node.notice
    assert (notice.node_id, notice.serial, notice.suite, notice.key_id) == (
        "importing-side",
        1,
        suite,
        node.working.key_id,
    )
    assert notice.signing_public == node.working.signing_public
    assert notice.encryption_public == node.working.encryption_public
    assert (notice.valid_from, notice.valid_until) == (NOON, NOON + timedelta(days=90))
    assert len(notice.ed25519_public) == 32


@SUITE_NUMBERS
def test_notice_not_signed_by_the_root_is_refused(suite: int) -> None:
    node, stranger = side("importing-side", suite), side("importing-side", suite)
    with pytest.raises(SignatureInvalid):
        open_key_notice(stranger.notice_bytes, root_public=node.root.public)
    forged = json.loads(node.notice_bytes)
    forged["payload"] = json.loads(stranger.notice_bytes)["payload"]
    with pytest.raises(SignatureInvalid):
        open_key_notice(json.dumps(forged).encode(), root_public=node.root.public)


def test_working_keys_cannot_sign_a_notice_for_themselves() -> None:
    node, other = side("importing-side"), generate_working_keys()
    payload = from_base64(json.loads(node.notice_bytes)["payload"])
    forged = sign_with(NOTICE_TYPE, payload, node.root.root_id, 1, other.sign)
    with pytest.raises(SignatureInvalid):
        open_key_notice(forged, root_public=node.root.public)


def test_half_a_hybrid_signature_is_no_signature() -> None:
    node = side("importing-side", 2)
    forged = json.loads(node.notice_bytes)
    for kept in (forged["signatures"][:1], forged["signatures"][1:]):
        with pytest.raises(SignatureInvalid, match="no "):
            open_key_notice(json.dumps({**forged, "signatures": kept}).encode(), root_public=node.root.public)


def test_root_never_vouches_for_keys_of_another_suite() -> None:
    dates = {"node_id": "n", "serial": 1, "valid_from": NOON, "valid_until": NOON + timedelta(days=1)}
    with pytest.raises(SuiteMismatch):
        make_key_notice(generate_root(2), generate_working_keys(1), **dates)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"key_id": "00" * 16},
        {"valid_until": "2020-01-01T00:00:00Z"},
        {"valid_from": "yesterday"},
        {"serial": 0},
        {"serial": True},
        {"node_id": ""},
        {"signing_public": "AAAA"},
        {"tls_certificate_digest": "ABC"},
        {"v": 2},
    ],
    ids=lambda change: next(iter(change)),
)
def test_notice_that_contradicts_itself_is_refused(change: dict[str, object]) -> None:
    node = side("importing-side")
    body = json.loads(from_base64(json.loads(node.notice_bytes)["payload"]))
    forged = sign_with(NOTICE_TYPE, dump_canonical({**body, **change}), node.root.root_id, 1, node.root.sign)
    with pytest.raises(KeyNoticeInvalid):
        open_key_notice(forged, root_public=node.root.public)


def test_notice_ends_and_revocation_ends_it_earlier() -> None:
    node = side("importing-side")
    word = make_revocation(
        node.root, node_id=node.node_id, serial=2, key_id=node.working.key_id,
        revoked_at=NOON + timedelta(days=5), reason="lost",
    )  # fmt: skip
    revocation = open_revocation(word, root_public=node.root.public)
    require_valid(node.notice, NOON + timedelta(days=4), [revocation])
    for day in (5, 6):
        with pytest.raises(KeyNoticeInvalid, match="revoked"):
            require_valid(node.notice, NOON + timedelta(days=day), [revocation])
    for at in (NOON - timedelta(seconds=1), node.notice.valid_until):
        with pytest.raises(KeyNoticeInvalid, match="valid from"):
            require_valid(node.notice, at)
    other = replace(revocation, key_id="00" * 16)
    require_valid(node.notice, NOON + timedelta(days=6), [other])


def test_revocation_is_no_notice_and_needs_the_root() -> None:
    node = side("importing-side")
    word = make_revocation(
        node.root, node_id=node.node_id, serial=2, key_id=node.working.key_id, revoked_at=NOON, reason="retired"
    )
    with pytest.raises(SignatureInvalid):
        open_key_notice(word, root_public=node.root.public)
    with pytest.raises(SignatureInvalid):
        open_revocation(word, root_public=generate_root().public)
    with pytest.raises(KeyNoticeInvalid, match="revoked as"):
        make_revocation(node.root, node_id="n", serial=1, key_id="k", revoked_at=NOON, reason="boredom")


@pytest.mark.parametrize("public", [b"", b"\x01", b"\x01" + bytes(31), b"\x02" + bytes(32)])
def test_root_public_of_the_wrong_length_is_refused(public: bytes) -> None:
    with pytest.raises(KeyUnreadable):
        open_key_notice(side("n").notice_bytes, root_public=public)


@given(st.binary(max_size=80), st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable()))
@settings(max_examples=30)
def test_locked_secret_opens_with_its_passphrase_only(secret: bytes, passphrase: str) -> None:
    locked = lock_secret(secret, passphrase, cost=CHEAP)
    assert unlock_secret(locked, passphrase) == secret
    with pytest.raises(PassphraseWrong):
        unlock_secret(locked, passphrase + "x")


def test_every_changed_byte_of_a_locked_secret_is_refused() -> None:
    locked = lock_secret(b"seed", "harbour lamp", cost=CHEAP)
    for place in range(len(locked)):
        changed = bytearray(locked)
        changed[place] ^= 1
        with pytest.raises((PassphraseWrong, KeyUnreadable)):
            unlock_secret(bytes(changed), "harbour lamp")


def test_passphrase_typed_in_two_unicode_forms_is_one() -> None:
    assert unlock_secret(lock_secret(b"s", "caf\u00e9 \u00fc", cost=CHEAP), "cafe\u0301 u\u0308") == b"s"


def test_default_cost_is_that_of_rfc_9106() -> None:
    locked = lock_secret(b"s", "p")
    assert int.from_bytes(locked[6:10], "big") == 64 * 1024
    assert unlock_secret(locked, "p") == b"s"


def test_header_asking_for_a_machines_memory_is_refused_before_work() -> None:
    locked = bytearray(lock_secret(b"s", "p", cost=CHEAP))
    locked[6:10] = (1 << 31).to_bytes(4, "big")
    with pytest.raises(KeyUnreadable, match="out of bounds"):
        unlock_secret(bytes(locked), "p")


def test_empty_passphrase_guards_nothing() -> None:
    with pytest.raises(PassphraseWrong):
        lock_secret(b"s", "")
    with pytest.raises(PassphraseWrong):
        unlock_secret(lock_secret(b"s", "p", cost=CHEAP), "")


@pytest.mark.parametrize(
    ("seed", "public", "message", "signature"),
    [  # RFC 8032 section 7.1, tests 1 to 3
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ],
)
def test_ed25519_vectors_of_rfc_8032(seed: str, public: str, message: str, signature: str) -> None:
    key = SigningKey(SUITES[1], bytes.fromhex(seed))
    assert key.public.hex() == public
    assert key.sign(bytes.fromhex(message))[0].hex() == signature
