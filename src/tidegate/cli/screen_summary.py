"""What `tidegate screen` says in a terminal: findings above look, counts, what was recognised, and what was not run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tidegate.files.screened import PlacedFinding, Screened, against_name, because, list_line, reason_text
from tidegate.wording.sentences import knows, say

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {"look": "bright_black", "ask": "yellow", "hold": "bold white on red"}
_MOST_SHOWN = 40


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None] | None]:
    """Give a function that shows what is being done, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("") as status:
        yield lambda text: status.update(text)


def print_summary(screened: Screened, lang: str, *, quiet: bool) -> None:
    """Print the findings to stdout and the summary to stderr."""
    from rich.console import Console

    out, err = Console(soft_wrap=True, highlight=False), Console(stderr=True, soft_wrap=True, highlight=False)
    shown = [one for one in screened.worst_first() if one.finding.level != "look"]
    shown += [one for one in screened.findings() if one.finding.level == "look"]
    for placed in shown[:_MOST_SHOWN]:
        _print_finding(out, placed, lang)
    if len(shown) > _MOST_SHOWN:
        err.print(say("screen.more", lang, count=len(shown) - _MOST_SHOWN), markup=False)
    if not quiet:
        _print_counts(err, screened, lang)
    for file, why in screened.unread.items():
        err.print(
            f"{say('report.unread', lang)}: {why if file in why else f'{file}: {why}'}", style="red", markup=False
        )


def _print_finding(console: Console, placed: PlacedFinding, lang: str) -> None:
    from rich.text import Text

    one = placed.finding
    line = Text()
    line.append(f" {say('level.' + one.level, lang)} ", style=_STYLES[one.level])
    line.append(f" {say('screen.place', lang, file=placed.file, sheet=placed.sheet or '–', row=placed.place)}  ")
    line.append(f"{one.column}: {one.value}", style="bold")
    console.print(line)
    dated = f" ({one.against.list} {one.against.list_date})".replace(" )", ")") if one.against.list else ""
    console.print(f"      {against_name(one, lang)}{dated}  {one.score:.2f}", markup=False)
    for reason in one.reasons:
        console.print(f"      · {reason_text(reason, lang)}", markup=False)
    if knows(one.benign):
        console.print(f"      {say('sheet.benign', lang)}: {say(one.benign, lang)}", style="bright_black", markup=False)


def _print_counts(console: Console, screened: Screened, lang: str) -> None:
    rows, counts = screened.rows(), screened.by_level()
    console.print()
    console.print(
        say("report.counts", lang, findings=sum(counts.values()), rows=rows, **counts), style="bold", markup=False
    )
    console.print(say("report.without", lang, rows=rows - screened.rows_with_finding()), markup=False)
    if rows:
        console.print(
            say("report.per-1000", lang, rate=f"{1000 * screened.rows_above_look() / rows:.1f}"), markup=False
        )
    if screened.set_aside():
        console.print(say("report.set-aside", lang, count=screened.set_aside()), markup=False)
    for listed in screened.lists:
        old = listed.age_days is not None and listed.age_days > 30
        line = f"{listed.title}: {list_line(listed, lang)}"
        console.print(line, style="red" if old else None, markup=False)
    console.print(say("report.register-line", lang, date=screened.register_date), markup=False)
    for table in screened.tables:
        read = table.table
        named = ", ".join(f"{name} ← {header}" for name, header in read.columns.items())
        console.print(
            f"{say('report.recognised', lang)}: {read.file} {read.sheet} ({say('kind.' + read.kind, lang)}, {read.rows}): {named}",
            markup=False,
        )
        if read.unrecognised:
            console.print(f"  {say('report.not-used', lang)}: {', '.join(read.unrecognised)}", markup=False)
        for note in read.notes:
            console.print(f"  {note.sentence(lang)}", markup=False)
    for file, sheet, what, count in screened.beside:
        console.print(
            f"{say('report.beside', lang)}: {file} {sheet} ({say('kind.' + what, lang)}, {count})", markup=False
        )
    grouped: dict[str, list[str]] = {}
    for reason in screened.not_run():
        rule = say(f"rule.{reason.rule}", lang) if knows(f"rule.{reason.rule}") else reason.rule
        grouped.setdefault(because(reason, lang), []).append(rule)
    if grouped:
        console.print(f"{say('report.not-run', lang)}:", style="bold", markup=False)
        for why, rules in grouped.items():
            console.print(f"  {why}: {', '.join(rules)}", markup=False)
