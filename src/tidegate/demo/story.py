"""The story: nine scenes from the summer of 2022 to January 2024, played by real processes, each checked as it goes.

What is real: the days of suspension and resumption, the record on the public page. What is invented, and marked so:
every agency, firm, officer, consignment and message.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tidegate.demo import scenes_freeze, scenes_record, scenes_summer, scenes_winter
from tidegate.demo.stage import Stage
from tidegate.demo.stage_checks import Scene
from tidegate.errors import TidegateError
from tidegate.wording.problems import problem_text
from tidegate.wording.sentences import say

SCENES: tuple[Callable[[Stage, Scene], None], ...] = (
    scenes_summer.screening,
    scenes_summer.enrolment,
    scenes_freeze.suspension,
    scenes_freeze.frozen,
    scenes_freeze.resumption,
    scenes_winter.acts,
    scenes_record.public_page,
    scenes_record.meeting,
    scenes_record.proofs,
)


@dataclass(slots=True)
class Teller:
    """Plays scenes one after the other and says what each one showed."""

    stage: Stage
    lang: str
    write: Callable[[str], None]
    failed: list[str] = field(default_factory=list)

    def play(self, *, between: Callable[[int], None] | None = None, scenes: int = len(SCENES)) -> bool:
        """Play the first `scenes` scenes. between: called after each with its number. Returns whether all held."""
        for number, play in enumerate(SCENES[:scenes], 1):
            with self._scene(number) as scene:
                play(self.stage, scene)
            if self.failed:
                return False
            if between is not None:
                between(number)
        return True

    @contextmanager
    def _scene(self, number: int) -> Iterator[Scene]:
        begin = time.monotonic()
        scene = Scene(number, self.lang)
        stopped: TidegateError | None = None
        try:
            yield scene
        except TidegateError as exc:
            stopped = exc
        seconds = time.monotonic() - begin
        self.write(
            say(
                "story.scene",
                self.lang,
                number=number,
                title=say(f"story.scene.{number}", self.lang),
                seconds=f"{seconds:.1f}",
            )
        )
        for line in scene.lines:
            self.write(f"   {line}")
        if stopped is not None:
            words = problem_text(stopped, self.lang)
            self.failed.append(words)
            self.write("   " + say("story.failed", self.lang, what=words))
