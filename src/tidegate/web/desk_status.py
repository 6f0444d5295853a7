"""Status of the node: links, logs and who cosigned them, keys, queues, and the newest events of the audit log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.responses import Response

from tidegate.node import links
from tidegate.node.node import Transaction
from tidegate.store import audit_log, incoming, outgoing
from tidegate.store.audit_log import NODE_LOG
from tidegate.web.desk_reads import latest_events
from tidegate.web.desk_visit import Visit
from tidegate.web.desk_words import actor_names, event_words

EVENTS = 40
SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One log. root: hexadecimal. cosigned: the largest size a witness signed, 0 for none; by: who did."""

    id: str
    size: int
    root: str
    cosigned: int
    by: tuple[str, ...]


def show_status(visit: Visit) -> Response:
    """Show how the node stands."""
    with visit.node.transaction() as tx:
        partners = links.confirmed_partners(tx)
        rows = [_link(tx, partner_id) for partner_id in partners]
        logs = [log_line(tx, NODE_LOG)]
        for partner_id in partners:
            logs += [log_line(tx, links.log_of(partner_id, way)) for way in ("out", "in")]
        tx.node.keys.refresh()
        notice = tx.node.keys.rings[-1].notice
        who = actor_names(tx, visit.lang)
        events = [event_words(event, visit.lang, who) for event in latest_events(tx.conn, EVENTS)]
        now = tx.now
    left = notice.valid_until - now
    keys = "ended" if left <= timedelta() else "soon" if left < SOON else "good"
    return visit.page(
        "status.html", now=now, links=rows, logs=logs, notice=notice, keys=keys,
        events=events, settings=visit.node.settings, suite=visit.node.identity.suite,
    )  # fmt: skip


def _link(tx: Transaction, partner_id: str) -> dict[str, Any]:
    state = links.load_link(tx, partner_id)
    counts = outgoing.counts(tx.conn, partner_id)
    received = incoming.all_received(tx.conn, partner_id)
    return {
        "partner": partner_id,
        "state": state,
        "sent": counts.get("acknowledged", 0),
        "waiting": counts.get("queued", 0) + counts.get("sealed", 0),
        "refused": counts.get("refused", 0),
        "received": sum(not each.outcome for each in received),
        "turned_away": sum(bool(each.outcome) for each in received),
        "last": received[-1].received_at if received else None,
    }


def log_line(tx: Transaction, log_id: str) -> LogLine:
    """Return a log with its head and how far it was cosigned."""
    head = audit_log.head(tx.conn, log_id)
    stamped = audit_log.latest_checkpoint(tx.conn, log_id, cosigned=True)
    by = tuple(dict.fromkeys(line.split(" ")[1] for line in stamped.cosignatures)) if stamped else ()
    return LogLine(log_id, head.size, head.root.hex(), stamped.size if stamped else 0, by)


PAGES: Mapping[str, Callable[[Visit], Response]] = {"/status": show_status}
FORMS: Mapping[str, Callable[[Visit], Response]] = {}
