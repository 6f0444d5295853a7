"""The command `tidegate lists`: the watchlists held here, their age and counts; add, update, compare, remove."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidegate.cli import list_packs
from tidegate.cli.list_output import (
    difference_json,
    held_json,
    print_difference,
    print_held,
    today_here,
)
from tidegate.cli.options import check_language
from tidegate.cli.usage import help_words
from tidegate.errors import SettingsWrong, TidegateError
from tidegate.wording.problems import problem, problem_text
from tidegate.wording.sentences import say

if TYPE_CHECKING:
    from tidegate.lists.acceptance import Acceptance
    from tidegate.lists.compare import ListDifference
    from tidegate.lists.shelf import HeldList, Shelf

    Added = list[tuple[HeldList, ListDifference | None]]

Json = Annotated[bool, typer.Option("--json")]
Lang = Annotated[str, typer.Option("--lang", help="en, zh, es")]
Quiet = Annotated[bool, typer.Option("--quiet")]
Shrink = Annotated[bool, typer.Option("--accept-shrink", help=help_words("lists.option.shrink"))]
Older = Annotated[bool, typer.Option("--accept-older", help=help_words("lists.option.accept-older"))]
Source = Annotated[bool, typer.Option("--accept-source", help=help_words("lists.option.accept-source"))]
OnlyLook = Annotated[bool, typer.Option("--look", help=help_words("lists.option.look"))]


def register(app: typer.Typer) -> None:
    """Add the command group to `app`."""
    lists = typer.Typer(help=help_words("lists.help"), no_args_is_help=True)
    own: dict[str, Callable[..., None]] = {
        "show": show, "add": add, "update": update, "compare": compare, "remove": remove,
    }  # fmt: skip
    for name, command in {**own, **list_packs.COMMANDS}.items():
        lists.command(name, help=help_words(f"lists.help.{name}"))(command)
    app.add_typer(lists, name="lists")


def show(as_json: Json = False, lang: Lang = "en", quiet: Quiet = False) -> None:
    """Print what is held: title, date, age (red when old), records in and parties out by kind, what was left out."""
    from tidegate.lists.shelf import Shelf

    check_language(lang)
    today, shelf = today_here(), Shelf()
    for held in shelf.show():
        if as_json:
            line = held.public() | {"age_days": held.age_days(today), "old": held.is_old(today)}
            print(json.dumps(line, ensure_ascii=False, sort_keys=True))
        else:
            print_held(held, today, lang)
    if not quiet:
        print(say("lists.folder", lang, folder=shelf.folder), file=sys.stderr)


def add(
    what: Annotated[str, typer.Argument(metavar="NAME_OR_FILE")],
    name: Annotated[str | None, typer.Option("--name", help=help_words("lists.option.name"))] = None,
    accept_shrink: Shrink = False, accept_older: Older = False, accept_source: Source = False, look: OnlyLook = False,
    as_json: Json = False, lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Put a list on the shelf: a file, a signed pack, or the name of an official list that is then fetched."""
    from tidegate.lists.acceptance import Acceptance
    from tidegate.lists.shelf import Shelf

    check_language(lang)
    accept = Acceptance(shrink=accept_shrink, older=accept_older, source=accept_source)
    _take(Shelf(), [what], accept, _Telling(as_json, lang, quiet), name=name, only_look=look)


def update(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME_OR_PACK]...")] = None,
    accept_shrink: Shrink = False, accept_older: Older = False, accept_source: Source = False, look: OnlyLook = False,
    as_json: Json = False, lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Fetch the lists again that came from a publisher; a new version that fails its checks leaves the old one."""
    from tidegate.lists.acceptance import Acceptance
    from tidegate.lists.publishers import publishers
    from tidegate.lists.shelf import Shelf

    check_language(lang)
    shelf = Shelf()
    accept = Acceptance(shrink=accept_shrink, older=accept_older, source=accept_source)
    wanted = names or [held.name for held in shelf.show() if held.name in publishers() and not held.packaged]
    if not wanted:
        print(say("lists.nothing-to-update", lang, known=", ".join(publishers())), file=sys.stderr)
        return
    _take(shelf, wanted, accept, _Telling(as_json, lang, quiet), only_look=look, go_on=True)


def compare(
    old: Annotated[str, typer.Argument(metavar="OLD")], new: Annotated[str, typer.Argument(metavar="NEW")],
    as_json: Json = False, lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Print what changed between two versions: names held here (NAME@previous for the version before), or files."""
    from tidegate.lists.compare import compare_lists
    from tidegate.lists.shelf import Shelf

    check_language(lang)
    shelf = Shelf()
    difference = compare_lists(shelf.resolve(old), shelf.resolve(new))
    if as_json:
        print(json.dumps(difference_json(difference), ensure_ascii=False))
    else:
        print_difference(difference, lang, everything=not quiet)


