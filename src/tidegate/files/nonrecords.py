"""Non-records: rows that stand among the records and are none: sums, headers printed again, remarks and signatures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidegate.files.headers import HeaderFound, HeaderMatch
from tidegate.model.columns import NAME_COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa

_SUMMED = (
    r"weight|wt|kgs?|lbs?|tons?|mt|net|gross|packages|pkgs|cartons|ctns|pieces|pcs|qty|quantity|units|amount|value|price|usd|eur|mxn|"
    r"cny|rmb|rows|records|items|shipments|page|this\s+page|peso|neto|bruto|bultos|cajas|piezas|importe|valor|cantidad|p[aá]gina|registros"
)
_TOTAL = re.compile(
    rf"^\W*(?:(?:overall|report|page|running|final)?\s*totals?(?:\s+(?:de\s+|of\s+)?(?:{_SUMMED})\b.{{0,20}})?|grand\s*totals?\b.{{0,30}}|"
    r"sub\s*-?\s*totals?\b.{0,30}|total\s+general|gran\s+total|suma(?:\s+total)?|sum|totales|subtotales|suma\s+y\s+sigue|suma\s+anterior|"
    r"(?:carried|brought)\s+forward|[bc]/f(?:wd)?|balance\s+[bc]/f|saldo\s+(?:anterior|inicial|final|actual|disponible)|(?:opening|closing|ending|starting)\s+balance|(?:期初|期末|上期|本期)\s*(?:余额|餘額|结余|結餘)|"
    r"(?:本[页頁]|全部|以上|本月|本年)?(?:合\s*[计計]|[总總]\s*[计計]|小\s*[计計]|共\s*[计計]|[总總]\s*和|累\s*[计計])(?:\s*[（(].{0,8}[)）])?|"
    r"承前[页頁]|[过過]次[页頁]|[转轉]下[页頁]|[结結][转轉]下[页頁])\W*$|^\*{1,4}$",
    re.IGNORECASE,
)
_TOTAL_HINT = r"(?i)total|balance$|余额|餘額|结余|結餘|^\W*(?:tot|sum|suma|carried|brought|[bc]/f|balance|saldo)|计|計|总和|總和|前页|前頁|次页|次頁|下页|下頁|^\*{1,4}$"
_REMARK = re.compile(
    r"^\W*(?:page\s*(?:no\.?\s*)?\d+(?:\s*(?:of|/)\s*\d+)?|p[aá]gina\s*\d+.*|第\s*\d+\s*[页頁].*|[共]\s*\d+\s*[页頁].*|"
    r"(?:source|notes?|remarks?|n\.?b\.?|prepared\s+by|printed\s+(?:on|by|at)?|issued\s+by|checked\s+by|approved\s+by|signed(?:\s+by)?|signature|"
    r"authori[sz]ed\s+signature|country\s+of\s+origin|terms|generated\s+(?:on|by)|report\s+(?:date|generated)|disclaimer|"
    r"fuentes?|notas?|observaciones|elabor(?:ado|ó)(?:\s+por)?|revis(?:ado|ó)(?:\s+por)?|firma|impreso(?:\s+el)?|autoriz(?:ado|ó)(?:\s+por)?|"
    r"备注|備註|注|说明|說明|数据来源|資料來源|来源|制表人?|製表人?|填表人?|审核人?|審核人?|复核|打印日期|打印时间|签字|签名|盖章|单位负责人)\s*[:：].*|"
    r"say\s+(?:us|u\.s\.|total|usd|dollars?|euros?|rmb)\b.*|end\s+of\s+(?:list|report|table|file|page|data)|fin\s+(?:del?\s+)?(?:la\s+)?(?:lista|reporte|informe|listado)|"
    r"(?:exported|downloaded|extracted|run|created|queried)\s+(?:on|at|by|date)\b.*|(?:exportado|descargado|generado|consultado)\s+(?:el|por)\b.*|"
    r"(?:导出|下载|查询|打印|生成|制表|导出人|匯出|列印)(?:时间|日期|人|時間)?\s*[:：].*|共\s*\d+\s*[笔筆条條票件份].*|"
    r"已?(?:收入|支出|待收款|待支出|关闭)\s*[:：]\s*\d+\s*笔.*|"
    r"\(?\d+\s+(?:rows?|filas?|registros)(?:\s+(?:selected|affected|returned))?\)?|(?:以下空白|以下无正文|以下無正文|表尾|完)|continued(?:\s+(?:on|overleaf|from).*)?|contin[uú]a.*|\(?continued\)?|printed\s+\d.*|\*{1,3}\s*\w.*|"
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\s+(?:de\s+)?\d{4}|\d{4}年\d{1,2}月)\W*$",
    re.IGNORECASE,
)
_RULED_LINE = re.compile(r"^[-=_*~─—.·]{8,}.{0,40}[-=_*~─—.·]{0,}$")
_NOTES_HEAD = re.compile(
    r"^\W*(?:notes?|remarks?|legend|disclaimers?|notas?|observaciones|aclaraciones|leyenda|备注|備註|说明|說明|附注|附註|注)\s*[:：]\W*$",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"^#+\s*[^\W\d]|^//\s")
_GROUP_HINT = r"(?i)total|汇总|彙總|小计|小計|合计|合計|总计|總計"
_GROUP_TOTAL = re.compile(
    r"^(.+?)\s+(?:sub-?)?totals?$|^(?:sub-?)?totals?\s+(?:de\s+|del\s+|for\s+|of\s+)?(.+?)$|^(.+?)\s*(?:汇总|彙總|小计|小計|合计|合計|总计|總計)$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^[-+(]?[$€£¥]?\s?\d[\d.,' \u00a0\u202f]*\)?\s*[^\W\d]{0,4}$")
_LONGEST_GROUP = 5_000  # rows
_MANY_ROWS = 200_000
_TAIL = 50
_WIDE = 5  # columns
_LONGEST_LABEL = 60


def find_nonrecords(
    columns: Sequence[pa.ChunkedArray], found: HeaderFound, rows: int, titles: Sequence[Sequence[str]] = ()
) -> dict[int, tuple[str, str]]:
    """Return the rows from 0 that are no records, each with the text that says so and its wording code.

    columns: clean text, all columns of the sheet. A row is left out only for words of its own; a name never is.
    titles: the rows above the header, which a printed page repeats above the header that it repeats.
    """
    totals = _totals(columns, found, rows)
    totals |= _group_totals(columns, rows, totals)
    told = {row: (label, "files.remark-row") for row, label in _remarks(columns, found, rows, totals).items()}
    told.update({row: (label, "files.totals-row") for row, label in totals.items()})
    again = _headers_again(columns, found)
    told.update({row: (label, "files.remark-row") for row, label in _titles_again(columns, again, titles).items()})
    told.update({row: (label, "files.header-row-again") for row, label in again.items()})
    return told


def _headers_again(columns: Sequence[pa.ChunkedArray], found: HeaderFound) -> dict[int, str]:
    """Return the rows that repeat the header, as printed pages do: the first columns hold their own headers."""
    import pyarrow.compute as pc

    again = None
    for match in found.matches[:3]:
        same = pc.equal(pc.utf8_lower(columns[match.place]), _lowest_header(match).lower())
        again = same if again is None else pc.and_(again, same)
        if not pc.any(again).as_py():
            return {}
    rows = [] if again is None else pc.indices_nonzero(pc.fill_null(again, False)).to_pylist()
    return {row: _lowest_header(found.matches[0]) for row in rows}


def _titles_again(
    columns: Sequence[pa.ChunkedArray], again: dict[int, str], titles: Sequence[Sequence[str]]
) -> dict[int, str]:
    """Return the rows right above a repeated header that say again what stands above the first one."""
    known = {cell for title in titles for cell in title if len(cell) > 1}
    told: dict[int, str] = {}
    for header in again if known else ():
        for row in range(header - 1, max(-1, header - 1 - len(titles)), -1):
            cells = [str(text) for column in columns if (text := column[row].as_py())]
            if cells and cells[0] not in known:
                break
            if cells:
                told[row] = cells[0][:80]
    return told


def _lowest_header(match: HeaderMatch) -> str:
    return match.header.rpartition("\n")[2].strip()


def _totals(columns: Sequence[pa.ChunkedArray], found: HeaderFound, rows: int) -> dict[int, str]:
    """Return the rows that add up other rows: a cell says so, and no name column holds a name."""
    named = _named_places(found)
    candidates: set[int] = set()
    if rows > _MANY_ROWS:
        # In a long export the sum stands at the end, or where every name is missing.
        candidates = {*range(rows - _TAIL, rows), *_rows_without_names(columns, named)}
    else:
        for column in columns:
            candidates.update(_rows_like(column, _TOTAL_HINT))
    told = {}
    for row in sorted(candidates):
        cells = [(place, str(column[row].as_py() or "")) for place, column in enumerate(columns)]
        label = next((cell for _, cell in cells if cell and len(cell) < _LONGEST_LABEL and _TOTAL.match(cell)), "")
        if label and all(not cell or _TOTAL.match(cell) for place, cell in cells if place in named):
            told[row] = label
    return told


def _group_totals(columns: Sequence[pa.ChunkedArray], rows: int, totals: dict[int, str]) -> dict[int, str]:
    """Return the rows that add up a group, as spreadsheets write them: "Peru Total" below rows of Peru, and only numbers beside."""
    if rows > _MANY_ROWS:
        return {}
    told: dict[int, str] = {}
    for column in columns:
        for row in _rows_like(column, _GROUP_HINT):
            label = str(column[row].as_py())
            found = _GROUP_TOTAL.match(label)
            if row in totals or not found or len(label) > _LONGEST_LABEL:
                continue
            others = [str(text) for each in columns if each is not column and (text := each[row].as_py())]
            if not others or not all(_NUMBER.match(text) for text in others):
                continue
            group = next(part for part in found.groups() if part).strip().casefold()
            above = (column[at].as_py() for at in range(row - 1, max(-1, row - _LONGEST_GROUP), -1) if at not in told)
            held = next((text for text in above if text), None)
            if held is not None and str(held).strip().casefold() == group:
                told[row] = label
    return told


def _remarks(
    columns: Sequence[pa.ChunkedArray], found: HeaderFound, rows: int, totals: dict[int, str]
) -> dict[int, str]:
    """Return the rows of one cell that are a remark by their words, or stand below the last sum of the sheet."""
    if len(columns) < 3 or len(found.matches) < 2:
        return {}
    last_total = max(totals, default=rows)
    told: dict[int, str] = {}
    thin = {
        row: [str(text) for column in columns if (text := column[row].as_py())] for row in _thin_rows(columns, rows)
    }
    after = _after_ruled_line(thin, columns, rows)
    for row, cells in thin.items():
        below = row > last_total and len(cells) == 1 and not cells[0].replace(".", "").isdigit()
        noted = len(cells) == 1 and (_COMMENT.match(cells[0]) or _RULED_LINE.match(cells[0]))
        if below or noted or row > after or all(_REMARK.match(cell) for cell in cells):
            told[row] = cells[0][:80]
    return told


def _after_ruled_line(thin: dict[int, list[str]], columns: Sequence[pa.ChunkedArray], rows: int) -> int:
    """Return the row of a line drawn with signs, or of "Notes:", below which a wide sheet holds thin rows alone."""
    if len(columns) < _WIDE:
        return rows
    filled = [row for row in range(max(1, rows - _TAIL), rows) if row in thin or any(c[row].as_py() for c in columns)]
    for row in reversed(filled):
        if row not in thin:
            return rows
        if len(thin[row]) == 1 and (_RULED_LINE.match(thin[row][0]) or _NOTES_HEAD.match(thin[row][0])):
            return row
    return rows


def _thin_rows(columns: Sequence[pa.ChunkedArray], rows: int) -> list[int]:
    """Return the rows in which one or two cells are filled; of a long sheet only those at its end."""
    import numpy

    first = max(0, rows - _TAIL) if rows > _MANY_ROWS else 0
    filled = numpy.zeros(rows - first, dtype=numpy.int32)
    for column in columns:
        filled += column.slice(first).is_valid().to_numpy()
    thin: list[int] = (numpy.flatnonzero((filled > 0) & (filled <= 2)) + first).tolist()
    return thin


def _named_places(found: HeaderFound) -> list[int]:
    names = set(NAME_COLUMNS[found.kind])
    return [match.place for match in found.matches if match.canonical in names]


def _rows_like(column: pa.ChunkedArray, pattern: str) -> list[int]:
    import pyarrow.compute as pc

    rows: list[int] = pc.indices_nonzero(pc.fill_null(pc.match_substring_regex(column, pattern), False)).to_pylist()
    return rows


def _rows_without_names(columns: Sequence[pa.ChunkedArray], named: list[int]) -> list[int]:
    import pyarrow.compute as pc

    if not named:
        return []
    empty = pc.is_null(columns[named[0]])
    for place in named[1:]:
        empty = pc.and_(empty, pc.is_null(columns[place]))
    rows: list[int] = pc.indices_nonzero(empty).to_pylist()
    return rows[:_MANY_ROWS]
