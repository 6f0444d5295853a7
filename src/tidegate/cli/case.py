"""`tidegate case`: facts kept together about one suspicion, each with its handling."""

from __future__ import annotations

from datetime import UTC, datetime
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
)
from tidegate.cli.options import check_choice, civil_day
from tidegate.cli.usage import help_words
from tidegate.errors import SettingsWrong
from tidegate.wording.problems import problem

if TYPE_CHECKING:
    from tidegate.model.statement import Statement
    from tidegate.node.node import Node

CaseId = Annotated[str, typer.Argument(metavar="CASE", help=help_words("shell.option.case"))]
Viewer = Annotated[str, typer.Option("--officer", metavar="ID", help=help_words("shell.option.viewer"))]


def register(app: typer.Typer) -> None:
    """Add the command group `case` to the front door."""
    from tidegate.cli.proposals import approve, list_proposals, preview, propose, refuse

    group(
        app,
        "case",
        {
            "open": open_case,
            "list": list_cases,
            "show": show,
            "join": join,
            "add": add,
            "close": close,
            "propose": propose,
            "proposals": list_proposals,
            "preview": preview,
            "approve": approve,
            "refuse": refuse,
        },
    )


def open_case(
    folder: Folder,
    pillar: Annotated[str, typer.Option("--pillar", help=help_words("shell.option.pillar"))],
    officer: Actor,
    title: Annotated[str, typer.Option("--title", help=help_words("shell.option.case-title"))] = "",
    finding: Annotated[str, typer.Option("--finding", metavar="ID", help=help_words("shell.option.case-finding"))] = "",
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Open a case, empty or from a finding with the facts of its record."""
    from tidegate.gate.terms import PILLARS
    from tidegate.node import cases

    page = Page(lang, as_json, quiet)
    check_choice("--pillar", pillar, PILLARS)
    with at_node(
        folder, page, command="case open", officer=officer, roles=DRAFTERS, passphrase_file=passphrase_file
    ) as node:
        record, source = {}, ""
        if finding:
            with node.transaction() as tx:
                body = tx.get("finding", finding)
            if body["state"] == "case":
                raise problem(SettingsWrong, "case.finding-taken", finding=finding, case=body["case_id"])
            record, source = body["record"], body["source"]
            title = title or source
        if not title.strip():
            raise problem(SettingsWrong, "case.no-title")
        case_id = cases.open_new_case(
            node, title=title.strip(), pillar=pillar, officer=officer, record=record, source=source,
            finding_ids=[finding] if finding else [],
        )  # fmt: skip
        with node.transaction() as tx:
            body = tx.get("case_file", case_id)
    page.row({"id": case_id, "ref": body["ref"], "title": title, "pillar": pillar}, case_id)
    page.remark("case.opened", ref=body["ref"])


def list_cases(
    folder: Folder, passphrase_file: PassphraseFile = None, as_json: AsJson = False, lang: Lang = "en",
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """List every case, the newest last."""
    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        rows = [(key, body, len(tx.find("statement", case_id=key))) for key, body in tx.find("case_file")]
    for key, body, facts in rows:
        page.row(
            {"id": key, **{name: body[name] for name in ("ref", "title", "pillar", "state", "opened_at", "opened_by")},
             "facts": facts},
            f"{key}\t{body['ref']}\t{page.named('pillar', body['pillar'])}\t{page.named('case.state', body['state'])}"
            f"\t{page.say('desk.facts', count=facts)}\t{body['title']}",
        )  # fmt: skip
    if not rows:
        page.remark("desk.case.none")


def show(
    folder: Folder, case: CaseId, officer: Viewer = "", passphrase_file: PassphraseFile = None,
    as_json: AsJson = False, lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Show one case: its facts with their handling, its proposals and its officers."""
    from tidegate.node import cases
    from tidegate.web.desk_cases import case_officers

    page = Page(lang, as_json, quiet)
    with at_node(
        folder, page, command="case show" if officer else "", officer=officer, passphrase_file=passphrase_file
    ) as node, node.transaction() as tx:  # fmt: skip
        body = tx.get("case_file", case)
        officers = case_officers(tx, case, body)
        facts = [fact_document(each, page, shown=officer in officers) for each in cases.statements_of(tx, case)]
        proposals = [key for key, _ in tx.find("proposal", case_id=case)]
    if as_json:
        page.row({"id": case, **body, "officers": officers, "facts": facts, "proposals": proposals}, "")
        return
    print(f"{body['ref']}  {body['title']}  ({page.named('case.state', body['state'])})")
    print(page.say("case.officers", names=", ".join(officers)))
    for fact in facts:
        print(f"  {fact['id']}\t{fact['words']}")
    for proposal in proposals:
        print(f"  {proposal}")


def join(
    folder: Folder, case: CaseId, officer: Actor, passphrase_file: PassphraseFile = None, as_json: AsJson = False,
    lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Make the officer one of the case's own, which the log keeps."""
    from tidegate.web.desk_cases import JOINED, case_officers

    page = Page(lang, as_json, quiet)
    with at_node(
        folder, page, command="case join", officer=officer, roles=DRAFTERS, passphrase_file=passphrase_file
    ) as node, node.transaction() as tx:  # fmt: skip
        officers = case_officers(tx, case, tx.get("case_file", case, lock=True))
        if officer not in officers:
            tx.event(JOINED, officer, case)
            officers.append(officer)
    page.row({"id": case, "officers": officers}, page.say("case.officers", names=", ".join(officers)))


def add(
    folder: Folder,
    case: CaseId,
    name: Annotated[str, typer.Option("--name", help=help_words("shell.option.fact-name"))],
    value: Annotated[str, typer.Option("--value")],
    source: Annotated[str, typer.Option("--source", help=help_words("shell.option.fact-source"))],
    officer: Actor,
    tlp: Annotated[str, typer.Option("--tlp", help=help_words("shell.option.tlp"))] = "AMBER",
    grade: Annotated[str, typer.Option("--grade", help=help_words("shell.option.grade"))] = "X4",
    protected: Annotated[bool, typer.Option("--protected", help=help_words("shell.option.protected"))] = False,
    do_not_tell: Annotated[bool, typer.Option("--do-not-tell-subject")] = False,
    originator_control: Annotated[bool, typer.Option("--originator-control")] = False,
    embargo: Annotated[str, typer.Option("--embargo", metavar="DAY", help=help_words("shell.option.embargo"))] = "",
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Add one fact with its handling to a case of one's own."""
    from tidegate.model.handling import Handling
    from tidegate.node import cases

    page = Page(lang, as_json, quiet)
    until = civil_day("--embargo", embargo) if embargo else None
    if not name.isascii() or not name.replace("_", "").isalnum() or len(name) > 60 or not value.strip():
        raise problem(SettingsWrong, "case.fact-name", name=name)
    with at_node(
        folder, page, command="case add", officer=officer, roles=DRAFTERS, passphrase_file=passphrase_file
    ) as node:
        need_own(node, page, case, officer)
        try:
            handling = Handling(
                originator=node.node_id, tlp=tlp, source_grade=grade[:1], info_grade=grade[1:],
                protected_source=protected, do_not_tell_subject=do_not_tell, originator_control=originator_control,
                embargo_until=datetime(until.year, until.month, until.day, tzinfo=UTC) if until else None,
            )  # fmt: skip
        except ValueError as exc:
            raise problem(SettingsWrong, "case.handling", why=exc) from exc
        fact = cases.add_statement(
            node, case, name=name, value=value.strip(), handling=handling, source=source, officer=officer
        )
    page.row({"id": fact, "case": case, "property": name}, fact)


def close(
    folder: Folder, case: CaseId, officer: Actor, passphrase_file: PassphraseFile = None, as_json: AsJson = False,
    lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Close a case. Its facts stay until the day they are to be deleted."""
    from tidegate.node import cases

    page = Page(lang, as_json, quiet)
    with at_node(
        folder, page, command="case close", officer=officer, roles=DRAFTERS, passphrase_file=passphrase_file
    ) as node:
        need_own(node, page, case, officer)
        cases.close_case(node, case, officer=officer)
    page.row({"id": case, "state": "closed"}, page.say("case.closed"))


def need_own(node: Node, page: Page, case_id: str, officer: str) -> None:
    """Leave with exit code 1 unless the officer belongs to the case; `case join` is the way in."""
    from tidegate.gate.refusal import Refusal
    from tidegate.web.desk_cases import case_officers

    with node.transaction() as tx:
        officers = case_officers(tx, case_id, tx.get("case_file", case_id))
    if officer not in officers:
        page.granted(Refusal("not-of-this-case"))


def fact_document(statement: Statement, page: Page, *, shown: bool) -> dict[str, Any]:
    """Return a fact as plain data. A protected one keeps value and source to the case's own officers."""
    from tidegate.web.desk_words import value_words
    from tidegate.wording.refusals import field_name

    handling = statement.handling
    hidden = handling.protected_source and not shown
    value = page.say("desk.fact.hidden") if hidden else statement.value
    marks = f"TLP:{handling.tlp} {handling.source_grade}{handling.info_grade}"
    if handling.protected_source:
        marks += f", {page.say('desk.fact.protected')}"
    words = value if hidden else value_words(statement.property, value, page.lang)
    return {
        "id": statement.id,
        "property": statement.property,
        "value": "" if hidden else statement.value,
        "source": "" if hidden else statement.source,
        "handling": {"tlp": handling.tlp, "grade": handling.source_grade + handling.info_grade,
                     "protected_source": handling.protected_source},
        "words": f"{field_name(statement.property, page.lang)}: {words}  ({marks})",
    }  # fmt: skip
