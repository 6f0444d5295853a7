"""`tidegate publish` and `correct`: acts, pledges, meetings and minutes to the public, by one officer and another."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tidegate.cli.acting import (
    APPROVERS,
    DRAFTERS,
    Actor,
    AsJson,
    Folder,
    Lang,
    Page,
    PassphraseFile,
    Quiet,
    at_node,
    group,
    need_officer,
)
from tidegate.cli.usage import help_words
from tidegate.errors import SettingsWrong
from tidegate.wording.problems import problem

if TYPE_CHECKING:
    from pathlib import Path

    from tidegate.gate.refusal import Refusal
    from tidegate.node.node import Node

Approver = Annotated[str, typer.Option("--approver", metavar="ID", help=help_words("shell.option.approver"))]


def register(app: typer.Typer) -> None:
    """Add the command groups `publish` and `correct` to the front door."""
    group(
        app, "publish", {"list": list_entries, "act": act, "pledge": pledge, "meeting": meeting, "minutes": minutes}
    )  # fmt: skip
    group(app, "correct", {"act": correct})


def list_entries(
    folder: Folder, passphrase_file: PassphraseFile = None, as_json: AsJson = False, lang: Lang = "en",
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """List every published entry by its number."""
    from tidegate.publication.entries import read_entry
    from tidegate.store import published

    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        bodies = published.all_entries(tx.conn)
    for body in bodies:
        entry = read_entry(body)
        kind, subject = entry.subject
        page.row(body, f"{entry.number}\t{entry.published}\t{page.named('publish.kind', kind)}\t{subject}")
    if not bodies:
        page.remark("publish.none")


def act(
    folder: Folder, act_id: Annotated[str, typer.Argument(metavar="ACT")], officer: Actor, approver: Approver,
    passphrase_file: PassphraseFile = None, as_json: AsJson = False, lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Publish an act with its standing and each side's count."""
    from tidegate.node.publishing import publish_act

    _publish(folder, Page(lang, as_json, quiet), passphrase_file, "act", officer, approver,
             lambda node: publish_act(node, act_id, officer=officer, approver=approver))  # fmt: skip


def pledge(
    folder: Folder, number: Annotated[str, typer.Argument(metavar="PLEDGE", help=help_words("shell.option.pledge"))],
    officer: Actor, approver: Approver, passphrase_file: PassphraseFile = None, as_json: AsJson = False,
    lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Publish a pledge, word for word."""
    from tidegate.node.publishing import publish_pledge

    digits = number.removeprefix("P-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise problem(SettingsWrong, "publish.no-pledge-number", number=number)
    _publish(folder, Page(lang, as_json, quiet), passphrase_file, "pledge", officer, approver,
             lambda node: publish_pledge(node, int(digits), officer=officer, approver=approver))  # fmt: skip


def meeting(
    folder: Folder, meeting_id: Annotated[str, typer.Argument(metavar="MEETING")], officer: Actor, approver: Approver,
    passphrase_file: PassphraseFile = None, as_json: AsJson = False, lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Publish a meeting: day, place, agenda, and delegations or that they are not announced."""
    from tidegate.node.publishing import publish_meeting

    _publish(folder, Page(lang, as_json, quiet), passphrase_file, "meeting", officer, approver,
             lambda node: publish_meeting(node, meeting_id, officer=officer, approver=approver))  # fmt: skip


def minutes(
    folder: Folder, meeting_id: Annotated[str, typer.Argument(metavar="MEETING")], officer: Actor, approver: Approver,
    passphrase_file: PassphraseFile = None, as_json: AsJson = False, lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Publish minutes that bear both signatures."""
    from tidegate.node.publishing import publish_minutes

    _publish(folder, Page(lang, as_json, quiet), passphrase_file, "minutes", officer, approver,
             lambda node: publish_minutes(node, meeting_id, officer=officer, approver=approver))  # fmt: skip


def correct(
    folder: Folder,
    act_id: Annotated[str, typer.Argument(metavar="ACT")],
    number: Annotated[int, typer.Option("--number", help=help_words("shell.option.entry"))],
    why_en: Annotated[str, typer.Option("--why-en", help=help_words("shell.option.why-en"))],
    why_zh: Annotated[str, typer.Option("--why-zh", help=help_words("shell.option.why-zh"))],
    why_es: Annotated[str, typer.Option("--why-es", help=help_words("shell.option.why-es"))],
    officer: Actor,
    approver: Approver,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Publish an act again as the correction of an entry; the page shows old beside new, with the reason."""
    from tidegate.node.publishing import correct_act
    from tidegate.talks.tongues import Tongues

    if not all(text.strip() for text in (why_en, why_zh, why_es)):
        raise problem(SettingsWrong, "publish.reason-in-three")
    why = Tongues(why_en.strip(), why_zh.strip(), why_es.strip())

    def run(node: Node) -> int | Refusal:
        from tidegate.publication.entries import read_entry
        from tidegate.store import published

        with node.transaction() as tx:
            entries = [read_entry(body) for body in published.all_entries(tx.conn)]
        if not any(entry.number == number and entry.subject == ("act", act_id) for entry in entries):
            raise problem(SettingsWrong, "publish.entry-other-act", number=number, act=act_id)
        return correct_act(node, act_id, number=number, why=why, officer=officer, approver=approver)

    _publish(folder, Page(lang, as_json, quiet), passphrase_file, "correct", officer, approver, run)


def _publish(
    folder: Path,
    page: Page,
    passphrase_file: Path | None,
    what: str,
    officer: str,
    approver: str,
    run: Callable[[Node], Any],
) -> None:
    """Check both officers, ask the gate, and print the number of the entry."""
    command = "correct act" if what == "correct" else f"publish {what}"
    with at_node(
        folder, page, command=command, officer=officer, roles=DRAFTERS, passphrase_file=passphrase_file
    ) as node:
        need_officer(node, approver, APPROVERS, command)
        number = page.granted(run(node))
    page.row({"number": number}, page.say("publish.done", number=number))
