"""Red flags: rules as data (rules/redflags.toml), each with a source, what it needs, a group, a level and parameters.

A rule's `kind` names one small pure function in redflags_goods, _papers, _route, _money, _wallets, _adverts, _flows, _parties or _history.
A rule that lacks what it needs is not run, and says because of what; it is never "clear".
Tuned parameters of a live node stay at home: what is packaged here are starting values.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from typing import Any, cast

from tidegate.screening.finding import Against, Finding, Level, Reason
from tidegate.screening.levels import RANK, Evidence
from tidegate.screening.scene import Flag, Scene


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. tables: kinds of record it reads. needs: columns that must hold values; any_of: one column of each set.

    companions: names in Companions that must be given. fact: what it rests on, so that one fact counts once.
    kind "by-screen" is run by the party or goods screen; kind "no-data" cannot run on records at all.
    softens: on an everyday chemical the rule only looks: solvents and common acids go to all kinds of people.
    certainty: read (source read) or memory.
    """

    id: str
    kind: str
    group: str
    level: Level
    fact: str
    source: str
    certainty: str
    tables: tuple[str, ...]
    needs: tuple[str, ...] = ()
    any_of: tuple[tuple[str, ...], ...] = ()
    companions: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    because: str = ""
    softens: bool = False
    params: Mapping[str, Any] = field(default_factory=dict)

    def number(self, name: str) -> float:
        """Return parameter `name` as a number."""
        return float(self.params[name])

    def words(self, name: str) -> tuple[str, ...]:
        """Return parameter `name` as texts."""
        return tuple(str(word) for word in self.params[name])


@dataclass(frozen=True, slots=True)
class NotRun:
    """A rule that was not run, and the code and params of the sentence that says why."""

    rule: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=1)
def load_rules() -> tuple[Rule, ...]:
    """Return the packaged rules, RF01 to RF75, in order."""
    text = resources.files("tidegate.screening").joinpath("rules/redflags.toml").read_text(encoding="utf-8")
    return read_rules(text)


def read_rules(text: str) -> tuple[Rule, ...]:
    """Return the rules written in TOML. Raises ValueError for an unknown kind, KeyError for a missing key."""
    rules = tuple(_read_rule(table) for table in tomllib.loads(text)["rule"])
    known = {*kinds(), "by-screen", "no-data"}
    for rule in rules:
        if rule.kind not in known:
            raise ValueError(f"rule {rule.id}: unknown kind {rule.kind!r}; expected one of {', '.join(sorted(known))}")
    return rules


def why_not_run(
    rule: Rule, table: str, present: frozenset[str], companions: frozenset[str], *, lists_held: bool
) -> NotRun | None:
    """Return why `rule` cannot run on a `table` with the columns `present`, or None if it can.

    present: columns that hold at least one value. companions: what came with --with.
    """
    if rule.kind == "no-data":
        return NotRun(rule.id, rule.because)
    if table not in rule.tables:
        return NotRun(rule.id, "not-run.no-table", {"kinds": ", ".join(rule.tables)})
    if "lists" in rule.companions and not lists_held:
        return NotRun(rule.id, "not-run.no-list")
    missing = [name for name in rule.needs if name not in present]
    if missing:
        return NotRun(rule.id, "not-run.no-column", {"columns": ", ".join(missing)})
    for choice in rule.any_of:
        if not any(name in present for name in choice):
            return NotRun(rule.id, "not-run.no-column", {"columns": " / ".join(choice)})
    for name in rule.companions:
        if name != "lists" and name not in companions:
            return NotRun(rule.id, rule.because or f"not-run.no-{name}")
    if rule.either and not any(name in present or name in companions for name in rule.either):
        file_kinds = [
            name
            for name in rule.either
            if (name, table) != ("parties", "parties")
            and name in ("licences", "refusals", "notices", "closures", "parties", "payments", "consignments")
        ]
        return NotRun(
            rule.id,
            f"not-run.no-{file_kinds[0]}" if file_kinds else "not-run.no-column",
            {"columns": " / ".join(rule.either)},
        )
    return None


def run_rules(rules: Sequence[Rule], scene: Scene, *, lists_held: bool) -> list[tuple[Finding, Evidence]]:
    """Return what the rules find in `scene`, by row and rule. Rules that lack data are passed over (see why_not_run)."""
    judged: list[tuple[Finding, Evidence]] = []
    functions = kinds()
    present = scene.view.present()
    for rule in rules:
        function = functions.get(rule.kind)
        if function is None or why_not_run(
            rule, scene.view.kind, present, scene.companions.held(), lists_held=lists_held
        ):
            continue
        judged += [
            _finding(rule, flag, soft=rule.softens and scene.only_everyday(flag.row)) for flag in function(rule, scene)
        ]
    judged = _one_fact_once(judged)
    return sorted(judged, key=lambda pair: (pair[0].row, pair[0].rule, pair[0].column, pair[0].value))


