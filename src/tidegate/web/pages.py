"""Pages: the one Jinja environment, choice of language, day and number forms, and headers of every face.

Forms of days, instants and numbers follow docs on the look: civil days in prose are "5 August 2022", "2022年8月5日"
and "5 de agosto de 2022"; instants are "2022-08-05 13:05Z". No page holds inline style or script.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tidegate.files.seen_text import seen_value
from tidegate.talks.tongues import Tongues
from tidegate.wording.sentences import LANGUAGES, say

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

TONGUES: Mapping[str, str] = {"en": "English", "zh": "中文", "es": "Español"}

_MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
           "noviembre", "diciembre"),
}  # fmt: skip


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the Jinja environment of the house: escaping always on, a missing value is an error."""
    made = Environment(
        loader=PackageLoader("tidegate.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=seen_value,
    )
    made.globals.update(say=say, tongues=TONGUES, languages=LANGUAGES, link=link, in_tongue=in_tongue)
    made.filters.update(
        day_words=day_words, day_time=day_time, instant_words=instant_words, instant_time=instant_time,
        number_words=number_words, tongue=tongue,
    )  # fmt: skip
    return made


def render(
    template: str, lang: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **values: object
) -> HTMLResponse:
    """Return the page `template` (a path under web/templates) in `lang`, with its language in the headers."""
    body = environment().get_template(template).render(lang=lang, **values)
    merged = {"Content-Language": lang, "Vary": "Accept-Language", **(headers or {})}
    return HTMLResponse(body, status_code=status, headers=merged)


def choose_language(request: Request) -> str:
    """Return en, zh or es: by the first part of the path, else `?lang=`, else Accept-Language, else en."""
    first = request.url.path.strip("/").split("/", 1)[0]
    if first in LANGUAGES:
        return first
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    return preferred_language(request.headers.get("accept-language", ""))


def preferred_language(header: str) -> str:
    """Return the best language of an Accept-Language header (RFC 9110 section 12.5.4), en if none is ours."""
    best, best_weight = "en", 0.0
    for part in header.split(","):
        tag, _, parameters = part.strip().partition(";")
        primary = tag.strip().split("-", 1)[0].lower()
        if primary not in LANGUAGES:
            continue
        weight = 1.0
        name, _, value = parameters.strip().partition("=")
        if name.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                continue
        if weight > best_weight:
            best, best_weight = primary, weight
    return best


def link(lang: str, path: str = "/", **query: object) -> str:
    """Return an address inside a face: `/{lang}{path}` with the query's values that are not None or empty."""
    kept = {name: str(value) for name, value in query.items() if value not in (None, "")}
    return f"/{lang}{path}" + (f"?{urlencode(kept)}" if kept else "")


def day_words(day: date | str | None, lang: str) -> str:
    """Return a civil day in prose. Text may be a day, a month (2024-04) or a year (2019); None gives "not known"."""
    if day is None:
        return say("page.not-known", lang)
    parts = [int(part) for part in str(day)[:10].split("-")]
    if lang == "zh":
        return "".join(f"{number}{unit}" for number, unit in zip(parts, "年月日", strict=False))
    if len(parts) == 1:
        return str(parts[0])
    month = _MONTHS[lang][parts[1] - 1]
    joiner = " de " if lang == "es" else " "
    words = [month, str(parts[0])] if len(parts) == 2 else [str(parts[2]), month, str(parts[0])]
    return joiner.join(words)


def day_time(day: date | str | None, lang: str) -> Markup:
    """Return the day as a <time> element, or the words "not known"."""
    if day is None:
        return Markup('<span class="quiet">{}</span>').format(say("page.not-known", lang))
    return Markup('<time datetime="{}">{}</time>').format(str(day)[:10], day_words(day, lang))


def instant_words(moment: datetime) -> str:
    """Return an instant as 2022-08-05 13:05Z, in UTC, to the minute."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%MZ")


def instant_time(moment: datetime) -> Markup:
    """Return the instant as a <time> element."""
    machine = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Markup('<time datetime="{}">{}</time>').format(machine, instant_words(moment))


def number_words(number: int | Decimal | str, lang: str) -> str:
    """Return a number as the language groups it: 107,081 in en and zh, 107 081 (narrow space) and 11,9 in es."""
    text = f"{Decimal(number):,f}"
    if lang != "es":
        return text
    whole, _, rest = text.partition(".")
    digits = whole.replace(",", "")
    grouped = whole.replace(",", "\u202f") if len(digits.lstrip("-")) > 4 else digits
    return grouped + (f",{rest}" if rest else "")


def in_tongue(text: str, spoken: str, lang: str) -> Markup:
    """Return `text`, wrapped with its own `lang` where it is spoken in another language than the page's."""
    if spoken == lang:
        return escape(text)
    return Markup('<span lang="{}">{}</span>').format(spoken, text)


def tongue(text: Tongues, lang: str) -> Markup:
    """Return a text in the page's language if it is held, else in the first held one, with its own `lang`."""
    words, spoken = text.say(lang)
    return in_tongue(words, spoken, lang)


def static_files() -> StaticFiles:
    """Return the app that serves the packaged stylesheets and the one small module."""
    return StaticFiles(directory=Path(str(resources.files("tidegate.web").joinpath("static"))))


class SecurityHeaders:
    """ASGI wrapper that sets the house's security headers on every answer, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)
