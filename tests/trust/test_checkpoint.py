from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.trust.audit_tree import EMPTY_ROOT, leaf_hash
from tidegate.trust.checkpoint import (
    ED25519_COSIGNATURE,
    Checkpoint,
    NoteVerifier,
    add_lines,
    cosign,
    open_checkpoint,
    parse_body,
    parse_vkey,
    prove_fork,
    sign_checkpoint,
    signature_names,
    verify_cosignature,
)
from tidegate.trust.faults import NoFork, NoteUnreadable, SignatureInvalid

from .factory import NOON, side

# A checkpoint of the Go checksum database of 10 January 2023 and its verifier key, both as published.
GO_VKEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
GO_NOTE = """go.sum database tree
15081221
BoMMe1wd25Tco0mYGROkyqxHZWx+hcSCtMV315Lu6Lg=

— sum.golang.org Az3grilD7vQqTrv66jRgKM84Y80KTprrSt4bKmiOPxgmS5ZVBTeCl6dUvjYnN13R+C8j0jGY1WnUADGMkok3U0m2Zgo=
"""
LOG, WATCH, STRANGER = side("importing-side"), side("exporting-side"), side("witness")
ORIGIN = "tidegate/link-1/importing-side"
OWNER = NoteVerifier(ORIGIN, LOG.notice.ed25519_public)
WITNESS = NoteVerifier("exporting-side", WATCH.notice.ed25519_public, ED25519_COSIGNATURE)


def note(size: int = 3, root: bytes | None = None, origin: str = ORIGIN) -> str:
    return sign_checkpoint(Checkpoint(origin, size, root or leaf_hash(b"x")), LOG.working)


def test_checkpoint_published_by_another_log_opens_under_its_key() -> None:
    opened = open_checkpoint(GO_NOTE, parse_vkey(GO_VKEY))
    assert (opened.origin, opened.size, opened.root.hex()[:8]) == ("go.sum database tree", 15081221, "06830c7b")
    assert parse_vkey(GO_VKEY).vkey() == GO_VKEY


@given(
    st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30),
    st.integers(1, 2**62),
    st.binary(min_size=32, max_size=32),
)
@settings(max_examples=60)
def test_checkpoint_comes_back(origin: str, size: int, root: bytes) -> None:
    checkpoint = Checkpoint(origin, size, root)
    assert parse_body(checkpoint.body()) == checkpoint
    text = sign_checkpoint(checkpoint, LOG.working)
    assert open_checkpoint(text, NoteVerifier(origin, LOG.notice.ed25519_public)) == checkpoint


def test_every_changed_character_is_refused() -> None:
    text = note()
    for place in range(len(text)):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        with pytest.raises((SignatureInvalid, NoteUnreadable)):
            open_checkpoint(changed, OWNER)


def test_checkpoint_by_another_key_is_refused() -> None:
    with pytest.raises(SignatureInvalid):
        open_checkpoint(note(), NoteVerifier(ORIGIN, STRANGER.notice.ed25519_public))
    with pytest.raises(SignatureInvalid):
        open_checkpoint(note(), NoteVerifier("other/log", LOG.notice.ed25519_public))


def test_cosignature_tells_when_the_tree_was_seen() -> None:
    text = note()
    text = add_lines(text, [cosign(text, "exporting-side", WATCH.working, NOON)])
    assert verify_cosignature(text, WITNESS) == NOON
    assert open_checkpoint(text, OWNER).size == 3
    assert signature_names(text) == [ORIGIN, "exporting-side"]


def test_cosigned_message_is_that_of_c2sp() -> None:
    packed = cosign(GO_NOTE, "w", Recorder(), datetime.fromtimestamp(1679315147, UTC))
    assert packed.startswith("— w ")
    assert Recorder.seen == (
        b"cosignature/v1\ntime 1679315147\n"
        b"go.sum database tree\n15081221\nBoMMe1wd25Tco0mYGROkyqxHZWx+hcSCtMV315Lu6Lg=\n"
    )


class Recorder:
    """A signer that keeps what it was asked to sign."""

    seen = b""
    signing_public = bytes(32)

    def sign_ed25519(self, message: bytes) -> bytes:
        Recorder.seen = message
        return bytes(64)


def test_every_changed_character_of_a_cosignature_is_refused() -> None:
    text = note()
    line = cosign(text, "exporting-side", WATCH.working, NOON)
    for place in range(len(line) - 1):
        changed = line[:place] + ("A" if line[place] != "A" else "B") + line[place + 1 :]
        with pytest.raises((SignatureInvalid, NoteUnreadable)):
            verify_cosignature(add_lines(text, [changed]), WITNESS)


