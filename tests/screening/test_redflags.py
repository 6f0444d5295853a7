"""One case that fires and one that does not for each rule that a sheet alone, or with papers beside it, can show."""

from datetime import date

import pytest

from tests.screening.records import CLEAN, batch, consignments, plan, rules, screen
from tidegate.screening.companions import Closure, Companions, Licence, Notice
from tidegate.screening.normalize import RecordView
from tidegate.screening.pipeline import not_run_in, screen_batch
from tidegate.screening.plan import not_run_on
from tidegate.screening.redflags import load_rules, read_rules
from tidegate.wording.sentences import LANGUAGES, knows, say

ITEM = {"goods_description": "4-anilinopiperidine", "hs_code": "2933.39"}
PRESS = {"goods_description": "tablet press ZP-9", "hs_code": "8479.89"}
PAY = {
    "date": "2025-11-03", "payer": "Ficticia Ejemplo Rosa", "payee": "Paper Cloud Chemical Co Ltd", "amount": "400", "currency": "USD",
    "payer_country": "MX", "payee_country": "CN",
}  # fmt: skip
PARTY = {"name": "Lantern Quay Chemical Ltd", "country": "CN"}


def pay(*changes, **given):
    return rules(screen(batch("payments", [{**PAY, **change} for change in changes]), **given))


def move(*changes, headers="", **given):
    return rules(screen(consignments(*changes, headers=headers), **given))


def parties(*changes, **given):
    return rules(screen(batch("parties", [{**PARTY, **change} for change in changes]), **given))


def beside(**given):
    return {"companions": Companions(**given)}


def test_there_are_75_rules_in_order_each_with_words_and_a_source():
    found = load_rules()
    assert [rule.id for rule in found] == [f"RF{number:02}" for number in range(1, 76)]
    for rule in found:
        assert rule.source
        assert rule.certainty in ("read", "memory")
        for code in (f"{rule.id}.title", f"{rule.id}.benign"):
            assert all(say(code, lang) for lang in LANGUAGES)


def test_no_rule_takes_nationality_or_a_passport():
    for rule in load_rules():
        told = " ".join(
            (*rule.needs, *(name for choice in rule.any_of for name in choice), *rule.either, *rule.companions)
        )
        assert "national" not in told
        assert "passport" not in told


def test_a_rule_of_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="unknown kind"):
        read_rules(
            '[[rule]]\nid = "RF99"\nkind = "guess"\ngroup = "goods"\nlevel = "look"\nsource = "x"\ncertainty = "read"'
        )


def test_every_rule_either_runs_or_says_why_not():
    view = RecordView(consignments({}), "consignments")
    told = {one.rule: one for one in not_run_on(plan(), view)}
    for one in told.values():
        assert knows(one.code), one.code
        assert all(say(one.code, lang, **one.params) for lang in LANGUAGES)
    assert {"RF14", "RF24", "RF36", "RF10", "RF57"} <= set(told)


def test_a_rule_that_lacks_its_column_is_not_run_and_not_clear():
    records = batch("consignments", [{"goods_description": "tiles"}])
    told = {one.rule: one.code for one in not_run_in(screen_batch(records, plan()))}
    assert told["RF58"] == "not-run.no-column"


