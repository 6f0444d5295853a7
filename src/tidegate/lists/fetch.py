"""Fetch a list from its publisher over HTTPS, politely: with ETag, a limit on size, and no other redirect than HTTPS."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import datetime
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


def fetch_bytes(url: str, *, etag: str = "") -> tuple[bytes, str] | None:
    """Return (bytes, ETag) of `url`, or None if its ETag is still `etag`. Raises ListUnreadable with the reason."""
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
            return data, answer.headers.get("ETag", "")
    except urllib.error.HTTPError as problem:
        if problem.code == 304:
            return None
        raise list_unreadable("fetch-answer", url=url, status=problem.code) from problem
    except (urllib.error.URLError, TimeoutError, OSError) as problem:
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
    data, etag = fetched
    main = "sdn.csv" if publisher.beside else Path(urlsplit(publisher.url).path).name.lower() or "list"
    files = {main: data}
    for kind, url in publisher.beside.items():
        other = fetch_bytes(url)
        if other is not None:
            files[f"{kind}.csv"] = other[0]
    return shelf.add_files(
        files, now=now, name=publisher.name, accept=accept, origin=Origin(publisher.url, ""),
        etags={publisher.url: etag} if etag else {}, look=look, only_look=only_look,
    )  # fmt: skip
