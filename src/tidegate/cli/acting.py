"""Who acts from a shell, at which node, and how the answer is written: what the commands of a running node share.

Whoever holds the node's passphrase may act here in an officer's name, so each act writes one more event to the audit
log than the same act at the desk: the command, the officer, and the account of the machine that ran it.
"""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from tidegate.cli.usage import help_words
from tidegate.errors import SettingsWrong, TidegateError
from tidegate.wording.sentences import LANGUAGES, say

if TYPE_CHECKING:
    from tidegate.gate.refusal import Refusal
    from tidegate.node.node import Node

Folder = Annotated[Path, typer.Argument(help=help_words("shell.option.folder"))]
Lang = Annotated[str, typer.Option("--lang", help="en, zh or es")]
AsJson = Annotated[bool, typer.Option("--json", help=help_words("shell.option.json"))]
Quiet = Annotated[bool, typer.Option("--quiet", help=help_words("shell.option.quiet"))]
PassphraseFile = Annotated[Path | None, typer.Option("--passphrase-file", help=help_words("shell.option.passphrase"))]
Actor = Annotated[str, typer.Option("--officer", metavar="ID", help=help_words("shell.option.officer"))]

DRAFTERS = frozenset({"liaison", "second", "secretariat"})
APPROVERS = frozenset({"second"})
SPEAKERS = frozenset({"liaison", "second"})
ENROLLERS = frozenset({"liaison", "second", "operator"})
EVERYONE = frozenset({"liaison", "second", "secretariat", "operator"})

T = TypeVar("T")


class RoleWrong(TidegateError):
    """The officer named is not enrolled here or has another role than the act needs. The text names the roles."""

    code = "shell-role-wrong"


class Told(TidegateError):
    """An error of a deeper floor, said again in the reader's language."""


@dataclass(frozen=True, slots=True)
class Page:
    """How an answer is written. JSON goes to standard output a line each, prose there too, remarks to stderr."""

    lang: str = "en"
    as_json: bool = False
    quiet: bool = False

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            raise SettingsWrong(f"--lang {self.lang!r} is unknown; expected one of {', '.join(LANGUAGES)}")

    def say(self, code: str, /, **params: object) -> str:
        """Return a sentence in the reader's language."""
        return say(code, self.lang, **params)

    def named(self, family: str, code: str) -> str:
        """Return what a code of one family is called, e.g. named("pillar", "financing")."""
        return say(f"{family}.{code}", self.lang)

    def row(self, document: Mapping[str, Any], line: str) -> None:
        """Write one thing: the document where JSON was asked for, else the line."""
        print(json.dumps(document, ensure_ascii=False) if self.as_json else line)

    def remark(self, code: str, /, **params: object) -> None:
        """Say something about what was done, unless --quiet or --json was asked for."""
        if not self.quiet and not self.as_json:
            print(self.say(code, **params), file=sys.stderr)

    def granted(self, answer: T | Refusal) -> T:
        """Return what the gate let through, or say why not and leave with exit code 1."""
        from tidegate.gate.refusal import Refusal

        if not isinstance(answer, Refusal):
            return answer
        self.refused(answer)
        raise typer.Exit(1)

    def refused(self, refusal: Refusal) -> None:
        """Say why the gate or a rule says No."""
        from tidegate.web.desk_words import refusal_words

        words = refusal_words(refusal.code, refusal.params, self.lang)
        if self.as_json:
            print(
                json.dumps({"refused": refusal.code, "params": dict(refusal.params), "text": words}, ensure_ascii=False)
            )
        print(f"tidegate: {words}", file=sys.stderr)


@contextmanager
def at_node(
    folder: Path, page: Page, *, command: str = "", officer: str = "", roles: frozenset[str] = EVERYONE,
    passphrase_file: Path | None = None,
) -> Iterator[Node]:  # fmt: skip
    """Open the running node in `folder` for one command. Errors are said in the page's language.

    command: what is done, e.g. "agreement suspend"; "" for a look, which needs no officer and is not logged.
    Raises SettingsWrong when the node is stopped, RoleWrong when the officer may not do this.
    """
    with in_language(page):
        node = _open(folder, passphrase_file)
        try:
            if command:
                need_officer(node, officer, roles, command)
            yield node
        finally:
            node.close()