FIRING = [
    ("RF02", move({"consignee": "Nube Química SA", "consignee_address": "Apartment 4, Teapot Lane"}), move({"consignee_address": "Apartment 4"})),
    ("RF31", move({**PRESS, "consignee": "Ficticia Ejemplo Rosa"}), move({**PRESS, "consignee": "Farmacéutica Farol SA"})),
    ("RF32", move({**PRESS, "consignee_address": "Apartment 4, Teapot Lane"}), move({**PRESS, "consignee_address": "Teapot Lane 4"})),
    ("RF33", move({**ITEM, "consignee": "Panadería Farol SA"}), move({"consignee": "Panadería Farol SA"})),
    ("RF38", move({**ITEM, "consignee_address": "P.O. Box 12, Sample Port"}), move({"consignee_address": "P.O. Box 12"})),
    ("RF39", move({**ITEM, "consignor": "Tern & Tide Freight Ltd"}), move({"consignor": "Tern & Tide Freight Ltd"})),
    ("RF43", move({**ITEM, "goods_description": "piperonal, customer will collect"}), move({"goods_description": "tiles, customer will collect"})),
    ("RF44", move({**ITEM, "goods_description": "piperonal, for personal use"}), move({"goods_description": "toys, for personal use"})),
    ("RF46", move({**ITEM, "goods_description": "piperonal, neutral packing"}), move({"goods_description": "toys, neutral packing"})),
    ("RF50", move({**PRESS, "goods_description": "punches and dies for tablet press, M30"}), move({"goods_description": "M30 bolts"})),
    ("RF51", move({**ITEM, "hs_code": "6109.10"}), move(ITEM)),
    ("RF52", move({"goods_description": "Chemical products", "hs_code": "2922.19"}), move({"goods_description": "Chemical products", "hs_code": "6109.10"})),
    ("RF54", move({**ITEM, "transit_countries": "SG; AE; NL; PA"}), move({**ITEM, "transit_countries": "SG"})),
    ("RF54", move({**ITEM, "port_of_discharge": "GTPRQ"}), move({**ITEM, "port_of_discharge": "MXZLO"})),
    ("RF55", move({**ITEM, "consignee": "To the order of Banco Farol"}), move({"consignee": "To the order of Banco Farol"})),
    ("RF58", move({"net_mass_kg": "120"}), move({"net_mass_kg": "109"})),
    ("RF58", move({"quantity": "300", "unit": "kg"}), move({"quantity": "100", "unit": "kg"})),
    ("RF61", move({**ITEM, "cas": "79-03-8"}), move({**ITEM, "cas": "23056-29-3"})),
    ("RF65", move({"goods_description": "toys, 双清包税, 扣货重发"}), move({"goods_description": "toys, 双清包税"})),
    ("RF06", move(ITEM, headers="licence"), move({**ITEM, "licence": "L-1"}, headers="licence")),
    ("RF48", move({**PRESS, "destination_country": "US"}, headers="licence"), move({**PRESS, "destination_country": "US", "licence": "452-1"})),
    ("RF67", move(ITEM, headers="licence"), move({**ITEM, "destination_country": "NO"}, headers="licence")),
    ("RF69", move({"goods_description": "xylazine hydrochloride"}, headers="licence"), move({"goods_description": "xylazine", "consignee": "Farol Veterinaria SA"}, headers="licence")),
    ("RF10", pay({}), pay({"memo": "invoice 77"})),
    ("RF11", pay({}, {"payer": "Ejemplo Ficticio Juan"}, {"payer": "Invento Muestra Ana"}), pay({}, {}, {})),
    ("RF13", pay(*({"amount": amount} for amount in ("9500", "9700", "9900"))), pay(*({"amount": "4000"} for _ in range(3)))),
    ("RF17", pay(*({"payee": "Invento Muestra Ana", "amount": "90"} for _ in range(7))), pay({"payee": "Invento Muestra Ana", "amount": "90"})),
    ("RF20", pay({"date": "2025-11-03 10:05"}, {"date": "2025-11-03 10:40"}), pay({"date": "2025-11-03 10:05"}, {"date": "2025-11-03 18:40"})),
    ("RF28", pay({"memo": "芬太尼 2公斤"}), pay({"memo": "song Blues"})),
    ("RF29", pay({"payee": "Harbour Kite Trading Ltd", "payee_country": "HK", "memo": "piperonal 25 kg"}), pay({"payee": "Harbour Kite Trading Ltd", "payee_country": "HK", "memo": "toys"})),
    ("RF30", pay({}, {"payee": "Tern & Tide Freight Ltd"}), pay({}, {"payee": "Tern & Tide Freight Ltd", "date": "2025-12-30"})),
    ("RF34", pay({"channel": "cash"}), pay({"channel": "wire"})),
    ("RF35", pay({"memo": "warehouse rent May"}), pay({"payer": "Farol Textiles SA", "memo": "warehouse rent May"})),
    ("RF42", pay({"channel": "money order"}), pay({"channel": "wire"})),
    ("RF05", pay({"memo": "4-anilinopiperidine 25 kg"}), pay({"memo": "4-anilinopiperidine, licence L-9"})),
    ("RF66", pay({"payee": "Intercam Banco SA"}), pay({"payee": "Intercam Banco SA", "date": "2025-10-19"})),
    ("RF72", pay({"payer": "Farol Textiles SA", "payee": "Ejemplo Ficticio Juan", "amount": "5000"}, *({"payer": "Ejemplo Ficticio Juan", "payee": name, "amount": "2300"} for name in ("Ana Invento", "Luis Invento"))), pay({})),
    ("RF23", parties({"sector": "bakery of bread"}), parties({"sector": "chemical wholesale"})),
    ("RF26", parties({"registration_number": "91350000ABCDEFGHJ1"}), parties({"registration_number": "12345678"})),
    ("RF03", parties(*({"name": f"{stem} Trading Ltd", "address": "Teapot Lane 4, Sample Port"} for stem in ("Walrus", "Copper", "Zinnia"))), parties({"address": "Teapot Lane 4, Sample Port"})),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "fires", "quiet"), FIRING, ids=[f"{case[0]}-{at}" for at, case in enumerate(FIRING)])
