"""`tidegate officer`: who may sign in at the desk of a node, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tidegate.cli.acting import Actor, AsJson, Folder, Lang, Page, PassphraseFile, Quiet, at_node, group
from tidegate.cli.options import check_choice
from tidegate.cli.usage import help_words
from tidegate.errors import SettingsWrong
from tidegate.wording.problems import problem

if TYPE_CHECKING:
    from tidegate.node.node import Transaction
    from tidegate.store.officers import Officer

CLOSERS = frozenset({"second", "operator"})
ROLES = ("liaison", "second", "secretariat", "operator")
OfficerId = Annotated[str, typer.Argument(metavar="ID", help=help_words("shell.option.officer-id"))]


def register(app: typer.Typer) -> None:
    """Add the command group `officer` to the front door."""
    group(app, "officer", {"list": list_officers, "add": add, "code": code, "disable": disable})


def list_officers(
    folder: Folder, passphrase_file: PassphraseFile = None, as_json: AsJson = False, lang: Lang = "en",
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """List every officer with role and whether sign-in is open."""
    from tidegate.store.officer_state import officers_with_state

    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        found = officers_with_state(tx.conn)
    for officer, disabled in found:
        state = page.say("officer.disabled" if disabled else "officer.open")
        page.row(
            {"id": officer.id, "name": officer.name, "role": officer.role, "disabled": disabled},
            f"{officer.id}\t{page.named('role', officer.role)}\t{officer.name}\t{state}",
        )


def add(
    folder: Folder,
    officer_id: OfficerId,
    name: Annotated[str, typer.Option("--name", help=help_words("shell.option.officer-name"))],
    role: Annotated[str, typer.Option("--role", help=help_words("shell.option.role"))],
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Enrol an officer. The sign-in code is shown once."""
    from tidegate.node.setup import NewOfficer

    page = Page(lang, as_json, quiet)
    check_officer(officer_id, role, name)
    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        if officer_id in _known(tx):
            raise problem(SettingsWrong, "officer.enrolled-already", officer=officer_id)
        given = _enrol(tx, NewOfficer(officer_id, name.strip(), role), "officer.enrolled")
    page.row({"id": officer_id, "code": given}, f"{officer_id}\t{given}")
    page.remark("officer.code-once")


def check_officer(officer_id: str, role: str, name: str) -> None:
    """Raise SettingsWrong unless an officer can be enrolled by this id, role and name."""
    check_choice("--role", role, ROLES)
    if not officer_id.isascii() or not officer_id.replace("-", "").replace("_", "").isalnum() or not name.strip():
        raise problem(SettingsWrong, "officer.id-wrong", officer=officer_id)


def code(
    folder: Folder,
    officer_id: OfficerId,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Give an officer a new sign-in code; the old one ends. It is shown once."""
    from tidegate.node.setup import NewOfficer

    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        officer, disabled = _need(tx, officer_id)
        if disabled:
            raise problem(SettingsWrong, "officer.was-disabled", officer=officer_id)
        given = _enrol(tx, NewOfficer(officer.id, officer.name, officer.role), "officer.code-renewed")
    page.row({"id": officer_id, "code": given}, f"{officer_id}\t{given}")
    page.remark("officer.code-once")


def disable(
    folder: Folder,
    officer_id: OfficerId,
    officer: Actor,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Close sign-in for an officer. The name stays with what the officer did."""
    from tidegate.store.officer_state import disable_officer
    from tidegate.store.seals import seal_row

    page = Page(lang, as_json, quiet)
    with (
        at_node(
            folder, page, command="officer disable", officer=officer, roles=CLOSERS, passphrase_file=passphrase_file
        ) as node,
        node.transaction() as tx,
    ):
        _need(tx, officer_id)
        if officer_id == officer:
            raise problem(SettingsWrong, "officer.own-sign-in")
        if disable_officer(tx.conn, officer_id):
            tx.event("officer.disabled", officer, officer_id)
            seal_row(tx.conn, "node.officer", officer_id, at=tx.now, actor=officer)
    page.row({"id": officer_id, "disabled": True}, page.say("officer.now-disabled", officer=officer_id))


def _enrol(tx: Transaction, officer: object, event: str) -> str:
    """Write one officer with a fresh code, seal the row, and say so in the log. Returns the code."""
    from tidegate.node.setup import NewOfficer, add_officer
    from tidegate.store.seals import seal_row

    if not isinstance(officer, NewOfficer):
        raise TypeError("an officer is needed")
    given = add_officer(tx.conn, officer)
    tx.event(event, "operator", officer.id, role=officer.role)
    seal_row(tx.conn, "node.officer", officer.id, at=tx.now, actor="operator")
    return given


def _known(tx: Transaction) -> dict[str, tuple[Officer, bool]]:
    from tidegate.store.officer_state import officers_with_state

    return {officer.id: (officer, disabled) for officer, disabled in officers_with_state(tx.conn)}


def _need(tx: Transaction, officer_id: str) -> tuple[Officer, bool]:
    found = _known(tx).get(officer_id)
    if found is None:
        raise problem(SettingsWrong, "officer.unknown", officer=officer_id)
    return found
