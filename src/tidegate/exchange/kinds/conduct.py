"""Kinds about what is done: company notice, payment-block request, act report and its confirmation."""

from __future__ import annotations

from collections.abc import Sequence

from tidegate.exchange import values as v
from tidegate.exchange.kinds.base import MessageKind, Values, day_of, first
from tidegate.gate.refusal import Refusal, refuse

COMPANY_STATES = ("closed", "licence_revoked", "under_inquiry", "cleared")
BLOCK_ACTS = ("watch", "delay", "freeze", "refuse")
ACT_KINDS = (
    "company_closed", "arrest", "charge", "consignment_stopped", "advert_removed", "payment_held",
    "licence_refused", "sharing_resumed", "meeting_held", "other",
)  # fmt: skip
ATTRIBUTIONS = ("official", "anonymous_official", "press")
_ALL_PILLARS = frozenset({"production", "financing", "distribution", "information"})


def _check_company(values: Values) -> Sequence[Refusal]:
    faults = []
    if not values.get("registration") and not values.get("address"):
        faults.append(refuse("company-without-identity"))
    if first(values, "state") == "closed" and day_of(values, "state_day") is None:
        faults.append(refuse("closed-without-day"))
    return faults


def _check_block(values: Values) -> Sequence[Refusal]:
    faults = []
    starts, ends = day_of(values, "starts"), day_of(values, "ends")
    if starts is not None and ends is not None and ends <= starts:
        faults.append(refuse("ends-before-start", starts=starts, ends=ends))
    if first(values, "act_wanted") == "freeze" and not values.get("order_number"):
        faults.append(refuse("freeze-without-order"))
    if values.get("wallet") and not values.get("chain"):
        faults.append(refuse("wallet-without-chain"))
    return faults


def _check_act(values: Values) -> Sequence[Refusal]:
    faults = []
    if values.get("count") and not values.get("unit"):
        faults.append(refuse("count-without-unit"))
    in_force, announced = day_of(values, "in_force_day"), day_of(values, "effect_day")
    if in_force is not None and announced is not None and announced < in_force:
        faults.append(refuse("effect-before-force", force=in_force, effect=announced))
    return faults


def _check_confirmation(values: Values) -> Sequence[Refusal]:
    if first(values, "standing") == "disputed" and not values.get("disputed_point"):
        return (refuse("dispute-without-point"),)
    return _check_act(values)


COMPANY_NOTICE = MessageKind(
    id="company_notice",
    pillars=frozenset({"production", "financing", "distribution"}),
    fields={
        "name": v.name, "name_local": v.name, "other_names": v.name, "registration": v.registration,
        "address": v.name, "country": v.country, "state": v.one_of(*COMPANY_STATES), "state_day": v.day,
        "legal_ground": v.name, "authority": v.name, "receiver_may": v.one_of("know", "tell_firms", "act"),
        "officer": v.name, "phone": v.reference, "email": v.reference, "website": v.reference,
        "account": v.account, "wallet": v.reference, "successor": v.name,
    },
    must=frozenset({"name", "state", "authority"}),
    answered_by=frozenset({"feedback", "information_request"}),
    own=_check_company,
)  # fmt: skip
PAYMENT_BLOCK_REQUEST = MessageKind(
    id="payment_block_request",
    pillars=frozenset({"financing"}),
    fields={
        "account": v.account, "bic": v.bic, "wallet": v.reference, "chain": v.name, "institution": v.name,
        "holder": v.name, "holder_registration": v.registration, "amount": v.money,
        "legal_ground": v.name, "order_number": v.reference, "authority": v.name,
        "starts": v.day, "ends": v.day, "review": v.day, "act_wanted": v.one_of(*BLOCK_ACTS),
        "transaction": v.reference,
    },
    must=frozenset({"holder", "legal_ground", "authority", "starts", "ends", "act_wanted"}),
    one_of=(frozenset({"account", "wallet", "institution"}),),
    answered_by=frozenset({"act_report", "information_request", "information_answer"}),
    starts_clocks=True,
    own=_check_block,
)  # fmt: skip
_ACT_FIELDS = {
    "act": v.one_of(*ACT_KINDS), "announced_day": v.day, "in_force_day": v.day, "effect_day": v.day,
    "count": v.count, "unit": v.name, "pledge": v.reference, "place": v.name, "authority": v.name,
    "attribution": v.one_of(*ATTRIBUTIONS), "public_text": v.name,
}  # fmt: skip
ACT_REPORT = MessageKind(
    id="act_report",
    pillars=_ALL_PILLARS,
    fields={**_ACT_FIELDS, "follows_from": v.reference},
    must=frozenset({"act", "attribution"}),
    one_of=(frozenset({"announced_day", "in_force_day", "effect_day"}),),
    answered_by=frozenset({"act_confirmation", "information_request"}),
    starts_clocks=True,
    own=_check_act,
)
ACT_CONFIRMATION = MessageKind(
    id="act_confirmation",
    pillars=_ALL_PILLARS,
    fields={
        **_ACT_FIELDS,
        "about": v.reference, "standing": v.one_of("confirmed", "disputed"), "disputed_point": v.name,
    },
    must=frozenset({"about", "standing"}),
    own=_check_confirmation,
)  # fmt: skip
