"""The database of a node: its own server in its folder, or the operator's by address."""

from __future__ import annotations

from pathlib import Path

from tidegate.node.settings import Settings
from tidegate.store.binaries import find_binaries
from tidegate.store.external import ExternalServer
from tidegate.store.server import PostgresServer

SERVER_FOLDER = "postgres"


def database_server(folder: Path, settings: Settings) -> PostgresServer | ExternalServer:
    """Return the server of the node in `folder`. Nothing is started; use it as a context for that."""
    if settings.database_url:
        return ExternalServer(settings.database_url)
    binaries = find_binaries(Path(settings.postgres_binaries)) if settings.postgres_binaries else None
    return PostgresServer(folder / SERVER_FOLDER, binaries=binaries, account=settings.postgres_account or None)
