"""Drawings of a report: how many findings stand at each level, and which parties the findings join. Inline SVG only.

Each drawing has a title and a description that give the finding, and a table or list beside it that says the same.
Lengths are attributes and colours come from classes, so that a page under a strict content policy shows them too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from tidegate.wording.sentences import say

_MOST_PARTIES = 24
_WIDTH, _ROW = 640, 34
_SPAN, _BOX, _STEP, _LETTERS = 320, 258, 42, 28


def level_chart(by_level: Mapping[str, int], lang: str) -> Markup:
    """Return a bar for each level with its word and number; nothing where there is no finding."""
    most = max(by_level.values(), default=0)
    if not most:
        return Markup("")
    rows = []
    for place, level in enumerate(("hold", "ask", "look")):
        count = by_level.get(level, 0)
        top = 8 + place * _ROW
        length = max(2.0, 420 * count / most) if count else 0.0
        shape = Markup('<rect class="{}" x="130" y="{}" width="{:.0f}" height="18"/>').format(
            "halt" if level == "hold" else "dot", top, length
        )
        rows.append(
            Markup('<text x="0" y="{}">{}</text>{}<text x="{:.0f}" y="{}">{}</text>').format(
                top + 14, say(f"level.{level}", lang), shape if count else "", 138 + length, top + 14, count
            )
        )
    return Markup(
        '<figure class="chart"><svg viewBox="0 0 {} {}" role="img"><title>{}</title><desc>{}</desc>{}</svg></figure>'
    ).format(
        _WIDTH,
        8 + 3 * _ROW,
        say("report.levels-chart", lang),
        say("report.levels-desc", lang, **by_level),
        Markup("").join(rows),
    )


def party_network(bonds: Sequence[tuple[str, str, str, bool]], lang: str) -> Markup:
    """Return firms joined by records: (one party, other party, label, proven). On a phone only its list is shown.

    A bond that is not proven is a likeness to a listed party: it is dashed, and the listed party stands at the start.
    Nothing where no record joins two parties.
    """
    columns = _columns(bonds)
    names = {name for column in columns for name in column}
    held = [bond for bond in bonds if bond[0] in names and bond[1] in names and bond[0] != bond[1]]
    if not held:
        return Markup("")
    places = {name: (at, line) for at, column in enumerate(columns) for line, name in enumerate(column)}
    drawn = [_bond(places[one], places[other], proven) for one, other, _, proven in held]
    drawn += [_thing(name, *place) for name, place in places.items()]
    lines = [
        Markup('<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>').format(one, other, label)
        for one, other, label, _ in held
    ]
    caption = say("report.network", lang)
    height = 20 + _STEP * max(len(column) for column in columns)
    return Markup(
        '<figure class="net"><svg class="wide" viewBox="0 0 900 {}" role="img"><title>{}</title><desc>{}</desc>{}</svg>'
        '<details open><summary>{}</summary><table class="stack"><caption class="unseen">{}</caption><tbody>{}</tbody></table></details></figure>'
    ).format(
        height, caption, say("report.network-desc", lang, parties=len(names), bonds=len(held)), Markup("").join(drawn),
        say("report.network-list", lang), caption, Markup("").join(lines),
    )  # fmt: skip


def _columns(bonds: Sequence[tuple[str, str, str, bool]]) -> tuple[list[str], list[str], list[str]]:
    """Return who stands in which column: listed parties, senders, receivers; each name once."""
    listed = dict.fromkeys(other for _, other, _, proven in bonds if not proven)
    senders = dict.fromkeys(one for one, _, _, proven in bonds if proven)
    receivers = dict.fromkeys(other for _, other, _, proven in bonds if proven)
    alone = dict.fromkeys(
        one for one, _, _, proven in bonds if not proven and one not in senders and one not in receivers
    )
    first = [name for name in listed if name not in senders and name not in receivers]
    middle = [*senders, *alone]
    last = [name for name in receivers if name not in senders]
    return first[:_MOST_PARTIES], middle[:_MOST_PARTIES], last[:_MOST_PARTIES]


def _bond(one: tuple[int, int], other: tuple[int, int], proven: bool) -> Markup:
    left, right = sorted((one, other))
    x1, y1 = left[0] * _SPAN + _BOX, 10 + left[1] * _STEP + 14
    x2, y2 = right[0] * _SPAN, 10 + right[1] * _STEP + 14
    if left[0] == right[0]:
        x2 = x1
    return Markup('<path class="bond{}" d="M{} {}L{} {}"/>').format("" if proven else " guess", x1, y1, x2, y2)


def _thing(name: str, column: int, line: int) -> Markup:
    wide = sum(2 if ord(sign) > 0x2E7F else 1.25 if sign.isupper() else 1 for sign in name)
    short = name if wide <= _LETTERS else name[: max(8, int(_LETTERS * len(name) / wide) - 1)] + "…"
    x, y = column * _SPAN, 10 + line * _STEP
    return Markup('<rect class="thing" x="{}" y="{}" width="{}" height="28"/><text x="{}" y="{}">{}</text>').format(
        x + 1, y, _BOX - 2, x + _BOX // 2, y + 19, short
    )
