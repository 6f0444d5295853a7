"""Verification of what went over the links: every kept envelope against its digest, and that against the link's log.

Both ends keep a copy of the log of each direction and cosign it, so an envelope that fits its log is the one both saw.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from tidegate.store.connect import Connection
from tidegate.store.problem import Problem

# What arrived, with the log that its digest was appended to.
_INCOMING = """
select 'node.incoming', item_id, 'link/' || partner_id || '/in', envelope, envelope_digest
from node.incoming order by place
"""
# What the partner signed a receipt for; before that, nothing is in the log.
_OUTGOING = """
select 'node.outgoing', id, 'link/' || partner_id || '/out', envelope, envelope_digest
from node.outgoing where state in ('acknowledged', 'refused') order by place
"""


def verify_messages(conn: Connection) -> Iterator[Problem]:
    """Yield every kept message that differs from the log of its link, and every logged one that is gone."""
    logged = Counter(
        (log, digest.hex())
        for log, digest in conn.execute("select log_id, digest from audit.entry where log_id like 'link/%'")
    )
    for query in (_INCOMING, _OUTGOING):
        for table, key, log, envelope, digest in conn.execute(query):
            # The envelope of a refused thing is not kept; its digest is.
            if envelope and hashlib.sha256(envelope).hexdigest() != digest:
                yield Problem("verify.message-changed", {"table": table, "key": key})
            elif logged[log, digest]:
                logged[log, digest] -= 1
            else:
                yield Problem("verify.message-unlogged", {"table": table, "key": key, "log": log})
    for (log, digest), count in logged.items():
        if count > 0:
            yield Problem("verify.message-missing", {"log": log, "digest": digest})
