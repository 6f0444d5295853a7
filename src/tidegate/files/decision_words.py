"""Decision words: what people write into the decision columns of a workbook, in three languages and any spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tidegate.screening.decisions import VERDICTS, Verdict
from tidegate.wording.sentences import LANGUAGES, say

# Beside the words that the workbook offers: short forms, traditional signs, and what old workbooks used.
_ALSO: Mapping[Verdict, tuple[str, ...]] = {
    "set-aside": (
        "aside", "setaside", "set-aside", "ok", "okay", "explained", "no match", "false positive", "false alarm", "namesake",
        "dismiss", "dismissed", "cleared", "descartar", "descartado", "apartado", "apartada", "aparte", "falso positivo",
        "homónimo", "擱置", "搁置处理", "已搁置", "排除", "误报", "誤報", "非同一人", "同名",
    ),
    "ask": (
        "ask", "asked", "question", "preguntar", "pregunta", "consultar", "询问", "詢問", "先詢問", "先问", "先問", "问",
    ),
    "case": (
        "case", "open case", "opencase", "escalate", "caso", "abrir caso", "expediente", "abrir expediente", "案件",
        "立案处理", "立案處理", "开案", "開案",
    ),
}  # fmt: skip
_NO_END = frozenset(
    [
        "-", "–", "—", "/", "none", "never", "no end", "open", "sin fin", "ninguno", "ninguna", "nunca", "sin fecha",
        "无", "無", "无期限", "無期限", "长期", "長期", "永久",
    ]
)  # fmt: skip
_DECISION, _REASON, _UNTIL, _BY = _COLUMNS = ("decision", "reason", "until", "by")
_KEYS = ("decision_key", "base_key")
_BETWEEN = re.compile(r"[\s_\-‐‑–.。!！'\"“”«»‘’`]+")


@dataclass(frozen=True, slots=True)
class DecisionHead:
    """Where the columns stand, from 0; -1 for one that was deleted."""

    decision: int
    reason: int
    until: int
    by: int
    key: int
    base_key: int


def find_head(row: Sequence[str]) -> DecisionHead | None:
    """Return where the decision columns stand if `row` is the header of a sheet that Tidegate wrote, else None.

    The sheet that was screened may bring columns of the same names: the language counts in which most of ours are
    there, ours stand before theirs, and the last keys are ours.
    """
    folded = [_folded(cell) for cell in row]
    key, base = (_last(folded, name) for name in _KEYS)
    if key < 0:
        return None
    by_language = [[_first(folded, say(f"sheet.{code}", lang)) for code in _COLUMNS] for lang in LANGUAGES]
    decision, reason, until, by = min(by_language, key=lambda places: (places.count(-1), sum(places)))
    return DecisionHead(decision, reason, until, by, key, base)


def verdict_of(written: str) -> Verdict | None:
    """Return the decision that a cell names, None for a word that is none."""
    return _verdicts().get(_folded(written))


def says_no_end(written: str) -> bool:
    """Tell whether a cell of end dates says that the decision has none."""
    return not written or unicodedata.normalize("NFKC", written).strip().casefold() in _NO_END


@lru_cache(maxsize=1)
def _verdicts() -> Mapping[str, Verdict]:
    found: dict[str, Verdict] = {}
    for verdict in VERDICTS:
        for word in (verdict, *_ALSO[verdict], *(say(f"verdict.{verdict}", lang) for lang in LANGUAGES)):
            found[_folded(word)] = verdict
    return found


def _folded(text: str) -> str:
    """Return `text` without case, accents, full-width signs, quotes, blanks and strokes."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _BETWEEN.sub("", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def _first(folded: Sequence[str], title: str) -> int:
    wanted = _folded(title)
    return folded.index(wanted) if wanted in folded else -1


def _last(folded: Sequence[str], title: str) -> int:
    wanted = _folded(title)
    return len(folded) - 1 - folded[::-1].index(wanted) if wanted in folded else -1