def test_cosignature_does_not_move_to_another_checkpoint_or_time() -> None:
    line = cosign(note(3), "exporting-side", WATCH.working, NOON)
    with pytest.raises(SignatureInvalid):
        verify_cosignature(add_lines(note(4), [line]), WITNESS)
    with pytest.raises(SignatureInvalid):
        verify_cosignature(note(3), WITNESS)


def test_signature_and_cosignature_never_pass_for_each_other() -> None:
    text = add_lines(note(), [cosign(note(), ORIGIN, LOG.working, NOON)])
    as_cosigner = NoteVerifier(ORIGIN, LOG.notice.ed25519_public, ED25519_COSIGNATURE)
    assert verify_cosignature(text, as_cosigner) == NOON
    with pytest.raises(SignatureInvalid):
        verify_cosignature(note(), as_cosigner)
    with pytest.raises(SignatureInvalid):
        verify_cosignature(text, OWNER)
    with pytest.raises(SignatureInvalid):
        open_checkpoint(text, as_cosigner)


def test_two_faces_of_one_size_are_a_proof() -> None:
    one, other = note(5, leaf_hash(b"for you")), note(5, leaf_hash(b"for them"))
    proof = prove_fork(one, other, OWNER)
    assert (proof.origin, proof.size, proof.first, proof.second) == (ORIGIN, 5, one, other)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [(note(), note(), "agree"), (note(3), note(4), "leaves")],
)
def test_checkpoints_that_agree_or_grow_are_no_fork(one: str, other: str, why: str) -> None:
    with pytest.raises(NoFork, match=why):
        prove_fork(one, other, OWNER)


def test_forged_fork_is_refused() -> None:
    forged = sign_checkpoint(Checkpoint(ORIGIN, 3, leaf_hash(b"y")), STRANGER.working)
    with pytest.raises(SignatureInvalid):
        prove_fork(note(), forged, OWNER)


def test_checkpoints_of_two_logs_are_no_fork() -> None:
    named = {"name": ORIGIN}
    other = sign_checkpoint(Checkpoint("other/log", 3, leaf_hash(b"y")), LOG.working, **named)
    with pytest.raises(NoFork, match="two logs"):
        prove_fork(note(), other, OWNER)


def test_adding_a_line_twice_adds_it_once() -> None:
    line = cosign(note(), "exporting-side", WATCH.working, NOON)
    once = add_lines(note(), [line])
    assert add_lines(once, [line]) == once


def test_unknown_lines_are_passed_over() -> None:
    text = add_lines(note(), [cosign(note(), "unknown", STRANGER.working, NOON + timedelta(days=1))])
    assert open_checkpoint(text, OWNER).size == 3


def test_empty_log_has_the_empty_root() -> None:
    assert open_checkpoint(note(0, EMPTY_ROOT), OWNER).size == 0
    with pytest.raises(NoteUnreadable, match="empty tree"):
        note(0, leaf_hash(b"x"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "one\ntwo\n",
        note().replace("3", "03", 1),
        note().replace("\n3\n", "\n-3\n"),
        note().replace("\n3\n", "\n٣\n"),
        note().replace("— ", "- "),
        note().rstrip("\n"),
        note() + "\n",
        note().replace(ORIGIN + "\n", "\n", 1),
        note().replace("\n3\n", "\n3\r\n"),
        note().replace("=\n\n", "\n\n"),
        note() * 200,
    ],
)
def test_misshapen_notes_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises((NoteUnreadable, SignatureInvalid)):
        open_checkpoint(text, OWNER)


@given(st.text(max_size=80))
@settings(max_examples=60)
def test_junk_is_no_checkpoint(text: str) -> None:
    for junk in (text, text + "\n\n— a b\n"):
        with pytest.raises((NoteUnreadable, SignatureInvalid)):
            open_checkpoint(junk, OWNER)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "a+b",
        GO_VKEY[:-1] + "9",
        GO_VKEY.replace("033", "034"),
        "a b+033de0ae+AA==",
        GO_VKEY + "\n",
        "x+00000000+AA==",
    ],
)
def test_misshapen_verifier_keys_are_refused(vkey: str) -> None:
    with pytest.raises(NoteUnreadable):
        parse_vkey(vkey)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u3000b", "a\nb"])
def test_key_names_hold_no_space_and_no_plus(name: str) -> None:
    with pytest.raises(NoteUnreadable):
        cosign(note(), name, WATCH.working, NOON)


def test_instant_without_zone_is_a_slip() -> None:
    with pytest.raises(ValueError, match="time zone"):
        cosign(note(), "w", WATCH.working, NOON.replace(tzinfo=None))
