"""Statement: one fact with its source and handling; the unit of provenance, disclosure and correction."""

from __future__ import annotations

from dataclasses import dataclass

from tidegate.model.handling import Handling


@dataclass(frozen=True, slots=True)
class Statement:
    """One fact: `subject` has `value` for `property`, said by `source`, to be handled as `handling` says.

    id: stable inside one node, never crosses the wire (a disclosure gives each recipient ids of its own).
    subject: id of the consignment, party or payment it is about. property: a canonical column name
    (see tidegate.model.columns) or a name from the message kind's field list. value: canonical text
    (masses in kg, money as "1200.50 USD", days as 2022-08-05). source: where it was read or who said it
    ("consignments.xlsx, Sheet1, row 17"); it never leaves the node. seen: instant it was first recorded.
    """

    id: str
    subject: str
    property: str
    value: str
    handling: Handling
    source: str
    seen: str
    language: str = "und"
