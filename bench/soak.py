"""The long fault runs: a bad road played over many seeds, seeded faults, kills, flipped bits, cut stories.

    python bench/soak.py [--seeds 2000] [--first 0] [--steps 150] [--crashes 60] [--story] [--every-bit]

Writes bench/results/soak.json. A failing seed is printed and replays with: python bench/soak.py --first SEED --seeds 1
What a run did not measure stands in `not_measured`, never as a nought.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from tests.exchange.test_link import FAULTS  # noqa: E402
from tests.exchange.world import Rules, play  # noqa: E402

from tidegate.errors import TidegateError  # noqa: E402
from tidegate.exchange import link  # noqa: E402
from tidegate.exchange.link import Accepted, LinkItem, LinkRefusal, LinkState  # noqa: E402
from tidegate.gate.refusal import Refusal  # noqa: E402
from tidegate.trust.envelope import open_sealed, seal  # noqa: E402
from tidegate.trust.keys import generate_root, generate_working_keys, make_key_notice, open_key_notice  # noqa: E402

ALL_KEYS = (
    "steps", "lost", "doubled", "out_of_order", "seeded_faults", "kills", "kills_unequal", "story_cuts", "worlds",
    "leaks", "flips", "flips_accepted", "mutants", "mutants_survived", "seeds",
)  # fmt: skip
FAULT_SEEDS = 300


def gives_up_on_a_number(state: LinkState, item: LinkItem, digest: str) -> Accepted | LinkRefusal:
    """Fault: one number is refused for ever."""
    outcome = link.receive(state, item, digest)
    return LinkRefusal("chain-broken", state.next_in, item.sequence) if item.sequence == 5 else outcome


def skips_a_number(state: LinkState, item: LinkItem, digest: str) -> Accepted | LinkRefusal:
    """Fault: the count goes on by two."""
    outcome = link.receive(state, item, digest)
    return Accepted(replace(outcome.state, next_in=item.sequence + 2)) if isinstance(outcome, Accepted) else outcome


def forgets_the_chain(state: LinkState, item: LinkItem, digest: str) -> Accepted | LinkRefusal:
    """Fault: the digest of the item before is not kept."""
    outcome = link.receive(state, item, digest)
    return Accepted(replace(outcome.state, last_in_digest="")) if isinstance(outcome, Accepted) else outcome


def takes_anything(state: LinkState, item: LinkItem, digest: str) -> Accepted | LinkRefusal:
    """Fault: no check at all."""
    return Accepted(replace(state, next_in=item.sequence + 1, last_in_digest=digest))


def stands_still(state: LinkState, item: LinkItem, digest: str) -> Accepted | LinkRefusal:
    """Fault: the effect is kept and the number is not."""
    outcome = link.receive(state, item, digest)
    return Accepted(state) if isinstance(outcome, Accepted) else outcome


def acknowledges_all(state: LinkState, sequence: int) -> LinkState | Refusal:
    """Fault: any receipt counts for everything sent."""
    return replace(state, acked_out=state.next_out - 1)


def acknowledges_backwards(state: LinkState, sequence: int) -> LinkState | Refusal:
    """Fault: an old receipt takes the count back for good."""
    return replace(state, acked_out=min(state.acked_out, sequence - 1))


# Faults about generations alone are not among them: the next hello finds and mends those, so no run sees them.
SEEDED = {
    **FAULTS,
    "one number refused": Rules(receive=gives_up_on_a_number),
    "number skipped": Rules(receive=skips_a_number),
    "chain forgotten": Rules(receive=forgets_the_chain),
    "no check at all": Rules(receive=takes_anything),
    "number not kept": Rules(receive=stands_still),
    "any receipt for all": Rules(acknowledge=acknowledges_all),
    "receipt never counts": Rules(acknowledge=acknowledges_backwards),
}


def main() -> None:
    """Run what was asked for, write bench/results/soak.json, and fail when anything was lost, doubled or accepted."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=2000)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--steps", type=int, default=150)
    options.add_argument("--crashes", type=int, default=0, help="kills of a server and of a writer, each this many")
    options.add_argument("--story", action="store_true", help="kill a node between any two scenes of the story")
    options.add_argument("--every-bit", action="store_true", help="flip every bit of a sealed message, not one a byte")
    chosen = options.parse_args()
    told = _about()
    told |= bad_road(chosen.first, chosen.seeds, chosen.steps)
    told |= seeded_faults()
    told |= flips(every_bit=chosen.every_bit)
    if chosen.crashes:
        told |= kills(chosen.crashes)
    if chosen.story:
        told |= story_cuts()
    told["not_measured"] = [key for key in ALL_KEYS if key not in told]
    target = HERE / "results" / "soak.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(told, ensure_ascii=False, indent=1))
    bad = ("lost", "doubled", "out_of_order", "other_faults", "flips_accepted", "kills_unequal")
    if any(told.get(key) for key in bad) or told["seeded_faults_not_found"] or told.get("story_broke"):
        sys.exit(1)


