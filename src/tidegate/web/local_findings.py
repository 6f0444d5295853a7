"""The findings of a run on the local page: listed and searched, decided one after the other, taken away as files."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tidegate.errors import InputUnreadable, TidegateError
from tidegate.files.findings_csv import write_findings_csv
from tidegate.files.findings_html import findings_page, list_findings, sections
from tidegate.files.findings_json import json_lines
from tidegate.files.findings_xlsx import findings_workbook
from tidegate.files.screened import Screened
from tidegate.model.days import parse_civil_day
from tidegate.screening.decisions import VERDICTS, Decision
from tidegate.web.local_choice import LEVELS, SCREENS, SHOWN, Choice, choice_of, listed
from tidegate.web.local_columns import can_be_named
from tidegate.web.local_runs import Judged, Run
from tidegate.web.local_screening import Home
from tidegate.web.local_window import Window, attachment, not_here, text_of, told
from tidegate.web.pages import choose_language
from tidegate.wording.sentences import say

_TAKEN = {
    "findings.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "report.html": "text/html; charset=utf-8",
    "report.pdf": "application/pdf",
    "findings.jsonl": "application/jsonl; charset=utf-8",
    "findings.csv": "text/csv; charset=utf-8",
}


class FindingsPages:
    """The endpoints of one run."""

    def __init__(self, window: Window, home: Home) -> None:
        self.window = window
        self.home = home

    async def run(self, request: Request) -> Response:
        """Show the findings of one run, worst first."""
        run = self.window.run_of(request)
        if run is None:
            return await self.home(request, [say("local.run-gone", choose_language(request))])
        return await self._page(request, run, choice_of(request.query_params))

    async def decide(self, request: Request) -> Response:
        """Keep a decision on one finding and lead to the next one, or say what it lacks."""
        run, form, lang = self.window.run_of(request), await request.form(), choose_language(request)
        if run is None:
            return await self.home(request, [say("local.run-gone", lang)])
        choice, id_ = (
            choice_of({key: text_of(form, key) for key in ("level", "screen", "q", "from")}),
            text_of(form, "finding"),
        )
        try:
            until = _day(text_of(form, "until"))
        except InputUnreadable:
            return await self._page(request, run, choice, {id_: (say("local.until-wrong", lang), form)})
        verdict = next((one for one in VERDICTS if one == text_of(form, "verdict")), None)
        reason = text_of(form, "reason")
        if verdict is None or not reason or not text_of(form, "key"):
            return await self._page(request, run, choice, {id_: (say("local.reason-wanted", lang), form)})
        before = listed((await self._judged(run)).ordered(), choice, lang)
        key = text_of(form, "key")
        today = datetime.now(UTC).date()
        decision = Decision(key, text_of(form, "base_key"), verdict, reason, text_of(form, "by"), until, today)
        try:
            await run_in_threadpool(self.window.runs.remember, [decision])
        except OSError as problem:
            return await self._page(
                request, run, choice, {id_: (say("local.not-kept", lang, why=problem.strerror or problem), form)}
            )
        at = next((place for place, one in enumerate(before) if one.id == id_), len(before))
        after = [one.id for one in listed((await self._judged(run)).ordered(), choice, lang)]
        following = next(
            (one.id for one in before[at + 1 :] if one.finding.decision_key != key and one.id in after), ""
        )
        if not following:
            return RedirectResponse(f"/{lang}/run/{run.id}{choice.query(said='1')}#decided", status_code=303)
        first = after.index(following) // SHOWN * SHOWN
        query = choice.query(**{"from": first, "said": following})
        return RedirectResponse(f"/{lang}/run/{run.id}{query}#f{following}", status_code=303)

    async def take_back(self, request: Request) -> Response:
        """Forget a decision."""
        run, form, lang = self.window.run_of(request), await request.form(), choose_language(request)
        await run_in_threadpool(self.window.runs.forget, text_of(form, "key"))
        return RedirectResponse(f"/{lang}/run/{run.id}#decided" if run else f"/{lang}/", status_code=303)

    async def take_away(self, request: Request) -> Response:
        """Give the workbook, the report on a page or on paper, CSV or JSON lines of a run."""
        run, lang, name = self.window.run_of(request), choose_language(request), request.path_params["name"]
        if run is None or name not in _TAKEN:
            return not_here()
        try:
            body = await run_in_threadpool(self._make, (await self._judged(run)).screened, name, lang)
        except TidegateError as problem:
            return await self.home(request, [told(problem, lang)])
        return attachment(body, name, _TAKEN[name])

    def _make(self, screened: Screened, name: str, lang: str) -> bytes | str:
        if name == "findings.xlsx":
            return findings_workbook(screened, lang)
        if name == "report.html":
            return findings_page(screened, lang, css=self.window.css)
        if name == "report.pdf":
            from tidegate.files.findings_pdf import findings_pdf

            return findings_pdf(screened, lang)
        if name == "findings.jsonl":
            return "".join(line + "\n" for line in json_lines(screened, lang))
        with tempfile.TemporaryDirectory() as folder:
            write_findings_csv(screened, Path(folder) / name, lang)
            return (Path(folder) / name).read_bytes()

    async def _judged(self, run: Run) -> Judged:
        return await run_in_threadpool(self.window.runs.judged, run)

    async def _page(
        self, request: Request, run: Run, choice: Choice, wrong: Mapping[str, tuple[str, FormData]] | None = None
    ) -> Response:
        lang = choose_language(request)
        judged = await self._judged(run)
        numbers = {upload.name: number for number, upload in enumerate(run.inputs.files)}

        def make() -> Response:
            wanted = choice.wants(lang)
            whole, ordered = judged.told(lang), judged.ordered()
            run_told = list_findings(whole, ordered, lang, first=choice.first, most=SHOWN, wanted=wanted)
            return self.window.page(
                "local/run.html",
                lang,
                status=422 if wrong else 200,
                here=f"/run/{run.id}",
                run=run,
                told=run_told,
                part=sections(),
                aside=judged.aside,
                decided=judged.decided,
                changed=judged.changed,
                overruled=judged.overruled,
                wrong=wrong or {},
                form_token=self.window.form_token,
                choice=choice,
                shown=SHOWN,
                pages=-(-run_told.matched // SHOWN),
                levels=LEVELS,
                screens=SCREENS,
                verdicts=VERDICTS,
                said=request.query_params.get("said", ""),
                sheets=[
                    (numbers[t.table.file], t.table.file, t.table.sheet)
                    for t in run.screened.tables
                    if t.table.header_row
                ],
                unknown=_unknown(run, numbers),
                can_print=find_spec("typst") is not None,
            )

        return await run_in_threadpool(make)


def _unknown(run: Run, numbers: Mapping[str, int]) -> list[tuple[int, str, str]]:
    """Return the sheets in which no known header was found: (number of the file, file, sheet)."""
    problems = run.screened.problems
    found = [(numbers[file], file, "") for file, problem in problems.items() if can_be_named(problem)]
    for file, note in run.screened.notes:
        if note.code == "files.sheet-without-header" and file in numbers:
            found.append((numbers[file], file, note.params.get("sheet", "")))
    return found


def _day(written: str) -> date | None:
    return parse_civil_day(written, "ymd") if written else None