def kinds() -> Mapping[str, Callable[[Rule, Scene], Iterable[Flag]]]:
    """Return the function of every kind of rule."""
    return _kinds()


@lru_cache(maxsize=1)
def _kinds() -> Mapping[str, Callable[[Rule, Scene], Iterable[Flag]]]:
    from tidegate.screening import (
        redflags_adverts,
        redflags_contacts,
        redflags_flows,
        redflags_goods,
        redflags_history,
        redflags_money,
        redflags_notices,
        redflags_papers,
        redflags_parties,
        redflags_route,
        redflags_wallets,
    )

    merged: dict[str, Callable[[Rule, Scene], Iterable[Flag]]] = {}
    for module in (
        redflags_goods, redflags_papers, redflags_notices, redflags_route, redflags_money, redflags_flows, redflags_parties, redflags_contacts,
        redflags_history, redflags_wallets, redflags_adverts,
    ):  # fmt: skip
        merged.update(cast("Mapping[str, Callable[[Rule, Scene], Iterable[Flag]]]", module.KINDS))
    return merged


@lru_cache(maxsize=256)
def _source(rule: str, source: str, certainty: str) -> Reason:
    """Return the reason that names the rule and where it comes from; one whose source was not read says so."""
    if source == "Our own":
        return Reason("rule.own", {"rule": rule})
    return Reason("rule.source" if certainty == "read" else "rule.source-memory", {"rule": rule, "source": source})


def _finding(rule: Rule, flag: Flag, *, soft: bool) -> tuple[Finding, Evidence]:
    wanted: Level = "look" if soft else flag.level or rule.level
    source = _source(rule.id, rule.source, rule.certainty)
    reasons = (Reason(f"{rule.id}.title"), Reason(flag.code, dict(flag.params)), source)
    finding = Finding(
        row=flag.row,
        screen="red-flag",
        rule=rule.id,
        level=wanted,
        score=flag.score,
        column=flag.column,
        value=flag.value,
        against=Against("rule", rule.id, f"{rule.id}.title"),
        reasons=reasons,
        benign=f"{rule.id}.benign",
        evidence=tuple(flag.evidence),
    )
    return finding, Evidence(rule.group, flag.fact or rule.fact, wanted, alone=flag.alone)


def _one_fact_once(judged: list[tuple[Finding, Evidence]]) -> list[tuple[Finding, Evidence]]:
    """Return `judged` with the weaker of two flags on one row, group and fact at look (RF02 and RF24): it counts once.

    It stays to be read, and says beside which rule it stands.
    """
    best: dict[tuple[int, str, str], int] = {}
    for place, (finding, evidence) in enumerate(judged):
        key = (finding.row, evidence.group, evidence.fact)
        held = best.get(key)
        if held is None or RANK[evidence.wanted] > RANK[judged[held][1].wanted]:
            best[key] = place
    once: list[tuple[Finding, Evidence]] = []
    for place, (finding, evidence) in enumerate(judged):
        first = best[finding.row, evidence.group, evidence.fact]
        if place != first and judged[first][0].rule == finding.rule:
            continue
        if place != first and evidence.wanted != "look":
            beside = Reason("level.counted-once", {"rule": judged[first][0].rule})
            finding = replace(finding, level="look", reasons=(*finding.reasons, beside))
            evidence = replace(evidence, wanted="look", alone=False)
        once.append((finding, evidence))
    return once


def _read_rule(table: Mapping[str, Any]) -> Rule:
    return Rule(
        id=str(table["id"]),
        kind=str(table["kind"]),
        group=str(table["group"]),
        level=cast("Level", table["level"]),
        fact=str(table.get("fact", table["id"])),
        source=str(table["source"]),
        certainty=str(table["certainty"]),
        tables=tuple(table.get("tables", ())),
        needs=tuple(table.get("needs", ())),
        any_of=tuple(tuple(choice) for choice in table.get("any_of", ())),
        companions=tuple(table.get("with", ())),
        either=tuple(table.get("either", ())),
        because=str(table.get("because", "")),
        softens=bool(table.get("softens", False)),
        params=dict(table.get("params", {})),
    )
