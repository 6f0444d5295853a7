"""One scene as it is told: the lines of what was checked, and the check that stops the story when it fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from tidegate.errors import TidegateError
from tidegate.gate.refusal import Refusal
from tidegate.wording.problems import problem
from tidegate.wording.sentences import say

T = TypeVar("T")


class SceneFailed(TidegateError):
    """Something the scene says is not so. The story stops here with exit code 1."""

    code = "scene-failed"


class SceneRefused(SceneFailed):
    """The gate refused what the scene needs."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence("en"))
        self.refusals = (refusal,)


@dataclass(slots=True)
class Scene:
    """What one scene showed, line by line, in the language of the telling."""

    number: int
    lang: str
    lines: list[str] = field(default_factory=list)

    def check(self, holds: object, code: str, **params: object) -> None:
        """Write the line `story.<code>` if `holds` is true, else stop the story with it."""
        if not holds:
            raise problem(SceneFailed, f"story.{code}", **params)
        self.lines.append(f"✓ {say(f'story.{code}', self.lang, **params)}")

    def note(self, text: str) -> None:
        """Write a line that is shown and not checked."""
        self.lines.append(f"  {text}")


def granted(decision: T | Refusal) -> T:
    """Return a decision that was granted. Raises SceneRefused."""
    if isinstance(decision, Refusal):
        raise SceneRefused(decision)
    return decision
