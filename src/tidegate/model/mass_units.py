"""Mass units: what a unit of mass is called by strangers, and how many kilograms it is."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

# Exact by definition: pound and ounce by the international yard and pound agreement of 1959; jin (斤), liang (两) and
# dan (担) by the State Council orders on units of 1959-06-25 and 1984-02-27 (市制: 1 市斤 = 10 市两 = 0.5 kg).
# Short ton 2000 lb, long ton 2240 lb: NIST Handbook 44, Appendix C.
# Trade codes KGM, GRM, MGM, TNE, LBR, ONZ: UN/ECE Recommendation 20.
_UNITS: dict[str, tuple[str, ...]] = {
    "1": ("kg", "kgs", "kgm", "kilo", "kilos", "kilogram", "kilograms", "kilogramme", "kilogrammes", "kilogramo",
          "kilogramos", "kgr", "kgrs", "quilo", "quilos", "quilograma", "quilogramas", "公斤", "千克", "キロ", "キログラム", "킬로그램",
          "кг"),
    "0.001": ("g", "gr", "grs", "grm", "gram", "grams", "gramme", "grammes", "gramo", "gramos", "克", "公克", "г"),
    "0.000001": ("mg", "mgs", "mgm", "milligram", "milligrams", "miligramo", "miligramos", "毫克"),
    "1000": ("t", "mt", "mts", "tne", "tm", "tonne", "tonnes", "metric ton", "metric tons", "metric tonne",
             "metric tonnes", "tonelada", "toneladas", "tonelada métrica", "toneladas métricas", "吨", "公吨",
             "噸", "公噸", "m/t", "mton", "mtons", "トン", "тонн", "тонны", "т"),
    "907.18474": ("short ton", "short tons", "stn", "us ton", "us tons", "tonelada corta", "toneladas cortas", "短吨",
                  "短噸", "美吨", "美噸"),
    "1016.0469088": ("long ton", "long tons", "ltn", "tonelada larga", "toneladas largas", "长吨", "長噸", "英吨", "英噸"),
    "0.45359237": ("lb", "lbs", "lbr", "pound", "pounds", "libra", "libras", "磅"),
    "0.028349523125": ("oz", "ozs", "onz", "ounce", "ounces", "onza", "onzas", "盎司"),
    "0.5": ("斤", "市斤", "jin"),
    "0.05": ("两", "市两", "兩", "市兩"),
    "50": ("担", "市担", "擔"),
}  # fmt: skip
MASS_UNITS: dict[str, Decimal] = {unit: Decimal(factor) for factor, units in _UNITS.items() for unit in units}
# A bare "ton" is 1000, 907.18474 or 1016.0469088 kg depending on who writes it.
UNSURE_UNITS = frozenset({"ton", "tons", "tn", "tns"})

# "1200 KGS NET": which of the two masses a cell means, its column says.
_NET_OR_GROSS = frozenset({"net", "nett", "neto", "netos", "gross", "bruto", "brutos", "净", "净重", "毛重"})


def is_mass_unit(unit: str) -> bool:
    """Tell whether `unit` names a mass whose size is known."""
    return fold_unit(unit) in MASS_UNITS


def fold_unit(unit: str) -> str:
    """Return `unit` as the unit table writes it: folded, without dots, brackets and double blanks."""
    plain = unicodedata.normalize("NFKC", unit).casefold().strip(" .()[]:/")
    words = plain.replace(".", "").split()
    if len(words) == 1 and "." in plain:
        spaced = plain.replace(".", " ").split()
        words = spaced if spaced[-1] in _NET_OR_GROSS else words
    while len(words) > 1 and words[-1] in _NET_OR_GROSS:
        words.pop()
    return " ".join(words)
