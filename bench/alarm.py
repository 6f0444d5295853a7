"""Alarm budget: how many rows of innocent consignments stand above `look` against a watchlist.

    python bench/alarm.py --list SDN.csv [--negatives FILE.csv ...] [--out bench/results/alarm.json]

10,000 consignments between invented parties that bear the commonest Chinese firm and person names and, where given,
the names of `--negatives` (column full_name: invented people of many countries). None is a listed party; a row counts
once, whatever its columns. Only names are judged: no identifier, no birth date. `whole` judges as many everyday
consignments between such parties by everything that `tidegate screen` does: names, goods, duties and red flags.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

from everyday import write_everyday
from names import facts

from tidegate.lists.reading import read_list
from tidegate.screening.name_index import build_index
from tidegate.screening.names import NameMatch, match_names, match_threshold
from tidegate.screening.plan import build_plan
from tidegate.screening.watchlist import Watchlist

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = [
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "秀英",
    "丽",
    "强",
    "磊",
    "军",
    "洋",
    "勇",
    "艳",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "秀兰",
    "霞",
    "平",
    "刚",
    "桂英",
    "建华",
    "志强",
    "建国",
    "国强",
    "晓明",
    "海燕",
    "玉兰",
    "文",
    "红",
    "建军",
    "春梅",
]
PLACES = [("上海", "Shanghai"), ("深圳", "Shenzhen"), ("广州", "Guangzhou"), ("武汉", "Wuhan"), ("青岛", "Qingdao"), ("宁波", "Ningbo"), ("杭州", "Hangzhou"), ("河北", "Hebei"), ("山东", "Shandong"), ("香港", "Hong Kong")]  # fmt: skip
BRANDS = [("华盛", "Huasheng"), ("恒通", "Hengtong"), ("鑫源", "Xinyuan"), ("宏达", "Hongda"), ("天成", "Tiancheng"), ("金龙", "Jinlong"), ("东方", "Dongfang"), ("新华", "Xinhua"), ("瑞丰", "Ruifeng"), ("博远", "Boyuan"), ("永泰", "Yongtai"), ("大华", "Dahua"), ("海天", "Haitian"), ("中信达", "Zhongxinda")]  # fmt: skip
TRADES = [("贸易", "Trading"), ("化工", "Chemical"), ("进出口", "Import and Export"), ("科技", "Technology"), ("国际贸易", "International Trading"), ("生物科技", "Biotechnology"), ("物流", "Logistics"), ("机械设备", "Machinery Equipment"), ("实业", "Industrial"), ("电子", "Electronics")]  # fmt: skip


def party(chance: random.Random, negatives: list[str]) -> tuple[str, str]:
    """Return (name, kind) of one invented party."""
    kind = chance.random()
    if negatives and kind < 0.4:
        return chance.choice(negatives), "person"
    if kind < 0.6:
        surname, given = chance.choice(SURNAMES), chance.choice(GIVEN)
        if chance.random() < 0.5:
            return surname + given, "person"
        from pypinyin import lazy_pinyin

        return f"{''.join(lazy_pinyin(given)).capitalize()} {''.join(lazy_pinyin(surname)).capitalize()}", "person"
    place, brand, trade = chance.choice(PLACES), chance.choice(BRANDS), chance.choice(TRADES)
    if chance.random() < 0.5:
        return f"{place[0]}{brand[0]}{trade[0]}有限公司", "firm"
    return f"{place[1]} {brand[1]} {trade[1]} Co., Ltd.", "firm"


def whole_screen(watchlist: Watchlist, rows: int, negatives: list[str]) -> dict[str, object]:
    """Return how many everyday rows stand above `look` when everything is screened, and by which rules."""
    from tidegate.engines.local import LocalEngine
    from tidegate.files.screening_run import screen_files

    chance = random.Random(5)
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "everyday.csv"
        write_everyday(sheet, rows, chance, lambda: party(chance, negatives)[0])
        plan = build_plan([watchlist], on=date(2026, 1, 31))
        screened = screen_files([sheet], plan, LocalEngine(None).run)
    above = [one for one in screened.findings() if one.finding.level != "look"]
    looks = Counter(one.finding.rule for one in screened.findings() if one.finding.level == "look")
    return {
        "rows": screened.rows(), "above_look": screened.rows_above_look(),
        "per_1000": round(1000 * screened.rows_above_look() / max(1, screened.rows()), 2),
        "rows_with_any_finding": screened.rows_with_finding(), "above_by_rule": dict(Counter(one.finding.rule for one in above)),
        "look_by_rule": dict(looks.most_common()),
    }  # fmt: skip


def main() -> None:
    """Run and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--list", type=Path, required=True)
    options.add_argument("--negatives", type=Path, nargs="*", default=[])
    options.add_argument("--rows", type=int, default=10_000)
    options.add_argument("--out", type=Path, default=Path("bench/results/alarm.json"))
    options.add_argument("--show", type=int, default=0)
    chosen = options.parse_args()
    negatives = []
    for file in chosen.negatives:
        with file.open(encoding="utf-8") as source:
            negatives += [row["full_name"] for row in csv.DictReader(source) if row["full_name"]]
    chance = random.Random(20240130)
    consignments = [(party(chance, negatives), party(chance, negatives)) for _ in range(chosen.rows)]
    watchlist = read_list(chosen.list)
    index = build_index([watchlist])
    distinct = sorted({name for pair in consignments for name, _ in pair})
    found = dict(zip(distinct, match_names(distinct, index, limit=1, threshold=match_threshold()), strict=True))

    def worst(pair: tuple[tuple[str, str], tuple[str, str]]) -> NameMatch | None:
        matches = [found[name][0] for name, _ in pair if found[name] and found[name][0].level != "look"]
        return max(matches, key=lambda match: match.score, default=None)

    above = [match for match in map(worst, consignments) if match is not None]
    looks = sum(any(found[name] for name, _ in pair) for pair in consignments)
    everyone = match_names(negatives, index, limit=1, threshold=match_threshold()) if negatives else []
    loud = [matches[0] for matches in everyone if matches and matches[0].level != "look"]
    result = {
        **facts(), "rows": len(consignments), "above_look": len(above), "per_1000": round(1000 * len(above) / len(consignments), 2),
        "rows_with_any_match": looks, "list": watchlist.title, "list_date": watchlist.date, "threshold": match_threshold(),
        "negatives": len(negatives), "negatives_above_look": len(loud),
        "negatives_per_1000": round(1000 * len(loud) / max(1, len(negatives)), 2),
        "whole": whole_screen(watchlist, chosen.rows, negatives),
        "command": "python bench/alarm.py --list SDN.csv --negatives FILE.csv ...",
    }  # fmt: skip
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1, ensure_ascii=False))
    for match in (above + loud)[: chosen.show]:
        print(match.query_name, "|", match.matched_name, match.score, match.level)


if __name__ == "__main__":
    main()
