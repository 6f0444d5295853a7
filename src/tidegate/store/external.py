"""The operator's own PostgreSQL server, with the face of ours but nothing to start or stop."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tidegate.errors import SettingsWrong
from tidegate.store.faults import StoreUnreachable
from tidegate.store.roles import DATABASE, ROLE_NAMES, Role
from tidegate.wording.problems import problem


class ExternalServer:
    """A server that the operator runs. `url` connects as a role that owns the database and may create roles.

    role_urls: an own address for a working role ("desk", "exchange", ...), with its own credentials. For a role
    without one the owner's login steps down to it at once; that guards against slips, not against hostile SQL,
    so a node in earnest names all four.
    """

    def __init__(self, url: str, role_urls: Mapping[Role, str] | None = None) -> None:
        try:
            self._parts = conninfo_to_dict(url)
            self._role_urls = {role: conninfo_to_dict(one) for role, one in (role_urls or {}).items()}
        except psycopg.ProgrammingError as exc:
            raise problem(SettingsWrong, "store.url-unreadable") from exc

    def init(self) -> None:
        """Nothing to do: the operator made the database."""

    def start(self) -> None:
        """Check that the server answers. Raises StoreUnreachable if it does not."""
        if not self.running():
            raise problem(StoreUnreachable, "store.unreachable", server=self._parts.get("host") or "localhost")

    def stop(self) -> None:
        """Nothing to do: the server is not ours to stop."""

    def running(self) -> bool:
        """Tell whether a connection succeeds."""
        try:
            psycopg.connect(self.dsn("owner"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def dsn(self, role: Role, database: str = "") -> str:
        """Return the connection string for `role`; `database` stands in for the one in the address."""
        own = self._role_urls.get(role)
        parts = {name: str(value) for name, value in (own or self._parts).items() if value is not None}
        if database or "dbname" not in parts:
            parts["dbname"] = database or DATABASE
        if own is None and role != "owner":
            parts["options"] = f"{parts.get('options', '')} -c role={ROLE_NAMES[role]}".strip()
        return make_conninfo("", **parts)

    def __enter__(self) -> ExternalServer:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()
