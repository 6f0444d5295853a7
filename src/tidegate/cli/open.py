"""The command `tidegate open`: the local page on loopback, at a free port, with an address that opens it once."""

from __future__ import annotations

import os
import socket
import sys
import webbrowser
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer
from typing import Annotated

import typer

from tidegate.errors import SettingsWrong
from tidegate.wording.sentences import LANGUAGES, say


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("open", help=say("open.help", "en"))(open_page)


def open_page(
    folder: Annotated[Path | None, typer.Option("--folder", help=say("open.option.folder", "en"))] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help=say("open.option.port", "en"))] = 0,
    lists: Annotated[list[str] | None, typer.Option("--list", help=say("open.option.list", "en"))] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help=say("open.option.no-browser", "en"))] = False,
    lang: Annotated[str, typer.Option("--lang", help="en, zh, es")] = "en",
    quiet: Annotated[bool, typer.Option("--quiet")] = False,
) -> None:
    """Serve the local page until Ctrl-C. The address is printed on stdout, alone on its line."""
    if lang not in LANGUAGES:
        raise SettingsWrong(f"--lang {lang!r} is unknown; expected one of {', '.join(LANGUAGES)}")
    import uvicorn

    from tidegate.cli.screen import page_style
    from tidegate.lists.packaged import packaged_lists
    from tidegate.lists.shelf import Shelf
    from tidegate.trust.ids import new_nonce
    from tidegate.web.local import local_app
    from tidegate.web.local_runs import LocalRuns

    shelf = Shelf()
    packaged = {one.list_id for one in packaged_lists()}
    named = list(lists or [])
    runs = LocalRuns(
        folder=(folder or default_folder()).expanduser(),
        shelf=shelf,
        snapshots=tuple(name for name in named if name in packaged),
    )
    for name in named:
        if Path(name).is_file():
            runs.add_list(Path(name))
        elif name not in {one.name for one in runs.lists()}:
            shelf.get(name)  # says what is held instead
    token = new_nonce()
    app = local_app(runs, token=token, today=lambda: datetime.now(UTC).date(), css=page_style())
    listener = _listen(port)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/start?token={token}&lang={lang}"
    print(address, flush=True)
    if not quiet:
        print(say("local.opened", lang, address=address.split("/start")[0]), file=sys.stderr)
        print(say("local.kept-in", lang, folder=runs.folder), file=sys.stderr, flush=True)
    if not no_browser:
        Timer(0.8, webbrowser.open, [address]).start()
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, lifespan="off")
    uvicorn.Server(config).run(sockets=[listener])


def default_folder() -> Path:
    """Return where decisions are kept unless a folder is named: the user's data folder."""
    base = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA") or str(Path.home() / ".local" / "share")
    return Path(base) / "tidegate" / "decisions"


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as problem:
        listener.close()
        raise SettingsWrong(
            f"port {port} is taken ({problem.strerror}); choose another, or 0 for a free one"
        ) from problem
    return listener
