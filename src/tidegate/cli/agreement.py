"""`tidegate agreement`: what two sides may say to each other; proposed, countersigned, suspended, resumed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tidegate.cli.acting import (
    SPEAKERS,
    Actor,
    AsJson,
    Folder,
    Lang,
    Page,
    PassphraseFile,
    Quiet,
    at_node,
    group,
    text_of,
)
from tidegate.cli.options import check_choice
from tidegate.cli.usage import help_words
from tidegate.errors import InputUnreadable, SettingsWrong
from tidegate.wording.problems import problem

if TYPE_CHECKING:
    from tidegate.gate.agreement import Agreement
    from tidegate.gate.agreement_state import AgreementState
    from tidegate.node.node import Node

AgreementId = Annotated[str, typer.Argument(metavar="AGREEMENT", help=help_words("shell.option.agreement"))]
FORMS = {".toml": "toml", ".json": "json"}


def register(app: typer.Typer) -> None:
    """Add the command group `agreement` to the front door."""
    group(
        app,
        "agreement",
        {
            "template": template,
            "propose": propose,
            "countersign": countersign,
            "show": show,
            "suspend": suspend,
            "resume": resume,
        },
    )


def template(
    folder: Annotated[Path | None, typer.Argument(help=help_words("shell.option.template-folder"))] = None,
    partner: Annotated[str, typer.Option("--partner", metavar="ID", help=help_words("shell.option.partner"))] = "",
    passphrase_file: PassphraseFile = None,
    lang: Lang = "en",
) -> None:
    """Print an agreement with every kind and field, as TOML to be cut down and proposed."""
    from tidegate.cli.agreement_draft import PLACEHOLDERS
    from tidegate.cli.agreement_draft import template as write_template

    page = Page(lang)
    if folder is None:
        if partner:
            raise problem(SettingsWrong, "agreement.template-partner-alone")
        print(write_template(*PLACEHOLDERS, today=datetime.now(UTC).date(), lang=lang), end="")
        return
    from tidegate.model.agency import Agency

    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        known = [key for key, _ in tx.find("partner")]
        chosen = partner or (known[0] if len(known) == 1 else "")
        if not chosen:
            raise problem(SettingsWrong, "agreement.template-which-partner", known=", ".join(known) or "-")
        theirs = Agency(**tx.get("partner", chosen)["agency"])
        words = write_template(node.agency, theirs, today=tx.now.date(), lang=lang, suite=node.identity.suite)
    print(words, end="")


def propose(
    folder: Folder,
    file: Annotated[Path, typer.Argument(help=help_words("shell.option.agreement-file"))],
    officer: Actor,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Propose the agreement in FILE to the other party: our signature under it, sent with its whole text."""
    from tidegate.node import agreements

    page = Page(lang, as_json, quiet)
    agreement = _read(file)
    with at_node(
        folder, page, command="agreement propose", officer=officer, roles=SPEAKERS, passphrase_file=passphrase_file
    ) as node:
        if agreement.party(node.node_id) is None:
            raise problem(
                SettingsWrong,
                "agreement.not-ours",
                file=file.name,
                node=node.node_id,
                parties=", ".join(party.node_id for party in agreement.parties),
            )
        _done(page, page.granted(agreements.propose(node, agreement, officer=officer)), "agreement.proposed")


