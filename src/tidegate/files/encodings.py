"""Encodings: which one the bytes of a text file are in."""

from __future__ import annotations

import codecs
import re

from tidegate.files.likely_text import CODECS, likelihood

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ODD_LATIN = re.compile(r"[\x80-\x9f]")
_ESCAPED = re.compile(rb"\x1b\$[@B]")  # ISO 2022: the sign that Japanese letters begin
_SURE = 0.75
_HALF = re.compile(r"[\ud800-\udfff]")
_UTF7_WORD = re.compile(rb"\+([A-Za-z0-9+/]{3,})")
_JUDGED_BYTES = 1 << 15


def detect_encoding(sample: bytes, *, whole: bool = True) -> str:
    """Return the Python codec name for `sample`, the start of a file.

    Order: byte order mark, UTF-32 and UTF-16 without one, UTF-7, UTF-8, then the encodings of `likelihoods` by what they would say. whole: the sample is the whole file, so a cut last character counts as a fault.
    """
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name
    wide = _widest_encoding(sample) or _wide_encoding(sample)
    if wide:
        return wide
    if _is_utf7(sample):
        return "utf-7"
    if _ESCAPED.search(sample) and _decodes(sample, "iso2022_jp_2", whole):
        return "iso2022_jp_2"
    if _decodes(sample, "utf-8", whole) or _is_damaged_utf8(sample):
        return "utf-8"
    return _legacy_encoding(sample, whole)


def decode_text(data: bytes) -> tuple[str, str]:
    """Return the text of a whole file without byte order mark, and its encoding; what has no reading becomes U+FFFD."""
    encoding = detect_encoding(data)
    text = without_halves(data.decode(encoding, errors="replace"), encoding)
    return text.removeprefix("\ufeff"), encoding


def without_halves(text: str, encoding: str) -> str:
    """Return text with halves of surrogate pairs, which broken UTF-7 leaves, as U+FFFD."""
    return _HALF.sub("\ufffd", text) if encoding == "utf-7" else text


def _widest_encoding(sample: bytes) -> str:
    """Return utf-32-le or -be for bytes of which every fourth is zero and its neighbour says no more than a plane."""
    cut = sample[: len(sample) // 4 * 4]
    if len(cut) < 16:
        return ""
    for name, top, plane in (("utf-32-be", cut[0::4], cut[1::4]), ("utf-32-le", cut[3::4], cut[2::4])):
        if not any(top) and max(plane) <= 0x10 and _decodes(cut, name, True):
            return name
    return ""


def _is_utf7(sample: bytes) -> bool:
    """Tell whether plain signs hold words of UTF-7, "+" with letters behind it: most say letters, none is a telephone."""
    words = _UTF7_WORD.findall(sample) if sample.isascii() else []
    if len(words) < 2 or any(word.isdigit() for word in words):
        return False
    try:
        said = [sign for sign in sample.decode("utf-7", errors="strict") if not sign.isascii()]
    except UnicodeDecodeError:
        return False
    return len(said) >= 4 and sum(1 for sign in said if sign.isalpha()) * 5 >= len(said) * 4


def _wide_encoding(sample: bytes) -> str:
    """Return utf-16-le or -be for text with a zero in every second byte, or with Han and line ends of two bytes."""
    even, odd = sample[0:4000:2], sample[1:4000:2]
    if not odd:
        return ""
    for name, high, newline in (("utf-16-le", odd, b"\n\x00"), ("utf-16-be", even, b"\x00\n")):
        if high.count(0) * 10 > len(high) * 3 and even.count(0) != odd.count(0):
            low = even if high is odd else odd
            if low.count(0) * 10 < len(low):
                return name
        if newline in sample and high.count(0) * 20 > len(high):
            cut = sample[: len(sample) // 2 * 2]
            try:
                text = cut.decode(name)
            except UnicodeDecodeError:
                continue
            if len(_HAN.findall(text)) * 5 > len(text):
                return name
    return ""


def _is_damaged_utf8(sample: bytes) -> bool:
    """Tell whether broken bytes stand among signs that only UTF-8 explains, whole lines of them or most of the signs."""
    text = sample.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    right = sum(1 for sign in text if ord(sign) > 127) - broken
    if right >= 4 and right >= 4 * broken:
        return True
    if not right or right < broken // 4:
        return False
    return max(_likelihoods(sample, whole=False).values()) < _SURE


def _legacy_encoding(sample: bytes, whole: bool) -> str:
    scores = _likelihoods(sample, whole)
    best = max(scores, key=lambda name: scores[name])
    if scores[best] > 0:
        return best
    return "cp1252" if _decodes(sample, "cp1252", whole) else "latin-1"


def _likelihoods(sample: bytes, whole: bool) -> dict[str, float]:
    """Return how much of the text beyond ASCII looks right under each codec, from 0 to 1."""
    if len(sample) > _JUDGED_BYTES:
        # The lines beyond ASCII alone say something, and the first of them are enough.
        odd = b"\n".join(line for line in sample.split(b"\n") if not line.isascii())
        whole, sample = whole and len(odd) <= _JUDGED_BYTES, odd[:_JUDGED_BYTES]
    return {
        name: likelihood(text, name) if (text := _decoded(sample, name, whole)) is not None else 0.0 for name in CODECS
    }


def _decoded(sample: bytes, name: str, whole: bool) -> str | None:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        text = decoder.decode(sample, whole)
    except UnicodeDecodeError:
        return None
    return None if name == "cp1252" and _ODD_LATIN.search(text) else text


def _decodes(sample: bytes, name: str, whole: bool) -> bool:
    return _decoded(sample, name, whole) is not None