def test_the_rule_fires_where_it_should_and_not_elsewhere(rule, fires, quiet):
    assert rule in fires
    assert rule not in quiet


def test_items_of_one_family_to_one_consignee_are_marked_on_each_row_with_the_same_words():
    found = screen(consignments(ITEM, {"goods_description": "1-boc-4-AP", "hs_code": "2933.39"}))
    flags = [one for one in found if one.rule == "RF45"]
    assert [one.row for one in flags] == [0, 1]
    assert {one.reasons[1].params["rows"] for one in flags} == {"2, 3"}
    assert len({one.decision_key for one in flags}) == 1


def test_machine_parts_in_two_consignments_within_sixty_days():
    parts = {"goods_description": "tablet punches and dies", "hs_code": "8207.30"}
    assert "RF49" in move(parts, {**parts, "date": "2024-11-01"})
    assert "RF49" not in move(parts, {**parts, "date": "2025-03-01"})


def test_a_licence_given_beside_the_sheet_counts_as_found():
    licence = Licence("L-7", CLEAN["consignee"], ("4-anilinopiperidine",), date(2024, 1, 1), date(2024, 12, 31))
    assert "RF06" not in move(ITEM, **beside(licences=(licence,)))
    assert "RF06" in move({**ITEM, "date": "2025-02-01"}, **beside(licences=(licence,)))
    assert "RF06" in move({**ITEM, "consignee": "Farol Comercial SA"}, **beside(licences=(licence,)))


NOTICE = Notice(
    "PEN-1",
    CLEAN["consignor"],
    CLEAN["consignee"],
    "4-anilinopiperidine",
    100,
    date(2024, 9, 1),
    date(2024, 9, 20),
    "no-objection",
    date(2024, 9, 15),
)


@pytest.mark.parametrize(
    ("notices", "fires"),
    [
        ((), True),
        ((NOTICE,), False),
        (
            (Notice(*_[:7], "objection", _[8]),) if (_ := tuple(getattr(NOTICE, n) for n in NOTICE.__slots__)) else (),
            True,
        ),
    ],
)
def test_a_notice_must_be_there_and_kept(notices, fires):
    assert ("RF57" in move(ITEM, **beside(notices=notices))) is fires


def test_more_than_the_notice_says_is_told():
    found = screen(consignments({**ITEM, "net_mass_kg": "105", "gross_mass_kg": "120"}), **beside(notices=(NOTICE,)))
    assert [one.reasons[1].code for one in found if one.rule == "RF57"] == ["seen.over-notice"]


