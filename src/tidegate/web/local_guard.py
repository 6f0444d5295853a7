"""The guard of the local page: this computer's own names only, no form from another site, no upload without end.

A page that listens on loopback is still within reach of every site that the same browser opens: by another name for
127.0.0.1 (DNS rebinding) or by a form that is sent across. Both are refused before any page is asked.
"""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS = ("127.0.0.1", "localhost", "[::1]")
MOST_UPLOAD_BYTES = 2 << 30  # all files of one screening together
_CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class LoopbackOnly:
    """ASGI wrapper. Refuses with 421 another host, with 403 another origin, with 413 a body above the limit."""

    def __init__(self, app: ASGIApp, *, most_bytes: int = MOST_UPLOAD_BYTES) -> None:
        self.app = app
        self.most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refused = self._refusal(scope["method"], headers)
        if refused is not None:
            await refused(scope, receive, send)
            return
        arrived = 0

        async def counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > self.most_bytes:
                # A body that told no length, or a wrong one: the connection ends here.
                return {"type": "http.disconnect"}
            return message

        await self.app(scope, counted, send)

    def _refusal(self, method: str, headers: dict[str, str]) -> PlainTextResponse | None:
        host = headers.get("host", "")
        if host.rsplit(":", 1)[0] not in HOSTS:
            return PlainTextResponse("This page answers to 127.0.0.1 and localhost only.", status_code=421)
        if method in _CHANGES:
            site, origin = headers.get("sec-fetch-site"), headers.get("origin")
            # A browser that may send no referrer writes "null" as the origin of our own forms, and says same-origin.
            ours = origin in (None, f"http://{host}") or (origin == "null" and site == "same-origin")
            if not ours or site not in (None, "same-origin", "none"):
                return PlainTextResponse("Forms of another site are not taken.", status_code=403)
            length = headers.get("content-length", "")
            if length.isdecimal() and int(length) > self.most_bytes:
                return PlainTextResponse(
                    f"More than {self.most_bytes >> 20} MB at once. Send fewer files, or use tidegate screen.",
                    status_code=413,
                )
        return None
