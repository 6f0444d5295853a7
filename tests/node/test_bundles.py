"""A link carried by hand: in order, once, with receipts; again changes nothing; one flipped bit is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from psycopg import sql

from tests.node.conftest import Pair
from tests.node.test_recovery import check_equal
from tidegate.errors import SettingsWrong
from tidegate.node import bundles, courier, outbox
from tidegate.node.reading import received_messages
from tidegate.store import restarts
from tidegate.wire.folder import BundleDamaged

pytestmark = pytest.mark.postgres
TABLES = "select table_schema, table_name from information_schema.tables where table_schema in ('node', 'audit')"


def rows(node) -> tuple[dict[str, int], str]:
    """How many rows each table of the node holds, and a digest of its queue."""
    with node.transaction() as tx:
        tables = [(schema, name) for schema, name in tx.conn.execute(TABLES).fetchall() if name != "officer"]
        counts = {}
        for schema, name in tables:
            query = sql.SQL("select count(*) from {}.{}").format(sql.Identifier(schema), sql.Identifier(name))
            counts[name] = tx.conn.execute(query).fetchone()[0]
        (queue,) = tx.conn.execute(
            "select md5(string_agg(t::text, '|' order by place)) from node.outgoing t"
        ).fetchone()
        return counts, queue or ""


@pytest.fixture
def stick(pair: Pair, tmp_path: Path) -> Path:
    """A bundle of b for a with three messages."""
    pair.agree()
    for _ in range(3):
        pair.notify()
    assert bundles.export(pair.b, pair.a.node_id, tmp_path / "stick").items == 3
    return tmp_path / "stick"


def test_a_bundle_arrives_once_and_its_receipts_come_back(pair: Pair, stick: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    bundles.export(pair.b, pair.a.node_id, again)
    assert [path.read_bytes() for path in sorted((again / "items").iterdir())] == [
        path.read_bytes() for path in sorted((stick / "items").iterdir())
    ]
    # The courier takes the first one meanwhile: the same bytes, so the partner knows it already.
    ready = outbox.prepare_next(pair.b, pair.a.node_id, judge=courier.judge)
    assert ready is not None
    assert ready.envelope == (stick / "items" / f"{ready.sequence:06d}.tgd").read_bytes()
    done = bundles.take(pair.a, stick)
    assert (done.partner_id, done.taken, done.known, done.refused) == (pair.b.node_id, 3, 0, None)
    before = rows(pair.a)
    assert bundles.take(pair.a, stick) == bundles.Imported(pair.b.node_id, 0, 3)
    assert bundles.take(pair.a, again).known == 3
    assert rows(pair.a) == before
    assert bundles.take_receipts(pair.b, stick) == bundles.Receipted(3, 0, ())
    before = rows(pair.b)
    assert bundles.take_receipts(pair.b, stick) == bundles.Receipted(0, 3, ())
    assert rows(pair.b) == before
    with pair.a.transaction() as tx:
        assert len(received_messages(tx)) == 3
    assert bundles.export(pair.b, pair.a.node_id, tmp_path / "none") == bundles.Exported("", 0)
    check_equal(pair)


def test_any_flipped_byte_is_refused_naming_the_file(pair: Pair, stick: Path) -> None:
    before = rows(pair.a)
    files = [stick / "manifest.dsse", *sorted((stick / "items").iterdir())]
    for path in files:
        whole = path.read_bytes()
        for place in range(0, len(whole), max(1, len(whole) // 60)):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
            with pytest.raises(BundleDamaged, match=path.name):
                bundles.take(pair.a, stick)
        path.write_bytes(whole)
    assert rows(pair.a) == before
    assert bundles.take(pair.a, stick).taken == 3
    before = rows(pair.b)
    receipt = sorted((stick / "receipts").iterdir())[0]
    whole = receipt.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 60)):
        receipt.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
        with pytest.raises(BundleDamaged, match=receipt.name):
            bundles.take_receipts(pair.b, stick)
    receipt.write_bytes(whole)
    assert rows(pair.b) == before
    assert bundles.take_receipts(pair.b, stick).delivered == 3


def test_a_bundle_that_comes_too_early_is_refused_and_taken_later(pair: Pair, stick: Path, tmp_path: Path) -> None:
    first = sorted((stick / "items").iterdir())[0]
    assert bundles.take(pair.a, stick).taken == 3
    del first
    pair.notify()
    with pair.b.transaction() as tx:
        outbox.seal_drafts(tx, pair.a.node_id, judge=courier.judge, most=9)
    late = tmp_path / "late"
    bundles.export(pair.b, pair.a.node_id, late)
    assert bundles.take(pair.a, late) == bundles.Imported(pair.b.node_id, 1, 3)


def test_a_bundle_for_another_node_is_refused(pair: Pair, stick: Path) -> None:
    with pytest.raises(BundleDamaged, match=r"manifest\.dsse"):
        bundles.take(pair.b, stick)


def test_a_restored_node_exports_nothing_before_it_was_told_where_it_stands(
    pair: Pair, stick: Path, tmp_path: Path
) -> None:
    with pair.b.transaction() as tx:
        restarts.begin_restart(tx.conn, pair.a.node_id, hello_id="restart-1", at=tx.now)
    with pytest.raises(SettingsWrong, match="restored"):
        bundles.export(pair.b, pair.a.node_id, tmp_path / "early")
