"""`tidegate message`: correspondence with both clocks, what waits and why, and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tidegate.cli.acting import (
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
    read_pairs,
)
from tidegate.cli.options import check_choice
from tidegate.cli.usage import help_words
from tidegate.errors import SettingsWrong
from tidegate.wording.problems import problem

if TYPE_CHECKING:
    from tidegate.exchange.correspondence import Correspondence, Turn
    from tidegate.node.node import Transaction
    from tidegate.web.desk_threads import Entry

ThreadOrMessage = Annotated[str, typer.Argument(metavar="ID", help=help_words("shell.option.thread"))]


def register(app: typer.Typer) -> None:
    """Add the command group `message` to the front door."""
    group(
        app,
        "message",
        {"list": list_threads, "show": show, "answer": answer, "why-not-sent": why_not_sent, "send": send},
    )


def list_threads(
    folder: Folder, passphrase_file: PassphraseFile = None, as_json: AsJson = False, lang: Lang = "en",
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """List every correspondence: kind, partner, state, whose turn, and both clocks."""
    from tidegate.node import messages
    from tidegate.web.desk_today import thread_line

    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        lines = [thread_line(tx, thread, body["case_id"], lang) for thread, body in messages.threads(tx)]
    for line in lines:
        clocks = "; ".join(f"{each.title}: {each.sentence}" for each in line.clocks) or page.say("desk.clock.none")
        turn = page.say("desk.turn.ours" if line.ours else "desk.turn.theirs")
        page.row(
            {
                "id": line.id, "kind": line.kind, "partner": line.partner, "state": line.state, "our_turn": line.ours,
                "case": line.case_id, "messages": list(line.messages),
                "clocks": [{"clock": each.kind, "ends": each.ends, "text": each.sentence} for each in line.clocks],
            },
            f"{line.id}\t{page.named('kind', line.kind)}\t{line.partner}\t{page.named('desk.thread', line.state)}"
            f"\t{turn}\t{clocks}",
        )  # fmt: skip
    if not lines:
        page.remark("desk.thread.none")


def show(
    folder: Folder, thread_id: ThreadOrMessage, passphrase_file: PassphraseFile = None, as_json: AsJson = False,
    lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Show one correspondence as both sides hold it, with receipts and what may be answered."""
    from tidegate.node import agreements
    from tidegate.web.desk_threads import answers_open, entries_of
    from tidegate.web.desk_words import names_of

    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        thread, _ = find_thread(tx, thread_id)
        state = agreements.load(tx, thread.agreement_id)
        entries = entries_of(tx, thread, state, names_of(tx, lang), lang)
        ways = answers_open(thread, state, node.node_id)
    for entry in entries:
        document = _entry(entry)
        page.row(document, "\n".join(_entry_lines(entry, page)))
    for turn, kind in ways:
        page.remark("message.may-answer", message=turn.message_id, kind=kind)


