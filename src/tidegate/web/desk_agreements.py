"""Agreements: how far each has come, the words said about it, suspending, resuming, and the statement of affairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import Response

from tidegate.exchange.affairs import render_affairs
from tidegate.gate.agreement_state import AgreementState, state_from_document
from tidegate.gate.refusal import Refusal
from tidegate.node import agreements, links
from tidegate.node.node import Transaction
from tidegate.web.desk_visit import DeskRefused, Visit

SPEAKERS = frozenset({"liaison", "second"})


def show_agreements(visit: Visit) -> Response:
    """Show every agreement with its state, its words and what may be said next."""
    with visit.node.transaction() as tx:
        rows = [_line(tx, state_from_document(body)) for _, body in tx.find("agreement")]
    return visit.page("agreements.html", rows=rows, may_speak=visit.officer.role in SPEAKERS)


def _line(tx: Transaction, state: AgreementState) -> dict[str, Any]:
    own = tx.node.node_id
    words = sorted(state.events.values(), key=lambda event: (event.at, event.id))
    offer = state.open_resumption()
    proposers = {event.by for event in words if event.kind == "proposed"}
    stopped = state.stopped_cells()
    return {
        "state": state,
        "agreement": state.agreement,
        "lifecycle": state.lifecycle,
        "partner": state.agreement.other(own).node_id,
        "words": words,
        "stopped": sorted({pillar for pillar, _ in stopped}),
        "whole": bool(stopped) and stopped == state.agreement.cells(),
        "offer": offer,
        "can": {
            "countersign": state.lifecycle == "proposed" and own not in proposers,
            "suspend": state.lifecycle == "in-force" and stopped != state.agreement.cells(),
            "offer": bool(state.open_suspensions()) and (offer is None or offer.by != own),
            "agree": offer is not None and offer.by != own,
        },
        "digest": state.agreement.digest(),
    }


def show_affairs(visit: Visit) -> Response:
    """Show the statement of affairs, which both sides compute to the same bytes."""
    with visit.node.transaction() as tx:
        state = agreements.load(tx, visit.path["id"])
        document = links.affairs(tx, state)
        digest = links.affairs_digest(document)
    lines = render_affairs(document, visit.lang)
    return visit.page("affairs.html", agreement=state.agreement, lines=lines, digest=digest, document=document)


def countersign(visit: Visit) -> Response:
    """Put our word under the agreement that the partner proposed."""
    visit.allow(SPEAKERS)
    return _said(visit, agreements.countersign(visit.node, visit.path["id"], officer=visit.officer.id), "countersigned")


def suspend(visit: Visit) -> Response:
    """Suspend the agreement, or the pillars picked."""
    visit.allow(SPEAKERS)
    visit.need("sure")
    pillars = visit.said_all("pillar")
    after = agreements.suspend(visit.node, visit.path["id"], officer=visit.officer.id, pillars=pillars)
    return _said(visit, after, "suspended")


def offer_resumption(visit: Visit) -> Response:
    """Offer to lift every suspension that is open now."""
    visit.allow(SPEAKERS)
    after = agreements.propose_resumption(visit.node, visit.path["id"], officer=visit.officer.id)
    return _said(visit, after, "resumption-offered")


def agree_resumption(visit: Visit) -> Response:
    """Agree to the partner's offer to resume."""
    visit.allow(SPEAKERS)
    after = agreements.agree_resumption(visit.node, visit.path["id"], officer=visit.officer.id)
    return _said(visit, after, "resumed")


def _said(visit: Visit, after: AgreementState | Refusal, done: str) -> Response:
    if isinstance(after, Refusal):
        params = {"agreement": visit.path["id"], **after.params}
        raise DeskRefused(Refusal(after.code, params))
    return visit.go("/agreements", done)


PAGES: Mapping[str, Callable[[Visit], Response]] = {"/agreements": show_agreements, "/affairs/{id}": show_affairs}
FORMS: Mapping[str, Callable[[Visit], Response]] = {
    "/agreement/{id}/countersign": countersign,
    "/agreement/{id}/suspend": suspend,
    "/agreement/{id}/offer": offer_resumption,
    "/agreement/{id}/agree": agree_resumption,
}