def countersign(
    folder: Folder,
    agreement: AgreementId,
    officer: Actor,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Put our signature under an agreement the partner proposed. It is then in force."""
    from tidegate.node import agreements

    page = Page(lang, as_json, quiet)
    with at_node(
        folder, page, command="agreement countersign", officer=officer, roles=SPEAKERS, passphrase_file=passphrase_file
    ) as node:
        _done(page, page.granted(agreements.countersign(node, agreement, officer=officer)), "agreement.countersigned")


def show(
    folder: Folder,
    agreement: Annotated[
        str | None, typer.Argument(metavar="[AGREEMENT]", help=help_words("shell.option.agreement-all"))
    ] = None,
    as_toml: Annotated[bool, typer.Option("--toml", help=help_words("shell.option.toml"))] = False,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Show how far each agreement has come, what is suspended, and the statement of affairs both sides compute."""
    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node:
        states = _states(node, agreement)
        if as_toml:
            from tidegate.cli.agreement_file import write_agreement

            print("\n".join(write_agreement(state.agreement) for state in states), end="")
            return
        for state in states:
            _show_one(node, page, state, whole=agreement is not None)
    if not states:
        page.remark("desk.agreement.none")


def suspend(
    folder: Folder,
    agreement: AgreementId,
    officer: Actor,
    pillar: Annotated[list[str] | None, typer.Option("--pillar", help=help_words("shell.option.only-pillar"))] = None,
    kind: Annotated[list[str] | None, typer.Option("--kind", help=help_words("shell.option.only-kind"))] = None,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Suspend the agreement, or parts of it: at once for what we send."""
    from tidegate.exchange.kinds.catalogue import KINDS
    from tidegate.gate.terms import PILLARS
    from tidegate.node import agreements

    page = Page(lang, as_json, quiet)
    pillars, kinds = pillar or [], kind or []
    for each in pillars:
        check_choice("--pillar", each, PILLARS)
    for each in kinds:
        check_choice("--kind", each, sorted(KINDS))
    with at_node(
        folder, page, command="agreement suspend", officer=officer, roles=SPEAKERS, passphrase_file=passphrase_file
    ) as node:
        after = agreements.suspend(node, agreement, officer=officer, pillars=pillars, kinds=kinds)
        _done(page, page.granted(after), "agreement.suspended")


def resume(
    folder: Folder,
    agreement: AgreementId,
    officer: Actor,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Agree to the partner's offer to resume where there is one, else offer to lift every open suspension."""
    from tidegate.node import agreements

    page = Page(lang, as_json, quiet)
    with at_node(
        folder, page, command="agreement resume", officer=officer, roles=SPEAKERS, passphrase_file=passphrase_file
    ) as node:
        with node.transaction() as tx:
            offer = agreements.load(tx, agreement).open_resumption()
        if offer is not None and offer.by != node.node_id:
            after = agreements.agree_resumption(node, agreement, officer=officer)
            _done(page, page.granted(after), "agreement.resumed")
        else:
            after = agreements.propose_resumption(node, agreement, officer=officer)
            _done(page, page.granted(after), "agreement.resumption-offered")


def _read(file: Path) -> Agreement:
    """Return the agreement in a file. Raises InputUnreadable, AgreementUnreadable naming the file."""
    from tidegate.cli.agreement_file import read_agreement
    from tidegate.gate.terms import AgreementUnreadable

    form = FORMS.get(file.suffix.casefold())
    if form is None:
        raise problem(InputUnreadable, "agreement.file-suffix", file=file.name)
    text = text_of(file)
    try:
        return read_agreement(text, form=form)
    except AgreementUnreadable as faulty:
        raise problem(AgreementUnreadable, "shell.in-file", file=file.name, why=faulty) from faulty


def _states(node: Node, agreement_id: str | None) -> list[AgreementState]:
    from tidegate.gate.agreement_state import state_from_document
    from tidegate.node import agreements

    with node.transaction() as tx:
        if agreement_id is not None:
            return [agreements.load(tx, agreement_id)]
        return [state_from_document(body) for _, body in tx.find("agreement")]


def _show_one(node: Node, page: Page, state: AgreementState, *, whole: bool) -> None:
    from tidegate.exchange.affairs import render_affairs
    from tidegate.node import links

    with node.transaction() as tx:
        affairs = links.affairs(tx, state)
    document = _summary(state)
    title = state.agreement.title[page.lang]
    page.row(
        {**document, "affairs": affairs, **({"agreement": state.agreement.to_document()} if whole else {})},
        "\n".join([f"{state.agreement.id}\t{page.named('desk.agreement', state.lifecycle)}\t{title}",
                   *(f"  {line}" for line in render_affairs(affairs, page.lang))]),
    )  # fmt: skip


def _summary(state: AgreementState) -> dict[str, Any]:
    offer = state.open_resumption()
    return {
        "id": state.agreement.id,
        "state": state.lifecycle,
        "digest": state.agreement.digest(),
        "suspended": [list(cell) for cell in sorted(state.stopped_cells())],
        "offer_by": offer.by if offer else "",
    }


def _done(page: Page, state: AgreementState, code: str) -> None:
    page.row(_summary(state), page.say(code, agreement=state.agreement.id))
