"""Quality: every value that could not be read becomes a finding that names the cell and the mend.

A bad row never stops a file. The value is left out of the rules that need it, and the row is screened all the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from tidegate.screening.finding import Against, Finding, Reason
from tidegate.screening.normalize import Problem


def quality_findings(problems: Iterable[Problem]) -> list[Finding]:
    """Return one finding for each value that could not be read, at level look; rule is `unreadable-<column>`."""
    return [
        Finding(
            row=problem.row,
            screen="quality",
            rule=f"unreadable-{problem.column}",
            level="look",
            score=1.0,
            column=problem.column,
            value=problem.value,
            against=Against("rule", f"unreadable-{problem.column}", problem.column),
            reasons=(Reason(f"unread.{problem.code}", {"value": problem.value, **dict(problem.params)}),),
            benign="quality.benign",
            evidence=(problem.code,),
        )
        for problem in problems
    ]
