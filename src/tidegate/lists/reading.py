"""Read a list from a file whatever its shape: the shape is found by looking, an unknown one is named as such."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from tidegate.errors import InputUnreadable
from tidegate.files.encodings import decode_text
from tidegate.lists.faults import ListUnreadable, list_unreadable
from tidegate.lists.held import readers_digest
from tidegate.lists.ofac import looks_like_sdn_csv, read_sdn_csv
from tidegate.lists.rows import read_rows, sniff_delimiter
from tidegate.lists.safe_xml import MAX_BYTES, parse_xml
from tidegate.lists.table import find_heading, read_table_rows
from tidegate.screening.watchlist import Watchlist

LOOKED_FOR = (
    "OFAC SDN CSV or XML, UN consolidated XML, Canada SEMA XML, US CSL CSV, BIS denied persons TSV, FollowTheMoney JSON "
    "lines, or a table with the column name (party_id, name, name_local, other_names, kind, …)"
)
_DATE = re.compile(r"(20\d\d)-(\d\d)(?:-(\d\d))?")
_BESIDE = ("alt", "add")
_WORKBOOKS = (".xlsx", ".xls", ".ods", ".parquet")


def read_list(path: Path) -> Watchlist:
    """Return the watchlist in the file at `path`. Raises ListUnreadable with what was looked for.

    OFAC's alt.csv and add.csv are read too where they stand beside its sdn.csv.
    """
    path = Path(path)
    try:
        files = {one.name: one.read_bytes() for one in (path, *beside_files(path))}
    except OSError as problem:
        raise list_unreadable("no-file", file=path, problem=problem) from problem
    return read_list_files(files)


def read_list_files(files: Mapping[str, bytes], *, list_id: str | None = None) -> Watchlist:
    """Return the watchlist in `files` (name -> bytes), the main file first, alt.csv and add.csv of OFAC after it.

    list_id: the id of a table that has none of its own; its file's name without a date if None. A list that does not
    tell its date takes the one in its file's name.
    """
    files = _unpacked(files)
    (name, data), *others = files.items()
    beside = {kind: text for kind in _BESIDE for other, text in others if kind in Path(other).stem.lower()}
    return read_list_bytes(data, name, alt=beside.get("alt", b""), add=beside.get("add", b""), list_id=list_id)


def read_list_bytes(
    data: bytes, name: str, *, alt: bytes = b"", add: bytes = b"", list_id: str | None = None
) -> Watchlist:
    """Return the watchlist in `data`; `name` is the file's name, from which a table's id and a date are taken."""
    data = _unzipped(data, name)
    name = name.removesuffix(".gz")
    date, stem = _date_in(name), list_id or list_id_of(name)
    try:
        if name.lower().endswith(_WORKBOOKS):
            return _read_workbook(data, name, stem, date)
        head = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t\x00")
        if head.startswith(b"<"):
            return _read_xml(data, name, date)
        if looks_like_pack(data):
            raise list_unreadable("is-pack", file=name)
        if head.startswith((b"{", b"[")):
            return _read_json(data, name, stem, date)
        return _read_text(decode_text(data)[0], name, stem, date, _text(alt), _text(add))
    except ListUnreadable:
        raise
    except InputUnreadable as problem:  # what a reader of plain files says, in the words of that reader
        raise ListUnreadable(str(problem), code=problem.code, **problem.params) from problem


def beside_files(path: Path) -> tuple[Path, ...]:
    """Return OFAC's alt.csv and add.csv that stand beside its sdn.csv at `path`, those that are there."""
    if "sdn" not in path.name.lower():
        return ()
    found = []
    for kind in _BESIDE:
        named = (path.with_name(path.name.lower().replace("sdn", kind)), path.with_name(f"{kind}.csv"))
        found += [other for other in named if other != path and other.is_file()][:1]
    return tuple(found)


def file_key(path: Path) -> str:
    """Return what changes with the bytes of the list at `path`, of the files beside it, or with the code that reads it."""
    digest = hashlib.sha256(readers_digest().encode())
    for one in (path, *beside_files(path)):
        digest.update(b"\x1f" + one.name.encode() + b"\x1f" + one.read_bytes())
    return digest.hexdigest()


def list_id_of(name: str) -> str:
    """Return the list id for a file name: its stem without a date, so that decisions hold for the next version too."""
    stem = re.sub(r"(?<!\d)(19|20)\d{2}[-_.]?(\d{2}[-_.]?(\d{2})?)?(?!\d)", "", Path(name).stem.lower())
    return re.sub(r"[^a-z0-9]+", "-", stem).strip("-") or "list"


def looks_like_pack(data: bytes) -> bool:
    """Tell whether bytes are meant as a signed text: these are opened as a pack or refused, never read as a plain list."""
    head = data[:400].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"{") and (b'"payload"' in head or b'"payloadType"' in data[-40_000:])


