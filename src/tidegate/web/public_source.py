"""Where a node's public page reads from: the packaged record, and the entries this node has published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from starlette.applications import Starlette

from tidegate.node import clock
from tidegate.node.node import Node
from tidegate.publication.entries import PublishedEntry, read_entry
from tidegate.registers.calendars import find_calendar
from tidegate.store import published
from tidegate.store.connect import translated
from tidegate.web.public import ErrorReport, RecordSource, public_app

PUBLIC_CALENDAR = "monday-friday"


def node_public_app(node: Node) -> Starlette:
    """Return the public listener of a node. Its database role reads nothing but what was published."""

    def today() -> date:
        with translated(), node.pool.connection() as conn:
            return find_calendar(PUBLIC_CALENDAR).day_of(clock.public_now(conn))

    def entries() -> Sequence[PublishedEntry]:
        with translated(), node.pool.connection() as conn:
            return [read_entry(body) for body in published.all_entries(conn)]

    def report(given: ErrorReport) -> str:
        with translated(), node.pool.connection() as conn:
            return f"E-{published.keep_error_report(conn, given.where, given.what, given.mail)}"

    return public_app(RecordSource(today, entries), report_error=report)
