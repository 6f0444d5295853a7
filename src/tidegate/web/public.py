"""The public page: what was pledged, what was done, and who says so, for anyone, in three languages, without script.

`public_app` is the whole listener. It reads editions from an EditionSource and hands reports of errors to a callback;
it knows no database. Every page takes `?on=2024-01-28` and shows only what could be read by that day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from tidegate.publication.corrections import all_corrections
from tidegate.publication.days import first_day
from tidegate.publication.edition import Edition, edition, edition_csv
from tidegate.publication.entries import NodeEdition, PublishedEntry, edition_from_entries
from tidegate.publication.figures import SERIES_SOURCE, series_by, tally_pledges
from tidegate.publication.record import load_record
from tidegate.publication.shown import ShownAct, ShownEvent
from tidegate.trust.canonical import digest_hex
from tidegate.web.pages import SecurityHeaders, choose_language, day_words, render, static_files
from tidegate.web.public_chart import SLIM, WIDE, draw_chart
from tidegate.web.public_names import Names
from tidegate.wording.sentences import LANGUAGES, say

ANSWERS = 3
MAX_BODY_BYTES = 64 * 1024
FIELD_LIMITS = {"where": 500, "what": 8000, "mail": 254}


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """What a reader says is wrong. mail: an address for the answer, or "". lang: the language of the page."""

    where: str
    what: str
    mail: str
    lang: str


class EditionSource(Protocol):
    """Where the page's contents come from."""

    def edition(self, on: date | None, lang: str) -> Edition:
        """Return the real record as of the civil day, or as of the source's own day where `on` is None."""
        ...

    def published(self) -> Sequence[PublishedEntry]:
        """Return what nodes have published, in any order; empty where there is none."""
        ...


class RecordSource:
    """The packaged record as of any day; `today` says the day where none is asked, `entries` what nodes published."""

    def __init__(
        self, today: Callable[[], date], entries: Callable[[], Sequence[PublishedEntry]] | None = None
    ) -> None:
        self._today = today
        self._entries = entries

    def edition(self, on: date | None, lang: str) -> Edition:
        """Return the edition of the packaged record for `on`, or for today."""
        return _edition_on(self._today() if on is None else on)

    def published(self) -> Sequence[PublishedEntry]:
        """Return what nodes have published."""
        return () if self._entries is None else self._entries()


ReportError = Callable[[ErrorReport], str]


def public_app(source: EditionSource, *, report_error: ReportError | None = None) -> Starlette:
    """Return the public listener.

    report_error: stores a reader's report and returns the number the reader is given; None closes that door, in
    words. Paths: /, /pledges, /corrections, /error (each also under /en, /zh, /es), /report.json, /report.csv,
    /nodes.json, /source/ID, /static/…, /healthz.
    """
    pages = _PublicPages(source, report_error)
    routes: list[BaseRoute] = []
    for prefix in ("", *(f"/{lang}" for lang in LANGUAGES)):
        routes += [
            Route(f"{prefix}/", pages.index),
            Route(f"{prefix}/pledges", pages.pledges),
            Route(f"{prefix}/corrections", pages.corrections),
            Route(f"{prefix}/error", pages.error_form),
            Route(f"{prefix}/error", pages.take_error, methods=["POST"]),
        ]
    routes += [
        Route("/report.json", pages.report_json),
        Route("/report.csv", pages.report_csv),
        Route("/nodes.json", pages.nodes_json),
        Route("/source/{id}", pages.source_address),
        Route("/healthz", _healthz),
        Mount("/static", static_files()),
    ]
    return Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)], exception_handlers={404: _missing})


