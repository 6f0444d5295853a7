"""Findings as one HTML file that needs nothing else: style inside, no script, readable on paper and without colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tidegate.files.findings_xlsx import settings_of
from tidegate.files.report_drawings import Bar, level_chart, rule_chart
from tidegate.files.report_network import links_of, party_network
from tidegate.files.screened import (
    PlacedFinding,
    Screened,
    against_list,
    against_name,
    because,
    list_line,
    new_reasons,
    rule_title,
)
from tidegate.files.seen_text import column_words, counted, seen_value
from tidegate.screening.finding import Duty
from tidegate.wording.sentences import knows, say

MOST_SHOWN = 500  # a page longer than that helps nobody; the workbook holds them all
OLD_LIST_DAYS = 30
MARK = Markup(
    '<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false"><g fill="none" stroke="currentColor" stroke-width="3">'
    '<path d="M2 10.5h9M2 17.5h9M2 24.5h9M21 17.5h9M21 24.5h9"/></g><path d="M14 3h4v26h-4z" fill="currentColor"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Line:
    """One finding in words, ready to be shown."""

    id: str
    place: str
    where: str
    level: str
    screen: str
    rule: str
    score: str
    column: str
    value: str
    against: str
    list: str
    reasons: Sequence[str]
    benign: str
    duties: Sequence[Duty]
    key: str
    base_key: str


@dataclass(frozen=True, slots=True)
class Told:
    """One run in words: what a template needs, and nothing to decide."""

    title: str
    lines: Sequence[Line]
    unreadable: Sequence[Line]
    cells_unread: int
    matched: int
    more: int
    total: int
    rows: int
    rows_found: int
    rows_above: int
    by_level: dict[str, int]
    per_1000: str
    set_aside: int
    tables: Sequence[dict[str, Any]]
    unread: Sequence[tuple[str, str]]
    lists: Sequence[dict[str, Any]]
    register_date: str
    not_run: Sequence[tuple[str, str]]
    settings: Sequence[tuple[str, str]]
    on: str
    level_chart: Markup
    rule_chart: Markup
    network: Markup
    left_out: Sequence[tuple[str, str]]


def write_findings_html(screened: Screened, path: Path, lang: str, *, css: str) -> None:
    """Write the report to `path`. css: the house's stylesheets, put into the file."""
    path.write_text(findings_page(screened, lang, css=css), encoding="utf-8")


def findings_page(screened: Screened, lang: str, *, css: str) -> str:
    """Return the report as one page."""
    template = environment().get_template("report.html")
    version = metadata.version("tidegate")
    return template.render(lang=lang, run=tell(screened, lang), css=Markup(css), mark=MARK, version=version)  # noqa: S704  # our own stylesheet


