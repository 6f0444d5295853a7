"""Red flags about wallets: RF14 and RF27, by labels that come beside the sheet, and by the words of a payment.

No chain is read here: who stands behind an address, and how near, is what the labels say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tidegate.model.wallets import wallet_key
from tidegate.screening.companions import Wallet
from tidegate.screening.finding import Level
from tidegate.screening.scene import Flag, Scene, first_word, term_pattern

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule

# A platform writes the address as an account or as the payee itself.
WALLET_COLUMNS = ("wallet", "payee_account", "payer_account", "payee", "payer")
MIXER_COLUMNS = ("payee", "payer", "memo", "wallet", "channel")


def labelled_wallet(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A wallet is labelled as listed, or stands within [2] hops of a listed one or a chemical seller's with [10 %] (RF14).

    Only the wallet that is listed itself may hold; what is near asks for a look.
    """
    for row, column, wallet in _labelled(scene):
        near = wallet.hops or 0
        if wallet.category not in ("listed", "chemical-seller"):
            continue
        exposed = wallet.exposure is None or wallet.exposure >= rule.number("min_exposure")
        if near > rule.number("max_hops") or (near and not exposed):
            continue
        direct = wallet.category == "listed" and not near
        level: Level | None = None if direct else "look"
        params = {"wallet": wallet.address, "label": wallet.label or wallet.written, "source": wallet.source}
        params |= {"hops": str(near), "exposure": "?" if wallet.exposure is None else f"{wallet.exposure:.0%}"}
        code = "seen.wallet-near" if near else "seen.wallet-labelled"
        evidence = (wallet_key(wallet.address), wallet.category, params["hops"])
        value = scene.view.text(column, row)
        yield Flag(row, column, value, code, params, evidence, 0.9 if direct else 0.4, level, "wallet", direct)


def mixer_named(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A payment deals with a mixer or a dark market: by its wallet's label, as its party, or in its text or channel (RF27)."""
    told: set[int] = set()
    for row, column, wallet in _labelled(scene):
        if wallet.category == "mixer" and not wallet.hops and row not in told:
            told.add(row)
            params = {"wallet": wallet.address, "label": wallet.label or wallet.written, "source": wallet.source}
            value = scene.view.text(column, row)
            evidence = (wallet_key(wallet.address), wallet.category)
            yield Flag(row, column, value, "seen.wallet-labelled", params, evidence, 0.8, fact="mixer")
    for column in MIXER_COLUMNS:
        for row in scene.view.rows_matching(column, term_pattern("mixer")).tolist():
            text = scene.view.text(column, row)
            if row not in told:
                told.add(row)
                word = first_word("mixer", text)
                yield Flag(row, column, text, "seen.mixer", {"word": word}, (word,), 0.7, fact="mixer")


def _labelled(scene: Scene) -> Iterator[tuple[int, str, Wallet]]:
    """Give each row, column and label of a wallet that the labels beside the sheet know; a row's first column counts."""
    known = {wallet_key(one.address): one for one in scene.companions.wallets or ()}
    told: set[tuple[int, str]] = set()
    for column in WALLET_COLUMNS if known else ():
        if not scene.view.has(column):
            continue
        for row in scene.view.rows_where(column, lambda text: wallet_key(text) in known).tolist():
            key = wallet_key(scene.view.text(column, row))
            if (row, key) not in told:
                told.add((row, key))
                yield row, column, known[key]


KINDS: dict[str, Callable[[Rule, Scene], Iterator[Flag]]] = {
    "labelled-wallet": labelled_wallet,
    "mixer-named": mixer_named,
}
