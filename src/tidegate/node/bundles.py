"""Bundles: the link carried by hand. The same sealed items as over HTTPS, under a signed manifest; receipts come back.

An item is sealed once, under one number; whether the courier or a stick brings it, these are the same bytes, so the
partner takes it once. Importing a bundle again changes no row: what is known is answered from the receipts kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidegate.errors import SettingsWrong, TidegateError
from tidegate.model.instants import format_instant
from tidegate.node import courier, effects, inbox, links, outbox
from tidegate.node.node import Node, Transaction
from tidegate.store import incoming, outgoing, restarts
from tidegate.trust.canonical import dump_canonical, load_canonical
from tidegate.trust.dsse import read_envelope, sign, signing_key_ids, verify
from tidegate.trust.ids import new_id
from tidegate.wire import folder as carried
from tidegate.wire.folder import BundleDamaged, Listed
from tidegate.wording.problems import problem

MANIFEST_TYPE = "application/vnd.tidegate.bundle+json"
MOST_ITEMS = 10_000


@dataclass(frozen=True, slots=True)
class Exported:
    """What went into a bundle. items: 0 when nothing may go; then no folder was written."""

    bundle_id: str
    items: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a bundle. known: items taken before. refused: (file, code) of the one that ended the import.

    outcomes: codes under which our gate refused taken items; the partner reads them in the receipts.
    """

    partner_id: str
    taken: int
    known: int
    outcomes: tuple[str, ...] = ()
    refused: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Receipted:
    """What the answers in a bundle said. delivered: newly receipted; known: receipted before; refused: codes."""

    delivered: int
    known: int
    refused: tuple[str, ...]


def export(node: Node, partner_id: str, folder: Path, *, judge: outbox.Judge | None = None) -> Exported:
    """Seal what may go to a partner and write everything not yet receipted into the new folder `folder`.

    judge: asks the gate about each draft; by default the same question the courier asks.
    """
    with node.transaction() as tx:
        state = links.load_link(tx, partner_id, lock=True)
        if restarts.open_restart(tx.conn, partner_id) is not None:
            raise problem(SettingsWrong, "link-restarting", partner=partner_id)  # fmt: skip
        ready = outbox.fixed_items(tx, partner_id, most=MOST_ITEMS)
        ready += outbox.seal_drafts(tx, partner_id, judge=judge or courier.judge, most=MOST_ITEMS - len(ready))
        if not ready:
            return Exported("", 0)
        bundle_id = new_id("bundle")
        files = [(carried.item_name(each.sequence), each.envelope) for each in ready]
        document = {
            "id": bundle_id,
            "items": [{"digest": outbox.envelope_digest(data), "file": name} for name, data in files],
            "link": state.link,
            "made_at": format_instant(tx.now),
            "recipient": partner_id,
            "sender": node.node_id,
            "v": 1,
        }
        working, _ = node.keys.current(tx.now)
        manifest = sign(MANIFEST_TYPE, dump_canonical(document), working)
        tx.event("bundle.exported", "node", bundle_id, partner=partner_id, items=len(files))
    # The numbers and bytes are kept by now: if the stick fails, the next export writes the very same items.
    carried.write_bundle(folder, manifest, files)
    return Exported(bundle_id, len(files))


def take(node: Node, folder: Path) -> Imported:
    """Import a bundle in order and write the answers into its `receipts` folder. Safe to repeat.

    Raises BundleDamaged naming the first file that is not as it was signed; then nothing was taken.
    """
    with node.transaction() as tx:
        partner_id, listed = _read_manifest(tx, carried.read_manifest(folder))
    items = carried.read_items(folder, listed)
    taken = known = 0
    outcomes: list[str] = []
    for each, data in zip(listed, items, strict=True):
        with node.transaction() as tx:
            held = incoming.by_digest(tx.conn, each.digest)
        if held is not None:
            known += 1
            carried.write_answer(folder, carried.receipt_name(each.name), held.receipt)
            continue
        answer = inbox.take_item(node, data)
        if answer.status not in (200, 208):
            carried.write_answer(folder, carried.receipt_name(each.name, refusal=True), answer.body)
            return Imported(partner_id, taken, known, tuple(outcomes), (each.name, _code_of(answer.body)))
        taken += 1
        with node.transaction() as tx:
            kept = incoming.by_digest(tx.conn, each.digest)
        if kept is not None and kept.outcome:
            outcomes.append(kept.outcome)
        # What was refused at an earlier try is taken now: the old refusal would only confuse the sender.
        (folder / carried.receipt_name(each.name, refusal=True)).unlink(missing_ok=True)
        carried.write_answer(folder, carried.receipt_name(each.name), answer.body)
    return Imported(partner_id, taken, known, tuple(outcomes))


