"""The command `tidegate screen`: records against lists, registers and red flags; findings out in the form asked for."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidegate.cli.options import check_choice, check_language, check_suffix, civil_day
from tidegate.cli.usage import help_words
from tidegate.errors import SettingsWrong
from tidegate.wording.problems import problem
from tidegate.wording.sentences import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegate.engines.base import Engine
    from tidegate.engines.index_store import ListSource
    from tidegate.files.companions_read import CompanionsRead
    from tidegate.files.decisions_read import DecisionProblem
    from tidegate.files.screened import Screened
    from tidegate.screening.decisions import DecisionBook
    from tidegate.screening.plan import ScreeningPlan

_OUT_SUFFIXES = (".xlsx", ".csv", ".jsonl", ".json", ".html", ".parquet", ".pdf")


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("screen", help=help_words("screen.help"))(screen)


def screen(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", show_default=False)],
    lists: Annotated[list[str] | None, typer.Option("--list", help=help_words("screen.option.list"))] = None,
    beside: Annotated[list[Path] | None, typer.Option("--with", help=help_words("screen.option.with"))] = None,
    decisions: Annotated[
        list[Path] | None, typer.Option("--decisions", help=help_words("screen.option.decisions"))
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", help=help_words("screen.option.kind"))] = None,
    mapping: Annotated[Path | None, typer.Option("--mapping", help=help_words("screen.option.mapping"))] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help=help_words("screen.option.on"))] = None,
    threshold: Annotated[float | None, typer.Option("--threshold", help=help_words("screen.option.threshold"))] = None,
    out: Annotated[list[Path] | None, typer.Option("--out", help=help_words("screen.option.out"))] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help=help_words("screen.option.workers"))] = None,
    engine: Annotated[str, typer.Option("--engine", help=help_words("screen.option.engine"))] = "local",
    fail_on: Annotated[
        str | None, typer.Option("--fail-on", metavar="LEVEL", help=help_words("screen.option.fail-on"))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=help_words("screen.option.json"))] = False,
    lang: Annotated[str, typer.Option("--lang", help="en, zh, es")] = "en",
    quiet: Annotated[bool, typer.Option("--quiet")] = False,
) -> None:
    """Screen files. Exit code 1 where --fail-on was reached, 2 where a file could not be read at all."""
    _check_options(lang, kind, fail_on, threshold, out or [])
    inputs = [("FILE", path) for path in files] + [("--with", path) for path in beside or []]
    inputs += [("--decisions", path) for path in decisions or []] + [("--list", Path(name)) for name in lists or []]
    check_outs(out or [], inputs + ([("--mapping", mapping)] if mapping else []), lang)
    day = civil_day("--on", on)
    papers = None
    if beside:
        from tidegate.files.companions_read import read_companions

        papers = read_companions(beside, keep_going=True)
    plan, problems = make_plan(lists, papers, decisions or [], day, threshold, workers=workers)
    if not quiet:
        for line in [problem.sentence(file, lang) for file, problem in problems] + _differing(plan.decisions, lang):
            print(line, file=sys.stderr)
    settled = None
    if mapping is not None:
        from tidegate.files.mapping import read_mapping

        settled = read_mapping(mapping)
    from tidegate.cli.screen_summary import progress
    from tidegate.files.screening_run import screen_files

    with progress(quiet) as step:
        screened = screen_files(files, plan, _engine(engine, workers).run, kind=kind, mapping=settled, step=step)
    if papers is not None:
        screened = papers.told_in(screened)
    screened = replace(screened, notes=[*screened.notes, *((file, one.note(file)) for file, one in problems)])
    _write(screened, out or [], as_json, lang, quiet)
    if screened.unread:
        raise typer.Exit(2)
    if fail_on is not None and _reached(screened, fail_on):
        raise typer.Exit(1)


def make_plan(
    lists: Sequence[str] | None,
    beside: CompanionsRead | None,
    decisions: Sequence[Path],
    on: date,
    threshold: float | None,
    *,
    workers: int | None = None,
) -> tuple[ScreeningPlan, list[tuple[str, DecisionProblem]]]:
    """Return the plan of these options, and the rows whose decision could not be read, each with its file.

    lists: names on the shelf or files; None takes every list held there. Packaged snapshots count only when named.
    workers: processes that build an index that is not kept yet; None takes the machine's processors.
    """
    from tidegate.engines.index_store import open_index
    from tidegate.engines.tables_store import keep_tables, open_tables

    book, problems = _decisions(decisions)
    companions = beside.companions if beside is not None else None
    kept = open_tables()
    index = open_index(list_sources(lists), workers=workers, later=True)
    from tidegate.screening.plan import build_plan  # loaded while other processes read a long list

    if not kept:
        keep_tables()
    held = index.watchlists if index is not None else ()
    plan = build_plan(held, on=on, threshold=threshold, decisions=book, companions=companions, index=index)
    return plan, problems


def list_sources(lists: Sequence[str] | None) -> list[ListSource]:
    """Return the sources of these names or files; for None every list held on the shelf, without snapshots."""
    from tidegate.engines.index_store import ListSource
    from tidegate.lists.reading import file_key
    from tidegate.lists.shelf import Shelf

    shelf = Shelf()
    named = lists is None or not all(Path(one).is_file() for one in lists)
    held = {entry.name: entry for entry in shelf.show()} if named else {}
    if lists is None:
        lists = [name for name, entry in held.items() if not entry.packaged]
    sources = []
    for one in dict.fromkeys(lists):
        if Path(one).is_file():
            digest = file_key(Path(one))
        else:
            digest = held[one].version_key if one in held else one
        sources.append(ListSource(digest, partial(shelf.resolve, one)))
    return sources


def _differing(book: DecisionBook, lang: str) -> list[str]:
    if not book.overruled:
        return []
    from tidegate.files.decisions_read import contradictions

    return contradictions(book, lang)


def _decisions(paths: Sequence[Path]) -> tuple[DecisionBook, list[tuple[str, DecisionProblem]]]:
    from tidegate.screening.decisions import Decision, DecisionBook

    made: list[Decision] = []
    problems: list[tuple[str, DecisionProblem]] = []
    for path in paths:
        from tidegate.files.decisions_read import read_decisions

        read = read_decisions(path)
        made += read.book.history()
        problems += [(path.name, problem) for problem in read.problems]
    return DecisionBook(made), problems


def _engine(name: str, workers: int | None) -> Engine:
    if name == "spark":
        from tidegate.engines.spark import SparkEngine

        return SparkEngine()
    if name != "local":
        raise problem(SettingsWrong, "option.unknown", option="--engine", value=name, allowed="local, spark")
    from tidegate.engines.local import LocalEngine

    return LocalEngine(workers)


def _write(screened: Screened, out: Sequence[Path], as_json: bool, lang: str, quiet: bool) -> None:
    for path in out:
        try:
            write_findings(screened, path, lang)
        except OSError as refused:
            raise problem(SettingsWrong, "screen.out-cannot", path=path, why=refused) from refused
        if not quiet:
            print(say("screen.wrote", lang, path=path), file=sys.stderr)
    if as_json:
        from tidegate.files.findings_json import json_lines

        for line in json_lines(screened, lang):
            print(line)
        if not quiet:
            for file, why in screened.unread_in(lang).items():
                print(f"tidegate: {why if file in why else f'{file}: {why}'}", file=sys.stderr)
        return
    from tidegate.cli.screen_summary import print_summary

    print_summary(screened, lang, quiet=quiet)


def write_findings(screened: Screened, path: Path, lang: str) -> None:
    """Write the findings to `path` in the form its suffix names. Raises SettingsWrong for an unknown suffix."""
    suffix = path.suffix.casefold()
    if suffix == ".xlsx":
        from tidegate.files.findings_xlsx import write_findings_xlsx

        write_findings_xlsx(screened, path, lang)
    elif suffix == ".csv":
        from tidegate.files.findings_csv import write_findings_csv

        write_findings_csv(screened, path, lang)
    elif suffix in (".jsonl", ".json"):
        from tidegate.files.findings_json import write_findings_json

        write_findings_json(screened, path, lang)
    elif suffix == ".html":
        from tidegate.files.findings_html import write_findings_html

        write_findings_html(screened, path, lang, css=page_style())
    elif suffix == ".parquet":
        from tidegate.files.findings_parquet import write_findings_parquet

        write_findings_parquet(screened, path)
    elif suffix == ".pdf":
        from tidegate.files.findings_pdf import write_findings_pdf

        write_findings_pdf(screened, path, lang)
    else:
        check_suffix("--out", path.name, suffix, _OUT_SUFFIXES)


def check_outs(out: Sequence[Path], inputs: Sequence[tuple[str, Path]], lang: str) -> None:
    """Raise SettingsWrong for an --out that is read in the same run, is given twice, or has no folder.

    inputs: the option and path of everything that is read. Asked before the work, so that no hour of it is lost.
    """
    taken = {path.resolve(): option for option, path in inputs if path.exists()}
    for path in out:
        place = path.resolve()
        if place in taken:
            code = "screen.out-twice" if taken[place] == "--out" else "screen.out-is-input"
            raise problem(SettingsWrong, code, path=path, option=taken[place])
        if not place.parent.is_dir():
            raise problem(SettingsWrong, "screen.out-no-folder", path=path, folder=place.parent)
        taken[place] = "--out"


def page_style() -> str:
    """Return the house's stylesheets as one text, for a report that is one file."""
    from importlib import resources

    folder = resources.files("tidegate.web").joinpath("static")
    return "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in ("tokens.css", "tidegate.css"))


def _check_options(
    lang: str, kind: str | None, fail_on: str | None, threshold: float | None, out: Sequence[Path]
) -> None:
    check_language(lang)
    check_choice("--kind", kind, ("consignments", "payments", "parties"))
    check_choice("--fail-on", fail_on, ("look", "ask", "hold"))
    if threshold is not None and not 0 <= threshold <= 1:
        raise problem(SettingsWrong, "option.threshold", value=threshold)
    for path in out:
        check_suffix("--out", path.name, path.suffix, _OUT_SUFFIXES)


def _reached(screened: Screened, floor: str) -> bool:
    from tidegate.screening.levels import at_least

    return any(at_least(one.finding.level, floor) for one in screened.findings())
