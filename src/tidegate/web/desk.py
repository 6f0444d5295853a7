"""The desk: where officers of one node work, in three languages, without script.

`desk_app` is the whole listener. It checks the name it is called by, who is signed in, and the token of every form;
then one function of a desk module answers. Whatever goes wrong becomes a page with where, what, mend and code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from tidegate.errors import InputUnreadable, TidegateError
from tidegate.node.node import Node
from tidegate.store.faults import StoreUnreachable
from tidegate.web import (
    desk_agreements,
    desk_cases,
    desk_findings,
    desk_partners,
    desk_proposals,
    desk_status,
    desk_talks,
    desk_threads,
    desk_today,
)
from tidegate.web.desk_sign_in import Session, Sessions, SignInRefused, TooManyTries, WrongCodes, same_token
from tidegate.web.desk_visit import NAMERS, DeskRefused, RoleWrong, Visit, problem_page
from tidegate.web.pages import SecurityHeaders, preferred_language, render, static_files
from tidegate.wording.problems import problem, problem_text
from tidegate.wording.sentences import LANGUAGES

logger = structlog.get_logger()
Answer = Callable[[Visit], Response]
MAX_FORM_PARTS = 2000
MAX_PART = 1024 * 1024
MAX_FORM = 4 * MAX_PART
LANGUAGE_COOKIE = "tidegate-language"
YEAR_S = 365 * 24 * 3600

PAGES: Mapping[str, Answer] = {
    **desk_today.PAGES, **desk_findings.PAGES, **desk_cases.PAGES, **desk_proposals.PAGES, **desk_threads.PAGES,
    **desk_agreements.PAGES, **desk_partners.PAGES, **desk_talks.PAGES, **desk_status.PAGES,
}  # fmt: skip
FORMS: Mapping[str, Answer] = {
    **desk_today.FORMS, **desk_findings.FORMS, **desk_cases.FORMS, **desk_proposals.FORMS, **desk_threads.FORMS,
    **desk_agreements.FORMS, **desk_partners.FORMS, **desk_talks.FORMS, **desk_status.FORMS,
}  # fmt: skip


class FormForeign(TidegateError):
    """A form came without the token of the session it claims: it was not made by a page of this session."""

    code = "desk-form-foreign"


class PageMissing(TidegateError):
    """There is no such page."""

    code = "desk-page-missing"


class HostForeign(TidegateError):
    """The request names another host than this desk's."""

    code = "desk-host-foreign"


class Unexpected(TidegateError):
    """Something went wrong that no rule foresaw. The process's log has the rest; a page never shows it."""

    code = "desk-unexpected"


def desk_app(node: Node, *, wrong_codes: WrongCodes | None = None) -> Starlette:
    """Return the desk of `node`, which must be opened under the role "desk" and with its keys."""
    door = _Door(node, Sessions(node, wrong_codes))
    routes: list[BaseRoute] = [
        Route("/", lambda request: RedirectResponse("/today", 303)),
        Route("/healthz", _healthz),
        Route("/readyz", door.ready),
        Route("/sign-in", door.sign_in_page),
        Route("/sign-in", door.sign_in, methods=["POST"]),
        Route("/sign-out", door.sign_out, methods=["POST"]),
        Mount("/static", static_files()),
    ]
    routes += [Route(path, door.shown(answer)) for path, answer in PAGES.items()]
    routes += [Route(path, door.taken(answer), methods=["POST"]) for path, answer in FORMS.items()]
    return Starlette(
        routes=routes,
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={404: door.missing, 405: door.missing},
    )


