"""A new node's identity and officers are sealed: whoever changes them behind its back is named."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.node.conftest import make
from tidegate.demo.agreement import IMPORTING
from tidegate.node.verify import verify_node
from tidegate.store.connect import connect
from tidegate.store.verify import verify_database

pytestmark = pytest.mark.postgres


def test_a_changed_officer_or_root_is_named(postgres_server) -> None:
    base = Path(tempfile.mkdtemp(prefix="tidegate-setup-"))
    base.chmod(0o711)
    node = make(postgres_server, base, IMPORTING, "a.localhost")
    try:
        assert verify_node(node.folder) == []
        with connect(node.settings.database_url) as conn, conn.transaction():
            conn.execute("update node.officer set role = 'second' where id = 'liaison'")
            conn.execute(
                "update node.identity set root_public = set_byte(root_public, 0, get_byte(root_public, 0) # 1)"
            )
        with connect(node.settings.database_url) as conn:
            found = {(problem.code, problem.params["key"]) for problem in verify_database(conn)}
        assert found == {("verify.row-changed", "liaison"), ("verify.row-changed", node.node_id)}
    finally:
        node.close()
        shutil.rmtree(base, ignore_errors=True)