def _read_text(text: str, name: str, stem: str, date: str, alt: str, add: str) -> Watchlist:
    delimiter = sniff_delimiter(text)
    if looks_like_sdn_csv(read_rows("\n".join(text[:40_000].splitlines()[:20]).replace("\x1a", ""), delimiter)):
        return read_sdn_csv(text, alt=alt, add=add, date=date, file=name)
    from tidegate.lists.bis import read_denied_persons
    from tidegate.lists.csl import read_csl

    rows = read_rows(text.replace("\x1a", ""), delimiter)
    found = read_csl(rows, date=date) or read_denied_persons(rows, date=date)
    return found or _read_table(rows, name, stem, date)


def _read_table(rows: Sequence[Sequence[str]], name: str, stem: str, date: str) -> Watchlist:
    found = read_table_rows(rows, list_id=stem, title=name, date=date)
    if found is None:
        raise list_unreadable("shape", file=name, looked_for=LOOKED_FOR)
    return found


def _read_xml(data: bytes, name: str, date: str) -> Watchlist:
    root = parse_xml(data, name)
    if root.tag == "sdnList":
        from tidegate.lists.ofac_xml import read_ofac_xml

        return read_ofac_xml(root, date=date)
    if root.tag == "CONSOLIDATED_LIST":
        from tidegate.lists.un import read_un_xml

        return read_un_xml(root, date=date)
    if root.tag == "data-set":
        from tidegate.lists.canada import read_sema_xml

        return read_sema_xml(root, date=date)
    raise list_unreadable("shape-xml", file=name, root=str(root.tag)[:60], looked_for=LOOKED_FOR)


def _read_json(data: bytes, name: str, stem: str, date: str) -> Watchlist:
    """Return the list of JSON lines, or of one JSON array: FollowTheMoney's entities, or records with a name."""
    from tidegate.lists.ftm import read_ftm_lines

    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n") if not data.startswith((b"\xff\xfe", b"\xfe\xff")) else []
    if not lines:
        lines = decode_text(data)[0].encode().split(b"\n")
    first = next((line for line in lines if line.strip()), b"")
    if first.lstrip().startswith(b"["):
        try:
            items = json.loads(b"\n".join(lines))
        except (ValueError, RecursionError):
            items = []
        lines = [json.dumps(item).encode() for item in items] if isinstance(items, list) else []
        first = lines[0] if lines else b""
    if b'"schema"' in first:
        return read_ftm_lines(lines, list_id=stem, title=name, date=date, file=name)
    from tidegate.files.structured import read_json

    grid = read_json(name, data)
    return _read_table(_grid_rows(grid.table), name, stem, date)


def _read_workbook(data: bytes, name: str, stem: str, date: str) -> Watchlist:
    """Return the list on the first sheet that has a name column."""
    from tidegate.files.structured import read_parquet
    from tidegate.files.workbooks import read_workbook

    grids = [read_parquet(Path(name), data)] if name.lower().endswith(".parquet") else read_workbook(name, data)
    for grid in grids:
        rows = _grid_rows(grid.table)
        if find_heading(rows) is not None:
            return _read_table(rows, name, stem, date)
    raise list_unreadable("shape-workbook", file=name, sheets=len(grids), looked_for=LOOKED_FOR)


def _grid_rows(table: object) -> list[list[str]]:
    columns = [[cell or "" for cell in column.to_pylist()] for column in table.columns]  # type: ignore[attr-defined]
    return [list(row) for row in zip(*columns, strict=True)]


def _unpacked(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return the files of a .zip that holds one list, with alt.csv and add.csv where they are there; others as they are."""
    name, data = next(iter(files.items()))
    if not (name.lower().endswith(".zip") and data.startswith(b"PK")):
        return files
    from tidegate.lists.zipped import read_zip

    found = read_zip(data, name, MAX_BYTES)
    beside = {one: found[one] for one in found if Path(one).stem.lower().startswith(_BESIDE)}
    mains = [one for one in found if one not in beside and not one.lower().endswith((".txt", ".pdf", ".xsd", ".md"))]
    mains = mains or [one for one in found if one not in beside]
    if len(mains) != 1:
        raise list_unreadable("zip-many", file=name, names=", ".join(mains)[:200] or "-")
    return {mains[0]: found[mains[0]], **beside}


def _unzipped(data: bytes, name: str) -> bytes:
    """Return what a .gz holds, within MAX_BYTES; other bytes as they are."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    opened = zlib.decompressobj(wbits=31)
    try:
        plain = opened.decompress(data, MAX_BYTES + 1)
    except zlib.error as problem:
        raise list_unreadable("gzip-broken", file=name) from problem
    if len(plain) > MAX_BYTES:
        raise list_unreadable("too-large", file=name, bytes=len(plain), most=MAX_BYTES)
    if not opened.eof:
        raise list_unreadable("gzip-broken", file=name)
    return plain


def _text(data: bytes) -> str:
    return decode_text(data)[0] if data else ""


def _date_in(name: str) -> str:
    found = _DATE.search(name)
    return "-".join(filter(None, found.groups())) if found else ""
