"""Controls: which law holds which substance or family from which day, on which leg, with which duty.

A day may be known to the year, the month or the day only, or not at all. Unknown is never "always": `standing`
answers "unknown" and the asker shows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tidegate.errors import TidegateError
from tidegate.wording.problems import problem

Standing = Literal["in-force", "not-yet", "ended", "unknown"]
REGIMES = ("UN-1988", "UN-1961", "UN-1971", "US", "CN", "EU", "MX", "CA", "IN", "GB")
TREATIES = ("UN-1988", "UN-1961", "UN-1971")
DUTIES = ("licence", "pre-export notification", "record", "report", "prohibition", "watch")

_DAY = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_LANE = re.compile(r"(import|export|domestic)(?:: ([A-Z]{2}) to ([A-Z]{2}))?|([A-Z]{2}) to ([A-Z]{2})")


class RegisterRowWrong(TidegateError):
    """A row of a register or of a national list does not have the form the register needs."""

    code = "register-row-wrong"


@dataclass(frozen=True, slots=True)
class Control:
    """One row of law: subject (substance or family), regime, list, days, scope, duties, threshold, legs, source."""

    id: str
    subject_id: str
    regime: str
    list: str
    valid_from: str  # '', '2022', '2022-03' or '2022-03-16'
    valid_to: str  # the day the row stops
    scope: str
    duties: tuple[str, ...]
    threshold: str
    legs: tuple[str, ...]
    source: str
    certainty: str  # read, memory

    @property
    def is_proposal(self) -> bool:
        """Tell whether the row is a proposal, which is not law."""
        return "(proposal)" in self.list

    def standing(self, on: date) -> Standing:
        """Return whether the control stands on the civil day `on`.

        A begin known to the year only gives "unknown" for days of that year; no begin at all gives "unknown" always.
        The day in `valid_to` is the first day on which the control no longer stands.
        """
        day = on.isoformat()
        if self.valid_to:
            known = day[: len(self.valid_to)]
            if known > self.valid_to or (known == self.valid_to and len(self.valid_to) == 10):
                return "ended"
            if known == self.valid_to:
                return "unknown"
        if not self.valid_from:
            return "unknown"
        known = day[: len(self.valid_from)]
        if known < self.valid_from:
            return "not-yet"
        if known == self.valid_from and len(self.valid_from) < 10:
            return "unknown"
        return "in-force"

    def covers(self, leg: str, origin: str | None, destination: str | None) -> bool:
        """Tell whether the control reaches `leg` (import, export, domestic) of a consignment from `origin` to `destination`.

        A row for one lane needs both ends to be that lane.
        """
        for written in self.legs:
            lane = _LANE.fullmatch(written)
            if lane is None:
                continue
            if lane[4]:  # 'CN to US'
                if (origin, destination) == (lane[4], lane[5]):
                    return True
            elif lane[1] == leg and (not lane[2] or (origin, destination) == (lane[2], lane[3])):
                return True
        return False

    @property
    def lanes(self) -> tuple[tuple[str, str], ...]:
        """Return the (from, to) pairs where the row holds for single lanes only; empty for a general row."""
        found = (_LANE.fullmatch(leg) for leg in self.legs)
        return tuple((m[2] or m[4], m[3] or m[5]) for m in found if m is not None and (m[2] or m[4]))


def split_cell(cell: str) -> tuple[str, ...]:
    """Return the parts of a register cell, which are divided by '; '."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def read_control(row: dict[str, str], where: str) -> Control:
    """Return the control that a row with the columns of controls.csv states.

    where: file and row, for the sentence of the error. Raises RegisterRowWrong naming column, value and mend.
    """
    wanted = (
        "control_id",
        "subject_id",
        "regime",
        "list",
        "from",
        "to",
        "scope",
        "duty",
        "threshold",
        "legs",
        "source",
        "certainty",
    )
    missing = [name for name in wanted if row.get(name) is None]
    if missing:
        raise problem(RegisterRowWrong, "register.no-column", where=where, column=missing[0], wanted=", ".join(wanted))
    for column in ("from", "to"):
        if row[column] and not _DAY.fullmatch(row[column]):
            raise problem(RegisterRowWrong, "register.no-day", where=where, column=column, value=row[column])
    duties = split_cell(row["duty"])
    unknown = [duty for duty in duties if duty not in DUTIES]
    if unknown or not duties:
        raise problem(RegisterRowWrong, "register.no-duty", where=where, value=row["duty"], allowed=", ".join(DUTIES))
    legs = split_cell(row["legs"])
    # 'export: CN to US; CN to MX' names the leg once: carry it over to the lanes that follow.
    spread: list[str] = []
    for leg in legs:
        if re.fullmatch(r"[A-Z]{2} to [A-Z]{2}", leg) and spread and ": " in spread[-1]:
            leg = spread[-1].split(":")[0] + ": " + leg
        if not _LANE.fullmatch(leg):
            raise problem(RegisterRowWrong, "register.no-leg", where=where, value=leg)
        spread.append(leg)
    return Control(
        row["control_id"], row["subject_id"], row["regime"], row["list"], row["from"], row["to"], row["scope"], duties,
        row["threshold"], tuple(spread), row["source"], row["certainty"],
    )  # fmt: skip