class _PublicPages:
    """The endpoints; each reads the source once and renders."""

    def __init__(self, source: EditionSource, report_error: ReportError | None) -> None:
        self._source = source
        self._report_error = report_error

    def index(self, request: Request) -> Response:
        lang = choose_language(request)
        shown, unreadable = self._asked(request, lang)
        nodes = self._nodes(shown.on)
        names = Names(shown, lang)
        recent, earlier = _split_acts(shown)
        series = series_by(load_record(), shown.on)
        stop, go = shown.suspended_between()
        return render(
            "public/index.html",
            lang,
            here="/",
            asked=request.query_params.get("on") and shown.on,
            e=shown,
            p=names,
            nodes=nodes if nodes.entries else None,
            np=Names(shown, lang, nodes),
            unreadable_day=unreadable,
            standfirst=_standfirst(shown, names, lang),
            answers=(recent or earlier)[:ANSWERS],
            recent=recent,
            earlier=earlier,
            tally=tally_pledges(shown.pledges),
            charts=[chart for box in (WIDE, SLIM) if (chart := draw_chart(shown, series, box))],
            series=series,
            series_source=SERIES_SOURCE,
            resumed=next((event.id for event in shown.events if go and event.day == go), None),
            halted_days=(first_day(go) - first_day(stop)).days if stop and go else None,
            digest=_spaced(shown.digest()),
            nodes_digest=_spaced(nodes.digest()),
        )

    def pledges(self, request: Request) -> Response:
        lang = choose_language(request)
        shown, _ = self._asked(request, lang)
        asked = request.query_params.get("on") and shown.on
        return render("public/pledges.html", lang, here="/pledges", asked=asked, e=shown, p=Names(shown, lang))

    def corrections(self, request: Request) -> Response:
        lang = choose_language(request)
        shown, _ = self._asked(request, lang)
        record = load_record()
        return render(
            "public/corrections.html", lang, here="/corrections", asked=request.query_params.get("on") and shown.on,
            shown=all_corrections(record), p=Names(_edition_on(record.as_of), lang),
        )  # fmt: skip

    def error_form(self, request: Request) -> Response:
        lang = choose_language(request)
        return self._error_page(lang, {"where": request.query_params.get("where", ""), "what": "", "mail": ""}, {})

    async def take_error(self, request: Request) -> Response:
        lang = choose_language(request)
        body = await _read_limited(request, MAX_BODY_BYTES)
        fields = {} if body is None else parse_qs(body.decode("utf-8", "replace"), max_num_fields=20)
        values = {name: fields.get(name, [""])[0].strip() for name in FIELD_LIMITS}
        if body is None:
            words = say("public.error.too-long", lang, count=f"> {MAX_BODY_BYTES}", limit=FIELD_LIMITS["what"])
            return self._error_page(lang, values, {"what": words}, status=413)
        problems = _problems(values, lang)
        if problems:
            return self._error_page(lang, values, problems, status=422)
        if self._report_error is None:
            return _message(lang, say("public.error", lang), say("public.error.closed", lang), status=503)
        number = await run_in_threadpool(self._report_error, ErrorReport(**values, lang=lang))
        return _message(
            lang, say("public.error.thanks", lang, number=number), say("public.error.thanks.next", lang), status=201
        )

    def report_json(self, request: Request) -> Response:
        shown, _ = self._asked(request, "en")
        return _json(shown.to_bytes())

    def report_csv(self, request: Request) -> Response:
        lang = choose_language(request)
        shown, _ = self._asked(request, lang)
        return Response("\ufeff" + edition_csv(shown, lang), media_type="text/csv; charset=utf-8")

    def nodes_json(self, request: Request) -> Response:
        shown, _ = self._asked(request, "en")
        return _json(self._nodes(shown.on).to_bytes())

    def source_address(self, request: Request) -> Response:
        source = load_record().sources.get(request.path_params["id"])
        if source is None or source.url is None:
            return _missing(request, KeyError(request.path_params["id"]))
        return RedirectResponse(source.url, status_code=302)

    def _asked(self, request: Request, lang: str) -> tuple[Edition, str | None]:
        """Return the edition asked for by `?on=`, and the text of `on` where it was no day."""
        text = request.query_params.get("on", "")
        if not text:
            return self._source.edition(None, lang), None
        try:
            return self._source.edition(date.fromisoformat(text), lang), None
        except ValueError:
            return self._source.edition(None, lang), text[:40]

    def _nodes(self, on: date) -> NodeEdition:
        return edition_from_entries(self._source.published(), on)

    def _error_page(
        self, lang: str, values: dict[str, str], problems: dict[str, str], *, status: int = 200
    ) -> Response:
        shown = self._source.edition(None, lang)
        return render(
            "public/error.html", lang, status=status, here="/error", asked=None, p=Names(shown, lang),
            values=values, problems=problems,
        )  # fmt: skip


