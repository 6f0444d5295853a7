"""The list that firms screen with: what partners asked to have closed or blocked, as a table with the party columns."""

from __future__ import annotations

import csv
import io
from datetime import date

from tidegate.node.node import Node

COLUMNS = (
    "party_id", "name", "name_local", "other_names", "kind", "country", "address", "birth_date",
    "registration_number", "phone", "email", "website", "sector", "founded", "account", "remarks",
)  # fmt: skip


def watch_list_csv(node: Node, on: date) -> bytes:
    """Return the entries in force on the day `on` as CSV (UTF-8). It names no partner and no source."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore", restval="", lineterminator="\n")
    writer.writeheader()
    with node.transaction() as tx:
        for number, (_, entry) in enumerate(tx.find("watch_entry"), 1):
            ended = entry["until"] and date.fromisoformat(entry["until"]) < on
            if not entry["listed"] or ended:
                continue
            writer.writerow({**entry, "party_id": f"W-{number:04d}", "remarks": f"{entry['state']} {entry['day']}"})
    return out.getvalue().encode()
