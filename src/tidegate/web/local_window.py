"""The window of the local page: who may see it, what it holds, and how its pages are made."""

from __future__ import annotations

import hmac
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from tidegate.errors import InputUnreadable, TidegateError
from tidegate.trust.ids import new_nonce
from tidegate.web.local_jobs import Jobs
from tidegate.web.local_reading import Upload
from tidegate.web.local_runs import LocalRuns, Run
from tidegate.web.pages import choose_language, render
from tidegate.wording.problems import problem_text

MAX_FILE_BYTES = 1 << 30
MAX_FILES = 50
_CHUNK = 1 << 20

Page = Callable[[Request], Awaitable[Response]]


class Window:
    """One window: the runs it holds, the jobs under way, and the session that was opened with the printed token."""

    def __init__(self, runs: LocalRuns, token: str, today: Callable[[], date], css: str) -> None:
        self.runs = runs
        self.jobs = Jobs()
        self.today = today
        self.css = css
        self.form_token = new_nonce()
        self._token: str | None = token
        self._session = new_nonce()

    async def start(self, request: Request) -> Response:
        """Take the printed token once and give the window its cookie."""
        lang = choose_language(request)
        asked = request.query_params.get("token", "")
        if self._has_session(request):
            return RedirectResponse(f"/{lang}/", status_code=303)
        if self._token is None or not hmac.compare_digest(asked.encode(), self._token.encode()):
            return self.page("local/closed.html", lang, status=403)
        self._token = None
        answer = RedirectResponse(f"/{lang}/", status_code=303)
        answer.set_cookie(_cookie(request), self._session, httponly=True, samesite="strict")
        return answer

    def inside(self, page: Page) -> Page:
        """Return `page` for this window only; a form must carry the window's own form token."""

        async def guarded(request: Request) -> Response:
            lang = choose_language(request)
            if not self._has_session(request):
                return self.page("local/closed.html", lang, status=403)
            if request.method == "POST":
                form = await request.form(max_files=MAX_FILES, max_fields=3_000)
                if not hmac.compare_digest(text_of(form, "form").encode(), self.form_token.encode()):
                    return self.page("local/closed.html", lang, status=403)
            return await page(request)

        return guarded

    def page(self, template: str, lang: str, *, status: int = 200, **values: object) -> HTMLResponse:
        """Return a page that no browser keeps on its disk: it may hold records."""
        return render(
            template,
            lang,
            status=status,
            headers={"Cache-Control": "no-store", "Referrer-Policy": "same-origin"},
            **values,
        )

    def run_of(self, request: Request) -> Run | None:
        """Return the run that the address names, None if it was let go."""
        return self.runs.runs.get(request.path_params["id"])

    def _has_session(self, request: Request) -> bool:
        return hmac.compare_digest(request.cookies.get(_cookie(request), "").encode(), self._session.encode())


def text_of(form: FormData, name: str) -> str:
    """Return the text under `name` without spaces around it, "" for none."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def attachment(body: bytes | str, name: str, media_type: str) -> Response:
    """Return a file to take away, under a name of our own."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type=media_type, headers=headers)


def not_here() -> Response:
    """Return the answer for an address that names nothing."""
    return PlainTextResponse("not here", status_code=404)


def told(problem: TidegateError, lang: str) -> str:
    """Return an error's sentence in `lang`."""
    return problem_text(problem, lang)


async def save_uploads(form: FormData, names: tuple[str, ...]) -> tuple[Path, list[list[Upload]]]:
    """Return a new folder and, for each field of `names`, its uploads written there.

    Raises InputUnreadable for one that is too large; then the folder is gone.
    """
    folder = Path(tempfile.mkdtemp(prefix="tidegate-upload-"))
    try:
        return folder, [await _save(form, name, folder / name) for name in names]
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


async def _save(form: FormData, name: str, folder: Path) -> list[Upload]:
    saved: list[Upload] = []
    for number, item in enumerate(form.getlist(name)):
        if not isinstance(item, UploadFile) or not item.filename:
            continue
        plain = plain_name(item.filename)
        if item.size is not None and item.size > MAX_FILE_BYTES:
            raise InputUnreadable(
                f"{plain}: larger than {MAX_FILE_BYTES >> 20} MB; split it, or use tidegate screen",
                code="local.file-too-large",
                file=plain,
                megabytes=MAX_FILE_BYTES >> 20,
            )
        target = folder / str(number) / plain
        target.parent.mkdir(parents=True, exist_ok=True)
        await run_in_threadpool(_copy, item, target)
        saved.append(Upload(plain, target))
    return saved


def plain_name(written: str) -> str:
    """Return the last part of a file's name as a browser tells it, without a path, a leading dot or signs of control."""
    last = written.replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in last if sign >= " " and sign != "\x7f").strip().lstrip(".")
    stem, dot, suffix = plain.rpartition(".")
    if (
        len(plain.encode()) > 200
    ):  # what a folder of any system holds; the suffix is kept, for it tells what the file is
        plain = stem.encode()[:180].decode("utf-8", "ignore") + dot + suffix[:16]
    return plain or "sheet"


def _copy(item: UploadFile, target: Path) -> None:
    with open(target, "wb") as stream:
        shutil.copyfileobj(item.file, stream, _CHUNK)


def _cookie(request: Request) -> str:
    # Cookies do not know ports: two windows of one computer would take each other's place under one name.
    return f"tidegate_local_{request.url.port or 80}"
