"""Write each bench/results/NAME.json as a page NAME.md: the figures a reader looks for first, the rest below."""

from __future__ import annotations

import json
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results"
ABOUT = ("commit", "date", "cpu", "python", "command")


def main() -> None:
    """Write one page for each result file."""
    for file in sorted(RESULTS.glob("*.json")):
        data = json.loads(file.read_text(encoding="utf-8"))
        lines = [f"# {file.stem}", "", *(f"- {key}: {data[key]}" for key in ABOUT if key in data), ""]
        for key, value in data.items():
            if key not in ABOUT:
                lines += _section(key, value)
        file.with_suffix(".md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _section(key: str, value: object) -> list[str]:
    """Return one figure as a line, one table of figures as a table."""
    if isinstance(value, dict) and value and all(isinstance(row, dict) for row in value.values()):
        columns = list(dict.fromkeys(name for row in value.values() for name in row))
        table = [f"| {key} | {' | '.join(columns)} |", f"|---{'|---' * len(columns)}|"]
        table += [f"| {name} | {' | '.join(str(row.get(one, '')) for one in columns)} |" for name, row in value.items()]
        return [*table, ""]
    if isinstance(value, dict):
        return [f"- {key}: {', '.join(f'{name} {one}' for name, one in value.items())}"]
    if isinstance(value, list):
        return [f"- {key}:", *(f"  - {json.dumps(one, ensure_ascii=False)}" for one in value)]
    return [f"- {key}: {value}"]


if __name__ == "__main__":
    main()