@lru_cache(maxsize=64)
def _edition_on(on: date) -> Edition:
    return edition(load_record(), on)


def _standfirst(shown: Edition, names: Names, lang: str) -> list[str]:
    """Return the sentences under the headline, each from what the edition holds."""
    if not shown.events and not shown.acts:
        return [say("public.stand.none", lang)]
    sentences = []
    stop, go = shown.suspended_between()
    if stop is not None and go is None:
        sentences.append(say("public.stand.suspended", lang, stop=day_words(stop, lang)))
    elif stop is not None:
        sentences.append(say("public.stand.resumed", lang, stop=day_words(stop, lang), go=day_words(go, lang)))
    if shown.acts and shown.acts[0].announced:
        latest = shown.acts[0]
        code = "public.stand.unnamed" if latest.attribution == "anonymous-official" else "public.stand.latest"
        sentences.append(say(code, lang, day=day_words(latest.announced, lang)))
    sentences += [_next_sentence(event, names, lang) for event in shown.events if event.expected]
    return sentences


def _next_sentence(event: ShownEvent, names: Names, lang: str) -> str:
    hidden = [delegation.side for delegation in event.delegations if delegation.state == "not_announced"]
    place = "" if event.place is None else event.place.say(lang)[0]
    return say("public.stand.next", lang, place=place, day=day_words(event.day, lang), who=names.names(hidden))


def _split_acts(shown: Edition) -> tuple[list[ShownAct], list[ShownAct]]:
    """Return the acts since the last resumption (or all but old ones while suspended), and the earlier ones."""
    stop, go = shown.suspended_between()
    since = go or stop
    if since is None:
        return list(shown.acts), []
    border = first_day(since)
    # A day known only by month or year counts by its first day, but a month in which cooperation resumed counts in.
    recent = [
        act
        for act in shown.acts
        if act.announced is None or act.announced[:7] == since[:7] or first_day(act.announced) >= border
    ]
    return recent, [act for act in shown.acts if act not in recent]


def _problems(values: dict[str, str], lang: str) -> dict[str, str]:
    problems = {}
    for name, limit in FIELD_LIMITS.items():
        if len(values[name]) > limit:
            problems[name] = say("public.error.too-long", lang, count=len(values[name]), limit=limit)
    if len(values["what"]) < 3:
        problems["what"] = say("public.error.need", lang)
    local, at, domain = values["mail"].partition("@")
    if values["mail"] and not (local and at and domain):
        problems["mail"] = say("public.error.mail-wrong", lang, text=values["mail"][:60])
    return problems


async def _read_limited(request: Request, limit: int) -> bytes | None:
    """Return the body, or None as soon as it passes `limit` bytes: a stranger's body never fills the memory."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)


def _json(body: bytes) -> Response:
    digest = digest_hex(body)
    return Response(body, media_type="application/json", headers={"Tidegate-Digest": f"sha-256:{digest}"})


def _spaced(digest: str) -> str:
    return " ".join(digest[start : start + 16] for start in range(0, len(digest), 16))


def _message(lang: str, heading: str, words: str, *, status: int) -> Response:
    return render("public/message.html", lang, status=status, here="/", asked=None, heading=heading, words=words)


def _missing(request: Request, exc: Exception) -> Response:
    lang = choose_language(request)
    return _message(lang, say("public.missing", lang), say("public.missing.next", lang), status=404)


def _healthz(request: Request) -> Response:
    return PlainTextResponse("ok\n")
