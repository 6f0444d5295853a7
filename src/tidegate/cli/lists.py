"""The command `tidegate lists`: the watchlists held here, their age and counts; add, update, compare, remove."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidegate.cli.options import check_language
from tidegate.errors import SettingsWrong, TidegateError
from tidegate.wording.sentences import say

if TYPE_CHECKING:
    from tidegate.lists.compare import ListDifference
    from tidegate.lists.shelf import HeldList

Json = Annotated[bool, typer.Option("--json")]
Lang = Annotated[str, typer.Option("--lang", help="en, zh, es")]
Quiet = Annotated[bool, typer.Option("--quiet")]
Shrink = Annotated[bool, typer.Option("--accept-shrink", help=say("lists.option.shrink", "en"))]
Older = Annotated[bool, typer.Option("--accept-older", help=say("lists.option.accept-older", "en"))]
Source = Annotated[bool, typer.Option("--accept-source", help=say("lists.option.accept-source", "en"))]
_SHOWN = 10


def register(app: typer.Typer) -> None:
    """Add the command group to `app`."""
    lists = typer.Typer(help=say("lists.help", "en"), no_args_is_help=True)
    lists.command("show", help=say("lists.help.show", "en"))(show)
    lists.command("add", help=say("lists.help.add", "en"))(add)
    lists.command("update", help=say("lists.help.update", "en"))(update)
    lists.command("compare", help=say("lists.help.compare", "en"))(compare)
    lists.command("remove", help=say("lists.help.remove", "en"))(remove)
    app.add_typer(lists, name="lists")


def show(as_json: Json = False, lang: Lang = "en", quiet: Quiet = False) -> None:
    """Print what is held: title, date, age (red when old), parties by kind, records read and left out."""
    from tidegate.lists.shelf import Shelf

    check_language(lang)
    today = date.today()  # noqa: DTZ011 - the civil day where the person sits, read once at the edge
    shelf = Shelf()
    for held in shelf.show():
        if as_json:
            line = held.public() | {"age_days": held.age_days(today), "old": held.is_old(today)}
            print(json.dumps(line, ensure_ascii=False, sort_keys=True))
        else:
            _print_held(held, today, lang)
    if not quiet:
        print(say("lists.folder", lang, folder=shelf.folder), file=sys.stderr)


def add(
    what: Annotated[str, typer.Argument(metavar="NAME_OR_FILE")],
    name: Annotated[str | None, typer.Option("--name", help=say("lists.option.name", "en"))] = None,
    accept_shrink: Shrink = False, accept_older: Older = False, accept_source: Source = False,
    as_json: Json = False, lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Put a list on the shelf: a file, or the name of an official list that is then fetched."""
    from tidegate.lists.acceptance import Acceptance
    from tidegate.lists.fetch import update_list
    from tidegate.lists.shelf import Shelf

    check_language(lang)
    shelf, now = Shelf(), datetime.now(UTC)
    accept = Acceptance(shrink=accept_shrink, older=accept_older, source=accept_source)
    if Path(what).is_file():
        held, difference = shelf.add(Path(what), now=now, name=name, accept=accept)
    elif (snapshot := shelf.hold_packaged(what, now=now)) is not None:
        held, difference = snapshot, None
    else:
        result = update_list(shelf, what, now=now, accept=accept)
        if result is None:
            _say_unchanged(what, as_json, lang)
            return
        held, difference = result
    _report(held, difference, as_json=as_json, lang=lang, quiet=quiet)
    _prepare([held.name], lang, quiet=quiet)


