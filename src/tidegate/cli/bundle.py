"""`tidegate bundle`: carry messages by hand in a folder, where no line may connect the two nodes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidegate.cli.acting import SPEAKERS, Actor, AsJson, Folder, Lang, Page, PassphraseFile, Quiet, at_node, group
from tidegate.cli.usage import help_words
from tidegate.wording.sentences import say

BundleFolder = Annotated[Path, typer.Argument(metavar="BUNDLE", help=help_words("shell.option.bundle"))]


def register(app: typer.Typer) -> None:
    """Add the command group `bundle` to the front door."""
    group(app, "bundle", {"export": export, "take": take, "receipts": receipts})


def export(
    folder: Folder,
    partner: Annotated[str, typer.Argument(metavar="PARTNER")],
    bundle: BundleFolder,
    officer: Actor,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Seal what may go to a partner and write it, with all not yet receipted, into the new folder BUNDLE."""
    from tidegate.node import bundles, courier

    page = Page(lang, as_json, quiet)
    with at_node(
        folder, page, command="bundle export", officer=officer, roles=SPEAKERS, passphrase_file=passphrase_file
    ) as node:
        made = bundles.export(node, partner, bundle, judge=courier.judge)
    page.row(
        {"bundle": made.bundle_id, "items": made.items},
        say(
            "bundle.exported" if made.items else "bundle.nothing",
            lang,
            items=made.items,
            folder=bundle,
            partner=partner,
        ),
    )


def take(
    folder: Folder,
    bundle: BundleFolder,
    officer: Actor,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Take a partner's bundle in order and write our signed answers into it. Taking it twice changes nothing."""
    from tidegate.node import bundles

    page = Page(lang, as_json, quiet)
    with at_node(
        folder, page, command="bundle take", officer=officer, roles=SPEAKERS, passphrase_file=passphrase_file
    ) as node:
        done = bundles.take(node, bundle)
    refused = list(done.refused) if done.refused else []
    page.row(
        {"partner": done.partner_id, "taken": done.taken, "known": done.known, "refused": refused},
        say("bundle.taken", lang, partner=done.partner_id, taken=done.taken, known=done.known),
    )
    if refused:
        raise typer.Exit(1)


def receipts(
    folder: Folder,
    bundle: BundleFolder,
    officer: Actor,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Keep the receipts that came back with a bundle of ours."""
    from tidegate.node import bundles

    page = Page(lang, as_json, quiet)
    with at_node(
        folder, page, command="bundle receipts", officer=officer, roles=SPEAKERS, passphrase_file=passphrase_file
    ) as node:
        done = bundles.take_receipts(node, bundle)
    page.row(
        {"delivered": done.delivered, "known": done.known, "refused": list(done.refused)},
        say("bundle.receipted", lang, delivered=done.delivered, known=done.known),
    )
