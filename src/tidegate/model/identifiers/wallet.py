"""Wallet addresses on public chains: Bitcoin, Ethereum and its kin, Tron. Checks: Base58Check, BIP 173 and BIP 350, and shape.

Ethereum's mixed-case check (EIP-55) needs Keccak, which the standard library lacks: for 0x addresses only the shape is
checked, and case carries no meaning. Bitcoin and Tron addresses are compared exactly.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

Chain = Literal["bitcoin", "ethereum", "tron"]

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_CONSTANT, _BECH32M_CONSTANT = 1, 0x2BC830A3
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_ETHEREUM = re.compile(r"^0[xX][0-9a-fA-F]{40}$")
_BASE58_SHAPE = re.compile(rf"^[13T][{_BASE58}]{{25,34}}$")
_INSIDE = re.compile(
    rf"(?<![A-Za-z0-9])(0[xX][0-9a-fA-F]{{40}}|(?:bc1|BC1)[0-9A-Za-z]{{8,87}}|[13T][{_BASE58}]{{25,34}})(?![A-Za-z0-9])"
)
_VERSIONS: dict[int, Chain] = {0x00: "bitcoin", 0x05: "bitcoin", 0x41: "tron"}


@dataclass(frozen=True, slots=True)
class Wallet:
    """An address in the form it is compared by, and the chain its form belongs to.

    A 0x address is the same on every chain of Ethereum's kind; `chain` says "ethereum" for all of them.
    """

    address: str
    chain: Chain


def parse_wallet(text: str) -> Wallet | None:
    """Return the address in comparable form, or None if `text` holds none or its check fails."""
    plain = text.strip()
    if _ETHEREUM.match(plain):
        return Wallet(plain.lower(), "ethereum")
    if plain[:3].lower() == "bc1":
        return Wallet(plain.lower(), "bitcoin") if _bech32_is_right(plain) else None
    if _BASE58_SHAPE.match(plain):
        version = _base58_version(plain)
        chain = None if version is None else _VERSIONS.get(version)
        return Wallet(plain, chain) if chain else None
    return None


def find_wallets(text: str) -> tuple[Wallet, ...]:
    """Return every right address in `text`, in order, each once."""
    found = [parse_wallet(candidate) for candidate in _INSIDE.findall(text)]
    return tuple(dict.fromkeys(wallet for wallet in found if wallet))


def _base58_version(text: str) -> int | None:
    """Return the version byte of a Base58Check text whose four check bytes are right, else None."""
    number = 0
    for sign in text:
        number = number * 58 + _BASE58.index(sign)
    zeros = len(text) - len(text.lstrip("1"))
    data = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    if len(data) != 25:
        return None
    body, check = data[:-4], data[-4:]
    return body[0] if hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4] == check else None


def _bech32_is_right(text: str) -> bool:
    """Tell whether a bc1 address passes its check: Bech32 for version 0 (BIP 173), Bech32m above (BIP 350)."""
    if text != text.lower() and text != text.upper():
        return False
    human, _, data = text.lower().rpartition("1")
    if human != "bc" or len(text) > 90 or len(data) < 7 or any(sign not in _BECH32 for sign in data):
        return False
    values = [_BECH32.index(sign) for sign in data]
    expanded = [ord(sign) >> 5 for sign in human] + [0] + [ord(sign) & 31 for sign in human]
    expected = _BECH32_CONSTANT if values[0] == 0 else _BECH32M_CONSTANT
    return values[0] <= 16 and _polymod(expanded + values) == expected


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            check ^= generator if top >> bit & 1 else 0
    return check
