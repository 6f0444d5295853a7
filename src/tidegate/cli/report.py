"""The command `tidegate report suspicious`: a letter, a goAML file or an evidence pack from one finding."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tidegate.cli.options import check_language, check_suffix, civil_day
from tidegate.cli.usage import help_words
from tidegate.errors import SettingsWrong
from tidegate.wording.problems import problem
from tidegate.wording.sentences import say


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    group = typer.Typer(no_args_is_help=True, help=help_words("report.help"))
    group.command("suspicious", help=help_words("suspicious.help"))(suspicious)
    app.add_typer(group, name="report")

    @group.callback()
    def reports() -> None:
        """Reports that leave the house by a person's hand."""


def suspicious(
    finding_id: Annotated[str, typer.Argument(metavar="FINDING_ID", show_default=False)],
    source: Annotated[Path, typer.Option("--from", metavar="FILE", help=help_words("suspicious.option.from"))],
    out: Annotated[Path | None, typer.Option("--out", help=help_words("suspicious.option.out"))] = None,
    institution: Annotated[str, typer.Option("--institution")] = "",
    institution_id: Annotated[int, typer.Option("--institution-id", min=0)] = 0,
    branch: Annotated[str, typer.Option("--branch")] = "",
    first_name: Annotated[str, typer.Option("--first-name")] = "",
    last_name: Annotated[str, typer.Option("--last-name")] = "",
    address: Annotated[str, typer.Option("--address")] = "",
    city: Annotated[str, typer.Option("--city")] = "",
    country: Annotated[str, typer.Option("--country", metavar="CC")] = "",
    currency: Annotated[str, typer.Option("--currency", metavar="CCY")] = "",
    decisions: Annotated[
        list[Path] | None, typer.Option("--decisions", help=help_words("screen.option.decisions"))
    ] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE")] = None,
    lang: Annotated[str, typer.Option("--lang", help="en, zh, es")] = "en",
    quiet: Annotated[bool, typer.Option("--quiet")] = False,
) -> None:
    """Write the report of FINDING_ID: .txt letter, .xml goAML, .zip evidence pack; without --out the letter is printed."""
    from tidegate.files.decisions_read import read_decisions
    from tidegate.files.goaml import goaml_report
    from tidegate.files.suspicious import Reporter, evidence_pack, letter, read_suspicion
    from tidegate.screening.decisions import DecisionBook

    check_language(lang)
    day = civil_day("--on", on).isoformat()
    reporter = Reporter(
        institution, institution_id, branch, first_name, last_name, address, city, country.upper(), currency.upper()
    )
    suspicion = read_suspicion(source, finding_id)
    if decisions:
        made = [decision for path in decisions for decision in read_decisions(path).book.history()]
        suspicion = suspicion.with_decisions(DecisionBook(made))
    if out is None:
        print(letter(suspicion, reporter, lang, on=day))
        return
    if out.exists() and out.samefile(source):
        raise problem(SettingsWrong, "screen.out-is-input", path=out, option="--from")
    suffix = out.suffix.casefold()
    if suffix == ".txt":
        out.write_text(letter(suspicion, reporter, lang, on=day), encoding="utf-8")
    elif suffix == ".xml":
        out.write_bytes(goaml_report(suspicion, reporter, on=day, lang=lang))
    elif suffix == ".zip":
        out.write_bytes(evidence_pack(suspicion, reporter, lang, on=day))
    else:
        check_suffix("--out", out.name, suffix, (".txt", ".xml", ".zip"))
    if not quiet:
        print(say("screen.wrote", lang, path=out), file=sys.stderr)
