"""Drawings of a report: how many findings stand at each level, and which parties the findings join. Inline SVG only.

Each drawing has a title and a description that give the finding, and a table or list beside it that says the same.
Lengths are attributes and colours come from classes, so that a page under a strict content policy shows them too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from tidegate.wording.sentences import say

_MOST_PARTIES = 24
_WIDTH, _ROW = 640, 34


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

    A bond that rests on a likeness only is dashed. Nothing where no record joins two parties.
    """
    names = list(dict.fromkeys(name for one, other, _, _ in bonds for name in (one, other)))[:_MOST_PARTIES]
    held = [bond for bond in bonds if bond[0] in names and bond[1] in names and bond[0] != bond[1]]
    if not held:
        return Markup("")
    height = max(300, 60 + 26 * len(names))
    places = {
        name: (
            450 + 240 * math.cos(2 * math.pi * at / len(names) - math.pi / 2),
            height / 2 + (height / 2 - 50) * math.sin(2 * math.pi * at / len(names) - math.pi / 2),
        )
        for at, name in enumerate(names)
    }
    drawn = []
    for one, other, _, proven in held:
        (x1, y1), (x2, y2) = places[one], places[other]
        drawn.append(
            Markup('<path class="bond{}" d="M{:.0f} {:.0f}L{:.0f} {:.0f}"/>').format(
                "" if proven else " guess", x1, y1, x2, y2
            )
        )
    for name, (x, y) in places.items():
        short = name if len(name) <= 30 else f"{name[:29]}…"
        drawn.append(
            Markup(
                '<rect class="thing" x="{:.0f}" y="{:.0f}" width="12" height="12"/><text class="over-line" x="{:.0f}" y="{:.0f}">{}</text>'
            ).format(x - 6, y - 6, x, y - 10, short)
        )
    lines = [
        Markup('<tr><th scope="row">{}</th><td data-is="–">{}</td><td data-is="–">{}</td></tr>').format(
            one, other, label
        )
        for one, other, label, _ in held
    ]
    caption = say("report.network", lang)
    return Markup(
        '<figure class="net"><svg class="wide" viewBox="0 0 900 {}" role="img"><title>{}</title><desc>{}</desc>{}</svg>'
        '<details open><summary>{}</summary><table class="stack"><caption class="unseen">{}</caption><tbody>{}</tbody></table></details></figure>'
    ).format(
        height, caption, say("report.network-desc", lang, parties=len(names), bonds=len(held)), Markup("").join(drawn),
        caption, escape(caption), Markup("").join(lines),
    )  # fmt: skip
