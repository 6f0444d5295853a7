"""Read a list from a file whatever its shape: the shape is found by looking, an unknown one is named as such."""

from __future__ import annotations

import csv
import gzip
import re
from dataclasses import replace
from pathlib import Path

from tidegate.errors import InputUnreadable
from tidegate.lists.ofac import looks_like_sdn_csv, read_ofac_xml, read_sdn_csv
from tidegate.lists.table import canonical_headers, read_table_rows, read_table_text
from tidegate.screening.watchlist import Watchlist

LOOKED_FOR = (
    "OFAC SDN CSV or XML, UN consolidated XML, Canada SEMA XML, US CSL CSV, BIS denied persons TSV, FollowTheMoney JSON "
    "lines, or a table with the column name (party_id, name, name_local, other_names, kind, …)"
)
_DATE = re.compile(r"(20\d\d)-(\d\d)(?:-(\d\d))?")


def read_list(path: Path) -> Watchlist:
    """Return the watchlist in the file at `path`. Raises InputUnreadable with what was looked for.

    `alt.csv` and `add.csv` are read too where they stand beside OFAC's sdn.csv.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise InputUnreadable(
            f"{path.name}: cannot be read ({problem.strerror})", code="list-missing", path=str(path)
        ) from problem
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    name = path.name.removesuffix(".gz")
    if name.lower().endswith((".xlsx", ".xls", ".ods", ".parquet")):
        return _dated(_read_workbook(path), path)
    watchlist = read_list_bytes(data, name, alt=_beside(path, "alt"), add=_beside(path, "add"))
    return _dated(watchlist, path)


def read_list_bytes(data: bytes, name: str, *, alt: str = "", add: str = "") -> Watchlist:
    """Return the watchlist in `data`; `name` is the file's name, from which a table's id and date are taken."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    stem = list_id_of(name)
    if head.startswith(b"<"):
        return _read_xml(data, name)
    text = decode(data)
    if head.startswith(b"{"):
        from tidegate.lists.ftm import read_ftm_lines

        return read_ftm_lines(text, list_id=stem, title=name)
    rows = list(csv.reader(line.replace("\0", "") for line in text.splitlines()[:20]))
    if looks_like_sdn_csv(rows):
        return read_sdn_csv(text, alt=alt, add=add)
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    if "source_list_url" in first and "alt_names" in first:
        from tidegate.lists.csl import read_csl

        return read_csl(text)
    if "Standard_Order" in first and "FR_Citation" in first:
        from tidegate.lists.bis import read_denied_persons

        return read_denied_persons(text)
    try:
        return read_table_text(text, list_id=stem, title=name)
    except InputUnreadable as problem:
        raise InputUnreadable(
            f"{name}: no known shape of list; looked for {LOOKED_FOR}", code="list-shape", path=name
        ) from problem


def _read_xml(data: bytes, name: str) -> Watchlist:
    head = data[:8192]
    if b"sdnList" in head:
        return read_ofac_xml(data)
    if b"CONSOLIDATED_LIST" in head:
        from tidegate.lists.un import read_un_xml

        return read_un_xml(data)
    if b"data-set" in head and b"record" in head:
        from tidegate.lists.canada import read_sema_xml

        return read_sema_xml(data)
    raise InputUnreadable(f"{name}: XML of no known list; looked for {LOOKED_FOR}", code="list-shape", path=name)


def _beside(path: Path, kind: str) -> str:
    """Return the text of alt.csv or add.csv beside sdn.csv, "" if there is none."""
    if "sdn" not in path.name.lower():
        return ""
    for other in (path.with_name(path.name.lower().replace("sdn", kind)), path.with_name(f"{kind}.csv")):
        if other.is_file() and other != path:
            return decode(other.read_bytes())
    return ""


def decode(data: bytes) -> str:
    """Return the text of a list file: UTF-8 or UTF-16 by its mark, else UTF-8, else Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace")


def _dated(watchlist: Watchlist, path: Path) -> Watchlist:
    """Write the list's date on every party; a list without a date of its own takes the one in its file name."""
    found = _DATE.search(path.name)
    date = watchlist.date
    if not date and found:
        date = f"{found[1]}-{found[2]}" + (f"-{found[3]}" if found[3] else "")
    if all(party.list_date == date for party in watchlist.parties):
        return replace(watchlist, date=date)
    parties = tuple(replace(party, list_date=date) for party in watchlist.parties)
    return replace(watchlist, date=date, parties=parties)


def _read_workbook(path: Path) -> Watchlist:
    """Return the list on the first sheet that has a name column."""
    from tidegate.files.structured import read_parquet
    from tidegate.files.workbooks import read_workbook

    stem = list_id_of(path.name)
    grids = [read_parquet(path)] if path.suffix.lower() == ".parquet" else read_workbook(path.name, path.read_bytes())
    for grid in grids:
        columns = [[cell or "" for cell in column.to_pylist()] for column in grid.table.columns]
        rows = [list(row) for row in zip(*columns, strict=True)]
        if any({"name", "name_local"} & set(canonical_headers(row).values()) for row in rows[:10]):
            return read_table_rows(rows, list_id=stem, title=path.name)
    raise InputUnreadable(
        f"{path.name}: no sheet with a name column; looked for {LOOKED_FOR}", code="list-shape", path=path.name
    )


def list_id_of(name: str) -> str:
    """Return the list id for a file name: its stem without a date, so that decisions hold for the next version too."""
    stem = re.sub(r"(?<!\d)(19|20)\d{2}[-_.]?(\d{2}[-_.]?(\d{2})?)?(?!\d)", "", Path(name).stem.lower())
    return re.sub(r"[^a-z0-9]+", "-", stem).strip("-") or "list"
