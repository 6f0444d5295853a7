"""Fetch a list from its publisher over HTTPS, politely: with ETag, a limit on size, and no other redirect than HTTPS."""

from __future__ import annotations

import tempfile
import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from tidegate.errors import InputUnreadable, SettingsWrong
from tidegate.lists.compare import ListDifference
from tidegate.lists.publishers import Publisher, publishers
from tidegate.lists.shelf import HeldList, Shelf

MAX_BYTES = 256 * 1024 * 1024
TIMEOUT_S = 60.0
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class _SafeRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        check_url(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def check_url(url: str) -> None:
    """Raise SettingsWrong unless `url` is HTTPS (or plain HTTP on this machine)."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise SettingsWrong(f"{url}: lists are fetched over https only", code="url-not-https", url=url)


def fetch_bytes(url: str, *, etag: str = "") -> tuple[bytes, str] | None:
    """Return (bytes, ETag) of `url`, or None if its ETag is still `etag`. Raises InputUnreadable with the reason."""
    check_url(url)
    request = urllib.request.Request(url, headers={"User-Agent": "tidegate-lists"})  # noqa: S310 - scheme checked above
    if etag:
        request.add_header("If-None-Match", etag)
    opener = urllib.request.build_opener(_SafeRedirect())
    try:
        with opener.open(request, timeout=TIMEOUT_S) as answer:
            data: bytes = answer.read(MAX_BYTES + 1)
            if len(data) > MAX_BYTES:
                raise InputUnreadable(f"{url}: more than {MAX_BYTES} bytes; not taken", code="list-too-large", url=url)
            return data, answer.headers.get("ETag", "")
    except urllib.error.HTTPError as problem:
        if problem.code == 304:
            return None
        raise InputUnreadable(
            f"{url}: the publisher answered {problem.code}; the list held stays", code="list-fetch", url=url
        ) from problem
    except (urllib.error.URLError, TimeoutError, OSError) as problem:
        raise InputUnreadable(
            f"{url}: not reached ({problem}); the list held stays", code="list-fetch", url=url
        ) from problem


def update_list(
    shelf: Shelf, publisher: Publisher | str, *, now: datetime, accept_shrink: bool = False
) -> tuple[HeldList, ListDifference | None] | None:
    """Fetch `publisher`'s list and put it on the shelf; None if it has not changed. Any failure leaves the old one."""
    if isinstance(publisher, str):
        if publisher not in publishers():
            known = ", ".join(publishers())
            raise SettingsWrong(
                f"{publisher!r} has no known publisher; known: {known}. Add a file instead", code="list-unknown"
            )
        publisher = publishers()[publisher]
    held = shelf.entry(publisher.name)
    etags = dict(held.etags) if held is not None else {}
    fetched = fetch_bytes(publisher.url, etag=etags.get(publisher.url, ""))
    if fetched is None:
        return None
    data, etag = fetched
    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder) / (
            "sdn.csv" if publisher.beside else Path(urlsplit(publisher.url).path).name.lower() or "list"
        )
        main.write_bytes(data)
        beside = []
        for kind, url in publisher.beside.items():
            other = fetch_bytes(url)
            if other is not None:
                beside.append(Path(folder) / f"{kind}.csv")
                beside[-1].write_bytes(other[0])
        return shelf.add(
            main, now=now, name=publisher.name, accept_shrink=accept_shrink, origin=publisher.url, beside=beside,
            etags={publisher.url: etag} if etag else {},
        )  # fmt: skip
