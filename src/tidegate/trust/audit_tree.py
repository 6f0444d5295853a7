"""The Merkle tree of an audit log: append, root, proofs and their checks (RFC 6962 section 2.1).

Sizes count leaves, indexes count from 0, every hash is 32 bytes of SHA-256. A check raises ProofInvalid and never
returns a bool, so that no caller can forget to look.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tidegate.trust.faults import ProofInvalid

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

ReadNode = Callable[[int, int], bytes]
"""(level, index) -> hash of the complete subtree over leaves index * 2**level to (index + 1) * 2**level - 1."""


@dataclass(frozen=True, slots=True)
class Frontier:
    """All one needs to append: the size, and the hashes of the complete subtrees, largest first.

    There is one hash for each bit set in `size`.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ProofInvalid(
                f"a tree of {self.size} leaves does not have {len(self.hashes)} complete subtrees",
                code="trust.tree-subtrees",
                size=self.size,
                count=len(self.hashes),
            )
        if any(len(part) != HASH_BYTES for part in self.hashes):
            raise ProofInvalid("a hash in the tree is not 32 bytes long", code="trust.tree-hash")


@dataclass(frozen=True, slots=True)
class TreeNode:
    """The hash of a complete subtree of 2**level leaves, the `index`-th of its level."""

    level: int
    index: int
    hash: bytes


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf holding `data`."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def append(frontier: Frontier, leaf: bytes) -> Frontier:
    """Return the frontier after one more leaf. leaf: a leaf hash, 32 bytes."""
    return grow(frontier, leaf)[0]


def grow(frontier: Frontier, leaf: bytes) -> tuple[Frontier, tuple[TreeNode, ...]]:
    """Return the frontier after one more leaf, and the complete subtrees it finished, the leaf itself first.

    Storing those nodes by (level, index) is enough to make any proof later.
    """
    hashes = list(frontier.hashes)
    finished = [TreeNode(0, frontier.size, leaf)]
    level, index, carried = 0, frontier.size, leaf
    while index & 1:
        carried = node_hash(hashes.pop(), carried)
        level, index = level + 1, index >> 1
        finished.append(TreeNode(level, index, carried))
    hashes.append(carried)
    return Frontier(frontier.size + 1, tuple(hashes)), tuple(finished)


def root_of(frontier: Frontier) -> bytes:
    """Return the root hash of the tree with this frontier."""
    if not frontier.hashes:
        return EMPTY_ROOT
    root = frontier.hashes[-1]
    for part in reversed(frontier.hashes[:-1]):
        root = node_hash(part, root)
    return root


def frontier_of(leaves: Sequence[bytes]) -> Frontier:
    """Return the frontier over `leaves` (leaf hashes), from the first."""
    frontier = Frontier()
    for leaf in leaves:
        frontier = append(frontier, leaf)
    return frontier


def nodes_of(leaves: Sequence[bytes]) -> ReadNode:
    """Return a reader of the complete subtrees over `leaves` (leaf hashes), for making proofs in memory."""
    held: dict[tuple[int, int], bytes] = {}
    frontier = Frontier()
    for leaf in leaves:
        frontier, finished = grow(frontier, leaf)
        held.update({(node.level, node.index): node.hash for node in finished})
    return lambda level, index: held[level, index]


def inclusion_proof(index: int, size: int, read: ReadNode) -> list[bytes]:
    """Return the path that proves leaf `index` is in the tree of `size` leaves (RFC 6962 section 2.1.1)."""
    if not 0 <= index < size:
        raise ProofInvalid(
            f"there is no leaf {index} in a tree of {size}", code="trust.proof-no-leaf", index=index, size=size
        )
    return _path(index, 0, size, read)


