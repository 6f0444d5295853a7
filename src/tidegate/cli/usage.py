"""What the command line library says, in the reader's language: help, its headings, and errors of usage."""

from __future__ import annotations

from typing import Any

from tidegate.wording.sentences import say

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
    if "MissingParameter" in names and hint:
        return say("usage.missing", lang, what=hint)
    if "BadParameter" in names and hint:
        return say("usage.bad-value", lang, what=hint, why=problem.message)
    return str(problem.format_message())


def _hint(problem: Any) -> str:
    hint = getattr(problem, "param_hint", None)
    param = getattr(problem, "param", None)
    if hint is None and param is not None:
        hint = param.get_error_hint()
    return hint if isinstance(hint, str) else " / ".join(hint or ())


def _pieces(context: Any) -> str:
    return " ".join([str(context.command_path), *context.command.collect_usage_pieces(context)])