@contextmanager
def in_language(page: Page) -> Iterator[None]:
    """Say every error that has a sentence in the reader's language in that language."""
    try:
        yield
    except UnicodeEncodeError as exc:
        raise SettingsWrong("an argument holds bytes that are no UTF-8; type it again in a UTF-8 terminal") from exc
    except TidegateError as problem:
        if page.lang == "en":
            raise
        from tidegate.web.desk_words import error_words

        sentences, told = error_words(problem, page.lang)
        if told != page.lang:
            raise
        raise Told(" ".join(sentences), code=problem.code) from problem


def passphrase_of(folder: Path, passphrase_file: Path | None) -> str:
    """Return the node's passphrase: from the file given, the file in the settings, or the terminal."""
    from tidegate.cli.node import chosen_passphrase
    from tidegate.node.settings import read_settings

    return chosen_passphrase(passphrase_file, read_settings(folder).passphrase_file)


def read_day(text: str, option: str) -> date:
    """Return a civil day. Raises SettingsWrong naming the option."""
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise SettingsWrong(f"{option} {text!r} is no day; expected the form 2022-08-05") from exc


def read_pairs(words: Sequence[str], option: str) -> list[tuple[str, str]]:
    """Return (name, value) of each NAME=VALUE. Raises SettingsWrong naming the one without a name."""
    pairs = []
    for word in words:
        name, mark, value = word.partition("=")
        if not mark or not name.strip() or not value.strip():
            raise SettingsWrong(f"{option} {word!r} is not NAME=VALUE, e.g. decision=objection")
        pairs.append((name.strip(), value.strip()))
    return pairs


def one_of(value: str, allowed: Sequence[str], option: str) -> str:
    """Return `value` if it is allowed. Raises SettingsWrong naming what is."""
    if value not in allowed:
        raise SettingsWrong(f"{option} {value!r} is unknown; expected one of {', '.join(allowed)}")
    return value


def group(app: typer.Typer, name: str, commands: Mapping[str, Callable[..., None]]) -> None:
    """Add a group of commands to the front door, each with the help of its wording code."""
    room = typer.Typer(no_args_is_help=True, help=help_words(f"{name}.help"))
    for word, command in commands.items():
        room.command(word)(command)
    app.add_typer(room, name=name)


def need_officer(node: Node, officer_id: str, roles: frozenset[str], command: str) -> None:
    """Note in the log that an officer acts from a shell. Raises RoleWrong unless enrolled here with one of `roles`."""
    from tidegate.store.officers import get_officer

    with node.transaction() as tx:
        found = get_officer(tx.conn, officer_id)
        if found is None:
            raise RoleWrong(
                f"no officer {officer_id!r} is enrolled here; name who acts with --officer ID", officer=officer_id,
                code="shell-officer-unknown",
            )  # fmt: skip
        if found[0].role not in roles:
            names = ", ".join(sorted(roles))
            raise RoleWrong(
                f"{officer_id} is {found[0].role}; this needs one of {names}", officer=officer_id, role=found[0].role,
                roles=names,
            )  # fmt: skip
        tx.event("officer.at-shell", officer_id, command, account=_account())


def _account() -> str:
    """Return the account of the machine that runs the command, by name where it has one."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # Python 3.13 changed which of the two is raised for an account without a name
        return "nameless"


def _open(folder: Path, passphrase_file: Path | None) -> Node:
    from tidegate.node.database import database_server
    from tidegate.node.node import open_node
    from tidegate.node.settings import read_settings

    settings = read_settings(folder)
    if not settings.database_url and not database_server(folder, settings).running():
        raise SettingsWrong(
            f"the node in {folder} does not run; start it first with: tidegate node start {folder}",
            code="shell-node-stopped", folder=folder,
        )  # fmt: skip
    return open_node(folder, "desk", passphrase=passphrase_of(folder, passphrase_file))
