"""Options that many commands have: which language, which day, one of a few words. Errors name the option and the mend."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from tidegate.errors import SettingsWrong
from tidegate.wording.problems import problem
from tidegate.wording.sentences import LANGUAGES

_ALONE = frozenset({"--json", "--quiet"})


def language_of(words: Sequence[str]) -> str:
    """Return the language that the arguments `words` ask for with --lang, else English."""
    asked = ""
    for at, word in enumerate(words):
        if word == "--":
            break
        if word == "--lang" and at + 1 < len(words):
            asked = words[at + 1]
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
    return asked if asked in LANGUAGES else "en"


def after_the_command(words: Sequence[str]) -> list[str]:
    """Return `words` with the common options that stand before the command put behind it, where each command reads them.

    Without a command (help is asked, or nothing) they are left out: what they say was read before.
    """
    moved: list[str] = []
    at = 0
    while at < len(words):
        if words[at] in _ALONE or words[at].startswith("--lang="):
            moved.append(words[at])
            at += 1
        elif words[at] == "--lang" and at + 1 < len(words):
            moved += words[at : at + 2]
            at += 2
        else:
            break
    rest = list(words[at:])
    if not rest or rest[0].startswith("-"):
        return _without_common(words)
    end = rest.index("--") if "--" in rest else len(rest)
    return [*rest[:end], *moved, *rest[end:]]


def _without_common(words: Sequence[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(words):
        if words[at] == "--lang" and at + 1 < len(words):
            at += 2
            continue
        if words[at] not in _ALONE and not words[at].startswith("--lang="):
            kept.append(words[at])
        at += 1
    return kept


def check_language(lang: str) -> None:
    """Raise SettingsWrong for a language there are no sentences in."""
    check_choice("--lang", lang, LANGUAGES)


def check_choice(option: str, value: str | None, allowed: Sequence[str]) -> None:
    """Raise SettingsWrong unless `value` is one of `allowed` or was not given."""
    if value is not None and value not in allowed:
        raise problem(SettingsWrong, "option.unknown", option=option, value=value, allowed=", ".join(allowed))


def check_suffix(option: str, name: str, suffix: str, allowed: Sequence[str]) -> None:
    """Raise SettingsWrong unless a file's `suffix` says a form that can be written."""
    if suffix.casefold() not in allowed:
        raise problem(SettingsWrong, "option.suffix", option=option, name=name, allowed=", ".join(allowed))


def civil_day(option: str, text: str | None) -> date:
    """Return the day that `text` names, today (UTC) for None. Raises SettingsWrong naming the option and the form."""
    if text is None:
        return datetime.now(UTC).date()
    from tidegate.model.days import DayUnreadable, parse_civil_day

    try:
        return parse_civil_day(text, "ymd")
    except DayUnreadable as wrong:
        raise problem(SettingsWrong, "option.day", option=option, value=text) from wrong
