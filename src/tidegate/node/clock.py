"""The node's clock: the machine's, or the machine's moved by a fixed shift for a node of invented data.

A real node has no shift and no way to set one: the shift is taken only where the node was made for the story.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tidegate.errors import SettingsWrong
from tidegate.store.connect import Connection
from tidegate.wording.problems import problem


def now(conn: Connection) -> datetime:
    """Return the present instant of this node, in UTC. Read once for each unit of work."""
    row = conn.execute("select shift from node.story_clock").fetchone()
    shift: timedelta = row[0] if row else timedelta()
    return datetime.now(UTC) + shift


def public_now(conn: Connection) -> datetime:
    """Return the present instant for the public listener, whose role reads only what is published."""
    row = conn.execute("select shift from published.story_clock").fetchone()
    shift: timedelta = row[0] if row else timedelta()
    return datetime.now(UTC) + shift


def set_story_clock(conn: Connection, moment: datetime) -> None:
    """Make `moment` the present instant of an invented node. Raises SettingsWrong on a real one."""
    row = conn.execute("select invented from node.identity").fetchone()
    if row is None or not row[0]:
        raise problem(SettingsWrong, "node.clock-real")
    shift = moment.astimezone(UTC) - datetime.now(UTC)
    conn.execute(
        "insert into node.story_clock (shift) values (%s) on conflict (one) do update set shift = excluded.shift",
        (shift,),
    )