def update(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...")] = None,
    accept_shrink: Shrink = False, accept_older: Older = False, accept_source: Source = False,
    as_json: Json = False, lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Fetch the lists again that came from a publisher; a new version that fails its checks leaves the old one."""
    from tidegate.lists.acceptance import Acceptance
    from tidegate.lists.fetch import update_list
    from tidegate.lists.publishers import publishers
    from tidegate.lists.shelf import Shelf

    check_language(lang)
    shelf, now = Shelf(), datetime.now(UTC)
    accept = Acceptance(shrink=accept_shrink, older=accept_older, source=accept_source)
    wanted = names or [held.name for held in shelf.show() if held.name in publishers() and not held.packaged]
    if not wanted:
        print(say("lists.nothing-to-update", lang, known=", ".join(publishers())), file=sys.stderr)
        return
    failed = 0
    changed = []
    for name in wanted:
        try:
            result = update_list(shelf, name, now=now, accept=accept)
        except TidegateError as problem:
            failed += 1
            print(f"tidegate: {problem}", file=sys.stderr)
            continue
        if result is None:
            _say_unchanged(name, as_json, lang)
        else:
            _report(*result, as_json=as_json, lang=lang, quiet=quiet)
            changed.append(name)
    _prepare(changed, lang, quiet=quiet)
    if failed:
        raise typer.Exit(2)


def compare(
    old: Annotated[str, typer.Argument(metavar="OLD")], new: Annotated[str, typer.Argument(metavar="NEW")],
    as_json: Json = False, lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Print what changed between two versions: names held here, or files."""
    from tidegate.lists.compare import compare_lists
    from tidegate.lists.shelf import Shelf

    check_language(lang)
    shelf = Shelf()
    difference = compare_lists(shelf.resolve(old), shelf.resolve(new))
    if as_json:
        print(json.dumps(difference_json(difference), ensure_ascii=False))
    else:
        _print_difference(difference, lang, everything=not quiet)


def remove(
    name: Annotated[str, typer.Argument(metavar="NAME")], as_json: Json = False, lang: Lang = "en", quiet: Quiet = False
) -> None:
    """Take a list off the shelf."""
    from tidegate.lists.packaged import packaged_lists
    from tidegate.lists.shelf import Shelf

    check_language(lang)
    shelf = Shelf()
    if shelf.entry(name) is None and any(watchlist.list_id == name for watchlist in packaged_lists()):
        raise SettingsWrong(say("lists.packaged-stays", lang, name=name))
    shelf.remove(name, now=datetime.now(UTC))
    if as_json:
        print(json.dumps({"removed": name}))
    elif not quiet:
        print(say("lists.removed", lang, name=name))


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


def _prepare(names: Sequence[str], lang: str, *, quiet: bool) -> None:
    """Build and keep the indexes of these lists, and of all that are held together, so that no screening waits for them."""
    from tidegate.cli.screen import list_sources
    from tidegate.engines.index_store import open_index

    if names and not quiet:
        print(say("lists.prepared", lang, names=", ".join(names)), file=sys.stderr)
    for chosen in [[name] for name in names] + ([None] if names else []):
        with suppress(TidegateError):  # another list that cannot be read says so where it is used
            open_index(list_sources(chosen), workers=None)


def _say_unchanged(name: str, as_json: bool, lang: str) -> None:
    if as_json:
        print(json.dumps({"name": name, "unchanged": True}))
    else:
        print(say("lists.unchanged", lang, name=name))


def _report(held: HeldList, difference: ListDifference | None, *, as_json: bool, lang: str, quiet: bool) -> None:
    if as_json:
        line = held.public() | {"difference": difference_json(difference) if difference is not None else None}
        print(json.dumps(line, ensure_ascii=False, sort_keys=True))
        return
    _print_held(held, date.today(), lang)  # noqa: DTZ011
    if difference is not None and not quiet:
        _print_difference(difference, lang, everything=False)


def _print_held(held: HeldList, today: date, lang: str) -> None:
    age = held.age_days(today)
    text = say("lists.age", lang, days=age) if age is not None else say("lists.age-unknown", lang)
    if held.is_old(today):
        text = say("lists.old", lang, age=text)
        text = f"\x1b[31m{text}\x1b[0m" if sys.stdout.isatty() else text
    kinds = ", ".join(f"{schema} {count}" for schema, count in held.by_schema.items())
    print(
        say(
            "lists.line", lang, name=held.name, title=held.title, date=held.date or say("lists.no-date", lang), age=text
        )
    )
    print("  " + say("lists.counts", lang, rows=held.rows_in, parties=held.parties, names=held.names, kinds=kinds))
    for code, count in held.left_out.items():
        kind = code if not code.startswith("schema-") else "other-schema"
        print("  " + say(f"lists.left-out.{kind}", lang, count=count, schema=code.removeprefix("schema-")))


def _print_difference(difference: ListDifference, lang: str, *, everything: bool) -> None:
    print(
        say("lists.difference", lang, old=difference.old_date or "?", new=difference.new_date or "?", added=len(difference.added),
            removed=len(difference.removed), changed=len(difference.changed))
    )  # fmt: skip
    cut = None if everything else _SHOWN
    for party in difference.added[:cut]:
        print(f"  + {party.id}  {party.name}")
    for party in difference.removed[:cut]:
        print(f"  - {party.id}  {party.name}")
    for change in difference.changed[:cut]:
        print(f"  ~ {change.id}  {change.name}: " + ", ".join(field for field, _, _ in change.fields))
