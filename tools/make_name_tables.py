"""Make `screening/data/han.csv.gz`: one line a Han character, from pypinyin, OpenCC and ToJyutping.

    python tools/make_name_tables.py

Needs `pip install pypinyin opencc ToJyutping` where it runs; the product needs none of the three, so that
importing the name screen stays light. Columns: char, simplified, pinyin (default reading first), jyutping.
Sources: pypinyin (MIT), OpenCC (Apache-2.0), ToJyutping (BSD-2-Clause), all made from Unihan and open dictionaries.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from pathlib import Path

import ToJyutping
from opencc import OpenCC
from pypinyin import Style, lazy_pinyin, pinyin

OUT = Path(__file__).resolve().parents[1] / "src/tidegate/screening/data/han.csv.gz"
BLOCKS = (range(0x4E00, 0xA000), range(0x3400, 0x4DC0))


def readings(char: str) -> list[str]:
    """Return at most three pinyin readings without tones, the usual one first; ü is written v."""
    first = lazy_pinyin(char, style=Style.NORMAL, v_to_u=False)
    others = [item for row in pinyin(char, style=Style.NORMAL, heteronym=True, v_to_u=False) for item in row]
    found = dict.fromkeys(item.replace("ü", "v").replace("ê", "e") for item in first + others)
    return [item for item in found if re.fullmatch(r"[a-z]+", item)][:3]


def main() -> None:
    """Write the table, sorted by code point, with a fixed time stamp so that equal input gives equal bytes."""
    simplify = OpenCC("t2s").convert
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["char", "simplified", "pinyin", "jyutping"])
    for block in BLOCKS:
        for point in block:
            char = chr(point)
            mandarin = readings(char)
            cantonese = [
                item.rstrip("0123456789") for group in ToJyutping.get_jyutping_candidates(char) for item in group[1]
            ]
            simple = simplify(char)
            if mandarin or simple != char:
                row = [char, simple if simple != char else "", " ".join(mandarin)]
                writer.writerow([*row, " ".join(list(dict.fromkeys(cantonese))[:2])])
    with gzip.GzipFile(OUT, "wb", mtime=0) as file:
        file.write(buffer.getvalue().encode())
    print(OUT, OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
