"""Chinese numerals, everyday and financial, e.g. 五百 is 500, 伍佰 is 500, 一万二千 is 12000, 二〇二四 is 2024."""

from __future__ import annotations

_DIGITS = {
    **{sign: value for value, sign in enumerate("零一二三四五六七八九")},
    **{sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")},
    **dict(zip("貳參叄陸", (2, 3, 3, 6), strict=True)),
    "〇": 0, "○": 0, "Ｏ": 0, "两": 2, "兩": 2,
}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_SHORT_TENS = str.maketrans({"廿": "二十", "卅": "三十"})
NUMERALS = frozenset({*_DIGITS, *_TENS, *_MYRIADS, "廿", "卅"})
_LONGEST = 30


def parse_chinese_number(text: str) -> int | None:
    """Return the whole number that `text` writes in Chinese numerals alone, or None if it is none.

    Digits without places are read one by one, as in years: 二〇二四.
    """
    plain = text.translate(_SHORT_TENS)
    if not plain or len(plain) > _LONGEST or any(sign not in NUMERALS for sign in plain):
        return None
    if all(sign in _DIGITS for sign in plain):
        return int("".join(str(_DIGITS[sign]) for sign in plain))
    total = section = 0
    digit: int | None = None
    least = max(_TENS.values()) * 10
    for sign in plain:
        if sign in _DIGITS:
            if digit:  # two digits side by side, and places elsewhere: no number
                return None
            digit = _DIGITS[sign]
        elif sign in _TENS:
            if _TENS[sign] >= least:  # 二十千: places fall from left to right
                return None
            least = _TENS[sign]
            section += (1 if digit is None else digit) * _TENS[sign]
            digit = None
        else:
            section += digit or 0
            total = (total + section) * _MYRIADS[sign] if sign in "亿億" else total + section * _MYRIADS[sign]
            section, digit, least = 0, None, max(_TENS.values()) * 10
    return total + section + (digit or 0)
