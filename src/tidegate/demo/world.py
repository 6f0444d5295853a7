"""The invented world of the demo: 2,000 consignments of the summer of 2022, and the list they are screened against.

Every firm, person, address and number here is made up. Among clean trade stand: one consignor written five ways, which
the invented list names; a trade name of the perfume trade that is a name of a listed precursor; one row whose mass
cannot be read; and a few papers that need a second look. The same seed gives the same rows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from random import Random

FIRST_DAY = date(2022, 6, 1)
ROWS = 2_000
# The one consignor, as five clerks wrote it: simplified, traditional, pinyin joined, pinyin split, English.
FIVE_WAYS = (
    "月兔银帆精细化工有限公司",
    "月兔銀帆精細化工有限公司",
    "Yuetuyinfan Fine Chemical Co., Ltd.",
    "YUE TU YIN FAN JINGXI HUAGONG YOUXIAN GONGSI",
    "Moon Rabbit Silver Sail Fine Chemical Co., Ltd",
)
HEADERS: Mapping[str, str] = {
    "consignment_id": "Consignment no.",
    "date": "Date",
    "consignor": "发货人",
    "consignor_address": "发货人地址",
    "consignee": "Consignatario",
    "consignee_address": "Domicilio del consignatario",
    "forwarder": "Forwarder",
    "goods_description": "Goods description",
    "hs_code": "HS code",
    "cas": "CAS",
    "net_mass_kg": "Net weight",
    "gross_mass_kg": "Gross weight",
    "packages": "Packages",
    "value": "Value",
    "currency": "Currency",
    "origin_country": "Origin",
    "destination_country": "Destination",
    "document_number": "B/L no.",
    "licence": "Licence no.",
}
# goods text, HS code, kg of a usual lot, USD a kg: everyday trade that no register knows
_GOODS: Sequence[tuple[str, str, int, float]] = (
    ("Cotton knit T-shirts, assorted colours", "6109.10", 1800, 9.5),
    ("Ceramic floor tiles 60x60 cm", "6907.21", 22000, 0.6),
    ("LED panel lights 600x600", "9405.42", 2400, 11.0),
    ("Polypropylene granules, injection grade", "3902.10", 24000, 1.3),
    ("Stainless steel kitchen sinks", "7324.10", 5200, 4.8),
    ("Bicycle spare tyres 26 inch", "4011.50", 3900, 3.1),
    ("Children's plastic building blocks", "9503.00", 1500, 7.2),
    ("Aluminium window profiles", "7604.29", 18000, 3.4),
    ("Titanium dioxide pigment, rutile, for paint", "3206.11", 20000, 2.9),
    ("Citric acid monohydrate, food grade", "2918.14", 21000, 1.1),
    ("Ascorbic acid (vitamin C) powder", "2936.27", 5000, 5.6),
    ("Silica gel desiccant bags", "2811.22", 6400, 1.4),
    ("Polyester sewing thread", "5401.10", 2600, 4.4),
    ("Laptop bags, 15 inch, nylon", "4202.12", 1900, 8.0),
    ("Rubber conveyor belts", "4010.12", 7700, 3.9),
    ("Electric rice cookers 1.8 L", "8516.60", 4100, 6.3),
    ("Solar panels 450 W", "8541.43", 26000, 2.7),
    ("Garlic, fresh, white, 5 cm", "0703.20", 25000, 1.2),
    ("Frozen tilapia fillets", "0304.61", 23000, 3.0),
    ("Bamboo chopsticks, wrapped", "4419.12", 8800, 1.9),
    ("Tempered glass screen protectors", "7007.19", 900, 12.0),
    ("Disposable nitrile gloves, powder free", "4015.12", 6900, 5.1),
    ("Sodium bicarbonate, feed grade", "2836.30", 24000, 0.4),
    ("Adhesive packing tape, brown", "3919.10", 9300, 2.2),
    ("Hydraulic hose fittings", "7307.92", 3100, 7.7),
    ("Ball bearings, deep groove, 6204", "8482.10", 4600, 6.1),
    ("Printed paper labels on rolls", "4821.10", 2100, 3.6),
    ("Tablet computers 10 inch", "8471.30", 650, 95.0),
    ("Office chairs, gas lift", "9401.31", 5600, 4.0),
    ("Glycerol, vegetable, refined", "2905.45", 22000, 1.5),
)
_HAN_PLACES = ("星汉", "云汀", "灯塔湾", "青螺", "鹭洲", "银桥", "松涛", "竹影", "镜湖", "晴川", "石榴", "纸鸢")
_HAN_STEMS = ("萤火虫", "蓝鲸鱼", "风铃草", "蒲公英", "小橘灯", "木棉花", "海石花", "千纸鹤", "向日葵", "薄荷糖")
_HAN_TRADES = ("纺织", "陶瓷", "五金", "塑料", "照明", "家具", "玩具", "橡胶", "机电", "日用品")
_LATIN_STEMS = (
    "Lantern Quay", "Paper Cloud", "Teapot Lane", "Silver Heron", "Blue Umbrella", "Walnut Bridge", "Copper Kettle",
    "Marble Otter", "Velvet Compass", "Granite Swallow", "Ivory Anchor", "Maple Lighthouse",
)  # fmt: skip
_LATIN_TRADES = (
    "Textiles",
    "Ceramics",
    "Hardware",
    "Plastics",
    "Lighting",
    "Furniture",
    "Toys",
    "Rubber",
    "Housewares",
    "Machinery",
)
_BUYER_STEMS = (
    "Nube de Papel", "Farol Azul", "Puente de Nogal", "Tetera de Cobre", "Garza de Plata", "Paraguas Verde",
    "Brújula de Ámbar", "Nutria de Mármol", "Golondrina Gris", "Ancla de Marfil", "Arce del Faro", "Cometa de Lino",
)  # fmt: skip
_BUYER_TRADES = ("Textiles", "Cerámicas", "Ferretera", "Plásticos", "Iluminación", "Muebles", "Juguetes", "Comercial")
_STREETS = ("Calle del Ejemplo", "Avenida Inventada", "Boulevard de la Maqueta", "Calzada del Ensayo")
_FORWARDERS = ("Tern & Tide Freight Ltd", "Barco de Papel Transportes SA de CV", "鸥线国际货运有限公司")


def make_consignments(seed: int = 2022) -> list[dict[str, str]]:
    """Return 2,000 invented consignments, one dict of canonical columns each, in order of day."""
    random = Random(seed)  # noqa: S311  # invented data, no secret
    rows = [_clean_row(random, number) for number in range(ROWS)]
    for number, change in _planted():
        rows[number].update(change)
        rows[number]["gross_mass_kg"] = change.get("gross_mass_kg", rows[number]["gross_mass_kg"])
    return rows


def planted_rows() -> Mapping[str, tuple[int, ...]]:
    """Return where the planted rows stand, as row numbers a person sees (the header is row 1)."""
    return {
        "five-ways": tuple(number + 2 for number in _FIVE_AT),
        "hidden-precursor": (_HIDDEN_AT + 2,),
        "unreadable": (_UNREADABLE_AT + 2,),
        "masses": (_MASSES_AT + 2,),
    }


def write_sample(path: Path, seed: int = 2022) -> None:
    """Write the consignments as a workbook with one sheet, headers in three languages as a real desk would get them."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False})
    sheet = book.add_worksheet("Manifest")
    for place, header in enumerate(HEADERS.values()):
        sheet.write_string(0, place, header)
    for line, row in enumerate(make_consignments(seed), 1):
        for place, column in enumerate(HEADERS):
            if row.get(column):
                sheet.write_string(line, place, row[column])
    book.close()


