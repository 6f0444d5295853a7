"""A proof goes through its text unchanged, holds for its leaf and for no other."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.cli.main import run
from tidegate.cli.tlog_proof import TlogProof, check_proof, read_proof
from tidegate.errors import InputUnreadable, TidegateError
from tidegate.trust.audit_tree import frontier_of, inclusion_proof, leaf_hash, nodes_of, root_of
from tidegate.trust.checkpoint import Checkpoint, NoteVerifier, sign_checkpoint
from tidegate.trust.keys import generate_working_keys

KEYS = generate_working_keys(1)
VERIFIER = NoteVerifier("tidegate/node/test", KEYS.signing_public[:32])


def proof_of(index: int, size: int) -> TlogProof:
    data = [bytes([each]) * 32 for each in range(size)]
    leaves = [leaf_hash(each) for each in data]
    note = sign_checkpoint(Checkpoint("tidegate/node/test", size, root_of(frontier_of(leaves))), KEYS)
    return TlogProof(data[index], index, inclusion_proof(index, size, nodes_of(leaves)), note)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_every_leaf_is_proved_and_no_other(place: tuple[int, int]) -> None:
    proof = proof_of(*place)
    read = read_proof(proof.to_text())
    assert read.to_text() == proof.to_text()
    assert check_proof(read, VERIFIER).size == place[1]
    other = TlogProof(b"\xff" * 32, read.index, read.hashes, read.checkpoint)
    with pytest.raises(TidegateError):
        check_proof(other, VERIFIER)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_changed_text_is_refused_in_words(data) -> None:
    text = proof_of(4, 9).to_text()
    place = data.draw(st.integers(0, len(text) - 1))
    sign = data.draw(st.characters(codec="utf-8").filter(lambda each: each != text[place]))
    with pytest.raises(TidegateError):
        check_proof(read_proof(text[:place] + sign + text[place + 1 :]), VERIFIER)


@pytest.mark.parametrize(
    "text", ["", "c2sp.org/tlog-proof@v1\n\n", "index 3\n\nx", "c2sp.org/tlog-proof@v1\nextra !\nindex 01\n\n"]
)
def test_what_is_no_proof_is_named(text: str) -> None:
    with pytest.raises(InputUnreadable):
        read_proof(text)


def test_the_command_tells_by_its_exit_code(tmp_path, capsys) -> None:
    file = tmp_path / "proof.txt"
    file.write_text(proof_of(2, 5).to_text(), encoding="utf-8")
    words = ["audit", "check-proof", str(file), "--vkey", VERIFIER.vkey()]
    assert run(words) == 0
    file.write_text(proof_of(2, 5).to_text().replace("index 2", "index 3"), encoding="utf-8")
    assert run([*words, "--lang", "zh"]) == 1
    assert run(["audit", "check-proof", str(tmp_path / "none"), "--vkey", VERIFIER.vkey()]) == 2
    capsys.readouterr()
