"""`tidegate key`: what keys a node has, new working keys from the root, ended keys, and a new root."""

from __future__ import annotations

import base64
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tidegate.cli.acting import (
    ENROLLERS,
    Actor,
    AsJson,
    Folder,
    Lang,
    Page,
    PassphraseFile,
    Quiet,
    at_node,
    group,
    passphrase_of,
)
from tidegate.cli.usage import help_words
from tidegate.errors import SettingsWrong

if TYPE_CHECKING:
    from tidegate.node.node import Node

NEW_ROOT_STEPS = 4


def register(app: typer.Typer) -> None:
    """Add the command group `key` to the front door."""
    group(app, "key", {"list": list_keys, "root": root, "rotate": rotate, "revoke": revoke, "new-root": new_root})


def list_keys(
    folder: Folder, passphrase_file: PassphraseFile = None, as_json: AsJson = False, lang: Lang = "en",
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """List every key notice of the node: serial, key id, from and until, and whether it was revoked."""
    from tidegate.node import keys
    from tidegate.node.revocation import revoked_keys

    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node:
        found, ended = keys.list_keys(folder), revoked_keys(node)
    for each in found:
        revoked = ended.get(each["key_id"], "")
        line = page.say("key.line", serial=each["serial"], key=each["key_id"], start=each["from"], end=each["until"])
        page.row({**each, "revoked": revoked}, line + (f" {page.say('key.revoked-at', at=revoked)}" if revoked else ""))


def root(
    folder: Folder, passphrase_file: PassphraseFile = None, as_json: AsJson = False, lang: Lang = "en",
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """Print the root's public key in base64, for the operator of the third witness."""
    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node:
        public = base64.b64encode(node.identity.root_public).decode()
    page.row({"node": node.node_id, "root_public": public}, public)


def rotate(
    folder: Folder,
    only_if_ending: Annotated[
        bool, typer.Option("--only-if-ending", help=help_words("shell.option.only-if-ending"))
    ] = False,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Make new working keys, signed by the root, and give them to every partner that answers now."""
    from tidegate.node import keys

    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node:
        made = keys.renew_keys(folder, passphrase_of(folder, passphrase_file), only_if_ending=only_if_ending)
        newest = keys.list_keys(folder)[-1]
        told = _tell(node, page)  # old ones too: a partner that was away when they were made has them now
    page.row(
        {"made": made, **newest, "told": told},
        page.say("key.renewed" if made else "key.still-good", key=newest["key_id"], end=newest["until"]),
    )


def revoke(
    folder: Folder,
    key_id: Annotated[str, typer.Argument(metavar="KEY_ID", help=help_words("shell.option.key-id"))],
    officer: Actor,
    reason: Annotated[str, typer.Option("--reason", help=help_words("shell.option.revocation"))] = "compromised",
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """End working keys before their day, with new ones in their place. Every partner is told."""
    from tidegate.model.instants import format_instant
    from tidegate.node.revocation import revoke_keys

    page = Page(lang, as_json, quiet)
    with at_node(
        folder, page, command="key revoke", officer=officer, roles=ENROLLERS, passphrase_file=passphrase_file
    ) as node:
        ended = revoke_keys(
            node, passphrase_of(folder, passphrase_file), key_id, reason=reason, officer=officer
        )  # fmt: skip
        told = _tell(node, page)
    at = format_instant(ended.revoked_at)
    page.row({"key_id": key_id, "revoked": at, "told": told}, page.say("key.revoked", key=key_id, at=at))


def new_root(
    folder: Folder, passphrase_file: PassphraseFile = None, as_json: AsJson = False, lang: Lang = "en",
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """Make a new root key for a stopped node that no partner has enrolled."""
    from tidegate.node.new_root import make_new_root

    page = Page(lang, as_json, quiet)
    try:
        public = make_new_root(folder, passphrase_of(folder, passphrase_file))
    except SettingsWrong as stopped:
        if stopped.code == "new-root-needs-enrolment" and not quiet:
            for number in range(1, NEW_ROOT_STEPS + 1):
                print(f"{number}. {page.say(f'key.new-root.step-{number}')}", file=sys.stderr)
        raise
    page.row({"root_public": base64.b64encode(public).decode()}, page.say("key.new-root.made"))


def _tell(node: Node, page: Page) -> dict[str, str]:
    """Give the newest keys to every partner and say who could not be reached. Returns partner -> "" or a code."""
    from tidegate.node.revocation import tell_partners

    told = tell_partners(node)
    for partner, problem in told.items():
        page.remark("key.told-later" if problem else "key.told", partner=partner)
    return told
