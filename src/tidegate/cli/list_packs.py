"""The commands of `tidegate lists` about signed packs and what was done: key, trust, distrust, pack, history."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidegate.cli.list_output import print_act
from tidegate.cli.options import check_language
from tidegate.cli.usage import help_words
from tidegate.model.instants import format_instant
from tidegate.wording.sentences import say

if TYPE_CHECKING:
    from tidegate.lists.publisher_key import PublisherKey
    from tidegate.trust.private_keys import RootKey

Json = Annotated[bool, typer.Option("--json")]
Lang = Annotated[str, typer.Option("--lang", help="en, zh, es")]
Quiet = Annotated[bool, typer.Option("--quiet")]
PassphraseFile = Annotated[
    Path | None, typer.Option("--passphrase-file", help=help_words("lists.option.passphrase-file"))
]


def key(
    name: Annotated[str, typer.Argument(metavar="PUBLISHER")],
    out: Annotated[Path, typer.Option("--out", help=help_words("lists.option.key-out"))],
    suite: Annotated[int, typer.Option("--suite", help=help_words("lists.option.suite"))] = 1,
    passphrase_file: PassphraseFile = None, as_json: Json = False, lang: Lang = "en",
) -> None:  # fmt: skip
    """Make a publisher's key: the secret half locked at `out`, the file to give away beside it."""
    from tidegate.lists.faults import shelf_wrong
    from tidegate.lists.publisher_key import make_key_file, read_key_file
    from tidegate.trust.canonical import dump_canonical
    from tidegate.trust.encoding import to_base64
    from tidegate.trust.keys import generate_root, lock_secret

    check_language(lang)
    public = out.with_name(f"{out.name}.pub")
    for file in (out, public):
        if file.exists():
            raise shelf_wrong("file-there", file=file)
    root = generate_root(suite)
    told = make_key_file(root, name)
    made = read_key_file(told)
    secret = dump_canonical({"name": made.name, "root": to_base64(root.to_bytes())})
    _write_private(out, lock_secret(secret, _passphrase(passphrase_file)))
    public.write_bytes(told)
    if not as_json:
        print(say("lists.key-made", lang, secret=out, public=public), file=sys.stderr)
    _print_key(made, as_json=as_json, lang=lang)