def take_receipts(node: Node, folder: Path) -> Receipted:
    """Keep the receipts that came back with a bundle of ours, in order. Safe to repeat.

    Raises BundleDamaged naming the file whose signature or content is not as the partner wrote it.
    """
    with node.transaction() as tx:
        partner_id, _ = _read_manifest(tx, carried.read_manifest(folder), own=True)
    delivered = known = 0
    refused: list[str] = []
    for answer in carried.read_answers(folder):
        with node.transaction() as tx:
            entry = outgoing.under_number(tx.conn, partner_id, answer.sequence)
        if entry is None or entry.envelope is None:
            raise problem(BundleDamaged, "bundle.answer-to-unsent", file=answer.name, partner=partner_id)
        ready = outbox.Ready(entry.place, entry.id, entry.kind, entry.envelope, answer.sequence)
        try:
            if entry.receipt is not None:
                with node.transaction() as tx:
                    receipt = outbox.open_receipt(tx, partner_id, answer.data)
                if receipt.envelope_digest != entry.envelope_digest:
                    raise problem(BundleDamaged, "bundle.receipt-other", file=answer.name)
                known += 1
            elif answer.refusal:
                refused.append(outbox.take_refusal(node, partner_id, ready, answer.data).code)
            else:
                outcome = outbox.take_receipt(node, partner_id, ready, answer.data, told=effects.told)
                delivered, refused = delivered + (not outcome), [*refused, *([outcome] if outcome else [])]
        except BundleDamaged:
            raise
        except TidegateError as exc:
            raise problem(BundleDamaged, "bundle.file-wrong", file=answer.name, why=exc, because=exc.family) from exc
    return Receipted(delivered, known, tuple(refused))


def _read_manifest(tx: Transaction, data: bytes, *, own: bool = False) -> tuple[str, list[Listed]]:
    """Return (partner, files) of a manifest signed by a partner for us, or by us for a partner if `own`."""
    try:
        document = load_canonical(_verified(tx, data, own=own))
        if not isinstance(document, dict) or document.get("v") != 1:
            raise problem(BundleDamaged, "bundle.version-other", file=carried.MANIFEST)
        sender, recipient = str(document["sender"]), str(document["recipient"])
        partner_id = recipient if own else sender
        if (tx.node.node_id, links.load_link(tx, partner_id).link) != (sender if own else recipient, document["link"]):
            raise problem(
                BundleDamaged,
                "bundle.other-way",
                file=carried.MANIFEST,
                sender=sender,
                recipient=recipient,
                node=tx.node.node_id,
            )
        items: Any = document["items"]
        return partner_id, [Listed(str(each["file"]), str(each["digest"])) for each in items]
    except (KeyError, TypeError) as exc:
        raise problem(BundleDamaged, "bundle.manifest-lacks", file=carried.MANIFEST, lacks=exc) from exc


def _verified(tx: Transaction, data: bytes, *, own: bool) -> bytes:
    try:
        key_ids = signing_key_ids(data)
        for key_id in key_ids:
            if own:
                working = tx.node.keys.find([key_id])
                if working is not None:
                    return verify(data, working, MANIFEST_TYPE)
            else:
                found = inbox.sender_of(tx, key_id)
                if found is not None:
                    return verify(data, found[1], MANIFEST_TYPE)
    except TidegateError as exc:
        raise problem(BundleDamaged, "bundle.file-wrong", file=carried.MANIFEST, why=exc, because=exc.family) from exc
    raise problem(BundleDamaged, "bundle.signer-unknown", file=carried.MANIFEST)


def _code_of(refusal: bytes) -> str:
    """Return the code in a refusal that this node signed a moment ago."""
    document = load_canonical(read_envelope(refusal)[1])
    return str(document["code"]) if isinstance(document, Mapping) else ""
