from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.trust.audit_tree import (
    EMPTY_ROOT,
    Frontier,
    append,
    consistency_proof,
    frontier_of,
    grow,
    inclusion_proof,
    leaf_hash,
    node_hash,
    nodes_of,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tidegate.trust.faults import ProofInvalid

# RFC 6962 reference data: the eight leaves and roots of google/certificate-transparency merkletree tests.
LEAVES = [bytes.fromhex(x) for x in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
LEAVES.append(bytes.fromhex("606162636465666768696a6b6c6d6e6f"))
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

SIZES = st.integers(1, 70)


def hashes(count: int) -> list[bytes]:
    return [leaf_hash(b"leaf %d" % number) for number in range(count)]


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = max(1 << power for power in range(10) if 1 << power < len(leaves))
    return node_hash(naive_root(leaves[:k]), naive_root(leaves[k:]))


def naive_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962 section 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = max(1 << power for power in range(10) if 1 << power < len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_proof(m: int, leaves: list[bytes], known: bool = True) -> list[bytes]:
    """RFC 6962 section 2.1.2, word for word."""
    if m == len(leaves):
        return [] if known else [naive_root(leaves)]
    k = max(1 << power for power in range(10) if 1 << power < len(leaves))
    if m <= k:
        return [*naive_proof(m, leaves[:k], known), naive_root(leaves[k:])]
    return [*naive_proof(m - k, leaves[k:], False), naive_root(leaves[:k])]


def test_known_roots_of_rfc_6962() -> None:
    assert root_of(Frontier()).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    frontier = Frontier()
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        frontier = append(frontier, leaf_hash(leaf))
        assert root_of(frontier).hex() == root


@given(SIZES)
def test_root_agrees_with_the_recursive_definition(size: int) -> None:
    assert root_of(frontier_of(hashes(size))) == naive_root(hashes(size))


@given(SIZES, st.data())
def test_inclusion_proof_agrees_and_holds(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaves = hashes(size)
    proof = inclusion_proof(index, size, nodes_of(leaves))
    assert proof == naive_path(index, leaves)
    verify_inclusion(leaves[index], index, size, proof, naive_root(leaves))


@given(SIZES, st.data())
def test_consistency_proof_agrees_and_holds(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    leaves = hashes(size)
    proof = consistency_proof(old, size, nodes_of(leaves))
    assert proof == naive_proof(old, leaves)
    verify_consistency(old, naive_root(leaves[:old]), size, naive_root(leaves), proof)


@given(SIZES, st.data())
@settings(max_examples=150)
def test_changed_inclusion_proof_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaves, read = hashes(size), nodes_of(hashes(size))
    proof, root = inclusion_proof(index, size, read), naive_root(leaves)
    other = data.draw(st.integers(0, size).filter(lambda number: number != index))
    wrong = [
        (leaf_hash(b"x"), index, size, proof, root),
        (leaves[index], other, size, proof, root),
        (leaves[index], index, size, [*proof, root], root),
        (leaves[index], index, size, proof, bytes(32)),
        (leaves[index][:31], index, size, proof, root),
        (leaves[index], index, 0, [], root),
        (leaves[index], -1, size, proof, root),
    ]
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        wrong.append((leaves[index], index, size, proof[:-1], root))
        wrong.append((leaves[index], index, size, [*proof[:place], bytes(32), *proof[place + 1 :]], root))
        wrong.append((leaves[index], index, size, [*proof[:place], proof[place] + b"x", *proof[place + 1 :]], root))
    for args in wrong:
        with pytest.raises(ProofInvalid):
            verify_inclusion(*args)


@given(SIZES, st.data())
@settings(max_examples=150)
def test_changed_consistency_proof_is_refused(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    leaves = hashes(size)
    proof = consistency_proof(old, size, nodes_of(leaves))
    old_root, root = naive_root(leaves[:old]), naive_root(leaves)
    wrong = [
        (old, bytes(32), size, root, proof),
        (old, old_root, size, bytes(32), proof),
        (old, old_root, size, root, [*proof, root]),
        (0, EMPTY_ROOT, size, root, []),
        (size + 1, old_root, size, root, proof),
        (old, old_root[:31], size, root, proof),
    ]
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        wrong.append((old, old_root, size, root, proof[:-1]))
        wrong.append((old, old_root, size, root, [*proof[:place], bytes(32), *proof[place + 1 :]]))
    for args in wrong:
        with pytest.raises(ProofInvalid):
            verify_consistency(*args)


@given(st.integers(0, 40), st.integers(1, 40))
def test_rewritten_history_never_proves_consistent(kept: int, added: int) -> None:
    old = hashes(kept + added)
    rewritten = [*old[:kept], *(leaf_hash(b"other %d" % number) for number in range(added)), leaf_hash(b"new")]
    proof = consistency_proof(len(old), len(rewritten), nodes_of(rewritten))
    with pytest.raises(ProofInvalid):
        verify_consistency(len(old), naive_root(old), len(rewritten), naive_root(rewritten), proof)


def test_grow_names_every_subtree_once() -> None:
    frontier, seen = Frontier(), set()
    for leaf in hashes(64):
        frontier, finished = grow(frontier, leaf)
        for node in finished:
            assert (node.level, node.index) not in seen
            seen.add((node.level, node.index))
    assert len(seen) == 127


def test_proof_of_a_leaf_that_is_not_there_is_refused() -> None:
    with pytest.raises(ProofInvalid):
        inclusion_proof(3, 3, nodes_of(hashes(3)))
    with pytest.raises(ProofInvalid):
        consistency_proof(0, 3, nodes_of(hashes(3)))


def test_frontier_that_does_not_fit_its_size_is_refused() -> None:
    with pytest.raises(ProofInvalid):
        Frontier(3, (bytes(32),))
    with pytest.raises(ProofInvalid):
        Frontier(1, (bytes(31),))
