"""Kinds about goods: pre-export notification and its answer, consignment data, seizure record.

Source: 1988 Convention, article 12(10)(a) for the notification's content; the CEN seizure record for the fields of a
seizure. Facts about identity, papers and places only.
"""

from __future__ import annotations

from collections.abc import Sequence

from tidegate.exchange import values as v
from tidegate.exchange.kinds.base import MessageKind, Values, day_of, first, kg_of
from tidegate.gate.refusal import Refusal, refuse

CONSIGNMENT_FIELDS = {
    "consignment_id": v.reference, "date": v.day,
    "consignor": v.name, "consignor_address": v.name, "consignor_country": v.country,
    "consignee": v.name, "consignee_address": v.name, "consignee_country": v.country,
    "notify_party": v.name, "forwarder": v.name,
    "goods_description": v.name, "hs_code": v.hs_code, "cas": v.cas, "substance": v.reference,
    "quantity": v.name, "unit": v.name, "net_mass_kg": v.kg, "gross_mass_kg": v.kg, "packages": v.count,
    "value": v.number, "currency": v.currency,
    "origin_country": v.country, "destination_country": v.country, "transit_countries": v.countries,
    "port_of_loading": v.port, "port_of_discharge": v.port, "transport_mode": v.name, "container": v.reference,
    "document_number": v.reference, "licence": v.reference,
}  # fmt: skip
ANSWERS = ("no_objection", "objection", "hold", "partial", "not_competent")
OBJECTION_REASONS = (
    "no_licence", "unknown_company", "end_use_doubtful", "over_need", "wrong_data", "under_investigation",
)  # fmt: skip
_GOODS = frozenset({"goods_description", "substance", "cas"})


def _check_masses(values: Values) -> Sequence[Refusal]:
    net, gross = kg_of(values, "net_mass_kg"), kg_of(values, "gross_mass_kg")
    if net is not None and gross is not None and net > gross:
        return (refuse("net-above-gross", net=net, gross=gross),)
    return ()


def _check_notification(values: Values) -> Sequence[Refusal]:
    faults = list(_check_masses(values))
    base, net = kg_of(values, "anhydrous_base_kg"), kg_of(values, "net_mass_kg")
    if base is not None and net is not None and base > net:
        faults.append(refuse("base-above-net", base=base, net=net))
    if base is not None and first(values, "base_factor") is None:
        faults.append(refuse("base-without-factor"))
    return faults


def _check_answer(values: Values) -> Sequence[Refusal]:
    decision, faults = first(values, "decision"), []
    if decision == "objection" and not values.get("reason_code"):
        faults.append(refuse("objection-without-reason"))
    if decision == "hold" and day_of(values, "hold_until") is None:
        faults.append(refuse("hold-without-day"))
    if decision == "partial" and kg_of(values, "allowed_kg") is None:
        faults.append(refuse("partial-without-kg"))
    under_inquiry = "under_investigation" in values.get("reason_code", ())
    if under_inquiry and first(values, "no_notice_to_subject") != "yes":
        faults.append(refuse("investigation-without-silence"))
    return faults


def _check_seizure(values: Values) -> Sequence[Refusal]:
    faults = list(_check_masses(values))
    if values.get("tablet_count") and kg_of(values, "net_mass_kg") is None:
        faults.append(refuse("tablets-without-kg"))
    if values.get("purity_percent") and not values.get("purity_basis"):
        faults.append(refuse("purity-without-basis"))
    return faults


PRE_EXPORT_NOTIFICATION = MessageKind(
    id="pre_export_notification",
    pillars=frozenset({"production", "distribution"}),
    fields={
        **CONSIGNMENT_FIELDS,
        "anhydrous_base_kg": v.kg, "base_factor": v.number, "concentration_percent": v.percent,
        "import_permit": v.reference, "end_use": v.name, "end_user": v.name, "broker": v.name,
        "exporting_authority": v.name, "urgency": v.one_of("routine", "urgent", "immediate"),
        "validity": v.one_of("single", "6-months", "12-months"), "earlier_notification": v.reference,
        "amends": v.reference,
    },
    must=frozenset({"consignor", "consignee", "net_mass_kg", "date"}),
    one_of=(_GOODS,),
    answered_by=frozenset({"pre_export_answer", "information_request"}),
    starts_clocks=True,
    own=_check_notification,
)  # fmt: skip
PRE_EXPORT_ANSWER = MessageKind(
    id="pre_export_answer",
    pillars=frozenset({"production", "distribution"}),
    fields={
        "decision": v.one_of(*ANSWERS), "decision_day": v.day, "officer_role": v.name,
        "reason_code": v.one_of(*OBJECTION_REASONS), "allowed_kg": v.kg, "hold_until": v.day, "expires": v.day,
        "condition": v.name, "reason_may_be_told": v.one_of("yes", "no"),
        "no_notice_to_subject": v.one_of("yes", "no"),
    },
    must=frozenset({"decision", "decision_day"}),
    own=_check_answer,
)  # fmt: skip
CONSIGNMENT_DATA = MessageKind(
    id="consignment_data",
    pillars=frozenset({"production", "distribution", "information"}),
    fields=CONSIGNMENT_FIELDS,
    must=frozenset({"date", "origin_country", "destination_country"}),
    one_of=(frozenset({"goods_description", "hs_code", "cas"}),),
    answered_by=frozenset({"feedback", "information_request"}),
    own=_check_masses,
)
SEIZURE_RECORD = MessageKind(
    id="seizure_record",
    pillars=frozenset({"distribution", "information", "production"}),
    fields={
        **CONSIGNMENT_FIELDS,
        "agency": v.name, "national_reference": v.reference, "place": v.name, "procedure": v.name,
        "conveyance": v.name, "commodity": v.name, "detection": v.name, "tablet_count": v.count,
        "purity_percent": v.percent, "purity_basis": v.name, "concealment": v.name,
        "sample_status": v.one_of("none", "taken", "tested"),
    },
    must=frozenset({"agency", "national_reference", "date", "place", "commodity"}),
    one_of=(frozenset({"net_mass_kg", "gross_mass_kg", "packages", "tablet_count"}),),
    answered_by=frozenset({"feedback", "information_request"}),
    own=_check_seizure,
)  # fmt: skip
