"""What `tidegate screen` says in a terminal: records with findings, worst first, then counts and what was not run.

Records go to stdout and the summary to stderr. On a terminal long lines break between words; in a pipe they stay whole.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tidegate.files.screened import PlacedFinding, Screened, against_list, against_name, because, list_line, new_reasons
from tidegate.files.seen_text import column_words, counted, seen
from tidegate.screening.levels import RANK
from tidegate.wording.sentences import knows, say

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {"look": "bright_black", "ask": "yellow", "hold": "bold white on red"}
_MOST_RECORDS = 12
_MOST_BESIDE = 3  # findings of one record that are told in full; the rest are counted
_MOST_REASONS = 3
_OLD_DAYS = 30
_COLON = {"en": ": ", "zh": "：", "es": ": "}


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None] | None]:
    """Give a function that shows what is being done, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True)
    with console.status("") as status:
        yield lambda text: status.update(Text(seen(text)))


def print_summary(screened: Screened, lang: str, *, quiet: bool) -> None:
    """Print the records with findings to stdout and the summary to stderr."""
    from rich.console import Console

    out, err = Console(highlight=False), Console(stderr=True, highlight=False)
    records = _records(screened)
    innocent = ""
    for findings in records[:_MOST_RECORDS]:
        innocent = _print_record(out, findings, lang, innocent)
    if not quiet:
        if len(records) > _MOST_RECORDS:
            _print(err, say("screen.more-records", lang, count=counted(len(records) - _MOST_RECORDS, lang)))
        _print_counts(err, screened, lang)
        _print_recognised(err, screened, lang)
        _print_not_run(err, screened, lang)
    for file, why in screened.unread_in(lang).items():
        told = why if file in why else f"{file}: {why}"
        _print(err, f"{say('report.unread', lang)}: {told}", style="red")


def _records(screened: Screened) -> list[list[PlacedFinding]]:
    """Return the findings of each record, worst first; the record with the worst finding comes first."""
    by_record: dict[tuple[str, str, str], list[PlacedFinding]] = {}
    for one in screened.findings():
        by_record.setdefault((one.file, one.sheet, one.place), []).append(one)
    for findings in by_record.values():
        findings.sort(key=lambda one: -RANK[one.finding.level])
    return sorted(by_record.values(), key=lambda findings: -RANK[findings[0].finding.level])


def _print_record(console: Console, findings: Sequence[PlacedFinding], lang: str, said: str) -> str:
    """Print one record; return its innocent explanation, which is not `said` again below the next one of its kind."""
    from rich.text import Text

    first, colon = findings[0], _COLON[lang]
    head = Text()
    head.append(f" {say('level.' + first.finding.level, lang).upper()} ", style=_STYLES[first.finding.level])
    head.append(f" {seen(_place(first, lang))}", style="bold")
    console.print(head, soft_wrap=not console.is_terminal)
    last = None
    for placed in findings[:_MOST_BESIDE]:
        one = placed.finding
        if (one.column, one.value) != last:
            _print(console, f"{column_words(one.column, lang)}{colon}{one.value}", at=2)
        last = (one.column, one.value)
        if one.screen != "quality":
            _print(console, _claim(placed, lang), at=4)
        for reason in new_reasons(placed, lang)[:_MOST_REASONS]:
            _print(console, f"· {reason}", at=4)
    if len(findings) > _MOST_BESIDE:
        _print(console, say("screen.more-findings", lang, count=len(findings) - _MOST_BESIDE), at=2)
    benign = first.finding.benign
    if knows(benign) and benign != said:
        _print(console, f"{say('sheet.benign', lang)}{colon}{say(benign, lang)}", at=2, style="bright_black")
    return benign


def _place(placed: PlacedFinding, lang: str) -> str:
    code = "screen.place" if placed.sheet else "screen.place-in-file"
    return say(code, lang, file=placed.file, sheet=placed.sheet, row=placed.place)


