"""`tidegate meeting`, `pledge` and `act`: the two-sided records of the talks, as this node holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tidegate.cli.acting import AsJson, Folder, Lang, Page, PassphraseFile, Quiet, at_node, group
from tidegate.cli.usage import help_words

if TYPE_CHECKING:
    from tidegate.talks.act import Act, Count

MeetingId = Annotated[str, typer.Argument(metavar="MEETING", help=help_words("shell.option.meeting"))]


def register(app: typer.Typer) -> None:
    """Add the command groups `meeting`, `pledge` and `act` to the front door."""
    group(app, "meeting", {"list": list_meetings, "show": show_meeting})
    group(app, "pledge", {"list": list_pledges})
    group(app, "act", {"list": list_acts})


def list_meetings(
    folder: Folder, passphrase_file: PassphraseFile = None, as_json: AsJson = False, lang: Lang = "en",
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """List every meeting: day and place, and the state of its minutes."""
    from tidegate.talks.meeting import read_meeting
    from tidegate.talks.minutes import read_minutes_record

    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        rows = [body for _, body in tx.find("meeting")]
    for body in rows:
        meeting = read_meeting(body["meeting"])
        minutes = read_minutes_record(body["minutes"]).state if body["minutes"] is not None else ""
        told = page.say(f"talks.minutes.{minutes}") if minutes else page.say("desk.talks.no-minutes")
        page.row(
            {"id": meeting.id, "number": meeting.number, "day": meeting.day.isoformat(), "place": meeting.place,
             "title": body["title"], "minutes": minutes},
            f"{meeting.id}\t{meeting.day}\t{meeting.place}\t{body['title']}\t{told}",
        )  # fmt: skip
    if not rows:
        page.remark("desk.talks.none")


def show_meeting(
    folder: Folder, meeting_id: MeetingId, passphrase_file: PassphraseFile = None, as_json: AsJson = False,
    lang: Lang = "en", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Show one meeting: delegations by their state, agenda, and the minutes in both languages."""
    from tidegate.talks.meeting import Delegation, read_meeting
    from tidegate.talks.minutes import read_minutes_record
    from tidegate.web.desk_words import names_of

    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        body = tx.get("meeting", meeting_id)
        names = names_of(tx, lang)
    meeting = read_meeting(body["meeting"])
    record = read_minutes_record(body["minutes"]) if body["minutes"] is not None else None
    if as_json:
        page.row({"title": body["title"], **meeting.to_json(), "minutes": body["minutes"],
                  "digest": record.minutes.digest() if record else ""}, "")  # fmt: skip
        return
    print(f"{meeting.day}  {meeting.place}  {body['title']}")
    for side, name in names.items():
        held = meeting.delegations.get(side, Delegation())
        words = [page.say(f"talks.delegation.{held.state}"), *([held.lead] if held.lead else []), *held.offices]
        print(f"  {name}: {'; '.join(words)}")
    for number, item in enumerate(meeting.agenda, 1):
        print(f"  {number}. {item.say(lang)[0]}")
    if record is not None:
        state = page.say(f"talks.minutes.{record.state}")
        print(
            f"{page.say('desk.talks.minutes-version', version=record.minutes.version)}: {state}  {record.minutes.digest()}"
        )
        for number, pair in enumerate(record.minutes.paragraphs, 1):
            print("\n".join(f"  {number}. {text}" for text in pair))


def list_pledges(
    folder: Folder, passphrase_file: PassphraseFile = None, as_json: AsJson = False, lang: Lang = "en",
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """List every pledge by number: who promised what, and whose words these are."""
    from tidegate.talks.pledge import read_pledge
    from tidegate.web.desk_words import names_of

    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        pledges = sorted((read_pledge(body) for _, body in tx.find("pledge")), key=lambda each: each.number)
        names = names_of(tx, lang)
    for pledge in pledges:
        due = pledge.due.isoformat() if pledge.due else page.say("desk.talks.standing-pledge")
        by = ", ".join(names.get(side, side) for side in pledge.by)
        page.row({"id": pledge.id, **pledge.to_json()}, f"{pledge.id}\t{by}\t{due}\t{pledge.title.say(lang)[0]}")
    if not pledges:
        page.remark("desk.talks.no-pledges")


def list_acts(
    folder: Folder, passphrase_file: PassphraseFile = None, as_json: AsJson = False, lang: Lang = "en",
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """List every act with its standing and each side's count."""
    from tidegate.talks.act import read_act
    from tidegate.talks.act import standing as standing_of
    from tidegate.web.desk_words import names_of

    page = Page(lang, as_json, quiet)
    with at_node(folder, page, passphrase_file=passphrase_file) as node, node.transaction() as tx:
        acts = [read_act(body) for _, body in tx.find("act")]
        names = names_of(tx, lang)
    for act in acts:
        standing = standing_of(act)
        words = page.say(standing.code, by=", ".join(names.get(side, side) for side in standing.by))
        document: dict[str, Any] = {**act.to_json(), "standing": standing.kind, "standing_by": list(standing.by)}
        counts = "; ".join(_count_words(each, page, names) for each in act.counts)
        page.row(document, f"{act.id}\t{_day(act)}\t{act.text.say(lang)[0]}\t{counts}\t{words}")
    if not acts:
        page.remark("desk.talks.no-acts")


def _day(act: Act) -> str:
    day = act.in_force or act.effect_seen or act.announced
    return day.isoformat() if day else "-"


def _count_words(count: Count, page: Page, names: dict[str, str]) -> str:
    number = page.say("talks.number-not-given") if count.number is None else str(count.number)
    return f"{number} {count.unit.say(page.lang)[0]} ({names.get(count.by, count.by)})"
