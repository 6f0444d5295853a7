"""ISO 20022 messages as payments, any version, any wrapper: pain.001 and .008, pacs.003, .004, .008 and .009, camt.052 to .054.

The message is the element named Document in a namespace urn:iso:std:iso:20022:tech:xsd:…, wherever it stands.
Source of names and paths: the ISO 20022 message definition reports of payments initiation, clearing and settlement,
and bank-to-customer cash management.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tidegate.errors import InputUnreadable
from tidegate.files.encoding_repair import repair
from tidegate.files.iso20022_parts import (
    Amount,
    Party,
    amount,
    child,
    children,
    doubts_of,
    join_words,
    memo,
    memo_words,
    party,
    text,
)
from tidegate.files.iso20022_roles import ROLE_SOURCES, account_bank, bank_columns, parties_in, roles_of
from tidegate.files.messages import MessageRecord, MessageTable
from tidegate.files.records import Note
from tidegate.files.safe_xml import local_name, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

# National editions keep the name of the message in a namespace of their own.
_NAMESPACE = re.compile(r"\b([a-z]{4}\.\d{3}\.\d{3}\.\d{2,3})\b")
_BODIES = {
    "CstmrCdtTrfInitn": "pain.001", "FIToFICstmrCdtTrf": "pacs.008", "FICdtTrf": "pacs.009", "FinInstnCdtTrf": "pacs.009",
    "PmtRtr": "pacs.004", "BkToCstmrStmt": "camt.053", "BkToCstmrDbtCdtNtfctn": "camt.054", "BkToCstmrAcctRpt": "camt.052",
    "CstmrDrctDbtInitn": "pain.008", "FIToFICstmrDrctDbt": "pacs.003",
}  # fmt: skip
_DECLARATION = re.compile(rb"<\?xml[^>]*\?>")
_DECLARED = re.compile(rb"<\?xml[^>]*encoding=[\"']([A-Za-z0-9_\-]+)")
_DECLARED_AS = re.compile(r"(<\?xml[^>]*?)\s+encoding=[\"'][^\"']*[\"']")
_BASE64_XML = ("PD94bWw", "PERvY3VtZW50", "77u/PD94bWw")  # "<?xml", "<Document", the first behind a mark
_NO_REFERENCE = frozenset({"", "NOTPROVIDED", "NONREF"})
_SOURCES = {
    "payment_id": "EndToEndId", "date": "IntrBkSttlmDt, ReqdExctnDt, BookgDt", "payer": "Dbtr", "payer_account": "DbtrAcct",
    "payer_country": "Dbtr/PstlAdr/Ctry", "payee": "Cdtr", "payee_account": "CdtrAcct",
    "payee_country": "Cdtr/PstlAdr/Ctry", "amount": "Amt", "currency": "Amt/@Ccy", "memo": "RmtInf", "channel": "Document",
    **ROLE_SOURCES,
}  # fmt: skip


def read_iso20022(file: str, data: bytes) -> list[MessageTable]:
    """Return one table of payments for each message in `data`, in order.

    Read too: several documents in one file, with or without one root; a message without namespace or Document; bytes
    that are not in the encoding told. Raises InputUnreadable for unsafe or broken XML, and for XML that holds none of the
    messages read here.
    """
    root, notes = _root(file, data)
    messages = list(_messages(root)) or [one for inner in _wrapped(file, root) for one in _messages(inner)]
    several = len(messages) > 1
    tables: list[MessageTable] = []
    found = []
    for number, (message, body) in enumerate(messages, 1):
        reader = _READERS.get(message[:8])
        if reader is None or body is None:
            found.append(message)
            continue
        prefix = f"Document[{number}]/" if several else ""
        records = list(reader(body, f"{prefix}{local_name(body)}", message))
        said = [*([] if tables else notes), *_notes(body, records, message)]
        tables.append(MessageTable(message, "payments", records, _SOURCES, said))
    if tables and found:
        tables[0] = replace(
            tables[0], notes=[*tables[0].notes, Note("files.messages-left-out", {"found": ", ".join(found)})]
        )
    if not tables:
        shown = ", ".join(found) or local_name(root)
        raise InputUnreadable(
            f"{file}: none of the messages that are read (pain.001, pain.008, pacs.003, pacs.004, pacs.008, pacs.009, "
            f"camt.052, camt.053, camt.054); "
            f"found: {shown}",
            code="files.xml-unknown",
            file=file,
            found=shown,
        )
    return tables


def _root(file: str, data: bytes) -> tuple[_Element, list[Note]]:
    """Return the root; of documents in a row under a root made for them; of wrong bytes as they were meant."""
    try:
        return parse_xml(file, data), []
    except InputUnreadable as exc:
        if exc.code != "files.xml-broken":
            raise
        broken = exc
    notes: list[Note] = []
    told = _DECLARED.search(data[:200])
    if (told is None or told[1].lower() in {b"utf-8", b"utf8"}) and (mended := repair(data, whole=True)) is not None:
        data = mended.data
        notes = [Note(mended.code, {"count": str(mended.count), "encoding": mended.encoding})]
    in_a_row = b"<messages>" + _DECLARATION.sub(b"", data.removeprefix(b"\xef\xbb\xbf")) + b"</messages>"
    first = _DECLARATION.search(data)
    for each in (data, (first[0] if first else b"") + in_a_row):
        try:
            return parse_xml(file, each), notes
        except InputUnreadable as exc:
            if exc.code != "files.xml-broken":
                raise
    raise broken


def _wrapped(file: str, root: _Element) -> Iterator[_Element]:
    """Yield the documents that an envelope carries as text: escaped, as CDATA, or in base64."""
    for element in root.iter():
        text = (element.text or "").strip() if isinstance(element.tag, str) else ""
        if text.startswith(_BASE64_XML):
            try:
                text = base64.b64decode("".join(text.split()), validate=True).decode("utf-8-sig")
            except ValueError:
                continue
        if text.startswith("<") and "urn:iso:std:iso:20022" in text:
            yield _root(file, _DECLARED_AS.sub(r"\1", text).encode())[0]


def _messages(root: _Element) -> Iterator[tuple[str, _Element | None]]:
    """Yield name and body of each message: of every Document, and of bodies that stand without one."""
    documents = list(root.iter("{*}Document"))
    for document in documents:
        namespace = str(document.tag)[1:].partition("}")[0]
        named = _NAMESPACE.search(namespace)
        body = next((child for child in document if isinstance(child.tag, str)), None)
        if named:
            yield named[1], body
        elif body is not None and local_name(body) in _BODIES:
            yield _BODIES[local_name(body)], body
        else:
            yield "Document", None
    if not documents:
        bodies = [element for element in root.iter() if local_name(element) in _BODIES]
        for body in bodies:
            named = _NAMESPACE.search(str(body.tag)[1:].partition("}")[0])
            yield named[1] if named else _BODIES[local_name(body)], body


def _initiation(body: _Element, path: str, name: str) -> Iterator[MessageRecord]:
    """pain.001: one record for each CdtTrfTxInf; the debtor stands in its PmtInf."""
    for number, block in enumerate(children(body, "PmtInf"), 1):
        payer = party(child(block, "Dbtr"), child(block, "DbtrAcct"))
        day = text(block, "ReqdExctnDt/Dt") or text(block, "ReqdExctnDt/DtTm") or text(block, "ReqdExctnDt")
        # Read once for the block: it may hold a hundred thousand transfers.
        shared = memo_words(block)
        around = (parties_in(block), parties_in(child(body, "GrpHdr")))
        for place, transfer in enumerate(children(block, "CdtTrfTxInf"), 1):
            money = amount(transfer, "Amt/InstdAmt") or amount(transfer, "Amt/EqvtAmt/Amt")
            payee = party(child(transfer, "Cdtr"), child(transfer, "CdtrAcct"))
            words = join_words([*shared, *memo_words(transfer)])
            where = f"{path}/PmtInf[{number}]/CdtTrfTxInf[{place}]"
            roles = roles_of(parties_in(transfer), *around)
            yield _record(where, name, _reference(transfer, "PmtId"), day, payer, payee, money, words, roles)


def _collection(body: _Element, path: str, name: str) -> Iterator[MessageRecord]:
    """pain.008 and pacs.003: one record for each DrctDbtTxInf; in pain.008 the creditor stands in its PmtInf."""
    header = child(body, "GrpHdr")
    blocks = [(f"{path}/PmtInf[{number}]", block) for number, block in enumerate(children(body, "PmtInf"), 1)]
    for where, block in blocks or [(path, body)]:
        outer = party(child(block, "Cdtr"), child(block, "CdtrAcct"))
        around = (parties_in(block), parties_in(header))
        for place, transfer in enumerate(children(block, "DrctDbtTxInf"), 1):
            payer = party(child(transfer, "Dbtr"), child(transfer, "DbtrAcct"))
            payee = party(child(transfer, "Cdtr"), child(transfer, "CdtrAcct")).or_else(outer)
            money = amount(transfer, "IntrBkSttlmAmt") or amount(transfer, "InstdAmt")
            day = text(transfer, "IntrBkSttlmDt") or text(block, "ReqdColltnDt") or text(header, "IntrBkSttlmDt")
            words = join_words([*(memo_words(block) if block is not body else []), *memo_words(transfer)])
            reference, roles = _reference(transfer, "PmtId"), roles_of(parties_in(transfer), *around)
            yield _record(f"{where}/DrctDbtTxInf[{place}]", name, reference, day, payer, payee, money, words, roles)


def _transfer(body: _Element, path: str, name: str) -> Iterator[MessageRecord]:
    """pacs.008 and pacs.009: one record for each CdtTrfTxInf, and one for the customers a cover payment stands for.

    The banks stand in the transfer or once for all of them in the header.
    """
    header = parties_in(child(body, "GrpHdr"))
    header_day = text(body, "GrpHdr/IntrBkSttlmDt")
    for place, transfer in enumerate(children(body, "CdtTrfTxInf"), 1):
        where = f"{path}/CdtTrfTxInf[{place}]"
        day = text(transfer, "IntrBkSttlmDt") or header_day
        money = amount(transfer, "IntrBkSttlmAmt") or amount(transfer, "InstdAmt")
        reference = _reference(transfer, "PmtId")
        payer = party(child(transfer, "Dbtr"), child(transfer, "DbtrAcct"))
        payee = party(child(transfer, "Cdtr"), child(transfer, "CdtrAcct"))
        roles = roles_of(parties_in(transfer), header)
        yield _record(where, name, reference, day, payer, payee, money, memo(transfer), roles)
        underlying = child(transfer, "UndrlygCstmrCdtTrf")
        if underlying is not None:
            payer = party(child(underlying, "Dbtr"), child(underlying, "DbtrAcct"))
            payee = party(child(underlying, "Cdtr"), child(underlying, "CdtrAcct"))
            money = amount(underlying, "InstdAmt") or money
            where = f"{where}/UndrlygCstmrCdtTrf"
            roles = {**roles, **roles_of(parties_in(underlying))}
            yield _record(where, name, reference, day, payer, payee, money, memo(underlying), roles)


def _return(body: _Element, path: str, name: str) -> Iterator[MessageRecord]:
    """pacs.004: one record for each TxInf; payer and payee are those of the return (RtrChain), else of the original,
    turned round."""
    header = parties_in(child(body, "GrpHdr"))
    header_day = text(body, "GrpHdr/IntrBkSttlmDt")
    for place, transfer in enumerate(children(body, "TxInf"), 1):
        reference = next(
            (
                told
                for told in (text(transfer, "OrgnlEndToEndId"), text(transfer, "OrgnlTxId"), text(transfer, "RtrId"),
                             text(transfer, "OrgnlUETR"))
                if told.upper() not in _NO_REFERENCE
            ),
            "",
        )  # fmt: skip
        chain, original = child(transfer, "RtrChain"), child(transfer, "OrgnlTxRef")
        roles = roles_of(parties_in(transfer), parties_in(chain), header)
        if chain is not None:
            payer = party(child(chain, "Dbtr"), child(chain, "DbtrAcct"))
            payee = party(child(chain, "Cdtr"), child(chain, "CdtrAcct"))
        else:
            payer = party(child(original, "Cdtr"), child(original, "CdtrAcct"))
            payee = party(child(original, "Dbtr"), child(original, "DbtrAcct"))
            roles = {**roles_of(parties_in(original), turned=True), **roles}
        money = amount(transfer, "RtrdIntrBkSttlmAmt") or amount(transfer, "RtrdInstdAmt")
        day = text(transfer, "IntrBkSttlmDt") or header_day
        reasons = memo(transfer, original) if original is not None else memo(transfer)
        yield _record(f"{path}/TxInf[{place}]", name, reference, day, payer, payee, money, reasons, roles)


def _statement(body: _Element, path: str, name: str) -> Iterator[MessageRecord]:
    """camt.052, camt.053 and camt.054: one record for each TxDtls, or for the entry where it has none.

    A single TxDtls takes the amount booked by its entry. Where several state no amount of their own, the entry is a
    record too and carries the amount, so that no sum is counted twice and none is lost.
    """
    for kind in ("Stmt", "Ntfctn", "Rpt"):
        for number, statement in enumerate(children(body, kind), 1):
            held = child(statement, "Acct")
            owner, bank = party(child(held, "Ownr"), held), account_bank(held)
            for place, entry in enumerate(children(statement, "Ntry"), 1):
                yield from _entry(entry, f"{path}/{kind}[{number}]/Ntry[{place}]", name, owner, bank)


def _entry(entry: _Element, path: str, name: str, owner: Party, bank: Party) -> Iterator[MessageRecord]:
    booked = amount(entry, "Amt")
    day = _entry_day(entry)
    incoming = text(entry, "CdtDbtInd") == "CRDT"
    details = [
        (f"{path}/NtryDtls[{block_number}]/TxDtls[{number}]", detail)
        for block_number, block in enumerate(children(entry, "NtryDtls"), 1)
        for number, detail in enumerate(children(block, "TxDtls"), 1)
    ]
    amounts = [_detail_amount(detail) for _, detail in details]
    if len(details) == 1:
        amounts = [booked or amounts[0]]
    reference = text(entry, "NtryRef") or text(entry, "AcctSvcrRef")
    ours = bank_columns("payee_bank" if incoming else "payer_bank", bank)
    if not details or (len(details) > 1 and not any(amounts)):
        nobody = Party()
        payer, payee = (nobody, owner) if incoming else (owner, nobody)
        yield _record(path, name, reference, day, payer, payee, booked, memo(entry), ours, complete=False)
    for (where, detail), money in zip(details, amounts, strict=True):
        related = child(detail, "RltdPties")
        payer = party(child(related, "Dbtr"), child(related, "DbtrAcct"))
        payee = party(child(related, "Cdtr"), child(related, "CdtrAcct"))
        payer, payee = (payer, payee.or_else(owner)) if incoming else (payer.or_else(owner), payee)
        own = _reference(detail, "Refs") or text(detail, "Refs/AcctSvcrRef") or reference
        roles = {**ours, **roles_of(parties_in(detail))}
        yield _record(where, name, own, day, payer, payee, money, memo(detail), roles, complete=False)


def _entry_day(entry: _Element) -> str:
    for place in ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"):
        found = text(entry, place)
        if found:
            return found
    return ""


def _detail_amount(detail: _Element) -> Amount | None:
    return amount(detail, "Amt") or amount(detail, "AmtDtls/TxAmt/Amt") or amount(detail, "AmtDtls/InstdAmt/Amt")


def _reference(element: _Element, block: str) -> str:
    """Return the first reference that says something: end to end, then transaction, instruction, UETR."""
    for name in ("EndToEndId", "TxId", "InstrId", "UETR"):
        found = text(element, f"{block}/{name}")
        if found.upper() not in _NO_REFERENCE:
            return found
    return ""


def _record(
    path: str,
    name: str,
    reference: str,
    day: str,
    payer: Party,
    payee: Party,
    money: Amount | None,
    words: str,
    roles: Mapping[str, str],
    *,
    complete: bool = True,
) -> MessageRecord:
    values = {
        "payment_id": reference,
        "date": day[:10],
        "payer": payer.name,
        "payer_account": payer.account,
        "payer_country": payer.country,
        "payee": payee.name,
        "payee_account": payee.account,
        "payee_country": payee.country,
        "amount": money.value if money else None,
        "currency": money.currency if money else None,
        "memo": words,
        "channel": name,
        **roles,
    }
    for column, side in (("payer", payer), ("payee", payee)):
        values[f"{column}_registration_number"] = "; ".join(side.numbers)
        values[f"{column}_birth_date"] = side.birth_date
    return MessageRecord(path, values, doubts_of(payer, payee, money, roles, complete=complete))


def _notes(body: _Element, records: list[MessageRecord], name: str) -> list[Note]:
    notes = []
    told = text(body, "GrpHdr/NbOfTxs")
    found = sum(1 for record in records if not record.path.endswith("/UndrlygCstmrCdtTrf"))
    if told.isdigit() and int(told) != found:
        notes.append(Note("files.payments-differ", {"place": name, "told": told, "found": str(found)}))
    if not records:
        notes.append(Note("files.no-payments", {"place": name}))
    return notes


_READERS: dict[str, Callable[[_Element, str, str], Iterator[MessageRecord]]] = {
    "pain.001": _initiation,
    "pacs.008": _transfer,
    "pacs.009": _transfer,
    "pacs.004": _return,
    "camt.053": _statement,
    "camt.054": _statement,
    "camt.052": _statement,
    "pain.008": _collection,
    "pacs.003": _collection,
}