def trust(
    file: Annotated[Path | None, typer.Argument(metavar="[KEYFILE]")] = None,
    key_id: Annotated[str | None, typer.Option("--id", help=help_words("lists.option.id"))] = None,
    as_json: Json = False, lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Trust the publisher's key in a file once a person has compared it; without a file, show the keys trusted."""
    from tidegate.lists.faults import shelf_wrong
    from tidegate.lists.publisher_key import TrustedKeys, named_key, read_key_file
    from tidegate.lists.shelf import Shelf

    check_language(lang)
    trusted = TrustedKeys(Shelf().folder)
    if file is None:
        for one in trusted.all().values():
            _print_key(one, as_json=as_json, lang=lang)
        if not trusted.all() and not quiet:
            print(say("lists.key-none", lang), file=sys.stderr)
        return
    data = _bytes(file)
    found = read_key_file(data, file.name)
    _print_key(found, as_json=as_json, lang=lang)
    if key_id is not None:
        if named_key(key_id, [found]) is None or key_id.casefold() == found.name.casefold():
            raise shelf_wrong("key-id", found=found.key_id, asked=key_id)
    elif not (sys.stdin.isatty() and typer.confirm(say("lists.key-ask", lang))):
        raise shelf_wrong("key-unseen", key=found.key_id)
    trusted.trust(data, at=format_instant(datetime.now(UTC)), file=file.name)
    if not quiet:
        print(say("lists.key-trusted", lang, name=found.name), file=sys.stderr)


def distrust(
    name_or_id: Annotated[str, typer.Argument(metavar="NAME_OR_ID")], as_json: Json = False, lang: Lang = "en"
) -> None:
    """Trust a publisher's key no longer."""
    from tidegate.lists.publisher_key import TrustedKeys
    from tidegate.lists.shelf import Shelf

    check_language(lang)
    gone = TrustedKeys(Shelf().folder).distrust(name_or_id, at=format_instant(datetime.now(UTC)))
    told = say("lists.key-distrusted", lang, name=gone.name, key=gone.key_id)
    print(json.dumps({"distrusted": gone.key_id, "name": gone.name}, ensure_ascii=False) if as_json else told)


def pack(
    lists: Annotated[list[str], typer.Argument(metavar="NAME_OR_FILE...")],
    secret: Annotated[Path, typer.Option("--key", help=help_words("lists.option.key"))],
    out: Annotated[Path, typer.Option("--out", help=help_words("lists.option.pack-out"))],
    name: Annotated[str | None, typer.Option("--name", help=help_words("lists.option.name"))] = None,
    title: Annotated[str, typer.Option("--title", help=help_words("lists.option.title"))] = "",
    day: Annotated[str, typer.Option("--date", help=help_words("lists.option.date"))] = "",
    fresh_days: Annotated[int, typer.Option("--fresh-days", min=0, max=3650, help=help_words("lists.option.fresh-days"))] = 0,
    passphrase_file: PassphraseFile = None, as_json: Json = False, lang: Lang = "en",
) -> None:  # fmt: skip
    """Make a signed pack of lists held here or in files. --name, --title and --date are for one file."""
    from tidegate.lists.pack import make_pack
    from tidegate.lists.pack_shelf import pack_of_file, pack_of_shelf, with_fresh_days
    from tidegate.lists.shelf import Shelf
    from tidegate.model.days import parse_civil_day

    check_language(lang)
    told = parse_civil_day(day, "ymd").isoformat() if day else ""
    packed = [
        pack_of_file(Path(one), name=name, title=title, date=told) if Path(one).is_file() else pack_of_shelf(Shelf(), one)
        for one in lists
    ]  # fmt: skip
    publisher, root = _open_secret(secret, passphrase_file)
    made = datetime.now(UTC)
    out.write_bytes(make_pack(with_fresh_days(packed, fresh_days), root, publisher, made=made))
    names = [one.name for one in packed]
    line = {"file": str(out), "publisher": publisher, "key": root.root_id, "made": format_instant(made)}
    if as_json:
        print(json.dumps({**line, "lists": names}, ensure_ascii=False))
    else:
        print(say("lists.pack-made", lang, **line, names=", ".join(names)))


def history(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]")] = None,
    names: Annotated[bool, typer.Option("--names", help=help_words("lists.option.names"))] = False,
    as_json: Json = False, lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Print what was done to the lists held here, or to one of them."""
    from tidegate.lists.shelf import Shelf

    check_language(lang)
    acts = [act for act in Shelf().history() if name in (None, act.get("name"))]
    for act in acts:
        if as_json:
            print(json.dumps(act, ensure_ascii=False, sort_keys=True))
        else:
            print_act(act, lang, names=names)
    if not acts and not quiet:
        print(say("lists.no-history", lang), file=sys.stderr)


COMMANDS: Mapping[str, Callable[..., None]] = {
    "key": key,
    "trust": trust,
    "distrust": distrust,
    "pack": pack,
    "history": history,
}


def _print_key(one: PublisherKey, *, as_json: bool, lang: str) -> None:
    words = one.words(lang)
    if as_json:
        print(json.dumps({"name": one.name, "key_id": one.key_id, "words": words}, ensure_ascii=False))
    else:
        grouped = " ".join(one.key_id[at : at + 4] for at in range(0, len(one.key_id), 4))
        print(say("lists.key-line", lang, name=one.name, key=grouped, words=" ".join(words)))


def _open_secret(file: Path, passphrase_file: Path | None) -> tuple[str, RootKey]:
    """Return the publisher's name and key from a secret file. Raises ShelfWrong, or PassphraseWrong."""
    from tidegate.lists.faults import shelf_wrong
    from tidegate.trust.canonical import load_canonical
    from tidegate.trust.encoding import from_base64
    from tidegate.trust.faults import KeyUnreadable, NotCanonical
    from tidegate.trust.keys import RootKey, unlock_secret

    data = _bytes(file)
    try:
        told = load_canonical(unlock_secret(data, _passphrase(passphrase_file)))
        if not isinstance(told, dict) or set(told) != {"name", "root"}:
            raise KeyUnreadable("it is another kind of secret")
        return str(told["name"]), RootKey.from_bytes(from_base64(told["root"]))
    except (KeyUnreadable, NotCanonical) as problem:
        raise shelf_wrong("secret-key", file=file) from problem


def _passphrase(file: Path | None) -> str:
    from tidegate.cli.node import chosen_passphrase

    return chosen_passphrase(file)


def _bytes(file: Path) -> bytes:
    from tidegate.lists.faults import list_unreadable

    try:
        return file.read_bytes()
    except OSError as problem:
        raise list_unreadable("no-file", file=file, problem=problem) from problem


def _write_private(path: Path, data: bytes) -> None:
    """Write a file that only this account may read; one that is there already is never written over."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
