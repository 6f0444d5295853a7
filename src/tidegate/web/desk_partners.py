"""Partners: the file to hand over, the file to take, eight words read aloud, and two officers who heard them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import Response

from tidegate.errors import InputUnreadable
from tidegate.model.agency import Agency
from tidegate.node import enrolment
from tidegate.node.node import Transaction
from tidegate.trust.keys import eight_words
from tidegate.web.desk_visit import Visit
from tidegate.web.desk_words import actor_names
from tidegate.wording.problems import problem
from tidegate.wording.sentences import LANGUAGES

ENROLLERS = frozenset({"liaison", "second", "operator"})
MOST_WORDS = 400


def show_partners(visit: Visit) -> Response:
    """Show every partner with its eight words in the page's language."""
    with visit.node.transaction() as tx:
        who = actor_names(tx, visit.lang)
        rows = [_line(tx, key, body, visit, who) for key, body in tx.find("partner")]
    return visit.page("partners.html", rows=rows, may=visit.officer.role in ENROLLERS)


def _line(
    tx: Transaction, partner_id: str, body: Mapping[str, Any], visit: Visit, who: Callable[[str], str]
) -> dict[str, Any]:
    return {
        "id": partner_id,
        "name": Agency(**body["agency"]).name(visit.lang),
        "state": body["state"],
        "words": words_in(tx, body, visit.lang),
        "url": body["exchange_url"],
        "suite": body["suite"],
        "invented": body["invented"],
        "by": [who(each) for each in body["confirmed_by"]],
        "mine": visit.officer.id in body["confirmed_by"],
        "needed": enrolment.OFFICERS_NEEDED,
    }


def words_in(tx: Transaction, body: Mapping[str, Any], lang: str) -> tuple[str, ...]:
    """Return the eight words of both root keys in one language."""
    return eight_words(tx.node.identity.root_public, base64.b64decode(body["root_public"]), lang)


def hand_over(visit: Visit) -> Response:
    """Make the file to carry to a partner by hand."""
    visit.allow(ENROLLERS)
    data = enrolment.make_invite(visit.node)
    name = f"tidegate-invite-{visit.node.node_id}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, media_type="application/octet-stream", headers=headers)


def take_file(visit: Visit) -> Response:
    """Read the file a partner handed over. Nothing is trusted before the words are read aloud."""
    visit.allow(ENROLLERS)
    data = visit.uploads.get("file", b"")
    if not data:
        raise problem(InputUnreadable, "desk-file-missing")
    partner_id, _ = enrolment.accept_invite(visit.node, data, officer=visit.officer.id)
    return visit.go(f"/partners#{partner_id}", "file-taken")


def confirm(visit: Visit) -> Response:
    """Record that this officer heard the eight words, typed in any of the three languages."""
    visit.allow(ENROLLERS)
    partner_id = visit.path["id"]
    typed = visit.need("words")[:MOST_WORDS]
    with visit.node.transaction() as tx:
        body = tx.get("partner", partner_id)
        known = {lang: words_in(tx, body, lang) for lang in LANGUAGES}
    heard = typed.replace("、", " ").replace("，", " ").replace(",", " ").lower().split()
    for words in known.values():
        if heard in ([*words], [word.lower() for word in words]):
            # The node compares the English words; the same eight numbers stand behind those of every language.
            typed = " ".join(known["en"])
    opened = enrolment.confirm_partner(visit.node, partner_id, typed, officer=visit.officer.id)
    return visit.go(f"/partners#{partner_id}", "link-open" if opened else "words-heard")


PAGES: Mapping[str, Callable[[Visit], Response]] = {"/partners": show_partners}
FORMS: Mapping[str, Callable[[Visit], Response]] = {
    "/partners/invite": hand_over,
    "/partners/accept": take_file,
    "/partner/{id}/confirm": confirm,
}