def sections() -> ModuleType:
    """Return the parts of a report as functions that give markup, for the local page."""
    return cast("ModuleType", environment().get_template("sections.html").module)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the Jinja environment of reports: escaping always on, a missing value is an error."""
    made = Environment(
        loader=PackageLoader("tidegate.files", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=seen_value,
    )
    made.globals.update(say=say, rule_title=rule_title)
    made.filters["capitalize_first"] = _capital
    made.filters["counted"] = counted
    made.filters["column_words"] = column_words
    return made


def tell(
    screened: Screened,
    lang: str,
    *,
    first: int = 0,
    most: int = MOST_SHOWN,
    wanted: Callable[[PlacedFinding], bool] | None = None,
) -> Told:
    """Return one run in words of `lang`; findings worst first, `most` of them from number `first` on.

    wanted: which findings are listed; counts, charts and network tell of the whole run.
    """
    ordered = screened.worst_first()
    return list_findings(tell_whole(screened, ordered, lang), ordered, lang, first=first, most=most, wanted=wanted)


def list_findings(
    told: Told,
    ordered: Sequence[PlacedFinding],
    lang: str,
    *,
    first: int = 0,
    most: int = MOST_SHOWN,
    wanted: Callable[[PlacedFinding], bool] | None = None,
) -> Told:
    """Return `told` with the lines of one page of `ordered`."""
    shown = [one for one in ordered if one.finding.screen != "quality" and (wanted is None or wanted(one))]
    lines = [_line(one, lang) for one in shown[first : first + most]]
    return replace(told, lines=lines, matched=len(shown), more=max(0, len(shown) - first - most))


def tell_whole(screened: Screened, ordered: Sequence[PlacedFinding], lang: str) -> Told:
    """Return what a run tells as a whole, without its lines. ordered: its findings, worst first."""
    rows = screened.rows()
    quality = [one for one in ordered if one.finding.screen == "quality"]
    return Told(
        title=", ".join(dict.fromkeys(table.table.file for table in screened.tables)),
        lines=(),
        unreadable=[_line(one, lang) for one in quality[:MOST_SHOWN]],
        cells_unread=len(quality),
        matched=0,
        more=0,
        total=len(ordered),
        rows=rows,
        rows_found=screened.rows_with_finding(),
        rows_above=screened.rows_above_look(),
        by_level=screened.by_level(),
        per_1000=f"{1000 * screened.rows_above_look() / rows:.1f}" if rows else "0.0",
        set_aside=screened.set_aside(),
        tables=[
            {
                "title": _table_title(one.table.file, one.table.sheet, one.table.kind, one.table.rows, lang),
                "columns": list(one.table.columns.items()),
                "unrecognised": one.table.unrecognised,
                "notes": [note.sentence(lang) for note in one.table.notes],
            }
            for one in screened.tables
        ]
        + [
            {
                "title": _table_title(file, sheet, what, rows, lang),
                "columns": list(screened.beside_headers.get((file, sheet), {}).items()),
                "unrecognised": (),
                "notes": [],
            }
            for file, sheet, what, rows in screened.beside
        ],
        unread=list(screened.unread_in(lang).items()),
        lists=[
            {
                "title": one.title,
                "line": list_line(one, lang),
                "old": one.age_days is not None and one.age_days > OLD_LIST_DAYS,
            }
            for one in screened.lists
        ],
        register_date=screened.register_date,
        not_run=[(rule_title(one.rule, lang), because(one, lang)) for one in screened.not_run()],
        settings=[(say(code, lang), value) for code, value in settings_of(screened)],
        on=screened.on,
        level_chart=level_chart(screened.by_level(), lang),
        rule_chart=rule_chart(_by_rule(screened, lang), lang),
        network=party_network(links_of(screened), lang),
        left_out=screened.left_out(lang),
    )


def _table_title(file: str, sheet: str, kind: str, rows: int, lang: str) -> str:
    return " · ".join([f"{file} {sheet}".strip(), say(f"kind.{kind}", lang), counted(rows, lang)])


def _line(placed: PlacedFinding, lang: str) -> Line:
    one = placed.finding
    return Line(
        id=placed.id,
        place=placed.place,
        where=say(
            "screen.place" if placed.sheet else "screen.place-in-file",
            lang,
            file=placed.file,
            sheet=placed.sheet,
            row=placed.place,
        ),
        level=one.level,
        screen=one.screen,
        rule=rule_title(one.rule, lang),
        score=f"{one.score:.2f}",
        column=column_words(one.column, lang),
        value=one.value,
        against=against_name(one, lang),
        list=against_list(one, lang),
        reasons=new_reasons(placed, lang),
        benign=say(one.benign, lang) if knows(one.benign) else one.benign,
        duties=one.duties,
        key=one.decision_key,
        base_key=one.base_key,
    )


def _by_rule(screened: Screened, lang: str) -> list[Bar]:
    """Return each rule's title with its findings by level, most findings first."""
    counts: dict[str, dict[str, int]] = {}
    for one in screened.findings():
        if one.finding.screen != "quality":
            levels = counts.setdefault(one.finding.rule, {})
            levels[one.finding.level] = levels.get(one.finding.level, 0) + 1
    ordered = sorted(counts.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
    return [(_capital(rule_title(rule, lang)), levels) for rule, levels in ordered]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
