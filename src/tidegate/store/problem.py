"""Problem: one difference that verification found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tidegate.model.event import Scalar
from tidegate.wording.sentences import say


@dataclass(frozen=True, slots=True)
class Problem:
    """One difference found. code: a wording code, "verify.…". params: what it names; never the content of a row."""

    code: str
    params: Mapping[str, Scalar] = field(default_factory=dict)

    def say(self, lang: str) -> str:
        """Return the sentence for a person."""
        return say(self.code, lang, **self.params)
