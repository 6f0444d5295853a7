"""The report of a suspicion from the local page: who reports is asked once, then letter, goAML file or evidence pack."""

from __future__ import annotations

from dataclasses import fields

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from tidegate.errors import TidegateError
from tidegate.files.goaml import goaml_report
from tidegate.files.suspicious import Reporter, Suspicion, evidence_pack, letter, suspicion_of
from tidegate.web.local_runs import Run
from tidegate.web.local_screening import Home
from tidegate.web.local_window import Window, attachment, text_of, told
from tidegate.web.pages import choose_language
from tidegate.wording.sentences import say

_ASKED = tuple(one.name for one in fields(Reporter))
_FORMS = {
    "letter": ("letter.txt", "text/plain; charset=utf-8"),
    "goaml": ("goaml.xml", "application/xml"),
    "pack": ("evidence.zip", "application/zip"),
}


class SuspicionPages:
    """The endpoints of one finding's report. Who reports is remembered while the window is open, and nowhere else."""

    def __init__(self, window: Window, home: Home) -> None:
        self.window = window
        self.home = home
        self.reporter: dict[str, str] = {}

    async def form(self, request: Request) -> Response:
        """Show the letter as it stands and ask who reports."""
        run = self.window.run_of(request)
        if run is None:
            return await self.home(request, [say("local.run-gone", choose_language(request))])
        return await self._page(request, run, "")

    async def take(self, request: Request) -> Response:
        """Give the letter, the goAML file or the evidence pack."""
        run, form, lang = self.window.run_of(request), await request.form(), choose_language(request)
        if run is None:
            return await self.home(request, [say("local.run-gone", lang)])
        self.reporter = {name: text_of(form, name) for name in _ASKED}
        wanted = text_of(form, "take") if text_of(form, "take") in _FORMS else "letter"
        day = self.window.today().isoformat()
        try:
            suspicion, reporter = await self._suspicion(request, run), self._reporter()
            if wanted == "goaml":
                body: bytes | str = goaml_report(suspicion, reporter, on=day, lang=lang)
            elif wanted == "pack":
                body = await run_in_threadpool(lambda: evidence_pack(suspicion, reporter, lang, on=day))
            else:
                body = letter(suspicion, reporter, lang, on=day)
        except TidegateError as problem:
            return await self._page(request, run, told(problem, lang))
        return attachment(body, *_FORMS[wanted])

    async def _page(self, request: Request, run: Run, wrong: str) -> Response:
        lang = choose_language(request)
        try:
            suspicion = await self._suspicion(request, run)
        except TidegateError as problem:
            return await self.home(request, [told(problem, lang)])
        text = letter(suspicion, self._reporter(), lang, on=self.window.today().isoformat())
        return self.window.page(
            "local/suspicion.html",
            lang,
            status=422 if wrong else 200,
            here=f"/run/{run.id}/suspicion/{request.path_params['finding']}",
            run=run,
            finding=request.path_params["finding"],
            letter=text,
            asked=_ASKED,
            held=self.reporter,
            wrong=wrong,
            forms=tuple(_FORMS),
            form_token=self.window.form_token,
        )

    async def _suspicion(self, request: Request, run: Run) -> Suspicion:
        lang, finding = choose_language(request), request.path_params["finding"]
        return await run_in_threadpool(
            lambda: suspicion_of(run.screened, finding, lang).with_decisions(self.window.runs.book())
        )

    def _reporter(self) -> Reporter:
        held = {**dict.fromkeys(_ASKED, ""), **self.reporter}
        number = held.pop("institution_id")
        upper = {name: held[name].upper() for name in ("country", "currency")}
        return Reporter(
            **{**held, **upper}, institution_id=int(number) if number.isdecimal() and len(number) < 10 else 0
        )
