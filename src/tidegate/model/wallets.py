"""Wallet addresses of virtual currencies: the form in which two of them are compared.

Base58 addresses differ by case; hexadecimal ones (EIP-55) and bech32 ones (BIP-173) do not.
"""

from __future__ import annotations


def wallet_key(text: str) -> str:
    """Return the comparable form of an address, "" for a text too short to be one."""
    plain = text.strip()
    lowered = plain.lower()
    if lowered.startswith(("0x", "bc1", "tb1", "ltc1", "addr1", "cosmos1")):
        plain = lowered
    return plain if len(plain) >= 20 and " " not in plain else ""