def write_invented_list(path: Path) -> None:
    """Write the packaged invented list to `path` as CSV with the party columns."""
    path.write_bytes(resources.files("tidegate.demo").joinpath("data/invented_list.csv").read_bytes())


def invented_list_rows() -> list[dict[str, str]]:
    """Return the parties of the invented list, one dict of party columns each."""
    text = resources.files("tidegate.demo").joinpath("data/invented_list.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


_FIVE_AT = (15, 404, 777, 1203, 1688)
_HIDDEN_AT = 962
_UNREADABLE_AT = 1204
_MASSES_AT = 311


def _clean_row(random: Random, number: int) -> dict[str, str]:
    goods, code, lot, price = random.choice(_GOODS)
    kg = round(lot * random.uniform(0.6, 1.25))
    buyer = random.choice(_BUYER_STEMS)
    consignor = _consignor(random)
    day = FIRST_DAY + timedelta(days=number * 61 // ROWS)
    return {
        "consignment_id": f"XA-22-{number + 1:04d}",
        "date": day.isoformat(),
        "consignor": consignor,
        "consignor_address": f"{random.randint(1, 400)} {random.choice(_LATIN_STEMS)} Road, Sample Port",
        "consignee": f"{random.choice(_BUYER_TRADES)} {buyer} SA de CV",
        "consignee_address": f"{random.choice(_STREETS)} {random.randint(1, 900)}, Puerto Muestra",
        "forwarder": random.choice(_FORWARDERS),
        "goods_description": goods,
        "hs_code": code,
        "cas": "",
        "net_mass_kg": f"{kg} kg",
        "gross_mass_kg": f"{round(kg * random.uniform(1.03, 1.12)) + 1} kg",
        "packages": str(max(1, kg // 25)),
        "value": f"{kg * price * random.uniform(0.8, 1.2):.2f}",
        "currency": "USD",
        "origin_country": "CN",
        "destination_country": random.choice(("MX", "MX", "US")),
        "document_number": f"SAMPLE{number + 1:07d}",
        "licence": "",
    }


def _consignor(random: Random) -> str:
    if random.random() < 0.5:
        return f"{random.choice(_HAN_PLACES)}{random.choice(_HAN_STEMS)}{random.choice(_HAN_TRADES)}有限公司"
    return f"{random.choice(_LATIN_STEMS)} {random.choice(_LATIN_TRADES)} Co., Ltd"


def _planted() -> Iterator[tuple[int, dict[str, str]]]:
    goods = (
        ("Citric acid monohydrate, food grade", "2918.14"),
        ("Silica gel desiccant bags", "2811.22"),
        ("Titanium dioxide pigment, rutile, for paint", "3206.11"),
        ("Glycerol, vegetable, refined", "2905.45"),
        ("Ascorbic acid (vitamin C) powder", "2936.27"),
    )
    for number, name, (text, code) in zip(_FIVE_AT, FIVE_WAYS, goods, strict=True):
        yield number, {"consignor": name, "goods_description": text, "hs_code": code, "destination_country": "MX"}
    # Perfumers call piperonal heliotropin; the 1988 Convention lists it in Table I.
    yield (
        _HIDDEN_AT,
        {
            "consignor": "青螺薄荷糖香料有限公司",
            "consignee": "Aromas Cometa de Lino SA de CV",
            "goods_description": "Heliotropin crystals, fragrance grade, 8 drums",
            "hs_code": "3302.90",
            "net_mass_kg": "200 kg",
            "gross_mass_kg": "216 kg",
            "packages": "8",
            "value": "5200.00",
            "destination_country": "MX",
        },
    )
    yield _UNREADABLE_AT, {"net_mass_kg": "1.234 / 5 kg", "gross_mass_kg": "1300 kg"}
    yield _MASSES_AT, {"net_mass_kg": "6400 kg", "gross_mass_kg": "4600 kg"}