def _claim(placed: PlacedFinding, lang: str) -> str:
    """Return what a finding was held against; a score only where a name or text was compared."""
    one = placed.finding
    level = say(f"level.{one.level}", lang)
    dated = f" ({against_list(one, lang)})" if one.against.list else ""
    score = f", {one.score:.2f}" if one.screen in ("party", "goods") else ""
    rule = f"{one.rule} " if one.rule.startswith("RF") else ""
    return f"{level}{_COLON[lang]}{rule}{against_name(one, lang)}{dated}{score}"


def _print_counts(console: Console, screened: Screened, lang: str) -> None:
    rows, levels = screened.rows(), screened.by_level()
    told = {level: counted(count, lang) for level, count in levels.items()}
    console.print()
    findings = counted(sum(levels.values()), lang)
    _print(console, say("report.counts", lang, findings=findings, rows=counted(rows, lang), **told), style="bold")
    _print(console, say("report.without", lang, rows=counted(rows - screened.rows_with_finding(), lang)))
    if rows:
        above = screened.rows_above_look()
        rate = f"{1000 * above / rows:.1f}"
        _print(console, say("screen.measured", lang, rate=rate, above=counted(above, lang), rows=counted(rows, lang)))
    if screened.set_aside():
        _print(console, say("report.set-aside", lang, count=screened.set_aside()))


def _print_recognised(console: Console, screened: Screened, lang: str) -> None:
    for listed in screened.lists:
        old = listed.age_days is not None and listed.age_days > _OLD_DAYS
        line = f"{say('screen.list', lang)}{_COLON[lang]}{listed.title}, {list_line(listed, lang)}"
        _print(console, line, style="red" if old else None)
    _print(console, say("report.register-line", lang, date=screened.register_date))
    for table in screened.tables:
        read = table.table
        named = ", ".join(f"{name} ← {header}" for name, header in read.columns.items())
        kind = f"{say('kind.' + read.kind, lang)}, {counted(read.rows, lang)}"
        _print(
            console,
            f"{say('report.recognised', lang)}{_COLON[lang]}{read.file} {read.sheet} ({kind})".replace("  ", " "),
        )
        _print(console, named, at=2, style="bright_black")
        if read.unrecognised:
            _print(console, f"{say('report.not-used', lang)}: {', '.join(read.unrecognised)}", at=2)
        for note in dict.fromkeys(note.sentence(lang) for note in read.notes):
            _print(console, note, at=2)
    for file, sentence in screened.left_out(lang):
        _print(console, f"{file}: {sentence}", at=2)
    for file, sheet, what, count in screened.beside:
        beside = f"{file} {sheet} ({say('kind.' + what, lang)}, {counted(count, lang)})"
        _print(console, f"{say('report.beside', lang)}: {beside}")
        headers = screened.beside_headers.get((file, sheet), {})
        if headers:
            named = ", ".join(f"{name} ← {header}" for name, header in headers.items())
            _print(console, named, at=2, style="bright_black")


def _print_not_run(console: Console, screened: Screened, lang: str) -> None:
    grouped: dict[str, list[str]] = {}
    for reason in screened.not_run():
        rule = say(f"rule.{reason.rule}", lang) if knows(f"rule.{reason.rule}") else reason.rule
        grouped.setdefault(because(reason, lang), []).append(rule)
    if grouped:
        _print(console, f"{say('report.not-run', lang)}{_COLON[lang]}".rstrip(), style="bold")
        for why, rules in grouped.items():
            _print(console, f"{why}{_COLON[lang]}{', '.join(rules)}", at=2)


def _print(console: Console, text: str, *, at: int = 0, style: str | None = None) -> None:
    """Print strangers' text as text: no markup, no command to the terminal, wrapped under its own beginning."""
    from rich.padding import Padding
    from rich.text import Text

    shown = Text(seen(text), style=style or "")
    if console.is_terminal:
        console.print(Padding(shown, (0, 0, 0, at)))
    else:
        console.print(Text(" " * at).append_text(shown), soft_wrap=True)