class _Door:
    """What stands before every page: host, session, token, and the page of whatever goes wrong."""

    def __init__(self, node: Node, sessions: Sessions) -> None:
        self._node = node
        self._sessions = sessions
        names = {node.settings.name, node.settings.host, "localhost", "127.0.0.1"}
        port = node.settings.desk_port
        self._hosts = frozenset({*names, *(f"{name}:{port}" for name in names)})

    def shown(self, answer: Answer) -> Callable[[Request], Any]:
        """Return the endpoint that shows a page."""

        async def endpoint(request: Request) -> Response:
            return await run_in_threadpool(self._answer, request, FormData(), {}, answer)

        return endpoint

    def taken(self, answer: Answer) -> Callable[[Request], Any]:
        """Return the endpoint that takes a form."""

        async def endpoint(request: Request) -> Response:
            read = await _read_form(request)
            if isinstance(read, TidegateError):
                return problem_page(read, self._language(request), 400, here=request.url.path)
            form, uploads = read
            return await run_in_threadpool(self._answer, request, form, uploads, answer)

        return endpoint

    def _answer(self, request: Request, form: FormData, uploads: Mapping[str, bytes], answer: Answer) -> Response:
        lang = self._language(request)
        visit: Visit | None = None
        try:
            self._check_host(request)
            session = self._sessions.read(request.cookies.get(self._sessions.cookie))
            officer = self._sessions.officer(session)
            if session is None or officer is None:
                return RedirectResponse("/sign-in", 303)
            visit = Visit(
                self._node, officer, lang, session.token, _here(request), request.path_params,
                dict(request.query_params), form, uploads,
            )  # fmt: skip
            if request.method == "POST":
                _check_token(session, form)
            response = answer(visit)
        except TidegateError as stopped:
            response = self._failed(stopped, lang, request, visit)
        except Exception:  # whatever it was, a page says so and shows no trace
            logger.exception("desk.unexpected", path=request.url.path)
            unforeseen = problem(Unexpected, "desk-unexpected")
            response = self._failed(unforeseen, lang, request, None)
        return self._keep_language(request, response)

    def _failed(self, problem: TidegateError, lang: str, request: Request, visit: Visit | None) -> Response:
        status = _status_of(problem)
        if visit is not None and not isinstance(problem, StoreUnreachable):
            try:
                return visit.failed(problem, status)
            except TidegateError as worse:
                problem, status = worse, _status_of(worse)
        return problem_page(problem, lang, status, here=request.url.path)

    async def sign_in_page(self, request: Request) -> Response:
        """Show the form to sign in."""
        lang = self._language(request)
        if not self._host_is_ours(request):
            return self._failed(problem(HostForeign, "desk-host-foreign"), lang, request, None)
        session = self._sessions.read(request.cookies.get(self._sessions.cookie)) or self._sessions.begin()
        return self._sign_in_form(request, lang, session)

    async def sign_in(self, request: Request) -> Response:
        """Take officer id and code; a new session begins, so that no token from before is of use."""
        lang = self._language(request)
        read = await _read_form(request)
        if isinstance(read, TidegateError):
            return problem_page(read, lang, 400, here=request.url.path)
        return await run_in_threadpool(self._sign_in, request, lang, read[0])

    def _sign_in(self, request: Request, lang: str, form: FormData) -> Response:
        session = self._sessions.read(request.cookies.get(self._sessions.cookie))
        try:
            self._check_host(request)
            if session is None:
                return RedirectResponse("/sign-in", 303)
            _check_token(session, form)
            officer = self._sessions.sign_in(str(form.get("officer", "")), str(form.get("code", "")))
        except (SignInRefused, TooManyTries) as problem:
            fresh = session or self._sessions.begin()
            return self._sign_in_form(request, lang, fresh, problem, str(form.get("officer", "")))
        except TidegateError as problem:
            return self._failed(problem, lang, request, None)
        self._sessions.end(session)
        response = RedirectResponse("/today", 303)
        self._sessions.put(response, self._sessions.begin(officer.id))
        return response

    def _sign_in_form(
        self, request: Request, lang: str, session: Session, problem: TidegateError | None = None, officer: str = ""
    ) -> Response:
        status = 200 if problem is None else _status_of(problem)
        response: Response = render(
            "desk/sign_in.html", lang, status=status, headers={"Cache-Control": "no-store"},
            agency=self._node.agency.name(lang), invented=self._node.identity.invented, token=session.token,
            problem=problem, told=problem_text(problem, lang) if problem else "", officer=officer[:100], here="/sign-in", **NAMERS,
        )  # fmt: skip
        self._sessions.put(response, session)
        return self._keep_language(request, response)

    async def sign_out(self, request: Request) -> Response:
        """End the session on this side, whatever becomes of the cookie."""
        read = await _read_form(request)
        session = self._sessions.read(request.cookies.get(self._sessions.cookie))
        form = FormData() if isinstance(read, TidegateError) else read[0]
        if session is not None:
            try:
                self._check_host(request)
                _check_token(session, form)
            except TidegateError as problem:
                return await run_in_threadpool(self._failed, problem, self._language(request), request, None)
            self._sessions.end(session)
        response = RedirectResponse("/sign-in", 303)
        response.delete_cookie(self._sessions.cookie, path="/", httponly=True, samesite="strict")
        return response

    def ready(self, request: Request) -> Response:
        """Tell whether the desk can work: its database answers and it holds the node's keys."""
        try:
            with self._node.transaction() as tx:
                tx.node.keys.current(tx.now)
        except TidegateError as problem:
            return PlainTextResponse(f"{problem.family}\n", 503)
        return PlainTextResponse("ready\n")

    async def missing(self, request: Request, exc: Exception) -> Response:
        """Return the page for an address that is none of ours, or not with this method."""
        status = exc.status_code if isinstance(exc, HTTPException) else 404

        def answer(visit: Visit) -> Response:
            return visit.failed(problem(PageMissing, "desk-page-missing"), status)

        return await run_in_threadpool(self._missing, request, answer)

    def _missing(self, request: Request, answer: Answer) -> Response:
        session = self._sessions.read(request.cookies.get(self._sessions.cookie))
        if request.method == "GET" and session is not None and session.officer_id:
            return self._answer(request, FormData(), {}, answer)
        return self._failed(problem(PageMissing, "desk-page-missing"), self._language(request), request, None)

    def _host_is_ours(self, request: Request) -> bool:
        # A page of another name that resolves to this address (DNS rebinding) must get nothing.
        return request.headers.get("host", "") in self._hosts

    def _check_host(self, request: Request) -> None:
        if not self._host_is_ours(request):
            raise problem(HostForeign, "desk-host-foreign")

    def _language(self, request: Request) -> str:
        for asked in (request.query_params.get("lang", ""), request.cookies.get(LANGUAGE_COOKIE, "")):
            if asked in LANGUAGES:
                return asked
        return preferred_language(request.headers.get("accept-language", ""))

    def _keep_language(self, request: Request, response: Response) -> Response:
        asked = request.query_params.get("lang", "")
        if asked in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, asked, max_age=YEAR_S, httponly=True, samesite="strict", path="/")
        return response