def remove(
    name: Annotated[str, typer.Argument(metavar="NAME")], as_json: Json = False, lang: Lang = "en", quiet: Quiet = False
) -> None:
    """Take a list off the shelf."""
    from tidegate.lists.packaged import packaged_lists
    from tidegate.lists.shelf import Shelf

    check_language(lang)
    shelf = Shelf()
    if shelf.entry(name) is None and any(watchlist.list_id == name for watchlist in packaged_lists()):
        raise problem(SettingsWrong, "lists.packaged-stays", name=name)
    shelf.remove(name, now=datetime.now(UTC))
    if as_json:
        print(json.dumps({"removed": name}))
    elif not quiet:
        print(say("lists.removed", lang, name=name))


class _Telling:
    """What is printed while lists are put on the shelf: the difference before, the list as held after."""

    def __init__(self, as_json: bool, lang: str, quiet: bool) -> None:
        self.as_json, self.lang, self.quiet = as_json, lang, quiet

    def before(self, held: HeldList, difference: ListDifference | None) -> None:
        """Tell what this version would change. Called before anything is replaced."""
        if self.as_json or self.quiet:
            return
        if difference is not None:
            print(f"{held.name}: ", end="")
            print_difference(difference, self.lang, everything=False)
        else:
            print(say("lists.would-be-new", self.lang, name=held.name, parties=held.parties))

    def after(self, added: Added | None, what: str, *, only_look: bool) -> None:
        """Tell what is held now, or that nothing changed."""
        if added is None:
            unchanged = json.dumps({"name": what, "unchanged": True})
            print(unchanged if self.as_json else say("lists.unchanged", self.lang, name=what))
            return
        for held, difference in added:
            if self.as_json:
                print(held_json(held, difference))
            elif not only_look:
                print_held(held, today_here(), self.lang)
        if only_look and not (self.quiet or self.as_json):
            print(say("lists.looked-only", self.lang))


def _take(
    shelf: Shelf, wanted: Sequence[str], accept: Acceptance, telling: _Telling, *, name: str | None = None,
    only_look: bool = False, go_on: bool = False,
) -> None:  # fmt: skip
    """Put files, packs and official lists on the shelf. go_on: one that fails is told, the others are taken all the same."""
    taken: list[str] = []
    failed = False
    for what in wanted:
        try:
            added = _add_one(shelf, what, accept, telling.before, name=name, only_look=only_look)
        except TidegateError as fault:
            if not go_on:
                raise
            failed = True
            print(f"tidegate: {problem_text(fault, telling.lang)}", file=sys.stderr)
            continue
        telling.after(added, what, only_look=only_look)
        taken += [held.name for held, _ in added or ()]
    if taken and not only_look:
        _prepare(taken, telling)
    if failed:
        raise typer.Exit(2)


def _add_one(
    shelf: Shelf, what: str, accept: Acceptance, look: Callable[[HeldList, ListDifference | None], None], *,
    name: str | None, only_look: bool,
) -> Added | None:  # fmt: skip
    """Return what was put on the shelf, None if the publisher has nothing new."""
    from tidegate.lists.fetch import update_list
    from tidegate.lists.pack_shelf import add_pack
    from tidegate.lists.reading import looks_like_pack

    now, path = datetime.now(UTC), Path(what)
    if path.is_file():
        data = path.read_bytes()
        if looks_like_pack(data):
            return add_pack(shelf, data, source=path.name, now=now, accept=accept, look=look, only_look=only_look)
        return [shelf.add(path, now=now, name=name, accept=accept, look=look, only_look=only_look)]
    if not only_look and (snapshot := shelf.hold_packaged(what, now=now)) is not None:
        return [(snapshot, None)]
    fetched = update_list(shelf, what, now=now, accept=accept, look=look, only_look=only_look)
    return None if fetched is None else [fetched]


def _prepare(names: Sequence[str], telling: _Telling) -> None:
    """Build and keep the indexes of these lists, and of all that are held together, so that no screening waits for them."""
    from tidegate.cli.screen import list_sources
    from tidegate.engines.index_store import open_index

    if not telling.quiet:
        print(say("lists.prepared", telling.lang, names=", ".join(names)), file=sys.stderr)
    for chosen in [*([name] for name in names), None]:
        with suppress(TidegateError):  # another list that cannot be read says so where it is used
            open_index(list_sources(chosen), workers=None)
