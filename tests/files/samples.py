"""Small messages of our own for tests: invented parties, every shape of party, account and amount once."""

from __future__ import annotations


def document(name: str, body: str) -> bytes:
    """Return a message without wrapper; `name` such as pain.001.001.09."""
    return f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{name}">{body}</Document>'.encode()


PAIN = document(
    "pain.001.001.09",
    "<CstmrCdtTrfInitn><GrpHdr><NbOfTxs>2</NbOfTxs></GrpHdr><PmtInf><ReqdExctnDt><Dt>2024-01-05</Dt></ReqdExctnDt>"
    "<Dbtr><Nm>Lantern Quay Trading</Nm><PstlAdr><Ctry>CN</Ctry></PstlAdr></Dbtr>"
    "<DbtrAcct><Id><IBAN>DE89 3704 0044 0532 0130 00</IBAN></Id></DbtrAcct>"
    "<CdtTrfTxInf><PmtId><InstrId>I-1</InstrId><EndToEndId>E-1</EndToEndId></PmtId><Amt><InstdAmt Ccy='USD'>1.234</InstdAmt>"
    "</Amt><Cdtr><Nm>Vega\n  Púrpura</Nm><CtryOfRes>MX</CtryOfRes></Cdtr><CdtrAcct><Id><Othr><Id>0021</Id></Othr></Id>"
    "</CdtrAcct><RmtInf><Ustrd>invoice 7</Ustrd></RmtInf></CdtTrfTxInf>"
    "<CdtTrfTxInf><PmtId><EndToEndId>NOTPROVIDED</EndToEndId><UETR>u-2</UETR></PmtId><Amt><EqvtAmt>"
    "<Amt Ccy='EUR'>55.00</Amt></EqvtAmt></Amt><UltmtCdtr><Nm>Cobre y Nube</Nm></UltmtCdtr></CdtTrfTxInf>"
    "</PmtInf></CstmrCdtTrfInitn>",
)
COVER = document(
    "pacs.009.001.08",
    "<FICdtTrf><GrpHdr><NbOfTxs>1</NbOfTxs></GrpHdr><CdtTrfTxInf><PmtId><EndToEndId>C-1</EndToEndId></PmtId>"
    "<IntrBkSttlmAmt Ccy='EUR'>900.10</IntrBkSttlmAmt><IntrBkSttlmDt>2024-02-01</IntrBkSttlmDt>"
    "<Dbtr><FinInstnId><BICFI>LQTRCNSHXXX</BICFI></FinInstnId></Dbtr>"
    "<Cdtr><FinInstnId><BICFI>nobic</BICFI><Nm>Banco Ficticio</Nm></FinInstnId></Cdtr>"
    "<UndrlygCstmrCdtTrf><Dbtr><Nm>Lantern Quay Trading</Nm></Dbtr><Cdtr><Nm>Vega Púrpura</Nm></Cdtr>"
    "</UndrlygCstmrCdtTrf></CdtTrfTxInf></FICdtTrf>",
)
RETURN = document(
    "pacs.004.001.09",
    "<PmtRtr><TxInf><RtrId>R-1</RtrId><OrgnlEndToEndId>E-1</OrgnlEndToEndId>"
    "<RtrdIntrBkSttlmAmt Ccy='USD'>10.00</RtrdIntrBkSttlmAmt><IntrBkSttlmDt>2024-03-01</IntrBkSttlmDt>"
    "<OrgnlTxRef><Dbtr><Pty><Nm>Lantern Quay Trading</Nm></Pty></Dbtr><Cdtr><Pty><Nm>Vega Púrpura</Nm></Pty></Cdtr>"
    "</OrgnlTxRef></TxInf></PmtRtr>",
)
STATEMENT = document(
    "camt.053.001.08",
    "<BkToCstmrStmt><Stmt><Acct><Id><IBAN>GB82WEST12345698765432</IBAN></Id><Ownr><Nm>Lantern Quay Trading</Nm></Ownr></Acct>"
    "<Ntry><NtryRef>N-1</NtryRef><Amt Ccy='EUR'>5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><DtTm>2024-01-05T09:00:00</DtTm>"
    "</BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>E-9</EndToEndId></Refs><RltdPties><Dbtr><Pty><Nm>Vega Púrpura</Nm></Pty>"
    "</Dbtr></RltdPties></TxDtls></NtryDtls></Ntry>"
    "<Ntry><NtryRef>N-2</NtryRef><Amt Ccy='EUR'>30.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><ValDt><Dt>2024-01-06</Dt></ValDt>"
    "<NtryDtls><TxDtls><Amt Ccy='EUR'>10.00</Amt><RltdPties><Cdtr><Pty><Nm>Cobre y Nube</Nm></Pty></Cdtr></RltdPties></TxDtls>"
    "<TxDtls><Amt Ccy='EUR'>20.00</Amt></TxDtls></NtryDtls></Ntry>"
    "<Ntry><NtryRef>N-3</NtryRef><Amt Ccy='EUR'>7.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Ntry></Stmt></BkToCstmrStmt>",
)
