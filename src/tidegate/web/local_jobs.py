"""Jobs of the local page: a screening that runs beside the page, tells how far it is, and can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tidegate.engines.watched import Watch
from tidegate.errors import TidegateError
from tidegate.files.seen_text import counted
from tidegate.trust.ids import new_id
from tidegate.wording.problems import problem_text
from tidegate.wording.sentences import say

PATIENCE_S = 1.5  # a sheet that is screened sooner shows no progress page at all
_MOST_KEPT = 20
State = Literal["running", "done", "failed", "stopped"]
Work = Callable[[Watch], str]


class Stopped(TidegateError):
    """A person stopped the screening."""

    code = "local.job-stopped"


@dataclass(slots=True)
class Job:
    """One screening under way. step: a part of a wording code; done and total are 0 where the step cannot be counted.

    run_id: the run it made, once it is done. problem: why it failed.
    """

    id: str
    files: Sequence[str]
    state: State = "running"
    step: str = "waiting"
    done: int = 0
    total: int = 0
    run_id: str = ""
    problem: TidegateError | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)

    def watch(self, step: str, done: int, total: int) -> None:
        """Take note of how far the work is. Raises Stopped once a person asked for it."""
        if self._stop.is_set():
            raise Stopped("stopped")
        self.step, self.done, self.total = step, done, total

    def stop(self) -> None:
        """Ask the work to end at its next step."""
        self._stop.set()

    def wait(self, seconds: float) -> None:
        """Return when the work ended, or after `seconds`."""
        self._ended.wait(seconds)

    def told(self, lang: str) -> Mapping[str, object]:
        """Return the job's state for the page's script: state, step in words, done, total."""
        return {"state": self.state, "text": self.words(lang), "done": self.done, "total": self.total}

    def words(self, lang: str) -> str:
        """Return what is being done, in words."""
        if self._stop.is_set() and self.state == "running":
            return say("local.step-stopping", lang)
        numbers = {"done": counted(self.done, lang), "total": counted(self.total, lang)}
        return say(f"local.step-{self.step}", lang, **numbers)

    def problem_words(self, lang: str) -> str:
        """Return why it failed, in words."""
        return problem_text(self.problem, lang) if self.problem is not None else ""

    def work(self, work: Work) -> None:
        """Do the work and take note of how it ended. An error that is no TidegateError is a slip of ours and is told as one."""
        try:
            self.run_id = work(self.watch)
            self.state = "done"
        except Stopped:
            self.state = "stopped"
        except TidegateError as problem:
            self.problem, self.state = problem, "failed"
        except Exception as slip:
            self.problem = TidegateError(f"{type(slip).__name__}: {slip}", code="local.slip", kind=type(slip).__name__)
            self.state = "failed"
            raise
        finally:
            self._ended.set()


@dataclass(slots=True)
class Jobs:
    """The jobs of one window, newest last."""

    held: dict[str, Job] = field(default_factory=dict)

    def start(self, files: Sequence[str], work: Work) -> Job:
        """Begin `work` beside the page and return its job."""
        job = Job(new_id("job"), files)
        self.held[job.id] = job
        for old in [one.id for one in self.held.values() if one.state != "running"][:-_MOST_KEPT]:
            del self.held[old]
        threading.Thread(target=job.work, args=(work,), name=job.id, daemon=True).start()
        return job

    def running(self) -> list[Job]:
        """Return the jobs under way."""
        return [job for job in self.held.values() if job.state == "running"]