def consistency_proof(old_size: int, new_size: int, read: ReadNode) -> list[bytes]:
    """Return the proof that the tree of `new_size` only adds to that of `old_size` (RFC 6962 section 2.1.2)."""
    if not 1 <= old_size <= new_size:
        raise ProofInvalid(
            f"no proof leads from a tree of {old_size} to one of {new_size} leaves",
            code="trust.proof-no-way",
            old=old_size,
            new=new_size,
        )
    return _consistency(old_size, 0, new_size, True, read)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that `leaf` (a leaf hash) stands at `index` in the tree of `size` with `root`. Raises ProofInvalid."""
    if not 0 <= index < size:
        raise ProofInvalid(
            f"there is no leaf {index} in a tree of {size}", code="trust.proof-no-leaf", index=index, size=size
        )
    _all_hashes(leaf, root, *proof)
    # Up to where the paths of this leaf and of the last one part, siblings may stand on either side; above it,
    # only on the left (RFC 9162 section 2.1.3.2 counts the same).
    inner = (index ^ (size - 1)).bit_length()
    border = (index >> inner).bit_count()
    if len(proof) != inner + border:
        raise ProofInvalid(
            f"the proof has {len(proof)} hashes where {inner + border} are due",
            code="trust.proof-length",
            count=len(proof),
            due=inner + border,
        )
    found = leaf
    for level, sibling in enumerate(proof[:inner]):
        found = node_hash(sibling, found) if index >> level & 1 else node_hash(found, sibling)
    for sibling in proof[inner:]:
        found = node_hash(sibling, found)
    if found != root:
        raise ProofInvalid(
            f"leaf {index} is not in the tree of {size} leaves that the checkpoint names",
            code="trust.proof-leaf-missing",
            index=index,
            size=size,
        )


def verify_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the new tree only adds leaves to the old one. Raises ProofInvalid. An empty tree proves nothing."""
    if not 1 <= old_size <= new_size:
        raise ProofInvalid(
            f"no proof leads from a tree of {old_size} to one of {new_size} leaves",
            code="trust.proof-no-way",
            old=old_size,
            new=new_size,
        )
    _all_hashes(old_root, new_root, *proof)
    if old_size == new_size:
        if proof:
            raise ProofInvalid("two trees of one size need no proof, but one came along", code="trust.proof-needless")
        if old_root != new_root:
            raise ProofInvalid(
                f"two different trees of {old_size} leaves: the log shows two faces",
                code="trust.proof-two-faces",
                size=old_size,
            )
        return
    shift = (old_size & -old_size).bit_length() - 1
    inner = ((old_size - 1) ^ (new_size - 1)).bit_length()
    border = ((old_size - 1) >> inner).bit_count()
    inner -= shift
    whole = old_size == 1 << shift  # the old tree is itself a complete subtree of the new one
    due = inner + border + (0 if whole else 1)
    if len(proof) != due:
        raise ProofInvalid(
            f"the proof has {len(proof)} hashes where {due} are due",
            code="trust.proof-length",
            count=len(proof),
            due=due,
        )
    old = new = old_root if whole else proof[0]
    path = proof if whole else proof[1:]
    mask = (old_size - 1) >> shift
    for level, sibling in enumerate(path[:inner]):
        if mask >> level & 1:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
        else:
            new = node_hash(new, sibling)
    for sibling in path[inner:]:
        old, new = node_hash(sibling, old), node_hash(sibling, new)
    if old != old_root or new != new_root:
        raise ProofInvalid(
            f"the log of {new_size} leaves does not hold the {old_size} leaves seen before",
            code="trust.proof-past-changed",
            old=old_size,
            new=new_size,
        )


def _split(size: int) -> int:
    """Return the largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _subtree(start: int, size: int, read: ReadNode) -> bytes:
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return read(level, start >> level)
    left = _split(size)
    return node_hash(_subtree(start, left, read), _subtree(start + left, size - left, read))


def _path(index: int, start: int, size: int, read: ReadNode) -> list[bytes]:
    if size == 1:
        return []
    left = _split(size)
    if index < left:
        return [*_path(index, start, left, read), _subtree(start + left, size - left, read)]
    return [*_path(index - left, start + left, size - left, read), _subtree(start, left, read)]


def _consistency(old: int, start: int, size: int, known: bool, read: ReadNode) -> list[bytes]:
    """known: the verifier already holds the root of the old part, so it need not be sent."""
    if old == size:
        return [] if known else [_subtree(start, size, read)]
    left = _split(size)
    if old <= left:
        return [*_consistency(old, start, left, known, read), _subtree(start + left, size - left, read)]
    return [*_consistency(old - left, start + left, size - left, False, read), _subtree(start, left, read)]


def _all_hashes(*hashes: bytes) -> None:
    if any(len(item) != HASH_BYTES for item in hashes):
        raise ProofInvalid("a hash in the proof is not 32 bytes long", code="trust.proof-hash")
