"""The data of single leaves, for proofs that leave the node."""

from __future__ import annotations

from tidegate.store.connect import Connection


def leaf_data(conn: Connection, log_id: str, index: int) -> bytes | None:
    """Return the 32 bytes that stand at `index` of a log, before they are hashed as a leaf; None if it is shorter."""
    row = conn.execute("select digest from audit.entry where log_id = %s and index = %s", (log_id, index)).fetchone()
    return bytes(row[0]) if row else None
