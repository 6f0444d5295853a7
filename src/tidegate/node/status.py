"""What an operator sees of a node: what runs, which PostgreSQL, keys, links, queues, heads and who cosigned them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tidegate.errors import TidegateError
from tidegate.exchange.link import state_from_document
from tidegate.model.instants import format_instant
from tidegate.node import clock
from tidegate.node.database import database_server
from tidegate.node.keyring import notices_of
from tidegate.node.process import running_pids
from tidegate.node.settings import read_settings
from tidegate.store import audit_log, documents, identity, links, outgoing
from tidegate.store.connect import Connection, connect
from tidegate.store.server import PostgresServer
from tidegate.trust.checkpoint import signature_names
from tidegate.wording.problems import problem
from tidegate.wording.sentences import say


def node_status(folder: Path) -> dict[str, Any]:
    """Return the state of the node in `folder` as plain data. What cannot be asked while it is stopped is left out."""
    settings = read_settings(folder)
    server = database_server(folder, settings)
    pids = running_pids(folder)
    found: dict[str, Any] = {
        "node": settings.node_id,
        "running": bool(pids),
        "processes": pids,
        "desk": settings.desk_url,
        "exchange": settings.exchange_url,
        "public": settings.public_url,
        "witness": settings.witness_url,
        "postgres": _postgres(server),
    }
    if server.running():
        with connect(server.dsn("owner")) as conn:
            found.update(_inside(conn))
    return found


def status_lines(found: dict[str, Any], lang: str) -> list[str]:
    """Return the state as sentences."""
    postgres = found["postgres"]
    lines = [
        say("status.running" if found["running"] else "status.stopped", lang, node=found["node"]),
        say("status.postgres", lang, version=postgres["version"], origin=postgres["origin"], age=postgres["age"]),
    ]
    for link in found.get("links", []):
        lines.append(say("status.link", lang, **link))
    for log in found.get("logs", []):
        by = ", ".join(log["cosigned_by"]) or "-"
        lines.append(say("status.log", lang, log=log["log"], size=log["size"], cosigned=log["cosigned"], by=by))
    if "keys_until" in found:
        lines.append(say("status.keys", lang, until=found["keys_until"]))
    return lines


def _postgres(server: object) -> dict[str, Any]:
    if not isinstance(server, PostgresServer):
        return {"origin": "url", "version": "?", "age": "?"}
    binaries = server.binaries
    days = binaries.age_days(date.today())  # noqa: DTZ011 - the operator's own day, to say how old the programs are
    return {"origin": binaries.origin, "version": binaries.version, "age": "?" if days is None else days}


def _inside(conn: Connection) -> dict[str, Any]:
    who = identity.get_identity(conn)
    now = clock.now(conn)
    own = notices_of(conn, who.node_id, who.root_public)
    return {
        "now": format_instant(now),
        "invented": who.invented,
        "keys_until": format_instant(own[-1][0].valid_until) if own else "",
        "links": [_link(conn, partner) for partner in links.linked_partners(conn)],
        "logs": [_log(conn, log_id) for log_id in _log_ids(conn)],
        "findings_open": documents.count(conn, "finding", state="open"),
        "refusals": documents.count(conn, "refusal"),
    }


def _link(conn: Connection, partner: str) -> dict[str, Any]:
    body = links.get_link(conn, partner)
    if body is None:
        raise problem(TidegateError, "link.gone", partner=partner)
    state = state_from_document(body)
    counts = outgoing.counts(conn, partner)
    return {
        "partner": partner,
        "sent": state.acked_out,
        "received": state.next_in - 1,
        "waiting": counts.get("queued", 0) + counts.get("sealed", 0),
        "refused": counts.get("refused", 0),
    }


def _log_ids(conn: Connection) -> list[str]:
    wanted = ["node"]
    for partner in links.linked_partners(conn):
        wanted += [f"link/{partner}/out", f"link/{partner}/in"]
    return wanted


def _log(conn: Connection, log_id: str) -> dict[str, Any]:
    head = audit_log.head(conn, log_id)
    kept = audit_log.latest_checkpoint(conn, log_id, cosigned=True)
    names = sorted({line.split(" ")[1] for line in kept.cosignatures}) if kept else []
    signed_by = signature_names(kept.note) if kept else []
    return {
        "log": log_id,
        "size": head.size,
        "root": head.root.hex(),
        "cosigned": kept.size if kept else 0,
        "cosigned_by": names,
        "signed_by": signed_by,
    }
