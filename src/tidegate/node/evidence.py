"""The evidence bundle of one link: everything both sides signed, for a third who has no Tidegate."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from pathlib import Path

import httpx2

from tidegate.errors import SettingsWrong
from tidegate.node import agreements, links
from tidegate.node.keyring import notices_of
from tidegate.node.node import Node, Transaction
from tidegate.store import audit_log, incoming, outgoing
from tidegate.trust.checkpoint import add_lines
from tidegate.trust.evidence import AgreementEvidence, DirectionEvidence, PartyEvidence, make_bundle
from tidegate.wire.http import TIMEOUT_S
from tidegate.wording.problems import problem


def witness_identity(node: Node) -> PartyEvidence:
    """Return who the third witness is, as it says itself: name, root key, key notice."""
    if not node.settings.witness_url:
        raise problem(SettingsWrong, "evidence.no-witness")
    answer = httpx2.get(node.settings.witness_url + "/witness/v1/identity", timeout=TIMEOUT_S, trust_env=False)
    told = json.loads(answer.content)
    return PartyEvidence(told["name"], base64.b64decode(told["root_public"]), [told["notice"].encode()])


def evidence_files(node: Node, partner_id: str, partner_checkpoint: str, now: datetime) -> dict[str, bytes]:
    """Return path -> bytes of the bundle about one link.

    partner_checkpoint: the partner's checkpoint of what it sent us, with the lines of us and of the witness; each side
    holds its own and gives it for a bundle that both agree to.
    """
    witness = witness_identity(node)
    with node.transaction() as tx:
        partner_root = base64.b64decode(tx.get("partner", partner_id)["root_public"])
        sent = outgoing.all_sent(tx.conn, partner_id)
        received = incoming.all_received(tx.conn, partner_id)
        return make_bundle(
            a=_party(tx, node.node_id, node.identity.root_public),
            b=_party(tx, partner_id, partner_root),
            witness=witness,
            agreements=[_agreement(tx, state.agreement.id) for state in agreements.with_partner(tx, partner_id)],
            directions=[
                DirectionEvidence(
                    node.node_id,
                    [entry.envelope or b"" for entry in sent],
                    own_checkpoint(tx, partner_id),
                    {entry.sequence or 0: entry.receipt or b"" for entry in sent},
                ),
                DirectionEvidence(
                    partner_id,
                    [entry.envelope or entry.envelope_digest for entry in received],
                    partner_checkpoint,
                    {entry.sequence: entry.receipt for entry in received},
                ),
            ],
            made_at=now,
        )


def own_checkpoint(tx: Transaction, partner_id: str) -> str:
    """Return our newest checkpoint of what we sent a partner, with all its cosignatures."""
    kept = audit_log.latest_checkpoint(tx.conn, links.log_of(partner_id, "out"), cosigned=True)
    if kept is None:
        raise problem(SettingsWrong, "evidence.nothing-cosigned", partner=partner_id)
    return add_lines(kept.note, kept.cosignatures)


def write_bundle(files: dict[str, bytes], target: Path) -> None:
    """Write a bundle into a new folder, whole or not at all."""
    part = target.with_name(target.name + ".part")
    part.mkdir(parents=True)
    for name, data in files.items():
        path = part / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    part.rename(target)


def _party(tx: Transaction, node_id: str, root_public: bytes) -> PartyEvidence:
    return PartyEvidence(node_id, root_public, [data for _, data in notices_of(tx.conn, node_id, root_public)])


def _agreement(tx: Transaction, agreement_id: str) -> AgreementEvidence:
    held = tx.get("agreement", agreement_id)
    document = agreements.load(tx, agreement_id).agreement.to_bytes()
    return AgreementEvidence(document, {side: text.encode() for side, text in held["signatures"].items()})
