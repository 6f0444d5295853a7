"""Mass phrases: a mass told in several numbers, e.g. "25kg x 40 bags", "20 drums of 200 kg each", "1 MT 200 KG", "一吨半"."""

from __future__ import annotations

import re
from decimal import Decimal

from tidegate.model.chinese_numerals import NUMERALS, parse_chinese_number
from tidegate.model.mass_units import MASS_UNITS, fold_unit, is_mass_unit
from tidegate.model.numbers import FOOTNOTE_SIGNS, DecimalSign, fold_digits, parse_number

_NUMBER = r"\d[\d.,']*"
_WORD = r"[^\d\W_]+"
_JOINT = r"(?:\s*(?:,|，|\+|&|and|y|con|又|零)?\s*)"
# "25kg x 40 bags", "40袋×25公斤", "25公斤/桶*10桶": how much one holds, and how many there are.
_PRODUCT = re.compile(
    r"^(?P<a>[\d.,]+)\s*(?P<a_unit>[^\d\W]*)\.?(?P<per>/[^\d\W]+)?\s*[x×*@✕Ｘ]\s*(?P<b>[\d.,]+)\s*(?P<b_unit>[^\d\W]*)\.?"
    r"(?:/[^\d\W]+)?(?:\s*=\s*(?P<product>[\d.,]+)\s*(?P<product_unit>[^\d\W]+))?$",
    re.IGNORECASE,
)
_EACH = r"(?:net|neto|each|ea|c/u|cada\s+un[oa]|apiece|per\s+[a-z]+|/\s*[a-z]+)"
_COUNTED = (
    # "20 drums of 200 kg each", "10 sacos de 50 kg", "20 drums 200 kg each"
    re.compile(
        rf"^(?P<count>{_NUMBER})\s*(?P<what>{_WORD})\s+(?:(?:of|de|con|at|à|a)\s+(?P<mass>{_NUMBER})\s*(?P<unit>{_WORD})\.?(?:\s*{_EACH}\.?)*|"
        rf"(?P<mass2>{_NUMBER})\s*(?P<unit2>{_WORD})\.?(?:\s*{_EACH}\.?)+)$",
        re.IGNORECASE,
    ),
    # "20桶，每桶200公斤", "每桶200公斤，共20桶"
    re.compile(
        rf"^(?P<count>{_NUMBER})\s*(?P<what>[桶袋箱包件瓶罐托])\s*[,，、]?\s*每(?:桶|袋|箱|包|件|瓶|罐|托)\s*(?P<mass>{_NUMBER})\s*(?P<unit>{_WORD})$"
    ),
    re.compile(
        rf"^每(?:桶|袋|箱|包|件|瓶|罐|托)\s*(?P<mass>{_NUMBER})\s*(?P<unit>[^\d\W_]+?)\s*[,，、]?\s*共?\s*(?P<count>{_NUMBER})\s*(?P<what>[桶袋箱包件瓶罐托])$"
    ),
)
_PIECE = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<unit>{_WORD})\.?")
_COMPOUND = re.compile(rf"^{_NUMBER}\s*{_WORD}\.?(?:{_JOINT}{_NUMBER}\s*{_WORD}\.?)+$", re.IGNORECASE)
_HALF = re.compile(r"^(?:半|half\s+an?\s+|half\s+|media\s+|medio\s+)\s*(?P<unit>[^\d\W_]+)$", re.IGNORECASE)
_AND_HALF = re.compile(rf"^(?P<number>\d+|[{''.join(sorted(NUMERALS))}]+)\s*(?P<unit>公斤|千克|公吨|吨|噸|斤)半$")
_DECIMAL_WORDS = re.compile(
    rf"^(?P<whole>[{''.join(sorted(NUMERALS))}]+)点(?P<part>[{''.join(sorted(NUMERALS))}]+)\s*(?P<unit>[^\d\W_]+)$"
)
# Units that stand beside each other in one mass: who writes tonnes goes on in kilograms, who writes pounds in ounces.
_SYSTEMS = (("1000", "1", "0.001", "0.000001"), ("0.45359237", "0.028349523125"), ("50", "0.5", "0.05"))


