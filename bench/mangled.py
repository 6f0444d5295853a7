"""Mangled files: copies of the museum's ugly files with bytes changed, cut, repeated or put in; none may give a trace.

    python bench/mangled.py [--copies 2000] [--seed 1] [--out bench/results/mangled.json]

A copy is read, or refused with an error of ours that names the mend; rows in equal rows out, and every sentence can be
said in three languages. Anything else is a fault and is told with its place.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the museum lies beside the tests

from names import facts
from tests.museum.make_museum import pieces

from tidegate.errors import TidegateError
from tidegate.files.reading import read_records
from tidegate.wording.sentences import LANGUAGES

_LARGEST = 300_000
_PUT_IN = (
    b'"',
    b",",
    b"\n",
    b"\x00",
    b"'",
    b"<",
    b"&",
    b"{",
    b"[",
    b"\xff\xfe",
    b"9" * 20,
    b"-",
    "北".encode(),
    b"=1+1",
    b"\t",
)


def mangle(data: bytes, chance: random.Random) -> bytes:
    """Return `data` with one to twenty changes of one kind."""
    changed = bytearray(data)
    kind = chance.choice(("flip", "cut", "repeat", "put-in", "turn", "leave-out"))
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        if not changed:
            break
        at = chance.randrange(len(changed))
        end = min(len(changed), at + chance.randrange(1, 40))
        if kind == "flip":
            changed[at] ^= 1 << chance.randrange(8)
        elif kind == "cut":
            del changed[at:]
        elif kind == "repeat":
            changed[at:at] = changed[at:end] * chance.choice((1, 3, 50))
        elif kind == "put-in":
            changed[at:at] = chance.choice(_PUT_IN)
        elif kind == "turn":
            changed[at:end] = changed[at:end][::-1]
        else:
            del changed[at:end]
    return bytes(changed)


def read(path: Path) -> bool:
    """Read one file and say everything about it; return False where it was refused as it should be."""
    try:
        reading = read_records(path)
    except TidegateError:
        return False
    for table in reading.tables:
        if table.batch.num_rows != table.rows:
            raise AssertionError(f"{table.rows} rows in, {table.batch.num_rows} out")
        for told in (*table.unreadable, *table.notes, *reading.notes):
            for lang in LANGUAGES:
                told.sentence(lang)
    return True


def main() -> None:
    """Run and write. Ends with exit code 1 where a copy gave anything but records or a refusal."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--copies", type=int, default=2000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--out", type=Path, default=Path("bench/results/mangled.json"))
    chosen = options.parse_args()
    chance = random.Random(chosen.seed)
    room = [piece for piece in pieces() if 0 < len(piece.data) < _LARGEST]
    read_count, faults, begun = 0, [], time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(chosen.copies):
            piece = chance.choice(room)
            path = Path(folder) / piece.name
            path.write_bytes(mangle(piece.data, chance))
            try:
                read_count += read(path)
            except BaseException as exc:
                if isinstance(exc, KeyboardInterrupt):
                    raise
                last = traceback.extract_tb(exc.__traceback__)[-1]
                faults.append(
                    f"copy {number} of {piece.name}: {type(exc).__name__} in {Path(last.filename).name}:{last.lineno}"
                )
            path.unlink()
    result = {
        **facts(), "pieces": len(room), "copies": chosen.copies, "seed": chosen.seed, "read": read_count,
        "refused": chosen.copies - read_count - len(faults), "faults": faults,
        "seconds": round(time.process_time() - begun, 1), "command": "python bench/mangled.py",
    }  # fmt: skip
    chosen.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1, ensure_ascii=False))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
