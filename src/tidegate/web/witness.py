"""The witness's listener: takes checkpoints and key notices as text, shows the last heads it signed to anyone."""

from __future__ import annotations

import base64

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tidegate.errors import TidegateError
from tidegate.node.witness import Witness, add_checkpoint, learn_notice
from tidegate.store import witnessed
from tidegate.wire.witness_protocol import MAX_BYTES


def witness_app(witness: Witness) -> Starlette:
    """Return the listener of one witness."""

    async def add(request: Request) -> Response:
        body = await request.body()
        if len(body) > MAX_BYTES:
            return PlainTextResponse("too large\n", 413)
        try:
            status, answer = await run_in_threadpool(add_checkpoint, witness, body)
        except TidegateError as problem:
            return PlainTextResponse(f"{problem}\n", 400)
        return PlainTextResponse(answer, status)

    async def keys(request: Request) -> Response:
        body = await request.body()
        if len(body) > MAX_BYTES:
            return PlainTextResponse("too large\n", 413)
        status = await run_in_threadpool(learn_notice, witness, body)
        return PlainTextResponse("ok\n" if status == 200 else "this node is not watched here\n", status)

    async def heads(request: Request) -> Response:
        def read() -> list[dict[str, object]]:
            with witness.transaction() as (conn, _):
                return [
                    {"origin": seen.origin, "size": seen.size, "root": seen.root.hex(), "note": seen.note}
                    for seen in witnessed.all_seen(conn)
                ]

        return JSONResponse(await run_in_threadpool(read))

    def who(request: Request) -> Response:
        root = base64.b64encode(witness.root_public).decode()
        return JSONResponse({"name": witness.name, "root_public": root, "notice": witness.notice.decode()})

    return Starlette(
        routes=[
            Route("/witness/v1/identity", who),
            Route("/witness/v1/add-checkpoint", add, methods=["POST"]),
            Route("/witness/v1/key-notices", keys, methods=["POST"]),
            Route("/witness/v1/heads", heads),
            Route("/healthz", lambda _: PlainTextResponse("ok\n")),
        ]
    )
