"""The local page: drop a sheet, see the findings, decide, take the workbook or report away. This computer only.

It listens on loopback and asks for a token that was printed at the start; it knows no database and fetches nothing.
Every page works without script. Each address begins with the language: /en, /zh, /es.
"""

from __future__ import annotations

import hmac
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tidegate.errors import InputUnreadable, TidegateError
from tidegate.files.findings_csv import write_findings_csv
from tidegate.files.findings_html import findings_page, sections, tell
from tidegate.files.findings_json import json_lines
from tidegate.files.findings_xlsx import findings_workbook
from tidegate.model.columns import COLUMNS
from tidegate.model.days import parse_civil_day
from tidegate.screening.decisions import VERDICTS, Decision, DecisionBook
from tidegate.trust.ids import new_nonce
from tidegate.web.local_runs import LocalRuns, Run, Upload, judge
from tidegate.web.pages import SecurityHeaders, choose_language, render, static_files
from tidegate.wording.sentences import LANGUAGES, say

MAX_FILE_BYTES = 200 * 1024 * 1024
MAX_FILES = 50
SHOWN = 100
_COOKIE = "tidegate_local"
_HOSTS = ("127.0.0.1", "localhost", "[::1]")

Page = Callable[[Request], Awaitable[Response]]


def local_app(runs: LocalRuns, *, token: str, today: Callable[[], date], css: str) -> Starlette:
    """Return the app. token: opens the page once, then a cookie does. today: the civil day of this computer."""
    pages = _LocalPages(runs, token, today, css)
    routes: list[BaseRoute] = [Route("/start", pages.start), Route("/", pages.front), Mount("/static", static_files())]
    for lang in LANGUAGES:
        routes += [
            Route(f"/{lang}/", pages.inside(pages.home)),
            Route(f"/{lang}/screen", pages.inside(pages.screen), methods=["POST"]),
            Route(f"/{lang}/list", pages.inside(pages.add_list), methods=["POST"]),
            Route(f"/{lang}/folder", pages.inside(pages.choose_folder), methods=["POST"]),
            Route(f"/{lang}/run/{{id}}", pages.inside(pages.run)),
            Route(f"/{lang}/run/{{id}}/decide", pages.inside(pages.decide), methods=["POST"]),
            Route(f"/{lang}/run/{{id}}/take-back", pages.inside(pages.take_back), methods=["POST"]),
            Route(f"/{lang}/run/{{id}}/{{name}}", pages.inside(pages.take_away)),
        ]
    return Starlette(routes=routes, middleware=[Middleware(LoopbackOnly), Middleware(SecurityHeaders)])


