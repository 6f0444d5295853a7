"""Companions: the papers and earlier records that some rules need beside the sheet that is screened.

None means "not given", so that a rule can say it was not run; an empty tuple means "given, and empty".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Licence:
    """One licence or permit on file. items: substance names, CAS numbers or register ids; empty covers any item.

    holder: the firm it was given to, as written. quantity_kg: None where the paper names no limit. country: whose law
    gave it, as written; blank answers any.
    """

    number: str
    holder: str = ""
    items: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    quantity_kg: float | None = None
    source: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One pre-export notification with its answer. answer: "", no-objection, objection, hold or partial.

    Source: 1988 Convention, article 12(10)(a) for what it must say; the reply day is the agreement's.
    """

    number: str
    exporter: str
    importer: str
    item: str
    quantity_kg: float | None = None
    filed_on: date | None = None
    reply_due_on: date | None = None
    answer: str = ""
    answered_on: date | None = None
    consignment_id: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Closure:
    """A firm that an authority closed, with the day and the authority that said so."""

    name: str
    closed_on: date | None
    authority: str = ""
    registration_number: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    website: str = ""
    officer: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An order or request that a firm, or a partner, turned down. refused_by: as written, "" where it is not told."""

    customer: str
    item: str
    refused_on: date | None = None
    refused_by: str = ""
    number: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Wallet:
    """What a chain analyst's label says of one wallet. category: listed, mixer, chemical-seller or "" for any other.

    written: the category as written. hops: how many transfers away the labelled party stands, None or 0 for the wallet
    itself. exposure: the share of its money that comes from there, 0 to 1, None where it is not told.
    """

    address: str
    category: str
    label: str = ""
    written: str = ""
    chain: str = ""
    hops: int | None = None
    exposure: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Advert:
    """One advert or offer as it was seen. licence: the number it quotes, in a column of its own; "" for none."""

    seller: str
    text: str
    seen_on: date | None = None
    licence: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Companions:
    """What came with `--with`: papers as values, earlier records and customers as record batches by kind."""

    licences: tuple[Licence, ...] | None = None
    notices: tuple[Notice, ...] | None = None
    closures: tuple[Closure, ...] | None = None
    tables: Mapping[str, pa.RecordBatch] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] | None = None
    wallets: tuple[Wallet, ...] | None = None
    adverts: tuple[Advert, ...] | None = None

    def held(self) -> frozenset[str]:
        """Return the names of what was given: licences, notices, closures, refusals, wallets, adverts, tables by kind."""
        named = {
            "licences": self.licences, "notices": self.notices, "closures": self.closures, "refusals": self.refusals,
            "wallets": self.wallets, "adverts": self.adverts,
        }  # fmt: skip
        return frozenset(name for name, value in named.items() if value is not None) | frozenset(self.tables)
