"""Make `screening/data/english_words.txt.gz`: the everyday English words, by which a slip is told from another word.

    python tools/make_word_table.py [FOLDER]

FOLDER holds SCOWL's lists by size (Debian's package `scowl`: /usr/share/dict/scowl). Taken: English and American words of
sizes 10 to 35, of four to twelve letters; of three letters only sizes 10 and 20. One word a line, sorted.
Source: SCOWL, Copyright 2000-2011 Kevin Atkinson; its permission notice stands in NOTICE.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

OUT = Path(__file__).resolve().parents[1] / "src/tidegate/screening/data/english_words.txt.gz"
LEAST_LETTERS = {10: 3, 20: 3, 35: 4}


def main() -> None:
    """Write the table with a fixed time stamp, so that equal input gives equal bytes."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/dict/scowl")
    found: set[str] = set()
    for size, least in LEAST_LETTERS.items():
        for kind in ("english", "american"):
            for word in (folder / f"{kind}-words.{size}").read_text(encoding="latin-1").split():
                if word.isascii() and word.isalpha() and word.islower() and least <= len(word) <= 12:
                    found.add(word)
    OUT.write_bytes(gzip.compress("\n".join(sorted(found)).encode(), mtime=0))
    print(f"{len(found)} words")


if __name__ == "__main__":
    main()
