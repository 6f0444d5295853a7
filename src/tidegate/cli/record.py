"""`tidegate record import`: files of records into a running node, screened, with their findings kept for officers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidegate.cli.acting import DRAFTERS, Actor, AsJson, Folder, Lang, Page, PassphraseFile, Quiet, at_node, group
from tidegate.cli.options import check_choice, civil_day
from tidegate.cli.usage import help_words
from tidegate.errors import InputUnreadable, SettingsWrong
from tidegate.wording.problems import problem


def register(app: typer.Typer) -> None:
    """Add the command group `record` to the front door."""
    group(app, "record", {"import": import_records, "findings": findings, "set-aside": set_aside})


def import_records(
    folder: Folder,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=help_words("shell.option.record-files"))],
    officer: Actor,
    lists: Annotated[
        list[Path] | None, typer.Option("--list", metavar="FILE", help=help_words("shell.option.record-lists"))
    ] = None,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Screen files and keep every finding as open. Exit code 2 where a file could not be read at all."""
    from tidegate.files.screened import because
    from tidegate.node.intake import screen_into_node

    page = Page(lang, as_json, quiet)
    missing = [path for path in [*files, *(lists or [])] if not path.is_file()]
    if missing:
        raise problem(InputUnreadable, "record.no-file", file=missing[0])
    with at_node(
        folder, page, command="record import", officer=officer, roles=DRAFTERS, passphrase_file=passphrase_file
    ) as node:
        screened = screen_into_node(node, files, lists or [], officer=officer)
    counts = screened.by_level()
    not_run = [{"rule": one.rule, "because": because(one, lang)} for one in screened.not_run()]
    levels = ", ".join(f"{number} {page.named('level', level)}" for level, number in counts.items())
    page.row(
        {"rows": screened.rows(), "by_level": counts, "unread": dict(screened.unread), "not_run": not_run},
        page.say("record.imported", rows=screened.rows(), levels=levels),
    )
    if not as_json and not quiet:
        for each in not_run:
            print(page.say("record.not-run", rule=each["rule"], because=each["because"]))
    for file, why in screened.unread.items():
        typer.echo(f"tidegate: {why if file in why else f'{file}: {why}'}", err=True)
    if screened.unread:
        raise typer.Exit(2)


def findings(
    folder: Folder,
    state: Annotated[str, typer.Option("--state", help=help_words("shell.option.finding-state"))] = "open",
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """List the findings kept, worst first."""
    from tidegate.screening.levels import RANK

    page = Page(lang, as_json, quiet)
    check_choice("--state", state, ("open", "set-aside", "case"))
    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        rows = tx.find("finding", state=state)
    for key, body in sorted(rows, key=lambda row: -RANK[row[1]["level"]]):
        told = body["finding"][lang]
        page.row(
            {**told, "id": key, "state": body["state"], "source": body["source"]},
            f"{key}\t{page.named('level', body['level'])}\t{body['source']}\t{told['rule']}"
            f"\t{told['subject']['value']}\t{told['against']['name']}",
        )


def set_aside(
    folder: Folder,
    finding: Annotated[str, typer.Argument(metavar="FINDING", help=help_words("shell.option.finding"))],
    reason: Annotated[str, typer.Option("--reason", help=help_words("shell.option.reason-code"))],
    until: Annotated[str, typer.Option("--until", metavar="DAY", help=help_words("shell.option.until"))],
    officer: Actor,
    note: Annotated[str, typer.Option("--note")] = "",
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Do not pursue a finding until a day, for this evidence and no other."""
    from tidegate.node.intake import set_finding_aside

    page = Page(lang, as_json, quiet)
    day = civil_day("--until", until)
    with at_node(
        folder, page, command="record set-aside", officer=officer, roles=DRAFTERS, passphrase_file=passphrase_file
    ) as node:
        with node.transaction() as tx:
            if tx.get("finding", finding)["state"] == "case":
                raise problem(SettingsWrong, "record.finding-in-case", finding=finding)
        set_finding_aside(node, finding, reason=reason, until=day, officer=officer, note=note)
    page.row({"id": finding, "state": "set-aside", "until": until}, page.say("record.set-aside", day=until))
