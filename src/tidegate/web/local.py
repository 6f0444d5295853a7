"""The local page: drop a sheet, see the findings, decide, take the workbook or report away. This computer only.

It listens on loopback and asks for a token that was printed at the start; it knows no database and fetches nothing.
Every page works without script; the one small script shows progress and takes dropped files. Each address begins with
the language: /en, /zh, /es.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from tidegate.errors import TidegateError
from tidegate.model.columns import COLUMNS
from tidegate.web.local_findings import FindingsPages
from tidegate.web.local_guard import LoopbackOnly
from tidegate.web.local_runs import LocalRuns
from tidegate.web.local_screening import ScreeningPages
from tidegate.web.local_suspicion import SuspicionPages
from tidegate.web.local_window import Window, save_uploads, text_of, told
from tidegate.web.pages import SecurityHeaders, choose_language, static_files
from tidegate.wording.sentences import LANGUAGES


def local_app(
    runs: LocalRuns, *, token: str, today: Callable[[], date], css: str, on_close: Callable[[], None] | None = None
) -> Starlette:
    """Return the app. token: opens the page once, then a cookie does. today: the civil day of this computer.

    on_close: called after a person closed the window from the page.
    """
    window = Window(runs, token, today, css)
    home = _HomePages(window, on_close)
    screening = ScreeningPages(window, home.show)
    findings = FindingsPages(window, home.show)
    suspicion = SuspicionPages(window, home.show)
    pages = [
        ("/", home.home, "GET"),
        ("/list", home.add_list, "POST"),
        ("/folder", home.choose_folder, "POST"),
        ("/close", home.close, "POST"),
        ("/screen", screening.screen, "POST"),
        ("/job/{id}", screening.job, "GET"),
        ("/job/{id}/state", screening.state, "GET"),
        ("/job/{id}/stop", screening.stop, "POST"),
        ("/run/{id}", findings.run, "GET"),
        ("/run/{id}/decide", findings.decide, "POST"),
        ("/run/{id}/take-back", findings.take_back, "POST"),
        ("/run/{id}/columns", screening.columns, "GET"),
        ("/run/{id}/columns", screening.read_again, "POST"),
        ("/run/{id}/suspicion/{finding}", suspicion.form, "GET"),
        ("/run/{id}/suspicion/{finding}", suspicion.take, "POST"),
        ("/run/{id}/{name}", findings.take_away, "GET"),
    ]
    routes: list[BaseRoute] = [Route("/start", window.start), Route("/", home.front), Mount("/static", static_files())]
    for lang in LANGUAGES:
        routes += [Route(f"/{lang}{path}", window.inside(page), methods=[method]) for path, page, method in pages]
    return Starlette(routes=routes, middleware=[Middleware(LoopbackOnly), Middleware(SecurityHeaders)])


class _HomePages:
    """The first page: what to screen, which lists are held, where decisions are kept, what was screened."""

    def __init__(self, window: Window, on_close: Callable[[], None] | None) -> None:
        self.window = window
        self.on_close = on_close

    async def front(self, request: Request) -> Response:
        """Lead to the page in the reader's language."""
        return RedirectResponse(f"/{choose_language(request)}/", status_code=303)

    async def home(self, request: Request) -> Response:
        """Show the drop area, the lists held, and the sheets screened in this window."""
        return await self.show(request, [])

    async def add_list(self, request: Request) -> Response:
        """Hold a packaged snapshot, or a list file for as long as the window is open."""
        form, lang = await request.form(), choose_language(request)
        folder: Path | None = None
        try:
            if text_of(form, "snapshot"):
                self.window.runs.take_snapshot(text_of(form, "snapshot"))
            folder, (uploads,) = await save_uploads(form, ("list",))
            for upload in uploads:
                await run_in_threadpool(self.window.runs.add_list, upload.path)
        except TidegateError as problem:
            return await self.show(request, [told(problem, lang)])
        finally:
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)
        return RedirectResponse(f"/{lang}/#lists", status_code=303)

    async def choose_folder(self, request: Request) -> Response:
        """Keep decisions in another folder, and find it the next time."""
        written, lang = text_of(await request.form(), "folder"), choose_language(request)
        try:
            if written:
                await run_in_threadpool(self.window.runs.choose_folder, Path(written).expanduser())
        except TidegateError as problem:
            return await self.show(request, [told(problem, lang)])
        return RedirectResponse(f"/{lang}/#memory", status_code=303)

    async def close(self, request: Request) -> Response:
        """Let everything go and end the program, once the last page was sent."""
        for job in self.window.jobs.running():
            job.stop()
        page = self.window.page("local/closed.html", choose_language(request), by_person=True)
        if self.on_close is not None:
            page.background = BackgroundTask(self.on_close)
        return page

    async def show(self, request: Request, problems: Sequence[str]) -> Response:
        """Show the first page with what went wrong, if anything did."""
        lang, runs = choose_language(request), self.window.runs
        lists, offered = await run_in_threadpool(lambda: (runs.lists(), runs.offered()))
        book = await run_in_threadpool(runs.book)
        return self.window.page(
            "local/home.html",
            lang,
            status=422 if problems else 200,
            here="/",
            problems=problems,
            lists=lists,
            offered=offered,
            extra=[watchlist for _, watchlist in runs.extra_lists],
            today=self.window.today(),
            jobs=self.window.jobs.running(),
            runs=await run_in_threadpool(
                lambda: [(run, runs.judged(run).told(lang)) for run in reversed([*runs.runs.values()])]
            ),
            folder=str(runs.folder),
            decisions=len(book.all()),
            form_token=self.window.form_token,
            kinds=tuple(COLUMNS),
            can_close=self.on_close is not None,
        )
