"""Accounts of the operating system: who runs PostgreSQL, who connects, and which folders that account may enter."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidegate.errors import SettingsWrong
from tidegate.wording.problems import problem

FALLBACKS = ("postgres", "nobody")
"""Accounts tried in this order when root asks for a server and names none: PostgreSQL refuses to run as root."""

_ENTER = 'for folder do cd "$folder" 2>/dev/null || { printf "%s" "$folder"; exit 1; }; done'


@dataclass(frozen=True, slots=True)
class Account:
    """One account: `name`, user and group number; `other` tells that it is not the account of this process."""

    name: str
    uid: int
    gid: int
    other: bool

    def as_user(self) -> dict[str, Any]:
        """Return what subprocess needs to run a program as this account; nothing if it is our own."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.other else {}

    def give(self, path: Path) -> None:
        """Make `path` this account's own."""
        if self.other:
            os.chown(path, self.uid, self.gid)


def own_account() -> Account:
    """Return the account of this process. Raises SettingsWrong if the machine has no name for it."""
    uid = os.geteuid()
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as exc:
        raise problem(SettingsWrong, "store.account-nameless", uid=uid) from exc
    return Account(entry.pw_name, uid, entry.pw_gid, other=False)


def server_account(name: str | None) -> Account:
    """Return the account that shall run the server: `name`, else our own, else (as root) the first of FALLBACKS.

    Raises SettingsWrong if `name` is root or unknown, or if we are not root and it is not our own.
    """
    own = own_account()
    if own.uid != 0:
        if name is not None and name != own.name:
            raise problem(SettingsWrong, "store.account-other", account=name, own=own.name)
        return own
    for candidate in (name,) if name is not None else FALLBACKS:
        try:
            entry = pwd.getpwnam(candidate)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, other=True)
    raise problem(SettingsWrong, "store.account-missing", account=name or " / ".join(FALLBACKS))


def check_enterable(account: Account, folders: Sequence[Path]) -> None:
    """Raise SettingsWrong naming the first folder on the way to `folders` that `account` may not enter.

    We never widen the rights of a folder that is not ours: whoever owns it chose them.
    """
    if not account.other:
        return
    for folder in folders:
        way = [str(parent) for parent in (*reversed(folder.parents), folder) if parent.exists()]
        done = subprocess.run(
            ["/bin/sh", "-c", _ENTER, "sh", *way], capture_output=True, text=True, cwd="/", check=False,
            **account.as_user(),
        )  # fmt: skip
        if done.returncode != 0:
            raise problem(
                SettingsWrong, "store.folder-closed", blocked=done.stdout, account=account.name, folder=folder
            )
