"""`tidegate case propose` to `refuse`: what may be told of a case, previewed, approved or refused by a second officer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

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
    read_pairs,
)
from tidegate.cli.case import CaseId, Viewer, fact_document, need_own
from tidegate.cli.options import check_choice
from tidegate.cli.usage import help_words
from tidegate.errors import SettingsWrong
from tidegate.wording.problems import problem

if TYPE_CHECKING:
    from tidegate.gate.agreement_state import AgreementState
    from tidegate.node.node import Transaction

ProposalId = Annotated[str, typer.Argument(metavar="PROPOSAL", help=help_words("shell.option.proposal"))]


def propose(
    folder: Folder,
    case: CaseId,
    kind: Annotated[str, typer.Option("--kind", help=help_words("shell.option.kind"))],
    officer: Actor,
    pillar: Annotated[str, typer.Option("--pillar", help=help_words("shell.option.case-pillar"))] = "",
    purpose: Annotated[str, typer.Option("--purpose", help=help_words("shell.option.purpose"))] = "",
    agreement: Annotated[
        str, typer.Option("--agreement", metavar="ID", help=help_words("shell.option.which-agreement"))
    ] = "",
    fact: Annotated[
        list[str] | None, typer.Option("--fact", metavar="ID", help=help_words("shell.option.only-facts"))
    ] = None,
    value: Annotated[
        list[str] | None, typer.Option("--value", metavar="FIELD=TEXT", help=help_words("shell.option.own-values"))
    ] = None,
    tlp: Annotated[str, typer.Option("--tlp", help=help_words("shell.option.values-tlp"))] = "AMBER",
    text: Annotated[str, typer.Option("--text", help=help_words("shell.option.beside-text"))] = "",
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Draft what to tell the partner of a case, for a second officer to approve. Prints the proposal's id."""
    from tidegate.exchange.kinds.catalogue import KINDS
    from tidegate.model.handling import TLP_ORDER
    from tidegate.node import cases

    page = Page(lang, as_json, quiet)
    check_choice("--kind", kind, sorted(KINDS))
    check_choice("--tlp", tlp, TLP_ORDER)
    pairs = read_pairs(value or [], "--value")
    if pairs and (fact or text):
        raise problem(SettingsWrong, "case.value-alone")
    with at_node(
        folder, page, command="case propose", officer=officer, roles=DRAFTERS, passphrase_file=passphrase_file
    ) as node:
        need_own(node, page, case, officer)
        with node.transaction() as tx:
            body = tx.get("case_file", case)
            state = find_way(tx, agreement, pillar or body["pillar"], kind)
            chosen = purpose_of(state, pillar or body["pillar"], kind, purpose)
        way = {
            "agreement_id": state.agreement.id, "recipient": state.agreement.other(node.node_id).node_id,
            "pillar": pillar or body["pillar"], "kind": kind, "purpose": chosen, "officer": officer,
        }  # fmt: skip
        if pairs:
            proposal = cases.compose(node, case, values=pairs, tlp=tlp, **way)
        else:
            proposal = cases.draft_proposal(node, case, statement_ids=fact, text=text, **way)
    page.row({"id": proposal, "case": case, **way}, proposal)
    page.remark("case.proposed")


