"""A node's settings: one TOML file in the node's folder, read at start, never changed behind the operator's back."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path

from tidegate.errors import SettingsWrong
from tidegate.wording.problems import problem

FILE_NAME = "settings.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may set. Ports: 0 means "choose a free one at start and write it down".

    host: where the listeners bind; loopback unless the operator says otherwise. name: the host name in addresses.
    database_url: an operator's own PostgreSQL; empty means the node's own server in its folder.
    postgres_binaries: folder of PostgreSQL programs; empty means the wheel's, then the system's.
    postgres_account: the account PostgreSQL runs as when the node itself runs as root.
    witness_url, witness_key: the third witness's address and verifier key (C2SP vkey); empty means none yet.
    """

    node_id: str
    host: str = "127.0.0.1"
    name: str = "localhost"
    desk_port: int = 0
    exchange_port: int = 0
    public_port: int = 0
    passphrase_file: str = ""
    database_url: str = ""
    postgres_binaries: str = ""
    postgres_account: str = ""
    witness_url: str = ""
    witness_key: str = ""
    courier_pause_s: float = 0.5
    languages: tuple[str, ...] = field(default=("en", "zh", "es"))

    @property
    def exchange_url(self) -> str:
        """Where partners reach the exchange door."""
        return f"https://{self.name}:{self.exchange_port}"

    @property
    def desk_url(self) -> str:
        """Where officers of this node sign in."""
        return f"http://{self.name}:{self.desk_port}"

    @property
    def public_url(self) -> str:
        """Where anyone reads what was published."""
        return f"http://{self.name}:{self.public_port}"


def read_settings(folder: Path) -> Settings:
    """Return the settings in `folder`. Raises SettingsWrong when there is no node there or a line is not understood."""
    path = folder / FILE_NAME
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise problem(SettingsWrong, "settings.no-node", folder=folder, name=FILE_NAME) from exc
    except tomllib.TOMLDecodeError as exc:
        raise problem(SettingsWrong, "settings.no-toml", file=path, why=exc) from exc
    known = {item.name for item in fields(Settings)}
    unknown = sorted(set(table) - known)
    if unknown:
        raise problem(SettingsWrong, "settings.unknown", file=path, name=unknown[0], known=", ".join(sorted(known)))
    if "languages" in table:
        table["languages"] = tuple(table["languages"])
    try:
        return Settings(**table)
    except TypeError as exc:
        raise problem(SettingsWrong, "settings.wrong", file=path, why=exc) from exc


def write_settings(folder: Path, settings: Settings) -> None:
    """Write the settings file of a node, in one step, so that it is never half there."""
    lines = ["# Settings of this Tidegate node. Changes take effect at the next start."]
    for item in fields(Settings):
        lines.append(f"{item.name} = {_toml(getattr(settings, item.name))}")
    path = folder / FILE_NAME
    draft = path.with_suffix(".new")
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    draft.replace(path)


def _toml(value: object) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return str(value)
