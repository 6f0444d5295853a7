"""Grids of a file of any shape that holds tables, for what reads tables by its own headers."""

from __future__ import annotations

from pathlib import Path

from tidegate.errors import InputUnreadable
from tidegate.files.grid import Grid
from tidegate.files.shape import HEAD_BYTES, sniff_shape
from tidegate.wording.problems import problem


def read_grids(path: Path) -> list[Grid]:
    """Return the tables of the file at `path` as they stand; none for messages and unknown shapes.

    Raises InputUnreadable for a file that cannot be opened, or is not what it seems to be.
    """
    try:
        with open(path, "rb") as stream:
            shape = sniff_shape(path.name, stream.read(HEAD_BYTES))
        return _of_shape(path, shape)
    except OSError as refused:
        raise problem(InputUnreadable, "files.cannot-open", file=path.name, reason=refused) from refused


def _of_shape(path: Path, shape: str) -> list[Grid]:
    if shape == "delimited":
        from tidegate.files.delimited import read_delimited

        return [read_delimited(path)]
    if shape == "workbook":
        from tidegate.files.workbooks import read_workbook

        return read_workbook(path.name, path.read_bytes())
    if shape in ("html", "xml-spreadsheet"):
        from tidegate.files.markup_tables import read_html, read_xml_spreadsheet

        return (read_html if shape == "html" else read_xml_spreadsheet)(path.name, path.read_bytes())
    if shape == "parquet":
        from tidegate.files.structured import read_parquet

        return [read_parquet(path)]
    if shape == "json":
        from tidegate.files.structured import read_json

        return [read_json(path.name, path.read_bytes())]
    return []