def list_proposals(
    folder: Folder, passphrase_file: PassphraseFile = None, as_json: AsJson = False, lang: Lang = "en",
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """List every proposal and how far it has come."""
    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        rows = tx.find("proposal")
    for key, body in rows:
        page.row(
            {"id": key, **{name: body[name] for name in ("case_id", "recipient", "pillar", "kind", "purpose",
                                                         "drafted_by", "drafted_at", "state")}},
            f"{key}\t{page.named('kind', body['kind'])}\t{body['recipient']}\t{body['drafted_by']}"
            f"\t{page.named('desk.proposal', body['state'])}",
        )  # fmt: skip
    if not rows:
        page.remark("desk.proposal.none")


def preview(
    folder: Folder, proposal: ProposalId, officer: Viewer = "", passphrase_file: PassphraseFile = None,
    as_json: AsJson = False, lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Show what would go and what would stay, each with its reasons, and why nothing would go."""
    from tidegate.node import cases
    from tidegate.web.desk_cases import case_officers

    page = Page(lang, as_json, quiet)
    with at_node(
        folder, page, command="case preview" if officer else "", officer=officer, passphrase_file=passphrase_file
    ) as node:  # fmt: skip
        draft, shown = cases.preview_proposal(node, proposal)
        with node.transaction() as tx:
            ours = officer in case_officers(tx, draft.case_id, tx.get("case_file", draft.case_id))
    goes = [fact_document(each, page, shown=True) for each in shown.goes]
    stays = [
        {**fact_document(each.statement, page, shown=ours), "reasons": [reason.code for reason in each.reasons],
         "partner_will_know": each.partner_will_know, "because": each.sentences(lang)}
        for each in shown.stays
    ]  # fmt: skip
    refusal = shown.refusal.sentence(lang) if shown.refusal else ""
    if as_json:
        page.row({"id": proposal, "kind": draft.kind, "recipient": draft.recipient, "goes": goes, "stays": stays,
                  "refusal": shown.refusal.code if shown.refusal else "", "text": refusal}, "")  # fmt: skip
        return
    print(page.say("desk.proposal.count", goes=len(goes), stays=len(stays)))
    for fact in goes:
        print(f"{page.say('desk.goes')}  {fact['words']}")
    for fact in stays:
        print(f"{page.say('desk.stays')}  {fact['words']}  {' '.join(fact['because'])}")
    if refusal:
        print(f"{page.say('desk.proposal.nothing')} {refusal}")


def approve(
    folder: Folder, proposal: ProposalId, officer: Actor, passphrase_file: PassphraseFile = None,
    as_json: AsJson = False, lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """A second officer's Yes: the message is queued, and the running node carries it."""
    from tidegate.gate.refusal import Refusal
    from tidegate.node import cases

    page = Page(lang, as_json, quiet)
    with at_node(
        folder, page, command="case approve", officer=officer, roles=APPROVERS, passphrase_file=passphrase_file
    ) as node:
        decision = cases.approve_proposal(node, proposal, officer=officer)
    if isinstance(decision, Refusal) and decision.code == "approval-missing":
        page.row({"id": proposal, "state": "drafted", **dict(decision.params)}, decision.sentence(lang))
        return
    given = page.granted(decision)
    page.row(
        {"id": proposal, "state": "approved", "goes": len(given.goes), "stays": len(given.withheld)},
        page.say("case.approved", goes=len(given.goes), recipient=given.recipient),
    )


def refuse(
    folder: Folder,
    proposal: ProposalId,
    reason: Annotated[str, typer.Option("--reason", help=help_words("shell.option.refusal-reason"))],
    officer: Actor,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """A second officer's No: nothing goes."""
    from tidegate.gate.refusal import Refusal
    from tidegate.node import cases

    page = Page(lang, as_json, quiet)
    with at_node(
        folder, page, command="case refuse", officer=officer, roles=APPROVERS, passphrase_file=passphrase_file
    ) as node:
        with node.transaction() as tx:
            body = tx.get("proposal", proposal)
        if body["state"] != "drafted":
            page.granted(Refusal("proposal-not-open", {"state": page.say(f"desk.proposal.{body['state']}")}))
        if body["drafted_by"] == officer:
            page.granted(Refusal("approver-is-drafter", {"officer": officer}))
        cases.refuse_proposal(node, proposal, officer=officer, reason=reason)
    page.row({"id": proposal, "state": "refused"}, page.say("desk.proposal.refused"))


def find_way(tx: Transaction, agreement_id: str, pillar: str, kind: str) -> AgreementState:
    """Return the agreement under which `kind` may be drafted. Raises SettingsWrong for none, or for several."""
    from tidegate.gate.agreement_state import state_from_document
    from tidegate.node import agreements

    if agreement_id:
        return agreements.load(tx, agreement_id)
    known = [state_from_document(body) for _, body in tx.find("agreement")]
    fitting = [state for state in known if state.terms(pillar, kind) is not None]
    if len(fitting) != 1:
        names = ", ".join(state.agreement.id for state in fitting) or "-"
        raise problem(
            SettingsWrong, "case.which-agreement", count=len(fitting), kind=kind, pillar=pillar, agreements=names
        )
    return fitting[0]


def purpose_of(state: AgreementState, pillar: str, kind: str, purpose: str) -> str:
    """Return the purpose asked for, or the one the agreement names. Raises SettingsWrong where it names several."""
    terms = state.terms(pillar, kind)
    if purpose or terms is None:
        return purpose
    if len(terms.purposes) != 1:
        raise problem(SettingsWrong, "case.which-purpose", kind=kind, purposes=", ".join(sorted(terms.purposes)) or "-")
    return next(iter(terms.purposes))
