"""`tidegate node`: make, start, stop, look at, check, keep and restore one legal holder's node."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidegate.cli.acting import AsJson, Folder, Lang, group
from tidegate.cli.usage import help_words
from tidegate.errors import SettingsWrong
from tidegate.wording.problems import problem
from tidegate.wording.sentences import say

if TYPE_CHECKING:
    from tidegate.node.setup import NewOfficer

PassphraseFile = Annotated[
    Path | None, typer.Option("--passphrase-file", help=help_words("shell.option.passphrase-new"))
]


FIRST_OFFICERS = (
    "liaison:liaison:First liaison officer",
    "second:second:Second officer",
    "secretariat:secretariat:Secretariat",
    "operator:operator:Operator",
)


def register(app: typer.Typer) -> None:
    """Add the command group `node` to the front door."""
    group(
        app, "node",
        {"init": init, "start": start, "stop": stop, "status": status, "verify": verify, "backup": backup,
         "restore": restore, "upgrade": upgrade},
        hidden={"serve": serve},
    )  # fmt: skip


def init(
    folder: Folder,
    node_id: Annotated[str, typer.Option(help=help_words("shell.option.node-id"))] = "",
    name_en: Annotated[str, typer.Option(help=help_words("shell.option.name-en"))] = "",
    name_zh: Annotated[str, typer.Option(help=help_words("shell.option.name-zh"))] = "",
    name_es: Annotated[str, typer.Option(help=help_words("shell.option.name-es"))] = "",
    country: Annotated[str, typer.Option(help=help_words("shell.option.agency-country"))] = "XX",
    officer: Annotated[list[str] | None, typer.Option(help=help_words("shell.option.officers"))] = None,
    host: Annotated[str, typer.Option(help=help_words("shell.option.host"))] = "127.0.0.1",
    name: Annotated[str, typer.Option(help=help_words("shell.option.host-name"))] = "localhost",
    suite: Annotated[int, typer.Option(min=1, max=2, help=help_words("shell.option.suite"))] = 1,
    postgres_binaries: Annotated[str, typer.Option(help=help_words("shell.option.postgres-binaries"))] = "",
    postgres_account: Annotated[str, typer.Option(help=help_words("shell.option.postgres-account"))] = "",
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
) -> None:
    """Make a node: folder, database, keys, certificate, officers. Sign-in codes are shown once."""
    from tidegate.model.agency import Agency
    from tidegate.node.settings import Settings
    from tidegate.node.setup import make_node

    if not re.fullmatch("[A-Z]{2}", country):
        raise problem(SettingsWrong, "node.no-country", value=country)
    newcomers = [_officer(words) for words in officer or FIRST_OFFICERS]
    node_id = node_id or _id_of(folder)
    name_en = name_en or node_id
    passphrase, passphrase_file = first_passphrase(folder, passphrase_file, lang)
    settings = Settings(
        node_id=node_id, host=host, name=name, postgres_binaries=postgres_binaries, postgres_account=postgres_account,
        passphrase_file=str(passphrase_file.resolve()) if passphrase_file else "",
    )  # fmt: skip
    codes = make_node(
        folder,
        settings=settings,
        agency=Agency(node_id, name_en, name_zh or name_en, name_es or name_en, country),
        passphrase=passphrase,
        officers_wanted=newcomers,
        suite=suite,
    )
    if as_json:
        print(json.dumps({"node": node_id, "folder": str(folder), "codes": codes}, ensure_ascii=False))
        return
    print(say("node.made", lang, folder=folder), file=sys.stderr)
    for who, code in codes.items():
        print(f"{who}\t{code}")


def start(
    folder: Folder,
    passphrase_file: PassphraseFile = None,
    lifeline: Annotated[bool, typer.Option(hidden=True)] = False,
    lang: Lang = "en",
) -> None:
    """Run the node in the foreground until it is told to stop."""
    from tidegate.node.process import supervise
    from tidegate.node.settings import read_settings

    settings = read_settings(folder)

    def ready() -> None:
        print(
            say("node.ready", lang, desk=settings.desk_url, public=settings.public_url, exchange=settings.exchange_url),
            flush=True,
        )

    supervise(folder, chosen_passphrase(passphrase_file, settings.passphrase_file), on_ready=ready, lifeline=lifeline)


def stop(folder: Folder, lang: Lang = "en") -> None:
    """Stop a running node."""
    from tidegate.node.process import stop as stop_node

    print(say("node.stopped" if stop_node(folder) else "node.not-running", lang, folder=folder), file=sys.stderr)


def status(folder: Folder, as_json: AsJson = False, lang: Lang = "en") -> None:
    """Show what runs, which PostgreSQL, the links and what waits."""
    from tidegate.node.status import node_status, status_lines

    found = node_status(folder)
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for line in status_lines(found, lang):
        print(line)


def verify(folder: Folder, as_json: AsJson = False, lang: Lang = "en") -> None:
    """Recompute every log and every sealed row. Exit code 1 names what does not hold."""
    from tidegate.node.verify import verify_node

    problems = verify_node(folder)
    if as_json:
        print(
            json.dumps(
                {"problems": [{"code": problem.code, "params": dict(problem.params)} for problem in problems]},
                ensure_ascii=False,
            )
        )
    elif not problems:
        print(say("node.verified", lang, folder=folder))
    else:
        for problem in problems:
            print(problem.say(lang))
    if problems:
        raise typer.Exit(1)


def backup(
    folder: Folder,
    target: Annotated[Path, typer.Argument(help=help_words("shell.option.backup-target"))],
    lang: Lang = "en",
) -> None:
    """Copy the running node's database and files into TARGET, with a manifest of digests."""
    from tidegate.node.keeping import backup_node

    backup_node(folder, target)
    print(say("node.backed-up", lang, target=target), file=sys.stderr)


