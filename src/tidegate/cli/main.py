"""The command `tidegate`: finds the one module that a command needs, so that a light command stays light."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from tidegate.cli.options import after_the_command, language_of
from tidegate.cli.usage import SpokenGroup, help_words, set_help_language, speak, usage_problem
from tidegate.errors import TidegateError
from tidegate.wording.problems import problem_text, system_problem

# command as typed -> module of tidegate.cli that registers it
COMMANDS = {
    "open": "open",
    "screen": "screen",
    "match": "match",
    "compare": "compare",
    "identify": "identify",
    "lists": "lists",
    "node": "node",
    "witness": "witness",
    "demo": "demo",
    "report": "report",
    "key": "key",
    "officer": "officer",
    "partner": "partner",
    "agreement": "agreement",
    "case": "case",
    "message": "message",
    "record": "record",
    "meeting": "talks",
    "pledge": "talks",
    "act": "talks",
    "publish": "publish",
    "correct": "publish",
    "audit": "audit",
    "bundle": "bundle",
}


def build_app(words: Sequence[str]) -> typer.Typer:
    """Return the command line app for `words` (the arguments typed), with only the modules those words need."""
    app = typer.Typer(
        name="tidegate", help=help_words("cli.help"), no_args_is_help=True, pretty_exceptions_enable=False,
        add_completion=False, cls=SpokenGroup, context_settings={"help_option_names": ["-h", "--help"]},
    )  # fmt: skip

    @app.callback()
    def common(
        version: bool = typer.Option(
            False, "--version", is_eager=True, callback=_print_version, help=help_words("usage.version")
        ),
    ) -> None:
        """Common options: --json, --lang en|zh|es, --quiet; before the command or behind it."""

    first = next((word for word in words if not word.startswith("-")), "")
    modules = {COMMANDS[first]} if first in COMMANDS else set(COMMANDS.values())
    for module in sorted(modules):
        import_module(f"tidegate.cli.{module}").register(app)
    speak(app)
    return app


def run(words: Sequence[str]) -> int:
    """Run the command line and return its exit code: 0 ran, 1 a check failed, 2 bad usage or unreadable input."""
    words, lang = after_the_command(words), language_of(words)
    set_help_language(lang)
    try:
        result = build_app(words)(args=list(words), standalone_mode=False)
    except TidegateError as problem:
        print(f"tidegate: {problem_text(problem, lang)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
    except OSError as refused:
        print(f"tidegate: {system_problem(refused, lang)}", file=sys.stderr)
        return 2
    except typer.Exit as leaving:
        return leaving.exit_code
    except Exception as problem:
        usage = usage_problem(problem, lang)
        if usage is None:
            raise
        print(f"tidegate: {usage}", file=sys.stderr)
        return 2
    return result if isinstance(result, int) else 0


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"tidegate {version('tidegate')}")
        raise typer.Exit
