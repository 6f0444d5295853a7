"""Fetch a list from its publisher over HTTPS, politely: with ETag, a limit on size, and no other redirect than HTTPS."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from tidegate.lists.acceptance import Acceptance, Origin
from tidegate.lists.compare import ListDifference
from tidegate.lists.faults import list_unreadable, shelf_wrong
from tidegate.lists.publishers import Publisher, publishers
from tidegate.lists.shelf import HeldList, Look, Shelf

MAX_BYTES = 256 * 1024 * 1024
TIMEOUT_S = 60.0
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class _SafeRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        check_url(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def check_url(url: str) -> None:
    """Raise ShelfWrong unless `url` is HTTPS (or plain HTTP on this machine)."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise shelf_wrong("url", url=url)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a publisher's server gave. etag: its mark for this version; day: of the file, as the server says; "" for none."""

    data: bytes
    etag: str = ""
    day: str = ""


def fetch_bytes(url: str, *, etag: str = "") -> Fetched | None:
    """Return what is at `url`, or None if its ETag is still `etag`. Raises ListUnreadable with the reason."""
    check_url(url)
    request = urllib.request.Request(url, headers={"User-Agent": "tidegate-lists"})  # noqa: S310 - scheme checked above
    if etag:
        request.add_header("If-None-Match", etag)
    opener = urllib.request.build_opener(_SafeRedirect())
    try:
        with opener.open(request, timeout=TIMEOUT_S) as answer:
            data: bytes = answer.read(MAX_BYTES + 1)
            if len(data) > MAX_BYTES:
                raise list_unreadable("too-large", file=url, bytes=len(data), most=MAX_BYTES)
            if answer.length:  # read(n) is content with less than was announced
                raise list_unreadable("fetch-cut", url=url, bytes=len(data), announced=len(data) + answer.length)
            return Fetched(data, answer.headers.get("ETag", ""), _day(answer.headers.get("Last-Modified", "")))
    except urllib.error.HTTPError as problem:
        if problem.code == 304:
            return None
        raise list_unreadable("fetch-answer", url=url, status=problem.code) from problem
    except (urllib.error.URLError, TimeoutError, OSError, HTTPException) as problem:
        raise list_unreadable("fetch", url=url, problem=problem) from problem


def update_list(
    shelf: Shelf, publisher: Publisher | str, *, now: datetime, accept: Acceptance | None = None, look: Look | None = None,
    only_look: bool = False,
) -> tuple[HeldList, ListDifference | None] | None:  # fmt: skip
    """Fetch `publisher`'s list and put it on the shelf; None if it has not changed. Any failure leaves the old one.

    accept, look, only_look: as Shelf.add takes them.
    """
    if isinstance(publisher, str):
        if publisher not in publishers():
            raise shelf_wrong("unknown-publisher", name=publisher, known=", ".join(publishers()))
        publisher = publishers()[publisher]
    held = shelf.entry(publisher.name)
    etags = dict(held.etags) if held is not None else {}
    fetched = fetch_bytes(publisher.url, etag=etags.get(publisher.url, ""))
    if fetched is None:
        return None
    main = "sdn.csv" if publisher.beside else Path(urlsplit(publisher.url).path).name.lower() or "list"
    files = {main: fetched.data}
    for kind, url in publisher.beside.items():
        other = fetch_bytes(url)
        if other is not None:
            files[f"{kind}.csv"] = other.data
    return shelf.add_files(
        files, now=now, name=publisher.name, accept=accept, origin=Origin(publisher.url, "", served=min(fetched.day, now.date().isoformat())),
        etags={publisher.url: fetched.etag} if fetched.etag else {}, look=look, only_look=only_look,
    )  # fmt: skip


def _day(stamp: str) -> str:
    """Return the civil day in UTC of an HTTP date (RFC 9110 section 5.6.7), "" for none."""
    try:
        moment = parsedate_to_datetime(stamp)
    except ValueError:
        return ""
    return moment.date().isoformat() if 2000 < moment.year < 2100 else ""