def restore(
    backup_folder: Annotated[Path, typer.Argument(help=help_words("shell.option.backup"))],
    folder: Folder,
    lang: Lang = "en",
) -> None:
    """Make a node again from a backup, in a new folder, after checking the backup's digests."""
    from tidegate.node.keeping import restore_node

    restore_node(backup_folder, folder)
    print(say("node.restored", lang, folder=folder), file=sys.stderr)


def upgrade(folder: Folder, as_json: AsJson = False, lang: Lang = "en") -> None:
    """Bring the node's database to this release. It is verified first; one that does not verify stays as it is."""
    from tidegate.node.keeping import upgrade_node

    done = upgrade_node(folder)
    if as_json:
        print(json.dumps({"applied": list(done.applied)}))
    else:
        print(say("node.upgraded", lang, folder=folder, steps=len(done.applied)), file=sys.stderr)


def serve(listener: str, folder: Path) -> None:
    """Run one listener of a node. Started by the supervisor, which writes the passphrase to our standard input."""
    from tidegate.web.serve import serve_listener

    passphrase = sys.stdin.readline().rstrip("\n")
    serve_listener(listener, folder, passphrase)


def chosen_passphrase(given: Path | None, setting: str = "") -> str:
    """Return the passphrase from the file given, the file in the settings, or the terminal."""
    from tidegate.node.setup import read_passphrase

    if given is not None:
        return read_passphrase(given)
    if setting:
        return read_passphrase(Path(setting))
    if sys.stdin.isatty():
        return str(typer.prompt(help_words("shell.passphrase-asked"), hide_input=True))
    raise problem(SettingsWrong, "shell.no-passphrase")


def first_passphrase(folder: Path, given: Path | None, lang: str) -> tuple[str, Path | None]:
    """Return the passphrase for a new node or witness, and the file it is kept in.

    Without a file and without a terminal to ask at, one is drawn and kept beside the folder, readable by us alone.
    """
    if given is not None or sys.stdin.isatty():
        return chosen_passphrase(given), given
    from tidegate.node.setup import write_private
    from tidegate.trust.ids import new_code

    path = folder.resolve().with_name(folder.resolve().name + ".passphrase")
    if path.exists():
        return chosen_passphrase(path), path
    path.parent.mkdir(parents=True, exist_ok=True)
    passphrase = new_code(6)
    write_private(path, f"{passphrase}\n".encode())
    print(say("node.passphrase-drawn", lang, path=path), file=sys.stderr)
    return passphrase, path


def _id_of(folder: Path) -> str:
    """Return a node id made of a folder's name: small letters, digits and hyphens."""
    words = "".join(sign if sign.isalnum() and sign.isascii() else " " for sign in folder.resolve().name.lower())
    return "-".join(words.split()) or "node"


def _officer(words: str) -> NewOfficer:
    from tidegate.cli.officer import check_officer
    from tidegate.node.setup import NewOfficer

    parts = words.split(":", 2)
    if len(parts) != 3:
        raise problem(SettingsWrong, "shell.officer-words", value=words)
    check_officer(*parts)
    return NewOfficer(parts[0], parts[2], parts[1])
