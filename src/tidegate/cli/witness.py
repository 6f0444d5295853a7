"""`tidegate witness`: a third witness of checkpoints, which sees sizes and roots and never content."""

from __future__ import annotations

import base64
import sys
from pathlib import Path
from typing import Annotated

import typer

from tidegate.cli.acting import Folder, Lang, group, text_of
from tidegate.cli.node import PassphraseFile, chosen_passphrase, first_passphrase
from tidegate.cli.usage import help_words
from tidegate.errors import SettingsWrong
from tidegate.wording.problems import problem
from tidegate.wording.sentences import say


def register(app: typer.Typer) -> None:
    """Add the command group `witness` to the front door."""
    group(app, "witness", {"init": init, "start": start, "stop": stop, "watch": watch})


def init(
    folder: Folder,
    name: Annotated[str, typer.Option(help=help_words("shell.option.witness-name"))] = "",
    passphrase_file: PassphraseFile = None,
    lang: Lang = "en",
) -> None:
    """Make a witness. Prints its verifier key, which each node's settings name."""
    from tidegate.node.settings import Settings
    from tidegate.node.witness import make_witness

    passphrase, kept = first_passphrase(folder, passphrase_file, lang)
    settings = Settings(node_id=name or folder.resolve().name, passphrase_file=str(kept.resolve()) if kept else "")
    print(make_witness(folder, settings=settings, passphrase=passphrase))


def start(
    folder: Folder,
    passphrase_file: PassphraseFile = None,
    lifeline: Annotated[bool, typer.Option(hidden=True)] = False,
    lang: Lang = "en",
) -> None:
    """Run the witness in the foreground until it is told to stop."""
    from tidegate.node.process import supervise
    from tidegate.node.settings import read_settings

    settings = read_settings(folder)

    def ready() -> None:
        print(say("witness.ready", lang, url=settings.public_url, key=settings.witness_key), flush=True)

    secret = chosen_passphrase(passphrase_file, settings.passphrase_file)
    supervise(folder, secret, on_ready=ready, lifeline=lifeline, listeners=("witness",))


def stop(folder: Folder, lang: Lang = "en") -> None:
    """Stop a running witness."""
    from tidegate.node.process import stop as stop_node

    print(say("node.stopped" if stop_node(folder) else "node.not-running", lang, folder=folder), file=sys.stderr)


def watch(
    folder: Folder,
    node_id: Annotated[str, typer.Argument(help=help_words("shell.option.watched"))],
    root_file: Annotated[Path, typer.Argument(help=help_words("shell.option.root-file"))],
    lang: Lang = "en",
) -> None:
    """Begin to watch the logs of a node. The witness must be running."""
    from tidegate.node.witness import watch as watch_node

    try:
        root = base64.b64decode(text_of(root_file).strip(), validate=True)
    except ValueError as exc:
        raise problem(SettingsWrong, "witness.no-root", file=root_file) from exc
    watch_node(folder, node_id, root)
    print(say("witness.watching", lang, node=node_id), file=sys.stderr)
