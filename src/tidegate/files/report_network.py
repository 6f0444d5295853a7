"""The network of a report: firms, and the consignments and payments that join them, beside the listed parties they are
like. A firm is a square, a consignment is slanted, a payment has six corners; a dashed line is a likeness, not a proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tidegate.files.report_drawings import fit
from tidegate.files.screened import PlacedFinding, Screened
from tidegate.files.seen_text import counted, seen
from tidegate.screening.levels import RANK
from tidegate.wording.sentences import say

_ENDS = {"consignments": ("consignor", "consignee"), "payments": ("payer", "payee")}
_MOST_RECORDS = 24
_MOST_LISTED = 60
_STEP, _HIGH = 40, 28
# left edge, width and letters of each column: listed parties, senders, records, receivers
_COLUMNS = ((0, 214, 25), (262, 230, 27), (540, 128, 14), (716, 244, 29))


@dataclass(frozen=True, slots=True)
class Link:
    """One record with a finding above look: who sends, who receives, and which listed parties its names are like."""

    record: str
    kind: str
    place: str
    sender: str
    receiver: str
    level: str
    like: tuple[tuple[str, str, float], ...]  # (name in the record, listed name, score)


def links_of(screened: Screened) -> list[Link]:
    """Return the records with a finding above look, worst first; one that names no party and no likeness is left out."""
    links = []
    for table in screened.tables:
        by_row: dict[int, list[PlacedFinding]] = {}
        for placed in table.findings:
            if placed.finding.level != "look" and placed.finding.row >= 0:
                by_row.setdefault(placed.finding.row, []).append(placed)
        ends = _ENDS.get(table.table.kind, ())
        held = [name in table.table.batch.schema.names for name in ends]
        for row, findings in by_row.items():
            names = [
                table.table.batch.column(name)[row].as_py() or "" if there else ""
                for name, there in zip(ends, held, strict=True)
            ]
            like = {
                (one.finding.value, one.finding.against.name): one.finding.score
                for one in findings
                if one.finding.screen == "party"
            }
            sender, receiver = names if names else ("", "")
            if not names and like:  # a party of its own: a customer, a supplier
                sender = next(iter(like))[0]
            if sender or receiver:
                level = max((one.finding.level for one in findings), key=RANK.__getitem__)
                told = tuple((ours, listed, score) for (ours, listed), score in like.items())
                place = findings[0].place
                links.append(
                    Link(f"{table.table.file}/{table.table.sheet}/{place}", table.table.kind, place, sender, receiver, level, told)
                )  # fmt: skip
    return sorted(links, key=lambda link: -RANK[link.level])


def party_network(links: Sequence[Link], lang: str) -> Markup:
    """Return the drawing of the worst records and the list that says the same; nothing where there is no record."""
    if not links:
        return Markup("")
    shown = links[:_MOST_RECORDS]
    caption = say("report.network", lang)
    firms = {name for link in links for name in (link.sender, link.receiver) if name}
    told = say("report.network-told", lang, firms=counted(len(firms), lang), records=counted(len(links), lang))
    drawn, height = _draw(shown, lang)
    parts = [
        Markup("<p>{}</p>").format(told),
        Markup(
            '<svg class="wide" viewBox="0 0 960 {}" role="img"><title>{}</title><desc>{}</desc>{}</svg>'
        ).format(height, caption, say("report.network-how", lang), drawn),
        Markup('<p class="small quiet wide">{}</p>').format(say("report.network-how", lang)),
    ]  # fmt: skip
    if len(links) > len(shown):
        parts.append(
            Markup('<p class="small quiet">{}</p>').format(
                say("report.network-part", lang, shown=len(shown), total=counted(len(links), lang))
            )
        )
    return Markup('<figure class="net flow">{}{}</figure>').format(Markup("").join(parts), _list(links, lang))


def _list(links: Sequence[Link], lang: str) -> Markup:
    heads = [say(f"report.network-{code}", lang) for code in ("record", "sender", "receiver", "like")]
    rows = []
    for link in links[:_MOST_LISTED]:
        like = "; ".join(f"{seen(ours)} ~ {seen(listed)} ({score:.2f})" for ours, listed, score in link.like)
        level = say(f"level.{link.level}", lang)
        rows.append(
            Markup(
                '<tr><th scope="row" data-is="{}"><span class="level {}">{}</span> {}</th><td data-is="{}">{}</td>'
                '<td data-is="{}">{}</td><td data-is="{}">{}</td></tr>'
            ).format(
                heads[0],
                link.level,
                level[:1].upper() + level[1:],
                _record_words(link, lang),
                heads[1],
                seen(link.sender) or "–",
                heads[2],
                seen(link.receiver) or "–",
                heads[3],
                like or "–",
            )
        )
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(word) for word in heads)
    return Markup(
        '<details open><summary>{}</summary><table class="stack"><caption class="unseen">{}</caption><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></details>"
    ).format(say("report.network-list", lang), say("report.network", lang), head, Markup("").join(rows))


def _record_words(link: Link, lang: str) -> str:
    return say(f"report.node-{link.kind}", lang, row=link.place)


def _draw(links: Sequence[Link], lang: str) -> tuple[Markup, int]:
    ordered = sorted(links, key=lambda link: [one.sender for one in links].index(link.sender))
    senders = dict.fromkeys(link.sender for link in ordered if link.sender)
    receivers = dict.fromkeys(link.receiver for link in ordered if link.receiver and link.receiver not in senders)
    listed = dict.fromkeys(name for link in ordered for _, name, _ in link.like)
    records = [link.record for link in ordered if link.kind in _ENDS]
    columns: list[list[str]] = [list(listed), list(senders), records, list(receivers)]
    height = 20 + _STEP * max(len(column) for column in columns)
    place: dict[tuple[int, str], int] = {}
    for at, column in enumerate(columns):
        lead = (height - 20 - _STEP * len(column)) // 2  # each column stands in the middle, so that lines stay short
        place.update({(at, name): 10 + lead + _STEP * line for line, name in enumerate(column)})
    lines, shapes = [], []
    for link in ordered:
        if link.kind in _ENDS:
            if link.sender:
                lines.append(_line((1, place[1, link.sender]), (2, place[2, link.record])))
            if link.receiver:
                at = 3 if (3, link.receiver) in place else 1
                lines.append(_line((2, place[2, link.record]), (at, place[at, link.receiver])))
            shapes.append(_record(link, place[2, link.record], lang))
        for ours, name, _ in link.like:
            at = next((at for at in (1, 3) if (at, ours) in place), 0)
            if at:
                lines.append(_line((0, place[0, name]), (at, place[at, ours]), guess=True))
    for at, names in ((0, listed), (1, senders), (3, receivers)):
        shapes += [_party(name, at, place[at, name]) for name in names]
    return Markup("").join([*dict.fromkeys(lines), *shapes]), height


def _line(one: tuple[int, int], other: tuple[int, int], *, guess: bool = False) -> Markup:
    """Return a line from the end edge of the left column to the start edge of the right one."""
    left, right = sorted((one, other))
    x1 = _COLUMNS[left[0]][0] + _COLUMNS[left[0]][1]
    x2 = _COLUMNS[right[0]][0]
    y1, y2 = left[1] + _HIGH // 2, right[1] + _HIGH // 2
    return Markup('<path class="bond{}" d="M{} {}L{} {}"/>').format(" guess" if guess else "", x1, y1, x2, y2)


def _party(name: str, column: int, top: int) -> Markup:
    x, width, letters = _COLUMNS[column]
    return Markup(
        '<g><title>{}</title><rect class="thing{}" x="{}" y="{}" width="{}" height="{}"/><text x="{}" y="{}">{}</text></g>'
    ).format(
        seen(name), " listed" if column == 0 else "", x + 1, top, width - 2, _HIGH, x + width // 2, top + 19,
        fit(seen(name), letters),
    )  # fmt: skip


def _record(link: Link, top: int, lang: str) -> Markup:
    x, width, letters = _COLUMNS[2]
    low, mid, end = top + _HIGH, top + _HIGH // 2, x + width
    if link.kind == "consignments":
        corners = f"{x + 12},{top} {end},{top} {end - 12},{low} {x},{low}"
    else:
        corners = f"{x},{mid} {x + 12},{top} {end - 12},{top} {end},{mid} {end - 12},{low} {x + 12},{low}"
    return Markup('<polygon class="thing on-{}" points="{}"/><text x="{}" y="{}">{}</text>').format(
        link.level, corners, x + width // 2, top + 19, fit(say("report.node", lang, row=link.place), letters)
    )
