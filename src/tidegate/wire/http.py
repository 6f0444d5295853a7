"""The wire over HTTPS: one partner's exchange door, its certificate pinned, each request signed (RFC 9421)."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import httpx2

from tidegate.errors import TidegateError
from tidegate.wire.http_signatures import sign_request
from tidegate.wording.problems import problem

TIMEOUT_S = 15.0


class WireBroken(TidegateError):
    """The partner could not be reached, or what answered is not the partner. What was queued stays queued."""

    code = "wire-broken"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other end said: HTTP status and body bytes."""

    status: int
    body: bytes


def pinned_context(certificate_pem: bytes) -> ssl.SSLContext:
    """Return a TLS context that trusts this one certificate and nothing else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(cadata=certificate_pem.decode("ascii"))
    # The certificate itself is the identity: it was exchanged at enrolment, so its name adds nothing.
    context.check_hostname = False
    return context


def certificate_digest(certificate_pem: bytes) -> str:
    """Return SHA-256 of the certificate's DER bytes, in hexadecimal, as key notices name it."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate_pem.decode("ascii"))).hexdigest()


def loopback_url(url: str) -> tuple[str, str]:
    """Return (address to connect to, Host field) for `url`.

    Names under .localhost are loopback by definition (RFC 6761 section 6.3), though not every resolver knows it.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host.endswith(".localhost"):
        return url, parts.netloc
    return urlunsplit(parts._replace(netloc=f"127.0.0.1:{parts.port}" if parts.port else "127.0.0.1")), parts.netloc


class ExchangeClient:
    """One open way to one partner's exchange door."""

    def __init__(self, base_url: str, certificate_pem: bytes) -> None:
        self._base = base_url.rstrip("/")
        self._reach, self._host = loopback_url(self._base)
        self._client = httpx2.Client(
            verify=pinned_context(certificate_pem), timeout=TIMEOUT_S, trust_env=False, follow_redirects=False
        )

    def post(
        self, path: str, body: bytes, *, key_id: str, created: int, nonce: str, sign: Callable[[bytes], bytes]
    ) -> Answer:
        """Send `body` signed. created: seconds since 1970 by our clock. Raises WireBroken when nothing came back."""
        uri = f"{self._base}{path}"
        headers = sign_request("POST", uri, body, key_id=key_id, created=created, nonce=nonce, sign=sign)
        headers["content-type"] = "application/octet-stream"
        headers["host"] = self._host
        try:
            answer = self._client.post(f"{self._reach}{path}", content=body, headers=headers)
        except httpx2.HTTPError as exc:
            raise problem(WireBroken, "wire.no-answer", url=self._base, why=type(exc).__name__) from exc
        return Answer(answer.status_code, answer.content)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


def post_plain(url: str, body: bytes) -> Answer:
    """Send `body` to a witness, whose answers carry their own signature. Raises WireBroken when none came."""
    try:
        answer = httpx2.post(url, content=body, timeout=TIMEOUT_S, trust_env=False, follow_redirects=False)
    except httpx2.HTTPError as exc:
        raise problem(WireBroken, "wire.witness-silent", url=url, why=type(exc).__name__) from exc
    return Answer(answer.status_code, answer.content)