def phrase_kg(text: str, decimal: DecimalSign | None) -> Decimal | None:
    """Return the kilograms of a mass told in several numbers; None if `text` tells it in one.

    Raises QuantityUnreadable or QuantityAmbiguous for a number in it that cannot be read.
    """
    if any(ord(sign) in FOOTNOTE_SIGNS for sign in text):  # 1.5 × 10³ is no product of two counts
        return None
    plain = fold_digits(text)
    for read in (_product, _counted, _compound):
        found = read(plain, decimal)
        if found is not None:
            return found
    return _halves(plain)


def _product(text: str, decimal: DecimalSign | None) -> Decimal | None:
    """Return the kilograms of "25kg x 40 bags"; None where the result written behind it differs."""
    found = _PRODUCT.match(text)
    if not found:
        return None
    masses = [side for side in ("a", "b") if is_mass_unit(found[f"{side}_unit"])]
    if len(masses) != 1:
        return None
    each = parse_number(found[masses[0]], decimal=decimal) * _factor(found[f"{masses[0]}_unit"])
    mass = each * parse_number(found["b" if masses[0] == "a" else "a"], decimal=decimal)
    if found["product"] and parse_number(found["product"], decimal=decimal) * _factor(found["product_unit"]) != mass:
        return None
    return mass


def _counted(text: str, decimal: DecimalSign | None) -> Decimal | None:
    for shape in _COUNTED:
        found = shape.match(text)
        if found:
            told = found.groupdict()
            mass, unit = told["mass"] or told["mass2"], told["unit"] or told["unit2"]
            if is_mass_unit(unit) and not is_mass_unit(found["what"]):
                count = parse_number(found["count"], decimal=decimal)
                return count * parse_number(mass, decimal=decimal) * _factor(unit)
    return None


def _compound(text: str, decimal: DecimalSign | None) -> Decimal | None:
    """Return the kilograms of "1 MT 200 KG": each unit smaller than the one before, and less than one of that unit."""
    if not _COMPOUND.match(text):
        return None
    pieces = [(piece["number"], fold_unit(piece["unit"])) for piece in _PIECE.finditer(text)]
    factors = [MASS_UNITS.get(unit) for _, unit in pieces]
    system = next((each for each in _SYSTEMS if str(factors[0]) in each), ())
    if any(str(factor) not in system for factor in factors):
        return None
    total, larger = Decimal(0), None
    for (number, _), factor in zip(pieces, factors, strict=True):
        assert factor is not None
        mass = parse_number(number.rstrip(",."), decimal=decimal) * factor
        if larger is not None and (factor >= larger or mass >= larger):
            return None
        total, larger = total + mass, factor
    return total


def _halves(text: str) -> Decimal | None:
    """Return the kilograms of 半吨, 一吨半, 三点五吨, "half a tonne", "media tonelada"."""
    if (found := _HALF.match(text)) and is_mass_unit(found["unit"]):
        return Decimal("0.5") * _factor(found["unit"])
    if found := _AND_HALF.match(text):
        number = int(found["number"]) if found["number"].isdigit() else parse_chinese_number(found["number"])
        return None if number is None else (number + Decimal("0.5")) * _factor(found["unit"])
    if (found := _DECIMAL_WORDS.match(text)) and is_mass_unit(found["unit"]):
        whole = parse_chinese_number(found["whole"])
        part = [parse_chinese_number(sign) for sign in found["part"]]
        if whole is not None and all(digit is not None and digit < 10 for digit in part):
            return Decimal(f"{whole}.{''.join(map(str, part))}") * _factor(found["unit"])
    return None


def _factor(unit: str) -> Decimal:
    return MASS_UNITS.get(fold_unit(unit), Decimal("NaN"))
