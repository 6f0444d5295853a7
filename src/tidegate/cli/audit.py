"""`tidegate audit`: what people did, proofs that one entry stands in a log, evidence bundles, proofs of a fork."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tidegate.cli.acting import AsJson, Folder, Lang, Page, PassphraseFile, Quiet, at_node, group, text_of
from tidegate.cli.usage import help_words
from tidegate.errors import SettingsWrong, TidegateError
from tidegate.wording.problems import problem, problem_text

if TYPE_CHECKING:
    from tidegate.node.node import Transaction
    from tidegate.store.audit_log import StoredCheckpoint
    from tidegate.trust.checkpoint import ForkProof, NoteVerifier

NODE_LOG = "node"
VKey = Annotated[str, typer.Option("--vkey", metavar="KEY", help=help_words("shell.option.vkey"))]
LogName = Annotated[str, typer.Option("--log", metavar="NAME", help=help_words("shell.option.log"))]


def register(app: typer.Typer) -> None:
    """Add the command group `audit` to the front door."""
    group(
        app,
        "audit",
        {
            "show": show,
            "prove": prove,
            "check-proof": check_proof,
            "checkpoint": checkpoint,
            "bundle": bundle,
            "prove-fork": prove_fork,
        },
    )


def show(
    folder: Folder,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help=help_words("shell.option.newest"))] = 30,
    seals: Annotated[bool, typer.Option("--seals", help=help_words("shell.option.seals"))] = False,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Show the latest events of the node's log, oldest first, each with its index."""
    from tidegate.store import audit_log
    from tidegate.web.desk_words import actor_names, event_words

    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        who = actor_names(tx, lang)
        events: list[tuple[int, dict[str, Any]]] = []
        end = audit_log.head(tx.conn, NODE_LOG).size
        while end > 0 and len(events) < limit:
            start = max(0, end - 1000)
            found = audit_log.read_events(tx.conn, start=start, limit=end - start)
            # The limit counts entries that still say something; the ones before `end` were taken already.
            wanted = [
                each for each in found if each[0] < end and (seals or not str(each[1]["kind"]).startswith("row."))
            ]
            events, end = [*wanted, *events], start
    for index, event in events[-limit:]:
        told = event_words(event, lang, who)
        page.row({"index": index, **event}, f"{index}\t{event['at']}\t{told.actor}\t{told.words}\t{event['subject']}")


def prove(
    folder: Folder,
    index: Annotated[int, typer.Argument(metavar="INDEX", min=0, help=help_words("shell.option.index"))],
    log: LogName = NODE_LOG,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Print the proof that an entry stands in a log, under its latest checkpoint (C2SP tlog-proof)."""
    from tidegate.cli.tlog_proof import TlogProof, check_proof
    from tidegate.store import audit_log
    from tidegate.store.leaves import leaf_data
    from tidegate.trust.checkpoint import add_lines

    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        size = audit_log.head(tx.conn, log).size
        if index >= size:
            raise problem(SettingsWrong, "audit.no-entry", log=log, size=size, index=index)
        kept = _covering(tx, log, index)
        verifier = _verifier_of(tx, kept.note)
        data = leaf_data(tx.conn, log, index)
        if data is None:
            raise problem(SettingsWrong, "audit.entry-missing", log=log, index=index)
        hashes = audit_log.inclusion(tx.conn, log, index, kept.size)
        proof = TlogProof(data, index, hashes, add_lines(kept.note, kept.cosignatures))
        check_proof(proof, verifier)  # what does not hold is not handed out
    names = [line.split(" ")[1] for line in kept.cosignatures]
    text = proof.to_text()
    page.row({"log": log, "index": index, "size": kept.size, "cosigned_by": names, "vkey": verifier.vkey(),
              "proof": text}, text.rstrip("\n"))  # fmt: skip
    page.remark("audit.proved", size=kept.size, names=", ".join(names) or "-", key=verifier.vkey())


def check_proof(
    file: Annotated[Path, typer.Argument(metavar="PROOF", help=help_words("shell.option.proof"))],
    vkey: VKey,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Check a proof with nothing but the log's verifier key. Exit code 1 where it does not hold."""
    from tidegate.cli.tlog_proof import check_proof as check
    from tidegate.cli.tlog_proof import read_proof
    from tidegate.trust.checkpoint import parse_vkey

    page = Page(lang, as_json, quiet)
    proof, verifier = read_proof(text_of(file)), parse_vkey(vkey)
    try:
        under = check(proof, verifier)
    except TidegateError as broken:
        words = problem_text(broken, lang)
        page.row({"holds": False, "because": broken.family}, page.say("audit.proof-broken", words=words))
        raise typer.Exit(1) from broken
    page.row(
        {"holds": True, "log": under.origin, "index": proof.index, "size": under.size},
        page.say("audit.proof-holds", index=proof.index, log=under.origin, size=under.size),
    )


def checkpoint(
    folder: Folder,
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help=help_words("shell.option.partner"))],
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Print our newest cosigned checkpoint of what we sent a partner, to hand over for a bundle."""
    from tidegate.node import evidence

    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        tx.get("partner", partner)
        text = evidence.own_checkpoint(tx, partner)
    page.row({"partner": partner, "checkpoint": text}, text.rstrip("\n"))


def bundle(
    folder: Folder,
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help=help_words("shell.option.partner"))],
    target: Annotated[Path, typer.Argument(metavar="OUT", help=help_words("shell.option.bundle-out"))],
    partner_checkpoint: Annotated[
        Path, typer.Option("--partner-checkpoint", help=help_words("shell.option.partner-checkpoint"))
    ],
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Write everything both sides signed on one link, with the program that checks it, for a third."""
    from tidegate.node import evidence
    from tidegate.trust.evidence import verifier_source

    page = Page(lang, as_json, quiet)
    checker = target.with_name("verify_evidence.py")
    taken = next((path for path in (target, checker) if path.exists()), None)
    if taken is not None:
        raise problem(SettingsWrong, "audit.bundle-there", folder=taken)
    theirs = text_of(partner_checkpoint)
    with at_node(folder, page, passphrase_file=passphrase_file) as node:
        with node.transaction() as tx:
            tx.get("partner", partner)
            now = tx.now
        files = evidence.evidence_files(node, partner, theirs.rstrip("\n") + "\n", now)
    evidence.write_bundle(files, target)
    checker.write_bytes(verifier_source())
    page.row(
        {"folder": str(target), "files": len(files), "verifier": str(checker)},
        page.say("audit.bundled", folder=target, files=len(files), verifier=checker),
    )