def test_an_earlier_objection_to_the_same_item_is_remembered():
    refused = Notice("PEN-0", "Another Seller Ltd", CLEAN["consignee"], "4-anilinopiperidine", answer="objection")
    assert "RF47" in move(ITEM, **beside(notices=(refused,)))


def test_silence_on_three_notices_is_a_look_at_the_authority_not_the_firm():
    silent = tuple(
        Notice(f"PEN-{n}", CLEAN["consignor"], CLEAN["consignee"], "x", reply_due_on=date(2024, 1, n))
        for n in (1, 2, 3)
    )
    found = screen(consignments({}), **beside(notices=silent))
    assert [(one.rule, one.level) for one in found] == [("RF75", "look")]


def test_a_young_firm_that_shares_two_things_with_a_closed_one():
    closed = Closure(
        "Glass Heron Chemicals Ltd", date(2024, 5, 1), phone="+52 555 010 0199", email="desk@heron.example"
    )
    born = {
        "name": "Silver Kite Chemicals Ltd",
        "phone": "52-555-0100199",
        "email": "desk@heron.example",
        "founded": "2024-06-01",
    }
    assert "RF63" in parties(born, **beside(closures=(closed,)))
    assert "RF63" not in parties({**born, "email": "other@kite.example"}, **beside(closures=(closed,)))


def history(*rows):
    return {"tables": {"consignments": batch("consignments", [{**CLEAN, **row} for row in rows])}}


def test_a_quantity_far_above_the_buyers_habit():
    past = history(*({**ITEM, "net_mass_kg": kg} for kg in ("10", "11", "9", "10", "12", "10")))
    assert {"RF40", "RF41"} <= move({**ITEM, "net_mass_kg": "500", "gross_mass_kg": "520"}, **beside(**past))
    assert not {"RF40", "RF41"} & move({**ITEM, "net_mass_kg": "11"}, **beside(**past))


def test_a_new_supplier_of_a_closed_firms_customer():
    closed = Closure("Glass Heron Chemicals Ltd", date(2024, 8, 1))
    past = history({"consignor": "Glass Heron Chemicals Ltd", "hs_code": "2922.19"})
    new = {"consignor": "Silver Kite Chemicals Ltd", "hs_code": "2922.19"}
    assert "RF64" in move(new, **beside(closures=(closed,), **past))
    assert "RF64" not in move({**new, "date": "2025-06-01"}, **beside(closures=(closed,), **past))


def test_payment_and_invoice_that_disagree():
    goods = {
        "tables": {
            "consignments": batch(
                "consignments", [{**CLEAN, "document_number": "BL77001", "value": "1000", "currency": "USD"}]
            )
        }
    }
    told = {"memo": "payment BL77001", "payer": CLEAN["consignee"]}
    assert "RF70" in pay({**told, "amount": "1500"}, **beside(**goods))
    assert "RF70" not in pay({**told, "amount": "1000"}, **beside(**goods))


def test_one_fact_on_one_row_counts_once():
    found = screen(
        consignments({**PRESS, "consignee": "Nube Química SA", "consignee_address": "Apartment 4, Hotel Farol"})
    )
    premises = {one.rule: one for one in found if one.rule in ("RF32", "RF38")}
    assert sorted(one.level for one in premises.values()) in (["ask", "look"], ["hold", "look"])
    assert "level.counted-once" in {reason.code for one in premises.values() for reason in one.reasons}


def test_an_everyday_chemical_to_a_person_is_only_looked_at():
    found = screen(
        consignments(
            {"goods_description": "hydrochloric acid", "hs_code": "2806.10", "consignee": "Ficticia Ejemplo Rosa"}
        )
    )
    assert [(one.rule, one.level) for one in found if one.rule == "RF55"] == [("RF55", "look")]
    assert not any(one.level == "hold" for one in found)


def test_a_tariff_code_alone_is_never_above_ask():
    found = screen(
        consignments(
            {
                "goods_description": "drums",
                "hs_code": "2932.91",
                "consignee": "To the order of Banco Farol",
                "consignee_address": "P.O. Box 7",
            }
        )
    )
    assert "hold" not in {one.level for one in found}