def answer(
    folder: Folder,
    message: Annotated[str, typer.Argument(metavar="MESSAGE", help=help_words("shell.option.message"))],
    kind: Annotated[str, typer.Option("--kind", help=help_words("shell.option.answer-kind"))],
    value: Annotated[list[str], typer.Option("--value", metavar="FIELD=TEXT", help=help_words("shell.option.values"))],
    officer: Actor,
    purpose: Annotated[str, typer.Option("--purpose", help=help_words("shell.option.purpose"))] = "",
    tlp: Annotated[str, typer.Option("--tlp", help=help_words("shell.option.tlp-publish"))] = "AMBER",
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Draft an answer, for a second officer to approve. Prints the proposal's id."""
    from tidegate.cli.proposals import purpose_of
    from tidegate.exchange.kinds.catalogue import KINDS
    from tidegate.gate.refusal import Refusal
    from tidegate.model.handling import TLP_ORDER
    from tidegate.node import agreements, cases
    from tidegate.web.desk_threads import answers_open

    page = Page(lang, as_json, quiet)
    check_choice("--kind", kind, sorted(KINDS))
    check_choice("--tlp", tlp, TLP_ORDER)
    pairs = read_pairs(value, "--value")
    with at_node(
        folder, page, command="message answer", officer=officer, roles=DRAFTERS, passphrase_file=passphrase_file
    ) as node:
        with node.transaction() as tx:
            thread, body = find_thread(tx, message)
            state = agreements.load(tx, thread.agreement_id)
            ways = answers_open(thread, state, node.node_id)
            recipient = state.agreement.other(node.node_id)
            case_id = str(body["case_id"]) or _case_of_drafts(tx, thread)
        if (message, kind) not in {(turn.message_id, each) for turn, each in ways}:
            allowed = ", ".join(sorted({page.say(f"kind.{each}") for turn, each in ways if turn.message_id == message}))
            page.granted(Refusal("kind-no-answer", {"kind": kind, "asked": thread.kind, "allowed": allowed or "-"}))
        told: dict[str, list[str]] = {}
        for name, text in pairs:
            told.setdefault(name, []).append(text)
        _check_values(page, kind, told)
        chosen = purpose_of(state, thread.pillar, kind, purpose)
        if not case_id:
            title = page.say(
                "desk.answer.case-title", kind=page.say(f"kind.{thread.kind}"), partner=recipient.agency.name(lang)
            )
            case_id = cases.open_new_case(node, title=title, pillar=thread.pillar, officer=officer)
        proposal = cases.compose(
            node, case_id, agreement_id=thread.agreement_id, recipient=recipient.node_id, pillar=thread.pillar,
            kind=kind, purpose=chosen, values=pairs, officer=officer, tlp=tlp, in_reply_to=message,
            source=page.say("message.source", officer=officer),
        )  # fmt: skip
    page.row({"id": proposal, "case": case_id, "kind": kind, "in_reply_to": message}, proposal)
    page.remark("case.proposed")


def why_not_sent(
    folder: Folder, passphrase_file: PassphraseFile = None, as_json: AsJson = False, lang: Lang = "en",
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """Say for each thing in the queue why it has not gone."""
    _queue(folder, Page(lang, as_json, quiet), passphrase_file)


def send(
    folder: Folder, passphrase_file: PassphraseFile = None, as_json: AsJson = False, lang: Lang = "en",
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """Show the queue. The running node carries it by itself; nothing is sent by hand."""
    page = Page(lang, as_json, quiet)
    if _queue(folder, page, passphrase_file):
        page.remark("message.carried-by-node")


def find_thread(tx: Transaction, thread_or_message: str) -> tuple[Correspondence, dict[str, Any]]:
    """Return the correspondence of this id, or the one with a message of this id, and its document."""
    from tidegate.node import messages

    for thread, body in messages.threads(tx):
        if thread.id == thread_or_message or any(turn.message_id == thread_or_message for turn in thread.turns):
            return thread, body
    raise problem(SettingsWrong, "not-found", table="correspondence", id=thread_or_message)  # fmt: skip


def _queue(folder: Folder, page: Page, passphrase_file: PassphraseFile) -> int:
    """Write what waits for each partner and why. Returns how many things do."""
    from tidegate.model.instants import format_instant
    from tidegate.node import links
    from tidegate.web.desk_reads import queued
    from tidegate.web.desk_words import kind_name

    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        waiting = [
            (partner, each, _because(tx, each, page))
            for partner in links.confirmed_partners(tx)
            for each in queued(tx.conn, partner)
        ]
    for partner, each, because in waiting:
        queued_at = format_instant(each.queued_at)
        page.row(
            {"id": each.id, "partner": partner, "kind": each.kind, "queued_at": queued_at,
             "held_because": each.held_because or "", "text": because},
            f"{each.id}\t{partner}\t{kind_name(each.kind, page.lang)}\t{queued_at}\t{because}",
        )  # fmt: skip
    if not waiting:
        page.row({"waiting": 0}, page.say("message.nothing-waits"))
    return len(waiting)


def _because(tx: Transaction, waiting: Any, page: Page) -> str:
    """Return why our gate holds a thing, with the values of today's answer, or that it goes at the next visit."""
    from tidegate.node import agreements
    from tidegate.wording.refusals import refusal_text

    if waiting.held_because is None:
        return page.say("message.goes-next")
    params: dict[str, Any] = {}
    if waiting.agreement_id is not None and waiting.pillar is not None:
        stopped = agreements.load(tx, waiting.agreement_id).refusal_for(waiting.pillar, waiting.kind, tx.now)
        if stopped is not None and stopped.code == waiting.held_because:
            params = dict(stopped.params)
    return refusal_text(waiting.held_because, params, page.lang)


def _check_values(page: Page, kind: str, told: dict[str, list[str]]) -> None:
    """Leave with exit code 1, naming every fault, unless the values may stand in a message of this kind."""
    from tidegate.exchange.kinds.catalogue import KINDS

    known = KINDS[kind]
    unknown = sorted(set(told) - set(known.fields))
    if unknown:
        raise problem(
            SettingsWrong, "message.no-field", field=unknown[0], kind=kind, fields=", ".join(sorted(known.fields))
        )
    faults = known.check(told)
    for fault in faults:
        page.refused(fault)
    if faults:
        raise typer.Exit(1)


def _case_of_drafts(tx: Transaction, thread: Correspondence) -> str:
    """Return the case that an earlier draft answer of this thread lies in, or ""."""
    ids = {turn.message_id for turn in thread.turns}
    return next((str(body["case_id"]) for _, body in tx.find("proposal") if body["in_reply_to"] in ids), "")


def _entry(entry: Entry) -> dict[str, Any]:
    from tidegate.model.instants import format_instant

    document: dict[str, Any] = {
        "what": entry.what, "ours": entry.ours, "by": entry.by, "at": format_instant(entry.at), "state": entry.state,
    }  # fmt: skip
    if entry.turn is not None:
        document |= _turn(entry.turn)
    if entry.message is not None:
        document["values"] = {name: list(told) for name, told in entry.message.values().items()}
        document["text"] = entry.message.text
    if entry.receipt is not None:
        document["receipt"] = {
            "at": format_instant(entry.receipt.at), "sequence": entry.receipt.sequence,
            "signed_by": entry.receipt.signed_by, "outcome": entry.receipt.outcome,
        }  # fmt: skip
    if entry.held:
        document |= {"held_because": entry.held_code, "held": entry.held}
    return document


def _turn(turn: Turn) -> dict[str, str]:
    return {"id": turn.message_id, "kind": turn.kind, "in_reply_to": turn.in_reply_to}


def _entry_lines(entry: Entry, page: Page) -> list[str]:
    """Return one thing of a thread as lines: who, what and when; each value; the receipt; what holds it."""
    from tidegate.model.instants import format_instant
    from tidegate.web.desk_words import value_words
    from tidegate.wording.refusals import field_name

    at = format_instant(entry.at)
    if entry.turn is None:
        return [f"{at}  {page.named('desk.word', entry.what)}  ({entry.by})"]
    lines = [f"{at}  {page.named('kind', entry.turn.kind)}  ({entry.by})  {entry.turn.message_id}"]
    if entry.message is not None:
        lines += [
            f"    {field_name(name, page.lang)}: {value_words(name, value, page.lang)}"
            for name, values in entry.message.values().items()
            for value in values
        ]
    if entry.receipt is not None:
        lines.append(f"    {page.say('desk.receipt.signed')}: {entry.receipt.signed_by}, "
                     + page.say("desk.receipt.number", number=entry.receipt.sequence))  # fmt: skip
    elif entry.ours:
        lines.append(f"    {page.named('desk.sent', entry.state or 'queued')}")
    if entry.held:
        lines.append(f"    {entry.held}")
    return lines