def prove_fork(
    folder: Folder,
    first: Annotated[Path, typer.Argument(metavar="A", help=help_words("shell.option.checkpoint-a"))],
    second: Annotated[Path, typer.Argument(metavar="B", help=help_words("shell.option.checkpoint-b"))],
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Prove that a log's owner signed two different pasts. Exit code 1 where the two show no fork."""
    from tidegate.trust.faults import NoFork

    page = Page(lang, as_json, quiet)
    one, other = text_of(first), text_of(second)
    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        verifiers = [_verifier_of(tx, one), _verifier_of(tx, other)]
    try:
        found = _fork(one, other, verifiers)
    except NoFork as none:
        words = problem_text(none, lang)
        page.row({"fork": False, "text": words}, page.say("audit.no-fork", words=words))
        raise typer.Exit(1) from none
    page.row(
        {"fork": True, "origin": found.origin, "size": found.size, "first": found.first, "second": found.second},
        page.say("audit.fork", log=found.origin, size=found.size),
    )


def _fork(first: str, second: str, verifiers: Sequence[NoteVerifier]) -> ForkProof:
    """Return the proof of a fork. Each checkpoint may be signed by another key: keys change, the owner does not.

    Raises NoFork when the two agree or cannot be compared.
    """
    from tidegate.trust.checkpoint import ForkProof, open_checkpoint
    from tidegate.trust.checkpoint import prove_fork as prove
    from tidegate.trust.faults import NoFork

    if verifiers[0] == verifiers[1]:
        return prove(first, second, verifiers[0])
    one, other = open_checkpoint(first, verifiers[0]), open_checkpoint(second, verifiers[1])
    if (one.origin, one.size) != (other.origin, other.size) or one.root == other.root:
        raise problem(
            NoFork, "audit.checkpoints-no-fork", first=f"{one.origin} {one.size}", second=f"{other.origin} {other.size}"
        )
    return ForkProof(one.origin, one.size, first, second)


def _covering(tx: Transaction, log: str, index: int) -> StoredCheckpoint:
    """Return the latest kept checkpoint that covers an entry, cosigned if there is one; else sign the head now."""
    from tidegate.node import links, witnessing
    from tidegate.store import audit_log
    from tidegate.trust.checkpoint import Checkpoint, sign_checkpoint

    kept = [each for each in audit_log.checkpoints(tx.conn, log) if each.size > index]
    if kept:
        return next((each for each in reversed(kept) if each.cosignatures), kept[-1])
    parts = log.split("/")
    if log == NODE_LOG:
        origin = witnessing.node_log_origin(tx)
    elif len(parts) == 3 and parts[2] == "out":
        origin = links.origin_of(links.load_link(tx, parts[1]).link, tx.node.node_id)
    else:
        raise problem(SettingsWrong, "audit.no-checkpoint", log=log, index=index)
    head = audit_log.head(tx.conn, log)
    working, _ = tx.node.keys.current(tx.now)
    note = sign_checkpoint(Checkpoint(origin, head.size, head.root), working)
    audit_log.keep_checkpoint(tx.conn, log, head.size, head.root, note, at=tx.now)
    return next(each for each in audit_log.checkpoints(tx.conn, log) if each.size > index)


def _verifier_of(tx: Transaction, note: str) -> NoteVerifier:
    """Return the key that signed a checkpoint: one of ours or of a partner enrolled here. Raises SignatureInvalid."""
    from tidegate.node.keyring import notices_of
    from tidegate.node.outbox import partner_notices
    from tidegate.trust.checkpoint import NoteVerifier, open_checkpoint, parse_body, split_note

    origin = parse_body(split_note(note)[0]).origin
    owner = origin.rsplit("/", 1)[-1]
    own = owner == tx.node.node_id
    notices = notices_of(tx.conn, owner, tx.node.identity.root_public) if own else partner_notices(tx, owner)
    refused: TidegateError | None = None
    for notice, _ in reversed(notices):
        verifier = NoteVerifier(origin, notice.ed25519_public)
        try:
            open_checkpoint(note, verifier)
        except TidegateError as exc:
            refused = refused or exc
            continue
        return verifier
    raise refused or problem(SettingsWrong, "audit.no-keys", owner=owner)
