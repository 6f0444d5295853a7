"""Charts of a report: how many findings stand at each level, and which rules and screens made them. Inline SVG only.

Each drawing has a title and a description that give the finding, and a table or list beside it that says the same.
Lengths are attributes and colours come from classes, so that a page under a strict content policy shows them too. A
chart is drawn twice, wide and slim; the stylesheet shows the one that can be read at the width of the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from tidegate.files.seen_text import counted, seen
from tidegate.wording.sentences import say

LEVELS = ("hold", "ask", "look")
_MOST_BARS = 12
_WIDE, _SLIM = 720, 320
_LETTERS = {_WIDE: 46, _SLIM: 40}  # what fits beside a bar, or above it on a slim page

Bar = tuple[str, Mapping[str, int]]


def level_chart(by_level: Mapping[str, int], lang: str) -> Markup:
    """Return a bar for each level with its word and number; nothing where there is no finding."""
    bars = [(say(f"level.{level}", lang), {level: by_level.get(level, 0)}) for level in LEVELS]
    numbers = {level: counted(by_level.get(level, 0), lang) for level in LEVELS}
    return _chart(bars, say("report.levels-chart", lang), say("report.levels-desc", lang, **numbers), lang, start=110)


def rule_chart(by_rule: Sequence[Bar], lang: str) -> Markup:
    """Return a bar for each rule, most findings first, cut into its levels, with the table that says the same."""
    if not by_rule:
        return Markup("")
    title = say("report.rules-chart", lang)
    heads = [say("report.rule", lang), *(say(f"level.{level}", lang) for level in LEVELS)]
    rows = [
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            seen(name),
            Markup("").join(
                Markup('<td class="num" data-is="{}">{}</td>').format(head, counted(levels.get(level, 0), lang))
                for head, level in zip(heads[1:], LEVELS, strict=True)
            ),
        )
        for name, levels in by_rule
    ]
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(Markup(' class="num"') if at else Markup(""), word)
        for at, word in enumerate(heads)
    )
    drawn = _chart(by_rule[:_MOST_BARS], title, say("report.rules-desc", lang, rules=len(by_rule)), lang)
    return Markup(
        '{}<details><summary>{}</summary><table class="stack"><caption class="unseen">{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></details>"
    ).format(drawn, say("report.as-table", lang), title, head, Markup("").join(rows))


def _chart(bars: Sequence[Bar], title: str, description: str, lang: str, *, start: int = 320) -> Markup:
    most = max((sum(levels.values()) for _, levels in bars), default=0)
    if not most:
        return Markup("")
    drawings = [
        Markup('<svg class="{}" viewBox="0 0 {} {}" role="img"><title>{}</title><desc>{}</desc>{}</svg>').format(
            kind, width, height, title, description, shapes
        )
        for kind, width in (("wide", _WIDE), ("slim", _SLIM))
        for height, shapes in [_bars(bars, most, width, 0 if kind == "slim" else start, lang)]
    ]
    return Markup('<figure class="chart">{}</figure>').format(Markup("").join(drawings))


def _bars(bars: Sequence[Bar], most: int, width: int, start: int, lang: str) -> tuple[int, Markup]:
    """Return the height and the shapes: on a wide page the word stands before the bar, on a slim one above it."""
    slim = width == _SLIM
    step, drop = (44, 18) if slim else (30, 0)
    room = width - start - 64
    shapes = []
    for place, (name, levels) in enumerate(bars):
        top = 6 + place * step
        shapes.append(Markup('<text x="0" y="{}">{}</text>').format(top + 13, fit(seen(name), _LETTERS[width])))
        at = float(start)
        for level in LEVELS:
            count = levels.get(level, 0)
            if count:
                length = max(3.0, room * count / most)
                shapes.append(
                    Markup('<rect class="bar-{}" x="{:.1f}" y="{}" width="{:.1f}" height="16"/>').format(
                        level, at, top + drop, length
                    )
                )
                at += length
        shapes.append(
            Markup('<text x="{:.0f}" y="{}">{}</text>').format(
                at + 8, top + drop + 13, counted(sum(levels.values()), lang)
            )
        )
    return 6 + len(bars) * step, Markup("").join(shapes)


def fit(text: str, letters: int) -> str:
    """Return `text` cut to about `letters` Latin letters; a Han sign counts as two, a capital a little more than one."""
    room = float(letters)
    for place, sign in enumerate(text):
        room -= 2 if ord(sign) > 0x2E7F else 1.2 if sign.isupper() else 1
        if room < 0:
            return text[:place].rstrip() + "…"
    return text
