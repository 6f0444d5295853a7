"""How `tidegate lists` tells of lists: what is held, what a version changes, what was done."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from tidegate.wording.sentences import say

if TYPE_CHECKING:
    from tidegate.lists.compare import ListDifference
    from tidegate.lists.shelf import HeldList

SHOWN = 10


def today_here() -> date:
    """Return the civil day where the person sits, read at the edge."""
    return date.today()  # noqa: DTZ011


def print_held(held: HeldList, today: date, lang: str) -> None:
    """Print one list: title, date, age (red when old), records in and parties out by kind, what was left out and why."""
    print(
        say(
            "lists.line", lang, name=held.name, title=held.title, date=held.date or say("lists.no-date", lang),
            age=_age(held, today, lang),
        )
    )  # fmt: skip
    if held.signed:
        print("  " + say("lists.signed-by", lang, publisher=held.publisher, key=held.key_id, made=held.made))
    print(
        "  "
        + say("lists.counts", lang, rows=held.rows_in, parties=held.parties, names=held.names, kinds=_kinds(held, lang))
    )
    for code, count in held.left_out.items():
        kind = code if not code.startswith("schema-") else "other-schema"
        print("  " + say(f"lists.left-out.{kind}", lang, count=count, schema=code.removeprefix("schema-")))
    if held.change:
        print("  " + _last_act(held.change, lang))


def print_difference(difference: ListDifference, lang: str, *, everything: bool) -> None:
    """Print what one version changes against another: counts, then names; ten of each unless `everything`."""
    print(
        say("lists.difference", lang, old=difference.old_date or "?", new=difference.new_date or "?", added=len(difference.added),
            removed=len(difference.removed), changed=len(difference.changed))
    )  # fmt: skip
    lines = [
        [f"  + {party.id}  {party.name}" for party in difference.added],
        [f"  - {party.id}  {party.name}" for party in difference.removed],
        [f"  ~ {one.id}  {one.name}: " + ", ".join(field for field, _, _ in one.fields) for one in difference.changed],
    ]
    for part in lines:
        for line in part if everything else part[:SHOWN]:
            print(line)
        if not everything and len(part) > SHOWN:
            print(say("lists.more", lang, count=len(part) - SHOWN))
    if difference.is_empty:
        print("  " + say("lists.same", lang))


def difference_json(difference: ListDifference) -> dict[str, object]:
    """Return the difference as plain data."""
    return {
        "old_date": difference.old_date, "new_date": difference.new_date,
        "added": [{"id": party.id, "name": party.name, "schema": party.schema} for party in difference.added],
        "removed": [{"id": party.id, "name": party.name, "schema": party.schema} for party in difference.removed],
        "changed": [
            {"id": change.id, "name": change.name, "fields": [{"field": f, "before": b, "after": a} for f, b, a in change.fields]}
            for change in difference.changed
        ],
    }  # fmt: skip


def held_json(held: HeldList, difference: ListDifference | None) -> str:
    """Return a list that was put on the shelf, with what it changed, as one line."""
    told = held.public() | {"difference": difference_json(difference) if difference is not None else None}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def print_act(act: Mapping[str, Any], lang: str, *, names: bool) -> None:
    """Print one line of the history, with the names of what was added, removed and changed if they are asked for."""
    if act.get("act") in ("trusted", "distrusted"):
        print(say(f"lists.act.{act['act']}", lang, at=act["at"], name=act["publisher"], key=act["key_id"]))
        return
    new, old = act.get("new") or act.get("old") or {}, act.get("old") or {}
    no_date = say("lists.no-date", lang)
    told = {"at": act["at"], "name": act["name"], "date": new.get("date") or no_date, "old": old.get("date") or no_date,
            "parties": new.get("parties"), "source": new.get("source") or "-"}  # fmt: skip
    print(say(f"lists.act.{act['act']}", lang, **told, **_act_counts(act)))
    if act.get("accepted"):
        print(say("lists.accepted", lang, what=", ".join(act["accepted"])))
    kept = (act.get("difference") or {}).get("names") or {}
    for mark, what in (("+", "added"), ("-", "removed"), ("~", "changed")):
        for one in kept.get(what, ()) if names else ():
            print(f"  {mark} {one[0]}  {one[1]}" + (": " + ", ".join(one[2]) if len(one) > 2 else ""))


def _age(held: HeldList, today: date, lang: str) -> str:
    age = held.age_days(today)
    text = say("lists.age", lang, days=age) if age is not None else say("lists.age-unknown", lang)
    if not held.is_old(today):
        return text
    text = say("lists.old", lang, age=text)
    return f"\x1b[31m{text}\x1b[0m" if sys.stdout.isatty() else text


def _kinds(held: HeldList, lang: str) -> str:
    """Return each kind of record with how many came in and how many parties came out, "Person 12 of 14"."""
    read = held.read_by_schema or held.by_schema
    lines = []
    for schema in dict.fromkeys((*held.by_schema, *read)):
        kept, came = held.by_schema.get(schema, 0), read.get(schema, 0)
        lines.append(
            f"{schema} {kept}" if kept == came else say("lists.kept-of", lang, schema=schema, kept=kept, read=came)
        )
    return ", ".join(lines)


def _last_act(act: Mapping[str, Any], lang: str) -> str:
    if act.get("difference") is None:
        return say("lists.first-act", lang, at=act["at"])
    return say("lists.last-act", lang, at=act["at"], **_act_counts(act))


def _act_counts(act: Mapping[str, Any]) -> dict[str, int]:
    difference = act.get("difference") or {}
    return {what: sum(difference.get(what, {}).values()) for what in ("added", "removed", "changed")}
