"""HTTP message signatures (RFC 9421) with a Content-Digest (RFC 9530), as partner nodes sign each request.

Components covered, in this order: "@method" "@target-uri" "content-digest". Parameters: created, nonce, keyid, alg.
The key is a node's working signing key; the partner's key notice tells which key id belongs to whom.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tidegate.errors import TidegateError
from tidegate.wording.problems import problem

LABEL = "tidegate"
COMPONENTS = ("@method", "@target-uri", "content-digest")
MAX_SKEW_S = 300  # both clocks are measured at each exchange; five minutes is what a signed request may be off
_PARAMS = re.compile(
    r'^tidegate=\("@method" "@target-uri" "content-digest"\)'
    r';created=(\d{1,12});nonce="([0-9a-f]{32})";keyid="([0-9a-f]{8,64})";alg="ed25519"$'
)
_SIGNATURE = re.compile(r"^tidegate=:([A-Za-z0-9+/=]+):$")


class RequestSignatureInvalid(TidegateError):
    """The request is not signed as RFC 9421 asks, or not by the key it names."""

    code = "request-signature-invalid"


class RequestStale(RequestSignatureInvalid):
    """The request was signed too long ago, or too far ahead, by our clock."""

    code = "request-stale"


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What a request's signature says of itself, before the key is looked up."""

    key_id: str
    created: int
    nonce: str
    base: bytes
    signature: bytes


def content_digest(body: bytes) -> str:
    """Return the Content-Digest field of `body` (RFC 9530, sha-256)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def sign_request(
    method: str, uri: str, body: bytes, *, key_id: str, created: int, nonce: str, sign: Callable[[bytes], bytes]
) -> dict[str, str]:
    """Return the headers to add. created: seconds since 1970. nonce: 32 hexadecimal characters, used once."""
    digest = content_digest(body)
    params = (
        f'("@method" "@target-uri" "content-digest");created={created};nonce="{nonce}";keyid="{key_id}";alg="ed25519"'
    )
    signature = sign(_base(method, uri, digest, params))
    return {
        "content-digest": digest,
        "signature-input": f"{LABEL}={params}",
        "signature": f"{LABEL}=:{base64.b64encode(signature).decode()}:",
    }


def read_signature(method: str, uri: str, body: bytes, headers: Mapping[str, str], *, now: int) -> SignedRequest:
    """Return what the signature headers say. Raises RequestSignatureInvalid if they are absent, stale or malformed.

    The caller looks up the key and then calls `verify_request`.
    """
    digest = headers.get("content-digest", "")
    if digest != content_digest(body):
        raise problem(RequestSignatureInvalid, "request-signature.body")
    found = _PARAMS.match(headers.get("signature-input", ""))
    sealed = _SIGNATURE.match(headers.get("signature", ""))
    if found is None or sealed is None:
        raise problem(RequestSignatureInvalid, "request-signature.form")
    created, nonce, key_id = int(found[1]), found[2], found[3]
    if abs(now - created) > MAX_SKEW_S:
        raise problem(RequestStale, "request-stale", seconds=abs(now - created), most=MAX_SKEW_S)
    params = headers["signature-input"].removeprefix(f"{LABEL}=")
    try:
        signature = base64.b64decode(sealed[1], validate=True)
    except ValueError as exc:
        raise problem(RequestSignatureInvalid, "request-signature.base64") from exc
    return SignedRequest(key_id, created, nonce, _base(method, uri, digest, params), signature)


def verify_request(request: SignedRequest, verify: Callable[[bytes, bytes], None]) -> None:
    """Check the signature with `verify(signature, data)`, which raises when it is not made by the key."""
    try:
        verify(request.signature, request.base)
    except Exception as exc:
        raise problem(RequestSignatureInvalid, "request-signature.key") from exc


def _base(method: str, uri: str, digest: str, params: str) -> bytes:
    lines = (
        f'"@method": {method}',
        f'"@target-uri": {uri}',
        f'"content-digest": {digest}',
        f'"@signature-params": {params}',
    )
    return "\n".join(lines).encode("ascii")
