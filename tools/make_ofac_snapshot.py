"""Make the packaged snapshot of OFAC's narcotics programmes from a dated sdn.csv.

    python tools/make_ofac_snapshot.py SDN.csv 2024-01-30

Keeps the rows under SDNT, SDNTK and ILLICIT-DRUGS-EO14059 byte for byte; the list is in the public domain (US Treasury).
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from pathlib import Path

PROGRAMMES = {"SDNT", "SDNTK", "ILLICIT-DRUGS-EO14059"}


def main(source: str, date: str) -> None:
    """Write src/tidegate/lists/data/ofac_narcotics_DATE.csv.gz."""
    out = Path(__file__).resolve().parents[1] / f"src/tidegate/lists/data/ofac_narcotics_{date}.csv.gz"
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    count = 0
    for row in csv.reader(Path(source).read_text(encoding="ascii").splitlines()):
        if len(row) >= 12 and PROGRAMMES & set(row[3].split("] [")):
            writer.writerow(row)
            count += 1
    with gzip.GzipFile(out, "wb", mtime=0) as file:
        file.write(buffer.getvalue().encode("ascii"))
    print(f"{count} parties, {out.stat().st_size} bytes: {out.name}")


if __name__ == "__main__":
    main(*sys.argv[1:])
