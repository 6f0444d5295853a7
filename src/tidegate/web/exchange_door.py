"""The exchange door: what partner nodes post to. Bytes in, signed bytes out; nothing here has an opinion.

Every request is signed (RFC 9421) by a key that a partner's notice names, except the key notice itself, which proves
itself by its root. A request that is not signed as it should be gets a sentence and leaves one refusal behind.
"""

from __future__ import annotations

from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tidegate.errors import TidegateError
from tidegate.gate.refusal import Refusal
from tidegate.node import inbox, refusals, witnessing
from tidegate.node.node import Node
from tidegate.node.outbox import envelope_digest
from tidegate.wire.http_signatures import RequestSignatureInvalid, read_signature, verify_request

BYTES = "application/octet-stream"
MAX_CHECKPOINT = 64 * 1024


def exchange_app(node: Node) -> Starlette:
    """Return the listener that partners reach."""
    door = _Door(node)
    return Starlette(
        routes=[
            Route("/exchange/v1/items", door.items, methods=["POST"]),
            Route("/exchange/v1/key-notices", door.key_notices, methods=["POST"]),
            Route("/exchange/v1/checkpoints", door.checkpoints, methods=["POST"]),
            Route("/healthz", _healthz),
        ]
    )


class _Door:
    def __init__(self, node: Node) -> None:
        self.node = node

    async def items(self, request: Request) -> Response:
        """Take one sealed envelope."""
        body = await _read(request, inbox.MAX_ITEM)
        if body is None:
            return _too_large(inbox.MAX_ITEM)
        stranger = await run_in_threadpool(self._check, request, body)
        if stranger is not None:
            return stranger
        answer = await run_in_threadpool(inbox.take_item, self.node, body)
        return Response(answer.body, answer.status, media_type=BYTES)

    async def key_notices(self, request: Request) -> Response:
        """Trade key notices: theirs in the body, ours in the answer."""
        body = await _read(request, MAX_CHECKPOINT)
        if body is None:
            return _too_large(MAX_CHECKPOINT)
        answer = await run_in_threadpool(inbox.take_key_notice, self.node, body)
        return Response(answer.body, answer.status, media_type=BYTES)

    async def checkpoints(self, request: Request) -> Response:
        """Cosign the partner's checkpoint of the log we both hold (C2SP tlog-witness, add-checkpoint)."""
        body = await _read(request, MAX_CHECKPOINT)
        if body is None:
            return _too_large(MAX_CHECKPOINT)
        stranger = await run_in_threadpool(self._check, request, body)
        if stranger is not None:
            return stranger
        try:
            status, line = await run_in_threadpool(self._cosign, request, body)
        except TidegateError as problem:
            return JSONResponse({"code": problem.family, "text": str(problem)}, 400)
        return PlainTextResponse(line, status)

    def _cosign(self, request: Request, body: bytes) -> tuple[int, bytes]:
        signed = self._signature(request, body)
        with self.node.transaction() as tx:
            found = inbox.sender_of(tx, signed)
        if found is None:
            return 403, b"unknown sender\n"
        return witnessing.cosign_for_partner(self.node, found[0], body)

    def _signature(self, request: Request, body: bytes) -> str:
        now = int(datetime.now(UTC).timestamp())
        return read_signature(request.method, _uri(request, self.node), body, request.headers, now=now).key_id

    def _check(self, request: Request, body: bytes) -> Response | None:
        """Return the answer to a request that no partner of ours signed, or None."""
        try:
            signed = read_signature(
                request.method,
                _uri(request, self.node),
                body,
                request.headers,
                now=int(datetime.now(UTC).timestamp()),
            )
            with self.node.transaction() as tx:
                found = inbox.sender_of(tx, signed.key_id)
            if found is None:
                return self._stranger(Refusal("sender-unknown"), body, 403)
            key = Ed25519PublicKey.from_public_bytes(found[1].ed25519_public)
            verify_request(signed, key.verify)
        except RequestSignatureInvalid as problem:
            return self._stranger(Refusal(problem.family), body, 401)
        return None

    def _stranger(self, refusal: Refusal, body: bytes, status: int) -> Response:
        with self.node.transaction() as tx:
            refusals.keep(tx, refusal, direction="in", partner_id="", digest=envelope_digest(body))
        return JSONResponse({"code": refusal.code, "text": refusal.sentence("en")}, status)


def _uri(request: Request, node: Node) -> str:
    """Return the address the partner signed: our own name and port, never what a header claims."""
    return f"{node.settings.exchange_url}{request.url.path}"


async def _read(request: Request, most: int) -> bytes | None:
    """Return the body, or None as soon as it is longer than `most` bytes."""
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > most:
                return None
            parts.append(part)
    except ClientDisconnect:
        return b""
    return b"".join(parts)


def _too_large(most: int) -> Response:
    return JSONResponse({"code": "too-large", "text": f"at most {most} bytes"}, 413)


def _healthz(request: Request) -> Response:
    return PlainTextResponse("ok\n")