class LoopbackOnly:
    """ASGI wrapper that answers only to this computer's own names, so that no site can reach the page by another one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = dict(scope["headers"])
            host = headers.get(b"host", b"").decode("latin-1").rsplit(":", 1)[0]
            if host not in _HOSTS:
                refused = PlainTextResponse("This page answers to 127.0.0.1 and localhost only.", status_code=421)
                await refused(scope, receive, send)
                return
        await self.app(scope, receive, send)


class _LocalPages:
    """The endpoints. One session: the window that was opened with the printed token."""

    def __init__(self, runs: LocalRuns, token: str, today: Callable[[], date], css: str) -> None:
        self.runs = runs
        self.today = today
        self.css = css
        self._token: str | None = token
        self._session = new_nonce()
        self._form = new_nonce()

    async def start(self, request: Request) -> Response:
        """Take the printed token once and give the window its cookie."""
        lang = choose_language(request)
        asked = request.query_params.get("token", "")
        if self._has_session(request):
            return RedirectResponse(f"/{lang}/", status_code=303)
        if self._token is None or not hmac.compare_digest(asked, self._token):
            return render("local/closed.html", lang, status=403)
        self._token = None
        answer = RedirectResponse(f"/{lang}/", status_code=303)
        answer.set_cookie(_COOKIE, self._session, httponly=True, samesite="strict")
        return answer

    async def front(self, request: Request) -> Response:
        """Lead to the page in the reader's language."""
        return RedirectResponse(f"/{choose_language(request)}/", status_code=303)

    def inside(self, page: Page) -> Page:
        """Return `page` for this window only; a form must carry the window's own form token."""

        async def guarded(request: Request) -> Response:
            if not self._has_session(request):
                return render("local/closed.html", choose_language(request), status=403)
            if request.method == "POST":
                form = await request.form(max_files=MAX_FILES, max_fields=200)
                if not hmac.compare_digest(_text(form, "form"), self._form):
                    return render("local/closed.html", choose_language(request), status=403)
            return await page(request)

        return guarded

    async def home(self, request: Request) -> Response:
        """Show the drop area, the lists held, and the sheets screened today."""
        return await self._home(request, [])

    async def screen(self, request: Request) -> Response:
        """Screen the uploads and lead to the findings; what could not be read is named on the page."""
        form = await request.form()
        kind = _text(form, "kind")
        folder = Path(tempfile.mkdtemp(prefix="tidegate-upload-"))
        try:
            groups = [await _save(form, name, folder / name) for name in ("file", "with", "decisions")]
            if not groups[0]:
                return await self._home(request, [say("local.no-file", choose_language(request))])
            run = await run_in_threadpool(
                self.runs.screen, *groups, kind=kind if kind in COLUMNS else None, on=self.today()
            )
        except TidegateError as problem:
            return await self._home(request, [str(problem)])
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if not run.screened.tables:
            self.runs.runs.pop(run.id, None)
            return await self._home(request, [_named(file, why) for file, why in run.screened.unread_in(choose_language(request)).items()])
        return RedirectResponse(f"/{choose_language(request)}/run/{run.id}", status_code=303)

    async def add_list(self, request: Request) -> Response:
        """Hold a packaged snapshot, or a list file for as long as the window is open."""
        form = await request.form()
        folder = Path(tempfile.mkdtemp(prefix="tidegate-list-"))
        try:
            if _text(form, "snapshot"):
                self.runs.take_snapshot(_text(form, "snapshot"))
            for upload in await _save(form, "list", folder):
                await run_in_threadpool(self.runs.add_list, upload.path)
        except TidegateError as problem:
            return await self._home(request, [str(problem)])
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return RedirectResponse(f"/{choose_language(request)}/", status_code=303)

    async def choose_folder(self, request: Request) -> Response:
        """Keep decisions in another folder."""
        written = _text(await request.form(), "folder")
        try:
            if written:
                self.runs.choose_folder(Path(written).expanduser())
        except TidegateError as problem:
            return await self._home(request, [str(problem)])
        return RedirectResponse(f"/{choose_language(request)}/", status_code=303)

    async def run(self, request: Request) -> Response:
        """Show the findings of one run, worst first."""
        run = self._run(request)
        if run is None:
            return await self._home(request, [say("local.run-gone", choose_language(request))])
        return self._run_page(request, run)

    async def decide(self, request: Request) -> Response:
        """Keep a decision on one finding, or say what it lacks."""
        run, form, lang = self._run(request), await request.form(), choose_language(request)
        if run is None:
            return await self._home(request, [say("local.run-gone", lang)])
        key, id_ = _text(form, "key"), _text(form, "finding")
        verdict = next((one for one in VERDICTS if one == _text(form, "verdict")), None)
        reason = _text(form, "reason")
        try:
            until = parse_civil_day(_text(form, "until"), "ymd") if _text(form, "until") else None
        except InputUnreadable:
            return self._run_page(request, run, wrong={id_: say("local.until-wrong", lang)})
        if verdict is None or not reason or not key:
            return self._run_page(request, run, wrong={id_: say("local.reason-wanted", lang)})
        decision = Decision(key, _text(form, "base_key"), verdict, reason, _text(form, "by"), until)
        await run_in_threadpool(self.runs.remember, [decision])
        return RedirectResponse(f"/{lang}/run/{run.id}#decided", status_code=303)

    async def take_back(self, request: Request) -> Response:
        """Forget a decision."""
        run, form = self._run(request), await request.form()
        await run_in_threadpool(self.runs.forget, _text(form, "key"))
        return RedirectResponse(f"/{choose_language(request)}/run/{run.id if run else ''}", status_code=303)

    async def take_away(self, request: Request) -> Response:
        """Give the workbook, the report, CSV or JSON lines of a run."""
        run, lang, name = self._run(request), choose_language(request), request.path_params["name"]
        if run is None or name not in _TAKEN:
            return PlainTextResponse("not here", status_code=404)
        screened = judge(run, self._book()).screened
        if name == "findings.xlsx":
            body: bytes | str = await run_in_threadpool(findings_workbook, screened, lang)
        elif name == "report.html":
            body = findings_page(screened, lang, css=self.css)
        elif name == "findings.jsonl":
            body = "".join(line + "\n" for line in json_lines(screened, lang))
        else:
            with tempfile.TemporaryDirectory() as folder:
                write_findings_csv(screened, Path(folder) / name, lang)
                body = (Path(folder) / name).read_bytes()
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(body, media_type=_TAKEN[name], headers=headers)

    def _run_page(self, request: Request, run: Run, wrong: dict[str, str] | None = None) -> Response:
        lang = choose_language(request)
        judged = judge(run, self._book())
        first = _number(request.query_params.get("from", ""))
        told = tell(judged.screened, lang, first=first, most=SHOWN)
        return render(
            "local/run.html",
            lang,
            status=422 if wrong else 200,
            here=f"/run/{run.id}",
            run=run,
            told=told,
            part=sections(),
            aside=[(placed, decision) for placed, decision in judged.aside],
            decided=judged.decided,
            changed=judged.changed,
            wrong=wrong or {},
            form_token=self._form,
            first=first,
            shown=SHOWN,
            verdicts=VERDICTS,
        )

    async def _home(self, request: Request, problems: Sequence[str]) -> Response:
        lang = choose_language(request)
        lists, offered = await run_in_threadpool(lambda: (self.runs.lists(), self.runs.offered()))
        book = self._book()
        return render(
            "local/home.html",
            lang,
            status=422 if problems else 200,
            here="/",
            problems=problems,
            lists=lists,
            offered=offered,
            extra=[watchlist for _, watchlist in self.runs.extra_lists],
            today=self.today(),
            runs=[(run, judge(run, book).screened) for run in reversed(self.runs.runs.values())],
            folder=str(self.runs.folder),
            decisions=len(book),
            form_token=self._form,
            kinds=tuple(COLUMNS),
        )

    def _book(self) -> DecisionBook:
        return self.runs.book()

    def _run(self, request: Request) -> Run | None:
        return self.runs.runs.get(request.path_params["id"])

    def _has_session(self, request: Request) -> bool:
        return hmac.compare_digest(request.cookies.get(_COOKIE, ""), self._session)


_TAKEN = {
    "findings.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "report.html": "text/html; charset=utf-8",
    "findings.jsonl": "application/jsonl; charset=utf-8",
    "findings.csv": "text/csv; charset=utf-8",
}


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def _named(file: str, why: str) -> str:
    return why if file in why else f"{file}: {why}"


async def _save(form: FormData, name: str, folder: Path) -> list[Upload]:
    """Return the uploads under `name`, written to `folder`. Raises InputUnreadable for one that is too large."""
    saved: list[Upload] = []
    for number, item in enumerate(form.getlist(name)):
        if not isinstance(item, UploadFile) or not item.filename:
            continue
        if item.size is not None and item.size > MAX_FILE_BYTES:
            raise InputUnreadable(
                f"{item.filename}: larger than {MAX_FILE_BYTES >> 20} MB; split it, or use tidegate screen"
            )
        plain = Path(item.filename.replace("\\", "/")).name.lstrip(".") or "sheet"
        target = folder / str(number) / plain
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target, "wb") as stream:
            while chunk := await item.read(1 << 20):
                stream.write(chunk)
        saved.append(Upload(plain, target))
    return saved
