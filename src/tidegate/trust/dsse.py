"""Signed texts in the DSSE v1 form: {"payload", "payloadType", "signatures": [{"keyid", "sig"}]}, base64 inside.

What is signed is the pre-authentication encoding of type and payload, so a text signed as one kind never passes for
another. A signature's keyid is the key's id, a stroke and the algorithm: suite 2 signs twice and both must verify.
Source: DSSE protocol, version 1.0.0 (secure-systems-lab/dsse).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Protocol

from tidegate.trust.canonical import dump_canonical
from tidegate.trust.encoding import from_base64, to_base64
from tidegate.trust.faults import NotCanonical, SignatureInvalid
from tidegate.trust.suites import suite_of, verify_signatures

MOST_SIGNATURES = 16
MOST_BYTES = 64 << 20


class Signer(Protocol):
    """Private keys that can sign: working keys, or a root under its own id."""

    @property
    def suite(self) -> int:
        """Return the suite's number."""

    @property
    def key_id(self) -> str:
        """Return the id the signature is found by."""

    def sign(self, message: bytes, /) -> tuple[bytes, ...]:
        """Return one signature for each algorithm of the suite."""


class Verifier(Protocol):
    """Public keys that can check: a key notice, or working keys themselves."""

    @property
    def suite(self) -> int:
        """Return the suite's number."""

    @property
    def key_id(self) -> str:
        """Return the id the signature is found by."""

    @property
    def signing_public(self) -> bytes:
        """Return the public signing key."""


def pae(payload_type: str, payload: bytes) -> bytes:
    """Return the pre-authentication encoding: what is really signed."""
    kind = payload_type.encode("utf-8")
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def sign(payload_type: str, payload: bytes, working: Signer) -> bytes:
    """Return `payload` in an envelope signed with `working`, as JSON bytes."""
    return sign_with(payload_type, payload, working.key_id, working.suite, working.sign)


def sign_with(
    payload_type: str, payload: bytes, key_id: str, suite: int, signer: Callable[[bytes], tuple[bytes, ...]]
) -> bytes:
    """Return the envelope signed by `signer` under `key_id`."""
    return _write(payload_type, payload, _entries(payload_type, payload, key_id, suite, signer))


def add_signature(data: bytes, working: Signer) -> bytes:
    """Return the envelope with our signature put under those already there, as for a countersigned agreement."""
    payload_type, payload, entries = read_envelope(data)
    own = _entries(payload_type, payload, working.key_id, working.suite, working.sign)
    names = {entry["keyid"] for entry in own}
    return _write(payload_type, payload, [entry for entry in entries if entry["keyid"] not in names] + own)


def verify(data: bytes, notice: Verifier, payload_type: str) -> bytes:
    """Return the payload's original bytes if the keys of `notice` signed them as `payload_type`.

    Raises SignatureInvalid if they did not, if the type is another, or if one signature of the suite is missing.
    Signatures by other keys are passed over.
    """
    return verify_with(data, notice.key_id, notice.suite, notice.signing_public, payload_type)


def verify_with(data: bytes, key_id: str, suite: int, public: bytes, payload_type: str) -> bytes:
    """Return the payload if the key `public` signed it under `key_id`. Raises SignatureInvalid."""
    found_type, payload, entries = read_envelope(data)
    if found_type != payload_type:
        raise SignatureInvalid(
            f"expected a signed {payload_type}, found {found_type[:100]}",
            code="trust.dsse-type",
            found=found_type[:100],
            wanted=payload_type,
        )
    shape = suite_of(suite)
    signatures = []
    for algorithm in shape.algorithms:
        name = f"{key_id}/{algorithm}"
        matching = [entry["sig"] for entry in entries if entry["keyid"] == name]
        if len(matching) != 1:
            raise SignatureInvalid(
                f"no {algorithm} signature by key {key_id}; ask the sender for its current key notice",
                code="trust.dsse-no-signature",
                key_id=key_id,
                algorithm=algorithm,
            )
        signatures.append(from_base64(matching[0]))
    verify_signatures(shape, public, pae(found_type, payload), signatures)
    return payload


def read_envelope(data: bytes) -> tuple[str, bytes, list[dict[str, str]]]:
    """Return (payload type, payload, signature entries) as written. Nothing is checked yet. Raises SignatureInvalid."""
    if len(data) > MOST_BYTES:
        raise SignatureInvalid(
            f"a signed text has at most {MOST_BYTES} bytes; this has {len(data)}",
            code="trust.dsse-long",
            most=MOST_BYTES,
            size=len(data),
        )
    try:
        outer = json.loads(data)
        payload_type, payload, entries = outer["payloadType"], from_base64(outer["payload"]), outer["signatures"]
        if not isinstance(payload_type, str) or not isinstance(entries, list):
            raise TypeError("its parts are of the wrong kind")
        if not 1 <= len(entries) <= MOST_SIGNATURES:
            raise ValueError(f"it carries {len(entries)} signatures")
        read = []
        for entry in entries:
            keyid, sig = entry["keyid"], entry["sig"]
            if not isinstance(keyid, str) or not isinstance(sig, str):
                raise TypeError("a signature is not text")
            read.append({"keyid": keyid, "sig": sig})
        if set(outer) != {"payload", "payloadType", "signatures"}:
            raise ValueError("it holds more than payload, payloadType and signatures")
    except (ValueError, KeyError, TypeError, RecursionError, NotCanonical) as exc:
        raise SignatureInvalid(
            f"this is no signed text in DSSE form ({exc}); it may be cut or changed", code="trust.dsse-form", why=exc
        ) from exc
    return payload_type, payload, read


def signing_key_ids(data: bytes) -> list[str]:
    """Return the ids of the keys named in an envelope, so that the right notice can be looked up. Nothing is checked."""
    _, _, entries = read_envelope(data)
    return list(dict.fromkeys(entry["keyid"].rpartition("/")[0] for entry in entries))


def _entries(
    payload_type: str, payload: bytes, key_id: str, suite: int, signer: Callable[[bytes], tuple[bytes, ...]]
) -> list[dict[str, str]]:
    signatures = signer(pae(payload_type, payload))
    return [
        {"keyid": f"{key_id}/{algorithm}", "sig": to_base64(signature)}
        for algorithm, signature in zip(suite_of(suite).algorithms, signatures, strict=True)
    ]


def _write(payload_type: str, payload: bytes, entries: Sequence[dict[str, str]]) -> bytes:
    return dump_canonical({"payload": to_base64(payload), "payloadType": payload_type, "signatures": list(entries)})
