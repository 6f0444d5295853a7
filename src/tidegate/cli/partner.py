"""`tidegate partner`: enrolment by a file carried by hand and eight words read aloud, by two officers on each side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidegate.cli.acting import ENROLLERS, Actor, AsJson, Folder, Lang, Page, PassphraseFile, Quiet, at_node, group
from tidegate.cli.usage import help_words
from tidegate.errors import InputUnreadable
from tidegate.wording.problems import problem
from tidegate.wording.sentences import LANGUAGES, knows

FORKED = "forked"


def register(app: typer.Typer) -> None:
    """Add the command group `partner` to the front door."""
    group(
        app, "partner", {"invite": invite, "accept": accept, "confirm": confirm, "list": list_partners, "greet": greet}
    )


def invite(
    folder: Folder,
    target: Annotated[Path, typer.Argument(metavar="OUT", help=help_words("shell.option.invite-out"))],
    officer: Actor,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Write the file to hand to a partner: our public keys and address, signed."""
    from tidegate.node.enrolment import make_invite

    page = Page(lang, as_json, quiet)
    with (
        at_node(
            folder, page, command="partner invite", officer=officer, roles=ENROLLERS, passphrase_file=passphrase_file
        ) as node,
    ):
        data = make_invite(node)
    try:
        with target.open("xb") as file:
            file.write(data)
    except OSError as exc:
        raise problem(InputUnreadable, "shell.cannot-write", file=target, why=exc) from exc
    page.row({"file": str(target), "bytes": len(data)}, page.say("partner.invite-written", file=target))


def accept(
    folder: Folder,
    file: Annotated[Path, typer.Argument(help=help_words("shell.option.invite-file"))],
    officer: Actor,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Read the partner's file and print the eight words to read aloud. Nothing is trusted yet."""
    from tidegate.node.enrolment import accept_invite

    page = Page(lang, as_json, quiet)
    try:
        data = file.read_bytes()
    except OSError as exc:
        raise problem(InputUnreadable, "shell.cannot-read", file=file, why=exc) from exc
    with (
        at_node(
            folder, page, command="partner accept", officer=officer, roles=ENROLLERS, passphrase_file=passphrase_file
        ) as node,
    ):
        partner_id, _ = accept_invite(node, data, officer=officer)
        from tidegate.web.desk_partners import words_in

        with node.transaction() as tx:
            words = words_in(tx, tx.get("partner", partner_id), lang)
    page.row({"partner": partner_id, "words": list(words)}, " ".join(words))
    page.remark("partner.read-aloud", partner=partner_id)


def confirm(
    folder: Folder,
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help=help_words("shell.option.partner"))],
    words: Annotated[list[str], typer.Argument(metavar="WORD...", help=help_words("shell.option.words"))],
    officer: Actor,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Record that this officer heard the eight words. Two officers open the link."""
    from tidegate.node.enrolment import OFFICERS_NEEDED, confirm_partner
    from tidegate.web.desk_partners import words_in

    page = Page(lang, as_json, quiet)
    with (
        at_node(
            folder, page, command="partner confirm", officer=officer, roles=ENROLLERS, passphrase_file=passphrase_file
        ) as node,
    ):
        with node.transaction() as tx:
            body = tx.get("partner", partner)
            known = {each: words_in(tx, body, each) for each in LANGUAGES}
        heard = " ".join(words).replace("、", " ").replace("，", " ").replace(",", " ").lower().split()
        # The node compares the English words; the same eight numbers stand behind those of every language.
        told = any(heard == [word.lower() for word in each] for each in known.values())
        opened = confirm_partner(
            node, partner, " ".join(known["en"]) if told else " ".join(heard), officer=officer
        )  # fmt: skip
        with node.transaction() as tx:
            count = len(tx.get("partner", partner)["confirmed_by"])
    code = "partner.link-open" if opened else "partner.heard"
    page.row(
        {"partner": partner, "confirmed": opened, "officers": count},
        page.say(code, partner=partner, count=count, needed=OFFICERS_NEEDED),
    )


def list_partners(
    folder: Folder, passphrase_file: PassphraseFile = None, as_json: AsJson = False, lang: Lang = "en",
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """List every partner: state, address and the eight words."""
    from tidegate.model.agency import Agency
    from tidegate.web.desk_partners import words_in

    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        rows = [(key, body, words_in(tx, body, lang)) for key, body in tx.find("partner")]
    for key, body, words in rows:
        name, state = Agency(**body["agency"]).name(lang), page.say(f"desk.partner.{body['state']}")
        page.row(
            {
                "id": key, "name": name, "state": body["state"], "exchange": body["exchange_url"],
                "suite": body["suite"], "confirmed_by": body["confirmed_by"], "words": list(words),
            },
            f"{key}\t{name}\t{state}\t{body['exchange_url']}\t{' '.join(words)}",
        )  # fmt: skip
    if not rows:
        page.remark("desk.partner.none")


def greet(
    folder: Folder,
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help=help_words("shell.option.partner"))],
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Trade keys and compare where both ends of the link stand. Exit code 1 where their pasts differ."""
    from tidegate.node import courier

    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node:
        courier.trade_key_notices(node, partner)
        verdict = courier.greet(node, partner)
    known = knows(f"partner.greet.{verdict}")
    words = page.named("partner.greet", verdict) if known else page.say("desk.refused-by-code", code=verdict)
    page.row({"partner": partner, "verdict": verdict}, words)
    if verdict == FORKED or not known:
        raise typer.Exit(1)
