"""What the command line library says, in the reader's language: help, its headings, and errors of usage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from tidegate.cli.options import after_the_command
from tidegate.wording.sentences import say

# The library's own English -> the wording code that says it.
_FORMS = (
    (r"Got unexpected extra argument(?:\(s\)|s)? \((.*)\)", "usage.too-many"),
    (r"Option '?([^ ']+)'? requires", "usage.needs-value"),
    (r"(Missing command)\.", "usage.missing-command"),
)
_REASONS = (
    (r"(Input) should be a valid number|'?(.*?)'? is not a valid float", "usage.no-number"),
    (r"(Input) should be a valid integer|'?(.*?)'? is not a valid int", "usage.no-integer"),
    (r"Input should be greater than or equal to (\S+)", "usage.at-least"),
    (r"Input should be less than or equal to (\S+)", "usage.at-most"),
)

_help_language = "en"  # one process reads one command line


def set_help_language(lang: str) -> None:
    """Say help and its headings in `lang`. Called before the modules of the commands are loaded."""
    global _help_language
    _help_language = lang
    if lang == "en":
        return
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = say("usage.arguments", lang)
    rich_utils.OPTIONS_PANEL_TITLE = say("usage.options", lang)
    rich_utils.COMMANDS_PANEL_TITLE = say("usage.commands", lang)
    rich_utils.DEFAULT_STRING = say("usage.default", lang, value="{}")
    rich_utils.REQUIRED_LONG_STRING = say("usage.required", lang)


def help_words(code: str) -> str:
    """Return the help sentence of `code` in the language of this command line."""
    return say(code, _help_language)


class SpokenCommand(TyperCommand):
    """A command whose line of usage and help option are in the language of the command line."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the help option with its words in the language."""
        return _spoken(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        """Return the line of usage in the language."""
        return _usage_line(super().get_usage(ctx))


class SpokenGroup(TyperGroup):
    """A group of commands that speaks the language, and takes the common options before its command too."""

    def parse_args(self, ctx: Any, args: Sequence[str]) -> list[str]:
        """Read the arguments of the group."""
        return super().parse_args(ctx, after_the_command(args))

    def get_help_option(self, ctx: Any) -> Any:
        """Return the help option with its words in the language."""
        return _spoken(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        """Return the line of usage in the language."""
        return _usage_line(super().get_usage(ctx))


def speak(app: typer.Typer) -> None:
    """Let every command and group of `app` speak the language of the command line."""
    for command in app.registered_commands:
        command.cls = SpokenCommand
    for group in app.registered_groups:
        group.cls = SpokenGroup
        if group.typer_instance is not None:
            speak(group.typer_instance)


def _spoken(option: Any) -> Any:
    if option is not None:
        option.help = help_words("usage.help-option")
    return option


def _usage_line(line: str) -> str:
    mark = "Usage: "
    return say("usage.usage", _help_language, usage=line.removeprefix(mark)) if line.startswith(mark) else line


def usage_problem(problem: Exception, lang: str) -> str | None:
    """Return the sentence of a usage error raised by the command line library, else None.

    The library carries its own copy of click, so its errors are known by their form and not by their class.
    """
    names = {kind.__name__ for kind in type(problem).__mro__}
    context = getattr(problem, "ctx", None)
    if "NoArgsIsHelpError" in names:
        return str(context.get_help()) if context is not None else str(problem)
    if "Abort" in names:
        return say("cli.aborted", lang)
    if "ClickException" not in names:
        return None
    words = _in_words(problem, names, lang)
    return f"{words}\n{say('usage.usage', lang, usage=_pieces(context))}" if context is not None else words


def _in_words(problem: Any, names: set[str], lang: str) -> str:
    if "NoSuchOption" in names:
        near = ", ".join(sorted(problem.possibilities or ()))
        code = "usage.no-such-option-near" if near else "usage.no-such-option"
        return say(code, lang, option=problem.option_name, near=near)
    hint = _hint(problem)
    if getattr(problem, "message", "").startswith("No such command "):
        command = problem.message.removeprefix("No such command ").strip("'.")
        return say("usage.no-such-command", lang, command=command)
    for form, code in _FORMS:
        found = re.match(form, getattr(problem, "message", ""))
        if found is not None and not hint:
            return say(code, lang, value=found[1])
    if "MissingParameter" in names and hint:
        return say("usage.missing", lang, what=hint)
    if "BadParameter" in names and hint:
        return say("usage.bad-value", lang, what=hint, why=_why(problem.message, lang))
    return str(problem.format_message())


def _why(message: str, lang: str) -> str:
    """Return in `lang` what is wrong with a value; a reason of another form stays in the library's own words."""
    for form, code in _REASONS:
        found = re.match(form, message)
        if found is not None:
            return say(code, lang, value=found[1])
    return message


def _hint(problem: Any) -> str:
    hint = getattr(problem, "param_hint", None)
    param = getattr(problem, "param", None)
    if hint is None and param is not None:
        hint = param.get_error_hint()
    return hint if isinstance(hint, str) else " / ".join(hint or ())


def _pieces(context: Any) -> str:
    return " ".join([str(context.command_path), *context.command.collect_usage_pieces(context)])
