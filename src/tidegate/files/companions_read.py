"""Files that come beside the sheet: licences, pre-export notices, closed firms; customers and earlier records as tables.

What a file holds is told by its headers, in English, Chinese or Spanish.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from tidegate.errors import InputUnreadable
from tidegate.files.reading import read_records
from tidegate.model.columns import record_schema
from tidegate.model.days import parse_civil_day
from tidegate.model.quantity import parse_mass_kg
from tidegate.screening.companions import Closure, Companions, Licence, Notice
from tidegate.wording.problems import problem

_WORDS: Mapping[str, tuple[str, ...]] = {
    "number": (
        "number", "licence", "license", "licence number", "license number", "licence no", "license no", "permit", "permit number",
        "permit no", "notice", "notice number", "pen", "pen number", "pen no", "许可证", "许可证号", "批件号", "通知编号", "通知号",
        "licencia", "numero de licencia", "permiso", "numero de permiso", "notificacion", "numero de notificacion",
    ),
    "holder": ("holder", "licensee", "licence holder", "permit holder", "company", "firm", "持证人", "持证单位", "企业", "titular", "empresa"),
    "item": (
        "item", "items", "substance", "substances", "cas", "cas number", "goods", "product", "物质", "品名", "货物", "商品", "sustancia",
        "articulo", "producto",
    ),
    "valid_from": ("valid from", "from", "issued", "issue date", "有效期自", "签发日期", "valido desde", "desde", "fecha de emision"),
    "valid_until": (
        "valid until", "valid to", "until", "expiry", "expiry date", "expires", "有效期至", "有效期", "到期日", "valido hasta", "vigencia",
        "vence", "hasta",
    ),
    "quantity_kg": ("quantity kg", "kg", "quantity", "net kg", "net mass kg", "数量", "数量 kg", "净重", "cantidad", "cantidad kg"),
    "exporter": ("exporter", "出口商", "exportador"),
    "importer": ("importer", "进口商", "importador"),
    "filed_on": ("filed on", "filed", "date filed", "notice date", "提交日期", "通知日期", "presentada", "fecha de presentacion"),
    "reply_due_on": ("reply due on", "reply due", "reply due at", "deadline", "答复期限", "plazo", "fecha limite"),
    "answer": ("answer", "decision", "答复", "决定", "respuesta"),
    "answered_on": ("answered on", "answer date", "answered", "答复日期", "fecha de respuesta"),
    "name": ("name", "company name", "firm name", "名称", "企业名称", "公司名称", "nombre", "razon social"),
    "closed_on": ("closed on", "closed", "closure date", "date closed", "revoked on", "关停日期", "关闭日期", "吊销日期", "cerrada", "fecha de cierre"),
    "authority": ("authority", "机关", "主管部门", "autoridad"),
    "registration_number": ("registration number", "registration no", "注册号", "统一社会信用代码", "numero de registro", "rfc"),
    "phone": ("phone", "telephone", "电话", "telefono"),
    "email": ("email", "e-mail", "mail", "邮箱", "电子邮件", "correo"),
    "address": ("address", "地址", "domicilio", "direccion"),
    "website": ("website", "web", "网站", "sitio web"),
}  # fmt: skip
_ANSWERS = {
    "no objection": "no-objection", "no-objection": "no-objection", "cleared": "no-objection", "无异议": "no-objection", "同意": "no-objection",
    "sin objecion": "no-objection", "objection": "objection", "refused": "objection", "反对": "objection", "异议": "objection",
    "objecion": "objection", "hold": "hold", "hold pending enquiry": "hold", "暂缓": "hold", "en espera": "hold", "partial": "partial",
    "部分同意": "partial", "parcial": "partial",
}  # fmt: skip
_ACCENTS = str.maketrans("áéíóúñ", "aeioun")
_HEAD_ROWS = 12


@dataclass(frozen=True, slots=True)
class CompanionsRead:
    """The companions, and per file what was recognised in it: (file, sheet, what, rows)."""

    companions: Companions
    seen: Sequence[tuple[str, str, str, int]] = field(default_factory=tuple)


def read_companions(paths: Sequence[Path]) -> CompanionsRead:
    """Return what the files of `--with` hold. Raises InputUnreadable for one in which nothing known is found."""
    licences: list[Licence] = []
    notices: list[Notice] = []
    closures: list[Closure] = []
    tables: dict[str, list[pa.RecordBatch]] = {}
    seen: list[tuple[str, str, str, int]] = []
    for path in paths:
        known = False
        for sheet, rows in _grids(path):
            what, places, first = _recognise(rows)
            body = [row for row in rows[first:] if any(row)]
            if what == "licences":
                licences += [_licence(_Cells(places, row, path.name)) for row in body]
            elif what == "notices":
                notices += [_notice(_Cells(places, row, path.name)) for row in body]
            elif what == "closures":
                closures += [_closure(_Cells(places, row, path.name)) for row in body]
            else:
                continue
            known = True
            seen.append((path.name, sheet, what, len(body)))
        if not known:
            for table in read_records(path).tables:
                tables.setdefault(table.kind, []).append(table.batch)
                seen.append((path.name, table.sheet, table.kind, table.rows))
    given = {what for _, _, what, _ in seen}
    companions = Companions(
        tuple(licences) if "licences" in given else None,
        tuple(notices) if "notices" in given else None,
        tuple(closures) if "closures" in given else None,
        {kind: join_batches(batches, kind) for kind, batches in tables.items()},
    )
    return CompanionsRead(companions, tuple(seen))


def join_batches(batches: Sequence[pa.RecordBatch], kind: str) -> pa.RecordBatch:
    """Return one batch of `kind` that holds the rows of all, in order."""
    table = pa.Table.from_batches(
        [batch.cast(record_schema(kind)) for batch in batches], record_schema(kind)
    ).combine_chunks()
    found = table.to_batches()
    return found[0] if found else pa.RecordBatch.from_pylist([], schema=record_schema(kind))


class _Cells:
    """One row under its recognised headers."""

    def __init__(self, places: Mapping[str, int], row: Sequence[str], file: str) -> None:
        self.places = places
        self.row = row
        self.file = file

    def text(self, name: str) -> str:
        place = self.places.get(name, -1)
        return self.row[place].strip() if 0 <= place < len(self.row) else ""

    def day(self, name: str) -> date | None:
        try:
            return parse_civil_day(self.text(name), "ymd") if self.text(name) else None
        except InputUnreadable:
            return None

    def kg(self, name: str) -> float | None:
        try:
            return float(parse_mass_kg(self.text(name), unit="kg")) if self.text(name) else None
        except InputUnreadable:
            return None


def _licence(cells: _Cells) -> Licence:
    items = tuple(part.strip() for part in re.split(r"[;；|]", cells.text("item")) if part.strip())
    return Licence(
        cells.text("number"),
        cells.text("holder"),
        items,
        cells.day("valid_from"),
        cells.day("valid_until"),
        cells.kg("quantity_kg"),
        cells.file,
    )


def _notice(cells: _Cells) -> Notice:
    answer = cells.text("answer").casefold().translate(_ACCENTS)
    return Notice(
        cells.text("number"), cells.text("exporter"), cells.text("importer"), cells.text("item"), cells.kg("quantity_kg"),
        cells.day("filed_on"), cells.day("reply_due_on"), _ANSWERS.get(answer, answer), cells.day("answered_on"), source=cells.file,
    )  # fmt: skip


def _closure(cells: _Cells) -> Closure:
    return Closure(
        cells.text("name"), cells.day("closed_on"), cells.text("authority"), cells.text("registration_number"), cells.text("phone"),
        cells.text("email"), cells.text("address"), cells.text("website"),
    )  # fmt: skip


def _recognise(rows: Sequence[Sequence[str]]) -> tuple[str, dict[str, int], int]:
    """Return what the rows hold ("" if none of ours), where each column stands, and the first row below the header."""
    for number, row in enumerate(rows[:_HEAD_ROWS]):
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            folded = " ".join(re.sub(r"[_.:：()（）/-]+", " ", cell.casefold()).translate(_ACCENTS).split())
            for name, words in _WORDS.items():
                if folded in words:
                    places.setdefault(name, place)
        held = set(places)
        if {"exporter", "importer", "item", "number"} <= held:
            return "notices", places, number + 1
        if {"name", "closed_on"} <= held:
            return "closures", places, number + 1
        if (
            "number" in held
            and held & {"holder", "item"}
            and held & {"valid_until", "valid_from", "holder"}
            and not held & {"importer"}
        ):
            return "licences", places, number + 1
    return "", {}, 0


def _grids(path: Path) -> list[tuple[str, list[list[str]]]]:
    """Return the sheets of a CSV or workbook as rows of text; none for another kind of file."""
    from tidegate.files.delimited import read_delimited
    from tidegate.files.shape import HEAD_BYTES, sniff_shape
    from tidegate.files.workbooks import read_workbook

    try:
        with open(path, "rb") as stream:
            shape = sniff_shape(path.name, stream.read(HEAD_BYTES))
    except OSError as refused:
        raise problem(InputUnreadable, "files.cannot-open", file=path.name, reason=refused) from refused
    if shape == "delimited":
        grids = [read_delimited(path)]
    elif shape == "workbook":
        grids = read_workbook(path.name, path.read_bytes())
    else:
        return []
    found = []
    for grid in grids:
        columns = [column.to_pylist() for column in grid.table.columns]
        found.append((grid.sheet, [[cell or "" for cell in row] for row in zip(*columns, strict=True)]))
    return found
