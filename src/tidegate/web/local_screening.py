"""Screening on the local page: files are taken, the work shows how far it is, and a person corrects how a sheet is read."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from tidegate.errors import TidegateError
from tidegate.model.columns import COLUMNS
from tidegate.model.days import DATE_ORDERS
from tidegate.web.local_columns import can_be_named, mapping_of_form, show_sheet
from tidegate.web.local_jobs import PATIENCE_S, Job
from tidegate.web.local_reading import Inputs, SavedMappings, sheet_sign
from tidegate.web.local_runs import Run
from tidegate.web.local_window import Window, not_here, save_uploads, text_of, told
from tidegate.web.pages import choose_language
from tidegate.wording.sentences import say

Home = Callable[[Request, Sequence[str]], Awaitable[Response]]
MASS_UNITS = ("kg", "g", "t", "lb")


class ScreeningPages:
    """The endpoints from the chosen files to a run."""

    def __init__(self, window: Window, home: Home) -> None:
        self.window = window
        self.home = home

    async def screen(self, request: Request) -> Response:
        """Begin to screen the uploads; a small sheet leads to its findings at once, a large one to its progress."""
        form, lang = await request.form(), choose_language(request)
        kind = text_of(form, "kind")
        try:
            folder, (files, beside, decided) = await save_uploads(form, ("file", "with", "decisions"))
        except TidegateError as problem:
            return await self.home(request, [told(problem, lang)])
        if not files:
            shutil.rmtree(folder, ignore_errors=True)
            return await self.home(request, [say("local.no-file", lang)])
        inputs = Inputs(files, beside, decided, kind if kind in COLUMNS else None, self.window.today())
        return await self._begin(request, inputs, folder)

    async def job(self, request: Request) -> Response:
        """Show how far a screening is, or lead to what it made."""
        job, lang = self._job(request), choose_language(request)
        if job is None:
            return await self.home(request, [say("local.run-gone", lang)])
        if job.state == "running":
            return self.window.page(
                "local/job.html", lang, here=f"/job/{job.id}", job=job, form_token=self.window.form_token
            )
        return await self._outcome(request, job)

    async def state(self, request: Request) -> Response:
        """Tell the page's script how far a screening is."""
        job = self._job(request)
        if job is None:
            return JSONResponse({"state": "gone"}, status_code=404)
        return JSONResponse(dict(job.told(choose_language(request))), headers={"Cache-Control": "no-store"})

    async def stop(self, request: Request) -> Response:
        """Ask a screening to end at its next step."""
        job, lang = self._job(request), choose_language(request)
        if job is None:
            return await self.home(request, [say("local.run-gone", lang)])
        job.stop()
        await run_in_threadpool(job.wait, PATIENCE_S)
        return RedirectResponse(f"/{lang}/job/{job.id}", status_code=303)

    async def columns(self, request: Request) -> Response:
        """Show what each column of a sheet was read as, to be corrected."""
        run = self.window.run_of(request)
        if run is None:
            return await self.home(request, [say("local.run-gone", choose_language(request))])
        return await self._columns_page(request, run, "")

    async def read_again(self, request: Request) -> Response:
        """Screen the run's files again, one sheet read as the form says; the correction is kept for the next file."""
        run, form, lang = self.window.run_of(request), await request.form(), choose_language(request)
        if run is None:
            return await self.home(request, [say("local.run-gone", lang)])
        number, sheet = _number(text_of(form, "file")), text_of(form, "sheet")
        if number >= len(run.inputs.files):
            return not_here()
        upload = run.inputs.files[number]
        tables = [table.table for table in run.screened.tables]
        headers = next((t.written.headers for t in tables if (t.file, t.sheet) == (upload.name, sheet)), ())
        sign = sheet_sign(upload.name, headers)
        mappings = dict(run.inputs.mappings)
        try:
            if text_of(form, "as_recognised"):
                mappings.pop((number, sheet), None)
                await run_in_threadpool(SavedMappings(self.window.runs.folder).forget, sign)
            else:
                mapping = mapping_of_form(
                    lambda name: text_of(form, name), upload.name, _number(text_of(form, "columns"))
                )
                mappings[number, sheet] = mapping
                if text_of(form, "keep"):
                    await run_in_threadpool(SavedMappings(self.window.runs.folder).keep, sign, mapping)
        except (TidegateError, OSError) as problem:
            words = told(problem, lang) if isinstance(problem, TidegateError) else str(problem)
            return await self._columns_page(request, run, words, number, sheet)
        inputs = Inputs(
            run.inputs.files, run.inputs.beside, (), text_of(form, "kind") or run.inputs.kind, run.on, mappings
        )  # fmt: skip
        return await self._begin(request, inputs, run.uploads, instead_of=run.id)

    async def _begin(self, request: Request, inputs: Inputs, folder: Path | None, instead_of: str = "") -> Response:
        runs = self.window.runs
        job = self.window.jobs.start(
            [upload.name for upload in inputs.files],
            lambda watch: runs.screen(inputs, watch, uploads=folder, instead_of=instead_of).id,
        )
        await run_in_threadpool(job.wait, PATIENCE_S)
        if job.state == "running":
            return RedirectResponse(f"/{choose_language(request)}/job/{job.id}", status_code=303)
        return await self._outcome(request, job)

    async def _outcome(self, request: Request, job: Job) -> Response:
        lang = choose_language(request)
        if job.state == "stopped":
            return await self.home(request, [say("local.job-stopped", lang)])
        run = self.window.runs.runs.get(job.run_id)
        if job.state == "failed":
            return await self.home(request, [job.problem_words(lang)])
        if run is None:
            return await self.home(request, [say("local.run-gone", lang)])
        if not run.screened.tables and not any(can_be_named(problem) for problem in run.screened.problems.values()):
            self.window.runs.let_go(run)  # nothing in it that a person could mend here
            return await self.home(request, [*run.screened.unread_in(lang).values()])
        return RedirectResponse(f"/{lang}/run/{run.id}", status_code=303)

    async def _columns_page(
        self, request: Request, run: Run, wrong: str, number: int | None = None, sheet: str | None = None
    ) -> Response:
        lang, asked = choose_language(request), request.query_params
        number = _number(asked.get("file", "")) if number is None else number
        sheet = asked.get("sheet", "") if sheet is None else sheet
        if number >= len(run.inputs.files):
            return not_here()
        tables = [table.table for table in run.screened.tables]
        try:
            shown = await run_in_threadpool(show_sheet, run.inputs.files[number], sheet, tables)
        except TidegateError as problem:
            return await self.home(request, [told(problem, lang)])
        held = run.inputs.mappings.get((number, sheet))
        return self.window.page(
            "local/columns.html",
            lang,
            status=422 if wrong else 200,
            here=f"/run/{run.id}/columns?{urlencode({'file': number, 'sheet': sheet})}",
            run=run,
            shown=shown,
            number=number,
            wrong=wrong,
            held=held,
            mapped=(shown.file, shown.sheet) in run.mapped,
            folder=str(self.window.runs.folder),
            kinds=COLUMNS,
            orders=DATE_ORDERS,
            units=MASS_UNITS,
            form_token=self.window.form_token,
        )

    def _job(self, request: Request) -> Job | None:
        return self.window.jobs.held.get(request.path_params["id"])


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 0
