"""The third witness signs a head that grows from the last it signed, and no other."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tidegate.node.settings import Settings
from tidegate.node.witness import add_checkpoint, learn_notice, make_witness, open_witness, watch
from tidegate.trust.audit_tree import consistency_proof, frontier_of, leaf_hash, nodes_of, root_of
from tidegate.trust.checkpoint import Checkpoint, parse_vkey, sign_checkpoint, verify_cosignature
from tidegate.trust.keys import generate_root, generate_working_keys, make_key_notice
from tidegate.wire.witness_protocol import AddCheckpoint

pytestmark = pytest.mark.postgres
ORIGIN = "tidegate/node/side"
LEAVES = [leaf_hash(bytes([number]) * 32) for number in range(9)]


@pytest.fixture
def witness(postgres_server):
    from tidegate.store.connect import connect

    with connect(postgres_server.dsn("owner", "postgres"), autocommit=True) as conn:
        conn.execute("drop database if exists witness_test with (force)")
        conn.execute("create database witness_test strategy file_copy")
    folder = Path(tempfile.mkdtemp(prefix="tidegate-witness-"))
    folder.chmod(0o711)
    url = postgres_server.dsn("owner", "witness_test")
    key = make_witness(folder / "w", settings=Settings(node_id="witness", database_url=url), passphrase="p")
    opened = open_witness(folder / "w", "p")
    yield folder / "w", opened, key
    opened.close()
    shutil.rmtree(folder, ignore_errors=True)


def head(size: int, keys, *, leaves=LEAVES) -> str:
    return sign_checkpoint(Checkpoint(ORIGIN, size, root_of(frontier_of(leaves[:size]))), keys)


def proof(old: int, new: int, *, leaves=LEAVES) -> tuple[bytes, ...]:
    return tuple(consistency_proof(old, new, nodes_of(leaves[:new])))


def test_it_signs_what_grows_and_refuses_what_does_not(witness) -> None:
    folder, opened, key = witness
    root, keys = generate_root(1), generate_working_keys(1)
    now = datetime.now(UTC).replace(microsecond=0)
    notice = make_key_notice(
        root, keys, node_id="side", serial=1, valid_from=now, valid_until=now.replace(year=now.year + 1)
    )
    assert learn_notice(opened, notice) == 403  # not watched yet
    assert add_checkpoint(opened, AddCheckpoint(0, (), head(3, keys)).to_bytes())[0] == 403
    watch(folder, "side", root.public)
    assert learn_notice(opened, notice) == 200

    status, line = add_checkpoint(opened, AddCheckpoint(0, (), head(3, keys)).to_bytes())
    assert status == 200
    verify_cosignature(head(3, keys) + line.decode(), parse_vkey(key))
    assert add_checkpoint(opened, AddCheckpoint(3, proof(3, 7), head(7, keys)).to_bytes())[0] == 200

    # an old size it does not hold, a smaller head, a proof that does not fit, another tree of the same size, a stranger
    assert add_checkpoint(opened, AddCheckpoint(3, proof(3, 9), head(9, keys)).to_bytes()) == (409, b"7\n")
    assert add_checkpoint(opened, AddCheckpoint(7, (), head(5, keys)).to_bytes())[0] == 400
    assert add_checkpoint(opened, AddCheckpoint(7, proof(3, 9), head(9, keys)).to_bytes())[0] == 422
    other = [*LEAVES[:6], leaf_hash(b"x" * 32)]
    assert add_checkpoint(opened, AddCheckpoint(7, (), head(7, keys, leaves=other)).to_bytes())[0] == 409
    stranger = generate_working_keys(1)
    assert add_checkpoint(opened, AddCheckpoint(7, proof(7, 9), head(9, stranger)).to_bytes())[0] == 403
    assert add_checkpoint(opened, AddCheckpoint(7, proof(7, 9), head(9, keys)).to_bytes())[0] == 200
