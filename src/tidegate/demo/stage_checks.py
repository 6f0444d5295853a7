"""One scene as it is told: the lines of what was checked, and the check that stops the story when it fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from tidegate.errors import TidegateError
from tidegate.gate.refusal import Refusal
from tidegate.wording.sentences import say

T = TypeVar("T")


class SceneFailed(TidegateError):
    """Something the scene says is not so. The story stops here with exit code 1."""

    code = "scene-failed"


@dataclass(slots=True)
class Scene:
    """What one scene showed, line by line, in the language of the telling."""

    number: int
    lang: str
    lines: list[str] = field(default_factory=list)

    def check(self, holds: object, code: str, **params: object) -> None:
        """Write the line `story.<code>` if `holds` is true, else stop the story with it."""
        line = say(f"story.{code}", self.lang, **params)
        if not holds:
            raise SceneFailed(line)
        self.lines.append(f"✓ {line}")

    def note(self, text: str) -> None:
        """Write a line that is shown and not checked."""
        self.lines.append(f"  {text}")


def granted(decision: T | Refusal) -> T:
    """Return a decision that was granted. Raises SceneFailed with the sentence of a refusal."""
    if isinstance(decision, Refusal):
        raise SceneFailed(decision.sentence("en"))
    return decision
