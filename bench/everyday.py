"""Everyday consignments: innocent rows as a customs desk sees them, between the parties of bench/alarm.py.

Nothing in them is a register item. Goods with HS headings and dollars per kg are ours, from common trade.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

GOODS = [
    ("cotton T-shirts, knitted", "610910", 9),
    ("男式梭织长裤", "620342", 12),
    ("ceramic floor tiles", "690721", 0.6),
    ("LED panel lights", "940542", 14),
    ("muebles de madera para oficina", "940330", 4),
    ("PVC resin SG-5", "390410", 1),
    ("钛白粉 R-902", "320611", 2.6),
    ("bicycle parts: pedals, chains", "871496", 6),
    ("juguetes de plástico", "950300", 7),
    ("stainless steel screws M6", "731815", 3),
    ("frozen tilapia fillets", "030461", 4),
    ("green tea in bags", "090210", 8),
    ("USB cables and chargers", "854442", 10),
    ("太阳能电池组件", "854143", 5),
    ("polyester yarn 150D", "540233", 1.8),
    ("aluminium foil household", "760711", 4),
    ("automotive brake pads", "870830", 7),
    ("bolsas de papel kraft", "481940", 2),
    ("glassware drinking glasses", "701337", 2),
    ("water pumps centrifugal", "841370", 9),
    ("不锈钢保温杯", "961700", 8),
    ("garlic fresh", "070320", 1.1),
    ("citric acid anhydrous food grade", "291814", 1),
    ("sodium bicarbonate", "283630", 0.4),
    ("printing ink black", "321511", 6),
    ("hand tools: pliers", "820320", 5),
    ("rubber gloves", "401519", 4),
    ("office chairs", "940139", 5),
    ("mobile phone cases", "392690", 9),
    ("herramientas eléctricas", "846721", 11),
    ("PET preforms", "392330", 1.6),
    ("glycerine refined USP", "290545", 1.3),
    ("machine parts for looms", "844849", 12),
    ("paper cups", "482369", 2),
    ("vitamin C ascorbic acid", "293627", 5),
    ("steel pipes seamless", "730419", 1),
    ("ropa interior de mujer", "610822", 10),
    ("橡胶轮胎 汽车用", "401110", 3),
    ("wooden furniture bedroom", "940350", 3),
    ("packaging machine for tea", "842240", 9),
]
PORTS = ("Shanghai", "Ningbo", "Qingdao", "Shenzhen")
DESTINATIONS = (
    ("MX", "Manzanillo"), ("US", "Long Beach"), ("ES", "Valencia"), ("CL", "San Antonio"), ("DE", "Hamburg"), ("CA", "Vancouver"),
    ("BR", "Santos"),
)  # fmt: skip
HEAD = (
    "Consignment ID", "Date", "Shipper", "Shipper address", "Consignee", "Consignee address", "Goods", "HS code", "Net kg", "Gross kg",
    "Packages", "Value", "Currency", "Origin", "Destination", "Port of loading", "Port of discharge", "Mode",
)  # fmt: skip


def write_everyday(path: Path, rows: int, chance: random.Random, party: Callable[[], str]) -> None:
    """Write `rows` consignments of the year 2025 as CSV; `party` gives the name of each end."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEAD)
        for number in range(rows):
            goods, hs, price = chance.choice(GOODS)
            port, (country, landing) = chance.choice(PORTS), chance.choice(DESTINATIONS)
            kg = round(chance.lognormvariate(6.5, 1), 1)
            day = date(2025, 1, 1) + timedelta(chance.randrange(360))
            street = f"No. {chance.randrange(1, 900)} Chuangye Road, {port}"
            house = f"Warehouse {chance.randrange(1, 90)}, Port Road {chance.randrange(1, 400)}, {landing}"
            value = round(kg * price * chance.uniform(0.8, 1.25), 2)
            writer.writerow((
                f"B{number:06}", day, party(), street, party(), house, goods, hs, kg, round(kg * 1.05, 1), chance.randrange(1, 400),
                value, "USD", "CN", country, port, landing, "sea",
            ))  # fmt: skip
