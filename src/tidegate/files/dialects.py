"""Dialects: how one delimited file separates and quotes its cells."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

_DELIMITERS = (",", ";", "\t", "|")
# Tried only where none of the usual ones makes columns; the last two are typed on Chinese keyboards.
_RARE_DELIMITERS = ("~", "^", "\x01", "\x1f", "¦", "§", "，", "；", "#", ":")
_SURE_DELIMITERS = ("~", "^", "\x01", "\x1f", "¦", "§")
_NO_DELIMITER = "\x1e"
_SEP_LINE = re.compile(r'^"?sep\s*=\s?(.)"?\s*$', re.IGNORECASE)
_LABELLED = re.compile(r"^\s*[^:：,;\t|\d][^:：,;\t|]{1,38}[:：]\s*\S")
_SAMPLE_LINES = 200


@dataclass(frozen=True, slots=True)
class Dialect:
    """delimiter and quote: one sign each. escape: the sign before a quote inside quotes, "" if it is doubled. skip: leading
    lines that are no data. wrapped: every line stands in quotes as a whole. plain: as RFC 4180 has it, but for `delimiter`.
    """

    delimiter: str = ","
    skip: int = 0
    quote: str = '"'
    escape: str = ""
    wrapped: bool = False
    plain: bool = True

    def options(self) -> dict[str, object]:
        """Return the arguments of csv.reader."""
        found: dict[str, object] = {"delimiter": self.delimiter, "quotechar": self.quote}
        if self.escape:
            found |= {"escapechar": self.escape, "doublequote": False}
        # A blank before a quote must not turn the quote into text; cells are trimmed anyway.
        return found | {"skipinitialspace": self.delimiter != " "}


def sniff_dialect(text: str) -> Dialect:
    """Return the dialect of a file that begins with `text`."""
    delimiter, skip = sniff_delimiter(text)
    # A mark of the byte order may stand twice, and a `sep=` line counts as one.
    lines = text.splitlines()[skip : _SAMPLE_LINES + skip]
    sample = "\n".join(lines)
    sign = re.escape(delimiter)
    quoted = re.findall(rf'(?:^|{sign})"[^"\n]*"(?=$|{sign})', sample, re.MULTILINE)
    single = re.findall(rf"(?:^|{sign})'[^'\n]*{sign}[^'\n]*'(?=$|{sign})", sample, re.MULTILINE)
    quote = "'" if single and not quoted else '"'
    if (
        quote == '"'
        and not quoted
        and (curly := re.search(rf"(?:^|{sign})“[^”\n]*{sign}[^”\n]*”(?=$|{sign})", sample, re.MULTILINE))
    ):
        return Dialect(delimiter, skip, curly[0].lstrip(delimiter)[0], plain=False)
    escape = "\\" if re.search(rf'(?<=[^\\{sign}\n])\\"(?!\s*(?:$|{sign}))', sample, re.MULTILINE) else ""
    wrapped = _is_wrapped(lines, delimiter)
    blank_first = re.search(rf'{sign}[ ]+"', sample) is not None and delimiter != "\t"
    plain = quote == '"' and not escape and not wrapped and not blank_first and len(delimiter.encode()) == 1
    return Dialect(delimiter, skip, quote, escape, wrapped, plain)


def sniff_delimiter(text: str) -> tuple[str, int]:
    """Return the delimiter and how many leading lines to skip (1 for a `sep=;` line).

    The delimiter is the one that most lines hold equally often, quotes respected. Lines of "label: value" have none.
    """
    lines = text.splitlines()[:_SAMPLE_LINES]
    declared = _SEP_LINE.match(lines[0]) if lines else None
    if declared:
        return declared[1], 1
    complete = [line for line in _whole_lines(lines[:-1] if len(lines) > 2 else lines) if line.strip()]
    best, score = _best(complete, _DELIMITERS)
    labelled = [line for line in complete if _LABELLED.match(line)]
    single = sum(1 for line in labelled if len(re.findall("[:：]", line)) == 1)
    split = any(sign in line for line in complete if not _LABELLED.match(line) for sign in _DELIMITERS)
    if score < 1 and not split and len(labelled) * 10 >= max(30, len(complete) * 7) and single * 2 > len(labelled):
        return _NO_DELIMITER, 0
    if score < 1:
        rare, rare_score = _best(complete, _RARE_DELIMITERS if score == 0 else _SURE_DELIMITERS, least=2)
        # A comma in some texts makes no columns where another sign stands in every line equally often.
        if rare_score > (0.8 if score == 0 else 1):
            return rare, 0
    return best, 0


def _best(lines: list[str], delimiters: tuple[str, ...], least: int = 1) -> tuple[str, float]:
    best, best_score = delimiters[0], 0.0
    for delimiter in delimiters:
        counts = [_count_outside_quotes(line, delimiter) for line in lines]
        filled = [count for count in counts if count >= least]
        if not filled:
            continue
        common = max(sorted(set(filled), reverse=True), key=filled.count)
        score = filled.count(common) / len(counts) * (1 + min(common, 30) / 30)
        if score > best_score:
            best, best_score = delimiter, score
    return best, best_score


def _whole_lines(lines: list[str]) -> list[str]:
    """Return the lines with those joined that a quoted cell runs over; as they are if a quote stays open."""
    joined: list[str] = []
    held = ""
    for line in lines:
        held = f"{held} {line}" if held else line
        if held.count('"') % 2 == 0:
            joined.append(held)
            held = ""
    return (
        lines
        if len(held.split()) > 50 or (held and len(joined) * 2 < len(lines))
        else [*joined, *([held] if held else [])]
    )


def _is_wrapped(lines: list[str], delimiter: str) -> bool:
    """Tell whether each line is one quoted cell that holds the whole record."""
    filled = [line.strip() for line in lines if line.strip()]
    if len(filled) < 2 or not all(line.startswith('"') and line.endswith('"') for line in filled):
        return False
    cells = list(csv.reader(filled, delimiter=delimiter))
    return all(len(row) == 1 and delimiter in row[0] for row in cells)


def _count_outside_quotes(line: str, delimiter: str) -> int:
    if '"' not in line:
        return line.count(delimiter)
    return sum(piece.count(delimiter) for piece in line.split('"')[::2]) or (
        line.count(delimiter) if line.startswith('"') and line.endswith('"') and line.count('"') == 2 else 0
    )
