"""One listener as a process: opens the node under its own database role, serves, and leaves when its parent does."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import structlog
import uvicorn
from starlette.types import ASGIApp

from tidegate.node.node import Node, open_node
from tidegate.node.process import PORT_OF
from tidegate.node.witness import Witness, open_witness
from tidegate.store.roles import Role
from tidegate.web.witness import witness_app

ROLE_OF: dict[str, Role] = {"desk": "desk", "exchange": "exchange", "public": "public"}


def serve_listener(listener: str, folder: Path, passphrase: str) -> None:
    """Serve `listener` (desk, exchange or public; or witness) of the node in `folder` until standard input ends."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    stopping = threading.Event()
    node: Node | Witness
    if listener == "witness":
        node = open_witness(folder, passphrase)
        app: ASGIApp = witness_app(node)
    else:
        node = open_node(folder, ROLE_OF[listener], passphrase=passphrase or None)
        app = _app(listener, node)
    if listener == "exchange":
        from tidegate.node import courier

        threading.Thread(target=courier.run, args=(node, stopping), daemon=True).start()
    secure = listener == "exchange"
    config = uvicorn.Config(
        app,
        host=node.settings.host,
        port=getattr(node.settings, PORT_OF[listener]),
        ssl_certfile=str(folder / "exchange.crt") if secure else None,
        ssl_keyfile=str(folder / "exchange.key") if secure else None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        lifespan="off",
    )
    server = uvicorn.Server(config)
    threading.Thread(target=_watch_parent, args=(server, stopping), daemon=True).start()
    try:
        server.run()
    finally:
        stopping.set()
        node.close()


def _app(listener: str, node: Node) -> ASGIApp:
    if listener == "exchange":
        from tidegate.web.exchange_door import exchange_app

        return exchange_app(node)
    if listener == "public":
        from tidegate.web.public_source import node_public_app

        return node_public_app(node)
    from tidegate.web.desk import desk_app

    return desk_app(node)


def _watch_parent(server: uvicorn.Server, stopping: threading.Event) -> None:
    """Stop serving when the supervisor is gone: it holds the only other end of our standard input."""
    while os.read(0, 4096):
        pass
    stopping.set()
    server.should_exit = True
