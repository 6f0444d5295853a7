"""How the local page reads what was chosen: each sheet as it is recognised, or as a person said that it is to be read.

A correction is kept in the chosen folder as the TOML file that `tidegate screen --mapping` takes, and is used again
where a file brings the same headers; a file without known headers is known by its name without the digits.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from tidegate.errors import InputUnreadable, TidegateError
from tidegate.files.mapping import Mapping, format_mapping, read_mapping
from tidegate.files.reading import read_records
from tidegate.files.records import CellProblem, Note, TableRead
from tidegate.files.screening_run import file_digest

MAPPINGS_FOLDER = "mappings"


@dataclass(frozen=True, slots=True)
class Upload:
    """One file that was chosen on the page: its name, and where its bytes lie until it is let go."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Inputs:
    """What one screening was asked for. mappings: (number of the file, sheet) -> how a person said it is to be read."""

    files: Sequence[Upload]
    beside: Sequence[Upload]
    decided: Sequence[Upload]
    kind: str | None
    on: date
    mappings: AbstractMapping[tuple[int, str], Mapping] = field(default_factory=dict)


@dataclass(slots=True)
class UploadsRead:
    """The tables of all files. mapped: (file, sheet) that were read by a correction kept earlier."""

    tables: list[TableRead] = field(default_factory=list)
    unread: dict[str, TidegateError] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    notes: list[tuple[str, Note | CellProblem]] = field(default_factory=list)
    mapped: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SavedMappings:
    """The corrections kept in a folder, one TOML file for each kind of sheet."""

    folder: Path

    def find(self, sign: str) -> Mapping | None:
        """Return the correction for sheets of this sign. One that was broken by hand counts as none."""
        path = self.folder / MAPPINGS_FOLDER / f"{sign}.toml"
        try:
            return read_mapping(path) if path.is_file() else None
        except InputUnreadable:
            return None

    def keep(self, sign: str, mapping: Mapping) -> Path:
        """Keep a correction and return its file."""
        folder = self.folder / MAPPINGS_FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{sign}.toml"
        path.write_text(format_mapping(replace(mapping, sheet="")), encoding="utf-8")
        return path

    def forget(self, sign: str) -> None:
        """Let a correction go."""
        (self.folder / MAPPINGS_FOLDER / f"{sign}.toml").unlink(missing_ok=True)


def sheet_sign(name: str, headers: Sequence[str]) -> str:
    """Return 16 hexadecimal characters for sheets of one kind: by their headers, else by the name without digits."""
    told = [" ".join(header.casefold().split()) for header in headers] or ["name", re.sub(r"\d+", "", name.casefold())]
    return hashlib.sha256("\x1f".join(told).encode()).hexdigest()[:16]


def read_uploads(inputs: Inputs, saved: SavedMappings) -> UploadsRead:
    """Return every table of the chosen files; a file that cannot be read is named and the others are read."""
    read = UploadsRead()
    for number, upload in enumerate(inputs.files):
        told = {sheet: mapping for (file, sheet), mapping in inputs.mappings.items() if file == number}
        try:
            _read_one(upload, inputs.kind, told, saved, read)
            read.digests[upload.name] = file_digest(upload.path)
        except TidegateError as problem:
            read.unread[upload.name] = problem
    return read


def _read_one(
    upload: Upload,
    kind: str | None,
    told: AbstractMapping[str, Mapping],
    saved: SavedMappings,
    read: UploadsRead,
) -> None:
    try:
        reading = read_records(upload.path, kind=kind)
    except InputUnreadable as problem:
        kept = saved.find(sheet_sign(upload.name, ())) if problem.code == "files.no-header" and not told else None
        mappings = [*told.values()] if told else [kept] if kept else []
        if not mappings:
            raise
        for one in mappings:
            read.tables += read_records(upload.path, mapping=one).tables
        if kept:
            read.mapped.append((upload.name, ""))
        return
    tables = []
    for table in reading.tables:
        mapping = told.get(table.sheet)
        if mapping is None and table.written.headers and not told:
            mapping = saved.find(sheet_sign(upload.name, table.written.headers))
            if mapping is not None:
                read.mapped.append((upload.name, table.sheet))
        if mapping is None:
            tables.append(table)
        else:
            tables += read_records(upload.path, mapping=replace(mapping, sheet=table.sheet)).tables
    known = {table.sheet for table in reading.tables}
    for sheet, one in told.items():
        if sheet not in known:  # a sheet in which nothing was recognised
            tables += read_records(upload.path, mapping=replace(one, sheet=sheet)).tables
    mended = {sheet for sheet in told if sheet not in known}
    read.tables += tables
    read.notes += [(upload.name, note) for note in reading.notes if note.params.get("sheet") not in mended]
    read.notes += [(upload.name, problem) for problem in reading.problems]
