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
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from tidegate.cli.options import check_language
from tidegate.cli.usage import help_words
from tidegate.errors import InputUnreadable, SettingsWrong, TidegateError
from tidegate.wording.problems import problem
from tidegate.wording.sentences import say

if TYPE_CHECKING:
    from tidegate.gate.refusal import Refusal
    from tidegate.node.node import Node


def known_language(lang: str) -> str:
    """Return `lang` for a command that reads it. Raises SettingsWrong for a language there are no sentences in."""
    check_language(lang)
    return lang


Folder = Annotated[Path, typer.Argument(help=help_words("shell.option.folder"))]
Lang = Annotated[str, typer.Option("--lang", help=help_words("shell.option.lang"), callback=known_language)]
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


@dataclass(frozen=True, slots=True)
class Page:
    """How an answer is written. JSON goes to standard output a line each, prose there too, remarks to stderr."""

    lang: str = "en"
    as_json: bool = False
    quiet: bool = False

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
        words = refusal.sentence(self.lang)
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
    """Open the running node in `folder` for one command.

    command: what is done, e.g. "agreement suspend"; "" for a look, which needs no officer and is not logged.
    Raises SettingsWrong when the node is stopped, RoleWrong when the officer may not do this.
    """
    node = _open(folder, passphrase_file)
    try:
        if command:
            need_officer(node, officer, roles, command)
        yield node
    except UnicodeEncodeError as exc:
        raise problem(SettingsWrong, "shell.no-utf-8") from exc
    finally:
        node.close()


def passphrase_of(folder: Path, passphrase_file: Path | None) -> str:
    """Return the node's passphrase: from the file given, the file in the settings, or the terminal."""
    from tidegate.cli.node import chosen_passphrase
    from tidegate.node.settings import read_settings

    return chosen_passphrase(passphrase_file, read_settings(folder).passphrase_file)


def text_of(file: Path) -> str:
    """Return the text of a file in UTF-8. Raises InputUnreadable naming it."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise problem(InputUnreadable, "shell.no-text", file=file, why=exc) from exc


def read_pairs(words: Sequence[str], option: str) -> list[tuple[str, str]]:
    """Return (name, value) of each NAME=VALUE. Raises SettingsWrong naming the one without a name."""
    pairs = []
    for word in words:
        name, mark, value = word.partition("=")
        if not mark or not name.strip() or not value.strip():
            raise problem(SettingsWrong, "option.no-pair", option=option, value=word)
        pairs.append((name.strip(), value.strip()))
    return pairs


def group(
    app: typer.Typer, name: str, commands: Mapping[str, Callable[..., None]],
    hidden: Mapping[str, Callable[..., None]] | None = None,
) -> None:  # fmt: skip
    """Add a group of commands to the front door, each with the help of its wording code. hidden: not shown in help."""
    room = typer.Typer(no_args_is_help=True, help=help_words(f"{name}.help"))
    for word, command in commands.items():
        room.command(word, help=help_words(f"{name}.{word}.help"))(command)
    for word, command in (hidden or {}).items():
        room.command(word, hidden=True)(command)
    app.add_typer(room, name=name)


def need_officer(node: Node, officer_id: str, roles: frozenset[str], command: str) -> None:
    """Note in the log that an officer acts from a shell. Raises RoleWrong unless enrolled here with one of `roles`."""
    from tidegate.store.officers import get_officer

    with node.transaction() as tx:
        found = get_officer(tx.conn, officer_id)
        if found is None:
            raise problem(RoleWrong, "shell-officer-unknown", officer=officer_id)
        role = found[0].role
        if role not in roles:
            raise problem(RoleWrong, "shell-role-wrong", officer=officer_id, role=role, roles=", ".join(sorted(roles)))
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
        raise problem(SettingsWrong, "shell-node-stopped", folder=folder)
    return open_node(folder, "desk", passphrase=passphrase_of(folder, passphrase_file))