def _check_token(session: Session, form: FormData) -> None:
    if not same_token(session, str(form.get("token", ""))):
        raise problem(FormForeign, "desk-form-foreign")


def _here(request: Request) -> str:
    """Return the path of the page the officer looks at: a form's own address is no page."""
    if request.method == "GET":
        kept = [(name, value) for name, value in request.query_params.items() if name not in ("lang", "done")]
        query = "&".join(f"{name}={value}" for name, value in kept if value.replace("-", "").replace("_", "").isalnum())
        return request.url.path + (f"?{query}" if query else "")
    parts = request.url.path.split("/")
    while parts and "/".join(parts) not in ("", *PAGES) and not _is_page("/".join(parts)):
        parts.pop()
    return "/".join(parts) or "/today"


def _is_page(path: str) -> bool:
    return any(Route(pattern, _healthz).path_regex.fullmatch(path) for pattern in PAGES)


def _status_of(problem: TidegateError) -> int:
    if isinstance(problem, StoreUnreachable):
        return 503
    if isinstance(problem, Unexpected):
        return 500
    if isinstance(problem, TooManyTries):
        return 429
    if isinstance(problem, FormForeign | RoleWrong | SignInRefused):
        return 403
    if isinstance(problem, HostForeign):
        return 421
    if problem.code in ("not-found", "desk-page-missing", "link-missing"):
        return 404
    return 409 if isinstance(problem, DeskRefused) else 400


async def _read_form(request: Request) -> tuple[FormData, dict[str, bytes]] | TidegateError:
    """Return the form and the files in it, or what is wrong with it."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MAX_FORM:
        return problem(InputUnreadable, "desk-form-unreadable")
    try:
        form = await request.form(max_files=5, max_fields=MAX_FORM_PARTS, max_part_size=MAX_PART)
    except HTTPException:
        return problem(InputUnreadable, "desk-form-unreadable")
    uploads = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            data = await value.read(MAX_PART + 1)
            if len(data) > MAX_PART:
                return problem(InputUnreadable, "desk-form-unreadable")
            uploads[name] = data
    return form, uploads


def _healthz(request: Request) -> Response:
    return PlainTextResponse("ok\n")
