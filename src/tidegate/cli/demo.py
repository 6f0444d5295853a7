"""`tidegate demo`: the story of two invented sides, played by real processes on this machine."""

from __future__ import annotations

import select
import signal
import sys
import time
from types import FrameType
from typing import Annotated

import typer

from tidegate.cli.acting import Lang
from tidegate.cli.usage import help_words
from tidegate.wording.sentences import say


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("demo", help=help_words("demo.help"))(demo)


def demo(
    once: Annotated[bool, typer.Option("--once", help=help_words("shell.option.once"))] = False,
    seed: Annotated[int, typer.Option("--seed", help=help_words("shell.option.seed"))] = 2022,
    lang: Lang = "en",
) -> None:
    """Play the story. With --once, exit code 0 only if every scene held."""
    from tidegate.demo.stage import set_stage
    from tidegate.demo.story import SCENES, Teller

    for number in (signal.SIGINT, signal.SIGTERM):
        # Set for both: a story started in the background inherits an ignored SIGINT.
        signal.signal(number, _interrupt)
    begin = time.monotonic()
    print(say("story.setting", lang), file=sys.stderr, flush=True)
    stage = set_stage(seed, say=lambda words: None)
    try:
        print(say("story.ready", lang, seconds=f"{time.monotonic() - begin:.1f}"), flush=True)
        teller = Teller(stage, lang, _write)
        if once:
            held = teller.play()
        else:
            _greet(stage, lang)
            held = teller.play(between=lambda number: _wait_for_key(number < len(SCENES)))
        if held:
            print(say("story.all-held", lang, count=len(SCENES), seconds=f"{time.monotonic() - begin:.1f}"), flush=True)
        if held and not once:
            print(say("story.over", lang), flush=True)
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        held = once is False
    finally:
        stage.stop()
    raise typer.Exit(0 if held else 1)


def _write(line: str) -> None:
    print(line, flush=True)


def _greet(stage: object, lang: str) -> None:
    from tidegate.demo.stage import Stage, officers_of

    if not isinstance(stage, Stage):
        raise TypeError("a stage is needed")
    for node in (stage.importing, stage.exporting):
        _write(say("story.address", lang, who=node.agency.name(lang), url=node.settings.desk_url))
        _write(say("story.codes", lang, who=node.agency.name(lang)))
        for officer in officers_of(node.agency):
            _write(f"   {officer.id:12} {stage.codes[node.node_id][officer.id]}   {officer.name}")
    url = f"{stage.importing.settings.public_url}/{lang}/?on=2024-01-28"
    _write(say("story.address", lang, who=say("story.public", lang), url=url))
    _write(say("story.keys", lang))


def _wait_for_key(more: bool) -> None:
    """Wait until Enter is pressed; without a terminal, go on after a breath so that a script can watch."""
    if not more:
        return
    if sys.stdin.isatty():
        select.select([sys.stdin], [], [])
        sys.stdin.readline()
    else:
        time.sleep(0.5)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
