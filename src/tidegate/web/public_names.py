"""Names and places on the public page: what a template needs to call things by their words in one language."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from tidegate.publication.edition import Edition
from tidegate.publication.entries import NodeEdition
from tidegate.publication.record import load_record
from tidegate.publication.shown import ShownEvent, ShownSource
from tidegate.talks.standing import NOT_A_SIDE
from tidegate.talks.tongues import Tongues
from tidegate.web.pages import day_words, in_tongue, tongue
from tidegate.wording.sentences import say


class Names:
    """The words for what one page shows. `nodes` adds the sides and pledges of a node's publication."""

    def __init__(self, shown: Edition, lang: str, nodes: NodeEdition | None = None) -> None:
        self.lang = lang
        self._shown = shown
        self._nodes = nodes
        self._sources = {source.id: source for source in shown.sources}
        self._pledges = {pledge.id: pledge.title for pledge in (nodes.pledges if nodes else shown.pledges)}
        self._questions = {difference.id: difference.question for difference in shown.differences}

    def names(self, sides: Iterable[str]) -> str:
        """Return the names of sides, joined as the language joins them."""
        joiner = {"en": " and ", "zh": "、", "es": " y "}[self.lang]
        return joiner.join(self._side(side) for side in sides)

    def pillar(self, pillar: str) -> str:
        """Return the pillar's word, or its id where it has none."""
        held = self._shown.pillars.get(pillar)
        return pillar if held is None else held.say(self.lang)[0]

    def source(self, source: str) -> ShownSource:
        """Return a source that the page shows."""
        return self._sources[source]

    def publisher(self, source: str) -> Markup:
        """Return the publisher of a source without the copy it was read in, in its own language."""
        words, spoken = self._sources[source].publisher.say(self.lang)
        return in_tongue(words.split(", by ")[0], spoken, self.lang)

    def address(self, source: str) -> str | None:
        """Return the source's address for a link, or None. It is never printed: a name may stand inside it."""
        url = load_record().sources[source].url
        return url if url is not None and url.startswith(("http://", "https://")) else None

    def differences_about(self, item: str) -> list[str]:
        """Return the ids of the shown differences about an item."""
        if self._nodes is not None:
            return []
        return [difference.id for difference in self._shown.differences if item in difference.about]

    def question(self, difference: str) -> Markup:
        """Return the question of a shown difference."""
        return tongue(self._questions[difference], self.lang)

    def pledge_title(self, pledge: str) -> Markup | str:
        """Return a pledge's title, or its id where the pledge itself is not shown."""
        title = self._pledges.get(pledge)
        return pledge if title is None else tongue(title, self.lang)

    def meeting(self, meeting: str) -> str:
        """Return a node's meeting by number, place and day, or its id where the meeting itself is not published."""
        held = next((one for one in (self._nodes.meetings if self._nodes else ()) if one.id == meeting), None)
        if held is None:
            return meeting
        day = day_words(held.day, self.lang)
        return say("public.nodes.meeting", self.lang, number=held.number, place=held.place, day=day)

    def corrections_of(self, item: str) -> list[str]:
        """Return the ids of the shown corrections of an item."""
        if self._nodes is not None:
            return []
        return [correction.id for correction in self._shown.corrections if correction.subject == item]

    def anchor(self, kind: str, subject: str) -> str:
        """Return where on the page a correction's subject stands."""
        return {"act": "a-", "pledge": "p-", "event": "e-", "indicator": "i-"}[kind] + subject

    def subject(self, kind: str, subject: str) -> Markup | str:
        """Return the words for a correction's subject."""
        found: Tongues | None = None
        if kind == "act":
            found = next((act.heading for act in self._shown.acts if act.id == subject), None)
        elif kind == "pledge":
            found = self._pledges.get(subject)
        elif kind == "event":
            found = next((event.text for event in self._shown.events if event.id == subject), None)
        else:
            found = next((item.definition for item in self._shown.indicators if item.id == subject), None)
        return subject if found is None else tongue(found, self.lang)

    def event_class(self, event: ShownEvent) -> str:
        """Return the classes of an event's mark on the timeline."""
        if event.expected:
            return "next"
        kinds = {"suspension": "stop", "resumption": "go"}
        mark = kinds.get(event.kind, "act" if event.acts else "")
        return f"{mark} still".strip() if event.suspended else mark

    def _side(self, side: str) -> str:
        if side in NOT_A_SIDE:
            return say("public.press", self.lang)
        held = self._nodes.sides.get(side) if self._nodes else None
        held = held or self._shown.parties.get(side)
        return side if held is None else held.say(self.lang)[0]
