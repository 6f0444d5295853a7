"""The command `tidegate open`: the local page on loopback, at a free port, with an address that opens it once."""

from __future__ import annotations

import os
import socket
import sys
import webbrowser
from datetime import date
from pathlib import Path
from threading import Timer
from typing import Annotated

import typer

from tidegate.cli.options import check_language
from tidegate.cli.usage import help_words
from tidegate.errors import SettingsWrong
from tidegate.wording.problems import problem
from tidegate.wording.sentences import say

_CHOSEN = "chosen-folder.txt"


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("open", help=help_words("open.help"))(open_page)


def open_page(
    folder: Annotated[Path | None, typer.Option("--folder", help=help_words("open.option.folder"))] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help=help_words("open.option.port"))] = 0,
    lists: Annotated[list[str] | None, typer.Option("--list", help=help_words("open.option.list"))] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help=help_words("open.option.no-browser"))] = False,
    lang: Annotated[str, typer.Option("--lang", help="en, zh, es")] = "en",
    quiet: Annotated[bool, typer.Option("--quiet")] = False,
) -> None:
    """Serve the local page until Ctrl-C. The address is printed on stdout, alone on its line."""
    check_language(lang)
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
        folder=(folder or remembered_folder()).expanduser(),
        shelf=shelf,
        snapshots=tuple(name for name in named if name in packaged),
        on_folder=remember_folder,
    )
    for name in named:
        if Path(name).is_file():
            runs.add_list(Path(name))
        elif name not in {one.name for one in runs.lists()}:
            shelf.get(name)  # says what is held instead
    token = new_nonce()
    listener = _listen(port, lang)
    config = uvicorn.Config("", log_level="warning", access_log=False, server_header=False, lifespan="off")
    server = uvicorn.Server(config)

    def close() -> None:
        server.should_exit = True

    config.app = local_app(runs, token=token, today=date.today, css=page_style(), on_close=close)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/start?token={token}&lang={lang}"
    print(address, flush=True)
    if not quiet:
        print(say("local.opened", lang, address=address.split("/start")[0]), file=sys.stderr)
        print(say("local.kept-in", lang, folder=runs.folder), file=sys.stderr, flush=True)
    if not no_browser:
        opening = Timer(0.8, _open_browser, [address, lang])
        opening.daemon = True
        opening.start()
    try:
        server.run(sockets=[listener])
    finally:
        runs.close()


def default_folder() -> Path:
    """Return where decisions are kept unless a folder is named: the user's data folder."""
    base = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA") or str(Path.home() / ".local" / "share")
    return Path(base) / "tidegate" / "decisions"


def remembered_folder() -> Path:
    """Return the folder that a person chose on the page before, while it is there; else the default one."""
    told = default_folder() / _CHOSEN
    try:
        chosen = Path(told.read_text(encoding="utf-8").strip()) if told.is_file() else None
    except (OSError, UnicodeDecodeError):
        chosen = None
    return chosen if chosen is not None and chosen.is_dir() else default_folder()


def remember_folder(folder: Path) -> None:
    """Take note of the folder that a person chose, so that the next window finds the decisions there."""
    default_folder().mkdir(parents=True, exist_ok=True)
    (default_folder() / _CHOSEN).write_text(f"{folder.absolute()}\n", encoding="utf-8")


def _open_browser(address: str, lang: str) -> None:
    try:
        opened = webbrowser.open(address)
    except webbrowser.Error:
        opened = False
    if not opened:
        print(say("open.no-browser-found", lang), file=sys.stderr, flush=True)


def _listen(port: int, lang: str) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":  # elsewhere it would let a second program take a port in use
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(64)  # before the address is told: a quick browser waits instead of being refused
    except OSError as refused:
        listener.close()
        raise problem(SettingsWrong, "open.port-taken", port=port, why=refused) from refused
    return listener
