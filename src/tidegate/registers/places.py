"""Places: countries by code or by name in English, Chinese or Spanish, and the union whose law reaches them.

Source: ISO 3166-1 codes with names from the Unicode CLDR; membership on the date of the register.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

# Words of the trade and official long forms that the CLDR does not carry.
_ALSO = {
    "CN": "prc; p.r.c.; pr china; p.r. china; p. r. china; people's republic of china; mainland china; china mainland; "
    "中华人民共和国; 中國; 中国大陆; republica popular china",
    "US": "usa; u.s.; u.s.a.; united states of america; america; 美国; 美國; 美利坚合众国; ee.uu.; ee. uu.; eeuu; estados unidos de america",
    "MX": "mexico; méxico; estados unidos mexicanos; 墨西哥",
    "GB": "uk; u.k.; great britain; england; 英国; 英國; gran bretaña; inglaterra; united kingdom of great britain and northern ireland",
    "HK": "hong kong; hongkong; hong kong sar; hksar; 香港; 中国香港; 中國香港",
    "MO": "macao; macau; macau sar; macao sar; 澳门; 澳門; 中国澳门; 中國澳門",
    "TW": "taiwan; 台湾; 台灣; 臺灣; 中国台湾; chinese taipei; taiwan, province of china",
    "KR": "south korea; korea; republic of korea; korea, republic of; 韩国; 韓國; corea; corea del sur",
    "VN": "viet nam; vietnam; 越南",
    "MM": "burma; myanmar; 缅甸; 緬甸; birmania",
    "LA": "laos; lao pdr; lao people's democratic republic; 老挝; 寮國",
    "RU": "russia; russian federation; 俄罗斯",
    "DE": "deutschland; federal republic of germany; 德国; 德國",
    "AE": "uae; u.a.e.; emirates; 阿联酋; eau",
    "NL": "holland; the netherlands; 荷兰; holanda; paises bajos",
    "CZ": "czech republic; czechia; republica checa",
    "IN": "india; republic of india; 印度",
    "CA": "canada; 加拿大",
    "AF": "afghanistan; 阿富汗",
    "CD": "dr congo; democratic republic of the congo",
    "TR": "turkey; türkiye; turkiye; turquia",
}


_MADE_IN = re.compile(
    r"^(?:made\s+in|product\s+of|origin(?:\s+of)?|hecho\s+en|producto\s+de|原产于|原產於|产自)\s*:?\s*|(?:制造|製造|产|產)$",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[,，;；/()（）\[\]|]|\s[-–—]\s|(?<=^[A-Za-z]{2})[-\s]")
_BRACKETED = re.compile(r"[(（\[]\s*([A-Za-z]{2,3})\s*[)）\]]")
_SPECIAL_REGIONS = frozenset({"HK", "MO", "TW"})


@lru_cache(maxsize=1)
def _tables() -> tuple[Mapping[str, str], frozenset[str]]:
    text = resources.files("tidegate.registers").joinpath("data/places.csv").read_text(encoding="utf-8")
    codes: dict[str, str] = {}
    union: set[str] = set()
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        for name in (row["code"], row["code3"], row["en"], row["zh"], row["es"]):
            codes.setdefault(_fold(name), row["code"])
        if row["eu"]:
            union.add(row["code"])
    for code, names in _ALSO.items():
        for name in names.split("; "):
            codes[_fold(name)] = code
    return codes, frozenset(union)


def country_code(text: str | None) -> str | None:
    """Return the ISO 3166-1 alpha-2 code for a code or a country's name, or None if `text` names none.

    'China', '中国', 'P.R. China', 'CHN' and 'cn' all give CN.
    """
    if text is None:
        return None
    return _tables()[0].get(_fold(text))


@lru_cache(maxsize=10_000)
def country_told(text: str | None) -> str | None:
    """Return the code of the one country that a cell tells in more words: 'Made in China', 'México (MX)', 'Shenzhen, China'.

    None where it tells none, or two ('China / USA'); a special region wins over the country it names beside itself.
    Two letters alone count in brackets only, since 'Los Angeles, CA' is not in Canada.
    """
    if text is None or (code := country_code(text)) is not None:
        return country_code(text)
    bare = _MADE_IN.sub("", text.strip())
    parts = [part.strip() for part in _PARTS.split(bare) if len(_fold(part)) > 2 or not part.strip().isascii()]
    told = {code for part in (bare, *parts, *_BRACKETED.findall(bare)) if (code := country_code(part)) is not None}
    special = told & _SPECIAL_REGIONS
    told = special if special and told <= special | {"CN"} else told
    return told.pop() if len(told) == 1 else None


def in_european_union(code: str) -> bool:
    """Tell whether the country is a member of the European Union on the date of the register."""
    return code in _tables()[1]


def regimes_of(code: str) -> tuple[str, ...]:
    """Return the national and union regimes of the register whose law reaches the country `code`."""
    national = tuple(regime for regime in ("US", "CN", "MX", "CA", "IN", "GB") if regime == code)
    return (*national, "EU") if in_european_union(code) else national


def _fold(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in bare if char.isalnum())
