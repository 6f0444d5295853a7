"""Pieces as ledgers and business programs hand them over: units in columns of their own or above, groups, far cells."""

from __future__ import annotations

from tests.museum.makers import Piece, csv

_SAP = ("VBELN", "LFDAT", "NAME1", "LAND1", "MAKTX", "LFIMG", "VRKME", "BRGEW", "NTGEW", "GEWEI")
_ITEM = ("Consignee", "Goods")
_EDI = (
    "UNB+UNOC:3+A+B+240105:1200+1'UNH+1+IFTMIN:D:96A:UN'BGM+340+S7+9'DTM+137:20240105:102'NAD+CZ+++LANTERN QUAY'"
    "NAD+CN+++VEGA PURPURA'GID+1+48:BG'FTX+AAA+++GLASS BEADS'MEA+WT+AAB+KGM:1230'MEA+WT+AAA+KGM:1200.5'UNT+10+1'"
)


def ledgers() -> list[Piece]:
    """Return the pieces of this room."""
    weights = csv((*_ITEM, "Net weight", "NW unit", "Gross weight", "GW unit"),
                  (("Vega", "beads", "500", "g", "1.5", "t"), ("Cobre", "beads", "2", "lb", "3", "KGM")))  # fmt: skip
    spanish = csv(("Destinatario", "Mercancía", "Peso neto", "Unidad de peso", "Cantidad", "Unidad de medida"),
                  (("Vega", "vidrio", "1,2", "TNE", "48", "sacos"), ("Cobre", "vidrio", "300", "GRM", "1", "frasco")), ";")  # fmt: skip
    sap = csv(_SAP, (("0080001234", "20240305", "Vega SA", "MX", "Beads", "48", "BAG", "1,25", "1,2", "TO"),
                     ("0080001235", "20240318", "Cobre SL", "PE", "Beads", "9", "CAR", "1.840,00", "1.800,50", "KG")), ";")  # fmt: skip
    phrases = csv((*_ITEM, "Net weight"), tuple(("Vega", "beads", told) for told in (
        "1 MT 200 KG", "20 drums of 200 kg each", "10 sacos de 50 kg", "20桶，每桶200公斤", "一吨半", "半吨", "一百二十千克", "10 lb 8 oz")))  # fmt: skip
    alien = csv(
        (*_ITEM, "Net weight", "Unit"),
        (("Vega", "beads", "12", "xyz"), ("Cobre", "beads", "3", "kg"), ("Ola", "beads", "4", "kg")),
    )
    return [
        Piece("unit_beside_each_weight.csv", weights.encode(), (2,), net=("0.5", "0.90718474"),
              cells={"gross_mass_kg": ("1500", "3")}),
        Piece("unit_of_weight_and_unit_of_quantity.csv", spanish.encode("cp1252"), (2,), net=("1200", "0.3"),
              cells={"unit": ("sacos", "frasco"), "quantity": ("48", "1")}),
        Piece("field_names_of_a_business_program.csv", sap.encode(), (2,), net=("1200", "1800.5"),
              cells={"consignee": ("Vega SA", "Cobre SL"), "gross_mass_kg": ("1250", "1840"), "unit": ("BAG", "CAR")},
              dates=("2024-03-05", "2024-03-18")),
        Piece("masses_told_in_several_numbers.csv", phrases.encode(), (8,),
              net=("1200", "4000", "500", "4000", "1500", "500", "120", "4.762719885")),
        Piece("unit_beside_that_is_none.csv", alien.encode(), (3,), (("2", "quantity.unit-unknown"),), net=("12 xyz", "3", "4")),
        Piece("unit_above_the_table.csv", "出口台账,,,\n单位：吨,,,\n发货人,收货人,品名,净重\n岚山公司,翠谷公司,玻璃珠,1.2\n".encode("gbk"), (1,),
              net=("1200",), notes=("files.unit-from-above",)),
        Piece("tonnes_in_brackets.csv", csv((*_ITEM, "Net weight (t)", "Gross (g)"), (("Vega", "beads", "1.25", "500"),)).encode(), (1,),
              net=("1250",), cells={"gross_mass_kg": ("0.5",)}),
        Piece("seven_digits_of_the_republic.csv", csv((*_ITEM, "日期"), (("Vega", "beads", "1130305"), ("Ola", "beads", "0990318")))
              .replace("0990318", "1130318").encode("big5"), (2,), dates=("2024-03-05", "2024-03-18")),
        Piece("circumflex_and_commas.txt", b"Shipper^Consignee^Goods\nOakum^Vega^beads, glass\nBrine^Cobre^glue\n", (2,),
              cells={"goods_description": ("beads, glass", "glue")}),
        Piece("nothing_in_spanish.csv", csv((*_ITEM, "Peso neto kg"), (("Vega", "vidrio", "n/d"), ("Cobre", "vidrio", "#N/D"))).encode(), (2,),
              (("3", "files.error-value"),), net=(None, None)),
        Piece("net_and_gross_by_attribute_without_end.edi", _EDI.encode(), (1,), net=("1200.5",),
              cells={"gross_mass_kg": ("1230",)}, notes=("files.interchange-open",)),
    ]  # fmt: skip