def bad_road(first: int, seeds: int, steps: int) -> dict[str, object]:
    """Play two ends over a road that loses, repeats, reorders, corrupts and cuts, with backups and restores."""
    found = {"lost": 0, "doubled": 0, "out_of_order": 0, "other_faults": 0}
    failing: list[int] = []
    restores, start = 0, time.monotonic()
    for seed in range(first, first + seeds):
        try:
            restores += play(seed, steps=steps).restores
        except (AssertionError, ValueError) as exc:
            found[_kind_of(str(exc))] += 1
            failing.append(seed)
            print(f"seed {seed}: {exc}", file=sys.stderr)
    return {
        "steps": seeds * steps, **found, "seeds": [first, first + seeds - 1], "failing_seeds": failing,
        "restores": restores, "road_s": round(time.monotonic() - start, 1),
    }  # fmt: skip


def seeded_faults() -> dict[str, object]:
    """Play each fault until a run notices it: seconds to find, and those that 300 runs did not notice."""
    found: dict[str, float] = {}
    missed: list[str] = []
    for name, rules in SEEDED.items():
        start = time.monotonic()
        for seed in range(FAULT_SEEDS):
            try:
                play(seed, rules)
            except (AssertionError, ValueError):
                found[name] = round(time.monotonic() - start, 3)
                break
        else:
            missed.append(name)
    return {"seeded_faults": found, "seeded_faults_not_found": missed}


def flips(*, every_bit: bool) -> dict[str, object]:
    """Flip bits of one sealed message: each byte once, or every bit. None may open."""
    now = datetime.now(UTC).replace(microsecond=0)
    root, sender, recipient = generate_root(1), generate_working_keys(1), generate_working_keys(1)
    data = make_key_notice(
        root, sender, node_id="lantern-quay", serial=1, valid_from=now, valid_until=now + timedelta(days=1)
    )
    notice = open_key_notice(data, root_public=root.public)
    payload = b'{"statement":"' + b"x" * 3000 + b'"}'
    sealed = seal(payload, sender=sender, recipients=[recipient], message_id="tgd-soak")
    if open_sealed(sealed, recipient=recipient, sender=notice) != payload:
        raise RuntimeError("the whole message does not open")
    tried = accepted = 0
    start = time.monotonic()
    for place in range(len(sealed)):
        for bit in range(8) if every_bit else (place % 8,):
            changed = bytearray(sealed)
            changed[place] ^= 1 << bit
            tried += 1
            try:
                open_sealed(bytes(changed), recipient=recipient, sender=notice)
                accepted += 1
            except TidegateError:
                continue
    return {
        "flips": tried, "flips_accepted": accepted, "flipped_bytes": len(sealed),
        "flips_s": round(time.monotonic() - start, 1),
    }  # fmt: skip


def kills(crashes: int) -> dict[str, object]:
    """Kill PostgreSQL and a writing process at random moments; database and logs must agree after each."""
    start = time.monotonic()
    done = _pytest("tests/store/test_crash.py", TIDEGATE_CRASHES=str(crashes))
    # Each of the two tests compares after every kill and stops at the first difference.
    unequal = len(re.findall(r"^FAILED", done, re.MULTILINE))
    if not re.search(r"\b2 passed", done) and not unequal:
        return {"kills_not_run": done.strip().splitlines()[-1] if done.strip() else "no output"}
    return {"kills": 2 * crashes, "kills_unequal": unequal, "kills_s": round(time.monotonic() - start, 1)}


def story_cuts() -> dict[str, object]:
    """Kill a node between any two scenes of the story; it must go on with nothing lost or doubled."""
    from tidegate.demo.story import SCENES

    start = time.monotonic()
    done = _pytest("tests/demo/test_story.py::test_a_node_killed_between_any_two_scenes_loses_and_doubles_nothing")
    told = {"story_s": round(time.monotonic() - start, 1)}
    if re.search(r"\b1 passed", done):
        return {"story_cuts": len(SCENES) - 1, **told}
    return {"story_broke": done.strip().splitlines()[-1] if done.strip() else "no output", **told}


def _pytest(*what: str, **environment: str) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-rf", "-p", "no:cacheprovider", "-o", "addopts=", *what]
    done = subprocess.run(
        command, cwd=HERE.parent, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def _kind_of(words: str) -> str:
    if words.startswith("doubled or out of order"):
        messages = re.findall(r"\d+", words)
        return "doubled" if len(set(messages)) < len(messages) else "out_of_order"
    if words.startswith("numbers with a gap"):
        return "out_of_order"
    if "lost" in words or "not received" in words or "come to rest" in words:
        return "lost"
    return "other_faults"


def _about() -> dict[str, object]:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=HERE, capture_output=True, text=True, check=False
    ).stdout.strip()
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    cpu = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())
    return {
        "commit": commit, "date": datetime.now(UTC).isoformat(timespec="seconds"), "cpu": cpu,
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("cryptography", "hypothesis", "psycopg")},
    }  # fmt: skip


if __name__ == "__main__":
    main()
