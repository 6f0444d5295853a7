"""Canonical columns of the three kinds of record, and the Arrow schemas that the screening kernel takes and gives.

Names follow the WCO data model and ISO 20022 where they have a word (see ARCHITECTURE.md, "The words").
Every canonical column is text as read, cleaned but not interpreted: interpretation belongs to the screen that needs it,
so that an unreadable value can be named. `source_row` is the row number a person sees.
"""

from __future__ import annotations

import pyarrow as pa

CONSIGNMENT_COLUMNS = (
    "consignment_id", "date", "consignor", "consignor_address", "consignor_country", "consignee", "consignee_address",
    "consignee_country", "notify_party", "forwarder", "goods_description", "hs_code", "cas", "quantity", "unit",
    "net_mass_kg", "gross_mass_kg", "packages", "value", "currency", "origin_country", "destination_country",
    "transit_countries", "port_of_loading", "port_of_discharge", "transport_mode", "container", "document_number",
    "licence",
    # What people write beside the goods: what they are for, and how they shall be packed, handed over or declared.
    "end_use", "remarks",
)  # fmt: skip
PAYMENT_COLUMNS = (
    "payment_id", "date", "payer", "payer_account", "payer_country", "payee", "payee_account", "payee_country",
    "amount", "currency", "memo", "channel", "wallet", "chain",
    # Who stands behind and between: ultimate debtor and creditor, who started it, and the banks with their BICs.
    "ultimate_payer", "ultimate_payee", "initiating_party", "payer_bank", "payer_bank_bic", "payee_bank",
    "payee_bank_bic", "intermediary_banks", "intermediary_bics", "payer_registration_number", "payer_birth_date",
    "payee_registration_number", "payee_birth_date",
    # As a bank statement writes sums: money out and in, in columns of their own, or a word for the direction beside the sum.
    "debit", "credit", "direction",
    # When within the day, where it was paid in, and where the two live.
    "time_of_day", "place", "payer_address", "payee_address",
)  # fmt: skip
PARTY_COLUMNS = (
    "party_id", "name", "name_local", "other_names", "kind", "country", "address", "birth_date",
    "registration_number", "phone", "email", "website", "sector", "founded", "officer",
    # What a visit or a register of addresses says of the place, and since when the web domain stands.
    "address_kind", "domain_registered",
)  # fmt: skip

COLUMNS = {"consignments": CONSIGNMENT_COLUMNS, "payments": PAYMENT_COLUMNS, "parties": PARTY_COLUMNS}
NAME_COLUMNS = {
    "consignments": ("consignor", "consignee", "notify_party", "forwarder"),
    "payments": (
        "payer", "payee", "ultimate_payer", "ultimate_payee", "initiating_party", "payer_bank", "payee_bank",
        "intermediary_banks",
    ),
    "parties": ("name", "name_local", "other_names"),
}  # fmt: skip
SOURCE_COLUMNS = ("source_file", "source_sheet", "source_row")


def record_schema(kind: str) -> pa.Schema:
    """Return the Arrow schema of a batch of `kind` records: source columns, then the canonical text columns.

    `source_row` is text: a row number ("17") for tables, a message path for XML and EDIFACT.
    """
    fields = [pa.field(name, pa.string()) for name in (*SOURCE_COLUMNS, *COLUMNS[kind])]
    return pa.schema(fields, metadata={"tidegate.kind": kind})


REASON = pa.struct([("code", pa.string()), ("params", pa.map_(pa.string(), pa.string()))])
DUTY = pa.struct(
    [
        ("regime", pa.string()),
        ("list", pa.string()),
        ("duty", pa.string()),
        ("paper", pa.string()),
        ("found", pa.bool_()),
        ("from", pa.string()),
        ("source", pa.string()),
        ("certainty", pa.string()),
    ]
)
FINDING_SCHEMA = pa.schema(
    [
        ("row", pa.int64()),  # index into the batch, from 0
        ("screen", pa.string()),  # party, goods, red-flag, quality
        ("rule", pa.string()),
        ("level", pa.string()),  # look, ask, hold
        ("score", pa.float64()),  # 0 to 1
        ("column", pa.string()),
        ("value", pa.string()),
        ("against_kind", pa.string()),  # listed-party, substance, family, equipment, rule
        ("against_id", pa.string()),
        ("against_name", pa.string()),
        ("against_list", pa.string()),
        ("against_list_date", pa.string()),
        ("reasons", pa.list_(REASON)),
        ("benign", pa.string()),  # a wording code
        ("duties", pa.list_(DUTY)),
        ("decision_key", pa.string()),
        ("base_key", pa.string()),  # the decision key without evidence
    ]
)
LEVELS = ("look", "ask", "hold")
