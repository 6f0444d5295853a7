"""Rules that need customers, earlier records or both."""

from datetime import date

from tests.screening.records import CLEAN, batch, consignments, rules, screen
from tidegate.screening.companions import Companions, Licence, Notice

ITEM = {"goods_description": "4-anilinopiperidine", "hs_code": "2933.39"}
PAY = {
    "date": "2025-11-03",
    "payer": "Ficticia Ejemplo Rosa",
    "payee": "Paper Cloud Chemical Co Ltd",
    "amount": "400",
    "payer_country": "MX",
}
BUYER = CLEAN["consignee"]


def customers(*rows):
    return {"companions": Companions(tables={"parties": batch("parties", list(rows))})}


def move(*changes, **given):
    return rules(screen(consignments(*changes), **given))


def pay(*changes, **given):
    return rules(screen(batch("payments", [{**PAY, **change} for change in changes]), **given))


def test_an_importer_without_a_website_or_founded_yesterday():
    assert "RF07" in move(ITEM, **customers({"name": BUYER, "founded": "2024-08-01", "website": "x.example"}))
    assert "RF07" not in move(ITEM, **customers({"name": BUYER, "founded": "1999-01-01", "website": "x.example"}))


def test_two_importers_with_one_phone_and_one_supplier():
    told = customers(
        {"name": BUYER, "phone": "+52 555 010 0199"}, {"name": "Comercial Farol Azul SA", "phone": "52 5550100199"}
    )
    assert "RF08" in move({}, {"consignee": "Comercial Farol Azul SA"}, **told)
    assert "RF08" not in move({}, {"consignee": "Comercial Farol Azul SA", "consignor": "Another Supplier Ltd"}, **told)


def test_a_bakery_that_pays_a_chemical_firm():
    assert "RF12" in pay({}, **customers({"name": PAY["payer"], "sector": "bakery of bread"}))
    assert "RF12" not in pay({}, **customers({"name": PAY["payer"], "sector": "chemical wholesale"}))


def test_a_firm_outside_chemistry_that_buys_two_items():
    other = {"goods_description": "piperonal", "hs_code": "2932.93"}
    assert "RF15" in move(ITEM, other, **customers({"name": BUYER, "sector": "textiles"}))
    assert "RF15" not in move(ITEM, **customers({"name": BUYER, "sector": "textiles"}))


def test_a_payee_with_a_sellers_contact():
    told = customers(
        {"name": "Invento Muestra Ana", "email": "a@cloud.example"},
        {"name": "Paper Cloud Chemical Ltd", "email": "sales@cloud.example"},
    )
    assert "RF16" in pay({"payee": "Invento Muestra Ana"}, **told)


def test_two_payees_with_one_phone():
    told = customers({"name": "Ana Invento", "phone": "5550100199"}, {"name": "Luis Muestra", "phone": "555 010 0199"})
    assert "RF18" in pay({"payee": "Ana Invento"}, {"payee": "Luis Muestra"}, **told)


def test_payers_of_one_address_together_above_the_threshold():
    told = customers(*({"name": name, "address": "Teapot Lane 4"} for name in ("Ana Invento", "Luis Muestra")))
    assert "RF21" in pay(
        {"payer": "Ana Invento", "amount": "6000"}, {"payer": "Luis Muestra", "amount": "6000"}, **told
    )
    assert "RF21" not in pay(
        {"payer": "Ana Invento", "amount": "600"}, {"payer": "Luis Muestra", "amount": "600"}, **told
    )


def test_cash_from_three_places_sent_on_at_once():
    cash = [
        {"payee_account": "AC1", "payer_account": f"P{n}", "channel": f"cash, branch {n}", "amount": "3000"}
        for n in range(3)
    ]
    assert "RF22" in pay(*cash, {"payer_account": "AC1", "payee_account": "Z9", "channel": "wire", "amount": "8800"})
    assert "RF22" not in pay(*cash, {"payer_account": "AC1", "payee_account": "Z9", "channel": "wire", "amount": "100"})


def test_a_month_far_above_the_payers_own_mean():
    past = batch("payments", [{**PAY, "date": f"2025-{month:02}-10", "amount": "100"} for month in range(1, 9)])
    assert "RF19" in pay({"amount": "900"}, companions=Companions(tables={"payments": past}))
    assert "RF19" not in pay({"amount": "120"}, companions=Companions(tables={"payments": past}))


def test_a_first_import_in_a_chemical_chapter_against_fifty_earlier_rows():
    past = Companions(tables={"consignments": consignments(*({} for _ in range(60)))})
    assert "RF56" in move({"hs_code": "2922.19", "net_mass_kg": "5000", "gross_mass_kg": "5200"}, companions=past)
    assert "RF56" not in move({"hs_code": "6109.10", "net_mass_kg": "5000", "gross_mass_kg": "5200"}, companions=past)


def test_both_sides_papers_for_one_document_differ():
    theirs = Companions(tables={"consignments": consignments({"document_number": "BL77001", "net_mass_kg": "60"})})
    assert "RF59" in move({"document_number": "BL77001"}, companions=theirs)
    assert "RF59" not in move({"document_number": "BL77002"}, companions=theirs)


def test_notices_that_split_a_licence():
    notices = tuple(Notice(f"P{n}", CLEAN["consignor"], BUYER, "piperonal", 90, date(2024, 9, n)) for n in (1, 8, 15))
    papers = Companions(notices=notices, licences=(Licence("L", BUYER, quantity_kg=100),))
    assert "RF74" in move({}, companions=papers)


def test_one_supplying_country_where_peers_have_several():
    def buys(buyer, *origins):
        return [{"consignee": buyer, "origin_country": origin, "hs_code": "2922.19"} for origin in origins * 4]

    mixed = [row for n in range(6) for row in buys(f"Comercial Peer {n} SA", "CN", "US", "DE")]
    assert "RF09" in move(
        *mixed, *buys(BUYER, "CN", "CN", "CN"), companions=Companions(tables={"consignments": consignments({})})
    )


def test_one_firm_on_both_sides_within_a_week():
    assert "RF71" in move({"consignee": "Broker Kite Ltd"}, {"consignor": "Broker Kite Ltd", "date": "2024-10-04"})
    assert "RF71" not in move({"consignee": "Broker Kite Ltd"}, {"consignor": "Broker Kite Ltd", "date": "2024-12-04"})


def test_a_price_far_from_the_middle_of_its_like():
    usual = [{"value": str(1000 + n), "currency": "USD"} for n in range(60)]
    assert "RF53" in move(*usual, {"value": "90000", "currency": "USD"})
    assert "RF53" not in move(*usual)


def test_tiny_parcels_with_a_vague_text():
    parcel = {"goods_description": "samples", "net_mass_kg": "0.5", "gross_mass_kg": "0.6"}
    assert "RF37" in move(parcel, parcel, parcel)
    assert "RF37" not in move(parcel, parcel)


def test_a_firm_paid_for_goods_that_never_pays():
    rows = [{"payee": "Farol Comercial SA", "memo": f"invoice {n}"} for n in range(12)]
    history = Companions(tables={"payments": batch("payments", [PAY])})
    assert "RF73" in pay(*rows, companions=history)
    assert "RF73" not in pay(*rows, {"payer": "Farol Comercial SA", "payee": "Paper Cloud Ltd"}, companions=history)
