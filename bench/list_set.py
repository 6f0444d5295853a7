"""A list and queries to screen, made by rule from a seed: real listed names, invented Chinese firms and people, unrelated names.

    python bench/list_set.py FOLDER [--seed 7] [--sdn SDN.csv --alt ALT.csv]

Writes FOLDER/watch.parquet (entity, kind, name, src) and FOLDER/queries.parquet (name, truth, cat, kind); truth is the
entity a query stands for, -1 for an unrelated one. SDN.csv and ALT.csv are OFAC's files as published; without them the
real part is the packaged snapshot of OFAC's narcotics programmes, so that the set can be made anywhere. 15 % of the
real parties and fresh invented ones are kept off the list: they are the unrelated queries and share words with it.
The rules and the order of chance are those of the prototype's gen_data.py: seed 7 with the same files gives the same set.
All invented firms and people are combinations; any likeness to a real one is chance.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from opencc import OpenCC
from pypinyin import lazy_pinyin

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "sanctions" / "ofac"
SDN, ALT = SHARED / "sdn_2024-01-30.csv", SHARED / "alt_2024-09.csv"

# fmt: off
PLACES = [
    ("武汉", "Wuhan"), ("上海", "Shanghai"), ("河北", "Hebei"), ("石家庄", "Shijiazhuang"), ("青岛", "Qingdao"), ("广州", "Guangzhou"),
    ("深圳", "Shenzhen"), ("江苏", "Jiangsu"), ("南京", "Nanjing"), ("杭州", "Hangzhou"), ("济南", "Jinan"), ("重庆", "Chongqing"),
    ("西安", "Xian"), ("天津", "Tianjin"), ("合肥", "Hefei"), ("湖北", "Hubei"), ("郑州", "Zhengzhou"), ("苏州", "Suzhou"),
    ("大连", "Dalian"), ("厦门", "Xiamen"), ("香港", "Hong Kong"), ("常州", "Changzhou"), ("宁波", "Ningbo"), ("福州", "Fuzhou"),
    ("长沙", "Changsha"), ("成都", "Chengdu"),
]
TRADES = [
    ("生物科技", "Biotechnology"), ("化工", "Chemical"), ("医药", "Pharmaceutical"), ("精细化工", "Fine Chemical"),
    ("进出口", "Import and Export"), ("贸易", "Trading"), ("国际贸易", "International Trading"), ("新材料", "New Materials"),
    ("科技", "Technology"), ("机械设备", "Machinery Equipment"), ("制药机械", "Pharmaceutical Machinery"), ("物流", "Logistics"),
    ("电子商务", "E-Commerce"), ("化学", "Chemistry"),
]
LEGAL = [
    ("有限公司", ["Co., Ltd.", "Company Limited", "Co Ltd", "Limited"]), ("股份有限公司", ["Joint Stock Co., Ltd.", "Co., Ltd."]),
    ("有限责任公司", ["Co., Ltd.", "LLC"]), ("集团有限公司", ["Group Co., Ltd.", "(Group) Co., Ltd."]),
]
BRANDS = "华盛达瑞康源泰兴恒丰远博安信诚金鑫宏利凯德莱美嘉瑞达新天海龙腾飞宇科创智云峰润泽沃森亿万佳伟中正平和顺通运百川千禾九州东方南北西明辉光耀星辰"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志文斌宇浩然欣怡子轩梓涵晨曦博思远天佑佳琪雨泽俊豪鹏飞海燕春梅雪莲德胜永福长江"
LATIN = ["Northgate", "Riverside", "Bluebird", "Summit", "Maple", "Cedar", "Global", "Pacific", "Alpine", "Sunrise", "Orion", "Vertex", "Keystone", "Harbor", "Granite", "Meadow", "Falcon", "Lakeview", "Anderson", "Martinez", "Hoffman", "Kowalski", "Johansson", "Rossi", "Dubois", "Tanaka", "Okafor", "Silva", "Novak"]
GOODS = ["Foods", "Logistics", "Textiles", "Furniture", "Motors", "Packaging", "Plastics", "Supplies", "Laboratories", "Freight", "Toys", "Ceramics", "Apparel", "Tools", "Paper", "Seeds"]
FORMS = ["LLC", "Ltd", "Co., Ltd.", "Limited", "Inc.", "GmbH", "有限公司"]
# fmt: on
FORM_AT_END = re.compile(
    r"\b(co\.?,? ?ltd\.?|company limited|limited|ltd\.?|llc|inc\.?|s\.?a\.?( de c\.?v\.?)?|gmbh|corp(oration)?\.?|jsc|ooo|company|co\.?)\s*\.?$",
    re.I,
)

Query = tuple[str, int, str, str]  # name, entity or -1, category, kind
Real = tuple[str, list[str]]  # kind, names


@dataclass(frozen=True, slots=True)
class Invented:
    """An invented firm (place, trade, form, brand) or person (surname, given name), with its Hanzi and Latin name."""

    kind: str
    han: str
    latin: str
    brand: str = ""
    place: tuple[str, str] = ("", "")
    trade: tuple[str, str] = ("", "")
    form: str = ""
    surname: str = ""
    given: str = ""


def sound(text: str, *, between: str = "") -> str:
    """Return the pinyin of a text, its first letter raised."""
    return between.join(lazy_pinyin(text)).capitalize()


def make_set(seed: int, real: dict[int, Real]) -> tuple[list[tuple[int, str, str, str]], list[Query]]:
    """Return (rows of the list: entity, kind, name, source; queries) for a seed and real parties by number."""
    r = random.Random(seed)
    numbers = sorted(real)
    r.shuffle(numbers)
    apart = set(numbers[: int(len(numbers) * 0.15)])
    watch: list[tuple[int, str, str, str]] = []
    listed: list[tuple[int, str, list[str]]] = []
    unlisted: list[Real] = []
    for number in numbers:
        kind, names = real[number][0], list(dict.fromkeys(real[number][1]))
        if number in apart:
            unlisted.append((kind, names))
            continue
        watch += [(len(listed), kind, name, "ofac") for name in names]
        listed.append((len(listed), kind, names))
    seen: set[str] = set()
    invented: list[tuple[int, Invented, list[str]]] = []
    for one in _distinct(_firm, 9000, seen, r) + _distinct(_person, 4000, seen, r):
        entity = len(listed) + len(invented)
        names = _names_of(one, r)
        watch += [(entity, one.kind, name, "syn") for name in names]
        invented.append((entity, one, names))
    queries = list(_about_real(listed, r))
    queries += _about_invented(invented, r)
    queries += _unrelated(listed, invented, unlisted, seen, r)
    r.shuffle(queries)
    return watch, queries


def _firm(r: random.Random) -> Invented:
    place, trade, form = r.choice(PLACES), r.choice(TRADES), r.choice(LEGAL)
    brand = "".join(r.sample(BRANDS, 2 if r.random() < 0.8 else 3))
    latin = f"{place[1]} {sound(brand)} {trade[1]} {r.choice(form[1])}"
    return Invented("firm", place[0] + brand + trade[0] + form[0], latin, brand, place, trade, form[0])


def _person(r: random.Random) -> Invented:
    surname, given = r.choice(SURNAMES), "".join(r.sample(GIVEN, 2 if r.random() < 0.8 else 1))
    latin = f"{sound(surname).upper()}, {sound(given)}"
    return Invented("person", surname + given, latin, surname=surname, given=given)


def _distinct(
    make: Callable[[random.Random], Invented], count: int, seen: set[str], r: random.Random
) -> list[Invented]:
    out: list[Invented] = []
    while len(out) < count:
        one = make(r)
        if one.han not in seen:
            seen.add(one.han)
            out.append(one)
    return out


def _names_of(one: Invented, r: random.Random) -> list[str]:
    """Return the names an invented party is listed under: Latin always, Hanzi mostly, pinyin at times."""
    names = [one.latin] + ([one.han] if r.random() < 0.7 else [])
    if r.random() < 0.3:
        firm = f"{sound(one.place[0])} {sound(one.brand)} {sound(one.trade[0])} {sound(one.form)}"
        names.append(firm if one.kind == "firm" else f"{sound(one.given)} {sound(one.surname)}")
    return names


def _slip(text: str, r: random.Random) -> str:
    """Return a text with one slip of the keys, two if it is long."""
    for _ in range(1 if len(text) < 14 else 2):
        at, letter = r.randrange(1, max(2, len(text) - 1)), r.choice("abcdefghiklmnoprstuwyz")
        kind = r.random()
        if kind < 0.3:
            text = text[:at] + text[at + 1 :]
        elif kind < 0.55:
            text = text[:at] + letter + text[at:]
        elif kind < 0.8:
            text = text[:at] + letter + text[at + 1 :]
        else:
            text = text[: at - 1] + text[at : at + 1] + text[at - 1 : at] + text[at + 1 :]
    return text


def _about_real(listed: list[tuple[int, str, list[str]]], r: random.Random) -> Iterator[Query]:
    r.shuffle(listed)
    for entity, kind, names in listed[:2500]:
        name = r.choice(names)
        yield name, entity, "exact", kind
        yield _slip(name.lower(), r), entity, "typo", kind
        if kind == "person":
            if "," in name:
                last, first = name.split(",", 1)
                yield f"{first} {last}".strip().title(), entity, "order", kind
            parts = name.replace(",", " ").split()
            if len(parts) > 3:
                yield " ".join(parts[:1] + parts[-1:] + parts[1:2]), entity, "dropped", kind
        elif kind == "firm":
            yield FORM_AT_END.sub("", name).rstrip(" ,.") + " " + r.choice(FORMS), entity, "legal", kind


def _about_invented(invented: list[tuple[int, Invented, list[str]]], r: random.Random) -> Iterator[Query]:
    traditional = OpenCC("s2t")
    r.shuffle(invented)
    for entity, one, names in invented[:3000]:
        has_han = any(ord(char) > 0x2E80 for name in names for char in name)
        if one.kind == "firm":
            other_form = one.place[0] + one.brand + one.trade[0] + r.choice(LEGAL)[0]
            yield other_form, entity, "hanzi_legal" if has_han else "hanzi_vs_latin", "firm"
            if has_han:
                yield " ".join(lazy_pinyin(one.han)).upper(), entity, "pinyin_vs_hanzi", "firm"
                yield traditional.convert(one.han), entity, "traditional", "firm"
            split = f"{one.place[1]} {sound(one.brand, between=' ')} {one.trade[1]} {r.choice(FORMS[:4])}"
            yield split, entity, "pinyin_split", "firm"
        else:
            yield one.han, entity, "hanzi_exact" if has_han else "hanzi_vs_latin_person", "person"
            yield f"{sound(one.given, between='-')} {sound(one.surname)}", entity, "pinyin_split_person", "person"


def _unrelated(
    listed: list[tuple[int, str, list[str]]],
    invented: list[tuple[int, Invented, list[str]]],
    unlisted: list[Real],
    seen: set[str],
    r: random.Random,
) -> Iterator[Query]:
    """Yield names of nobody on the list; those that sound as a listed one does are left out: no name tells them apart."""

    def sounds(one: Invented) -> str:
        return "".join(sorted(lazy_pinyin(one.han)))

    taken = {sounds(one) for _, one, _ in invented}
    brands = {(one.place[1], sound(one.brand)) for _, one, _ in invented if one.kind == "firm"}
    written = {name.lower() for _, _, names in listed for name in names}
    for kind, names in unlisted:
        if not any(name.lower() in written for name in names):
            yield r.choice(names), -1, "neg_ofac", kind
    for one in _distinct(_firm, 5000, seen, r):
        if sounds(one) not in taken and (one.place[1], sound(one.brand)) not in brands:
            yield one.latin if r.random() < 0.6 else one.han, -1, "neg_firm", "firm"
    for one in _distinct(_person, 2500, seen, r):
        if sounds(one) not in taken:
            other_way = f"{sound(one.given)} {sound(one.surname)}"
            yield other_way if r.random() < 0.6 else one.han, -1, "neg_person", "person"
    for _ in range(5000):
        name = f"{r.choice(LATIN)} {r.choice(LATIN)} {r.choice(GOODS)} {r.choice(FORMS[:6])}"
        yield name, -1, "neg_latin", "firm"


def read_ofac(sdn: Path, alt: Path) -> dict[int, Real]:
    """Return the parties of OFAC's sdn.csv and alt.csv by number: kind, primary name first."""
    kinds = {"individual": "person", "vessel": "other", "aircraft": "other"}
    out: dict[int, Real] = {}
    for row in _rows(sdn):
        out[int(row[0])] = (kinds.get(row[2].strip(), "firm"), [row[1].strip()])
    for row in _rows(alt):
        if int(row[0]) in out:
            out[int(row[0])][1].append(row[3].strip())
    return out


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        yield from (row for row in csv.reader(file) if len(row) > 3 and row[0].isdigit())


def packaged() -> dict[int, Real]:
    """Return the parties of the packaged snapshot of OFAC's narcotics programmes."""
    from tidegate.lists.packaged import packaged_lists

    parties = [party for watchlist in packaged_lists() for party in watchlist.parties]
    kinds = {"Person": "person", "Organization": "firm"}
    return {at: (kinds.get(party.schema, "other"), list(party.names)) for at, party in enumerate(parties)}


def write_set(folder: Path, seed: int, sdn: Path | None = None, alt: Path | None = None) -> str:
    """Write the set into a folder and return where its real part is from. Without files: OFAC's beside us, or packaged."""
    if sdn is None and alt is None and SDN.is_file() and ALT.is_file():
        sdn, alt = SDN, ALT
    if sdn and alt:
        real, source = read_ofac(sdn, alt), f"OFAC {sdn.name} and {alt.name}"
    else:
        real, source = packaged(), "the packaged snapshot of OFAC's narcotics programmes"
    watch, queries = make_set(seed, real)
    folder.mkdir(parents=True, exist_ok=True)
    entity, kind, name, src = zip(*watch, strict=True)
    pq.write_table(
        pa.table({"entity": pa.array(entity, pa.int32()), "kind": kind, "name": name, "src": src}),
        folder / "watch.parquet",
    )
    name, truth, cat, kind = zip(*queries, strict=True)
    pq.write_table(
        pa.table({"name": name, "truth": pa.array(truth, pa.int32()), "cat": cat, "kind": kind}),
        folder / "queries.parquet",
    )
    return source


def main() -> None:
    """Make the set and say what is in it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--sdn", type=Path, default=None)
    options.add_argument("--alt", type=Path, default=None)
    chosen = options.parse_args()
    source = write_set(chosen.folder, chosen.seed, chosen.sdn, chosen.alt)
    watch, queries = (pq.read_table(chosen.folder / f"{name}.parquet") for name in ("watch", "queries"))
    print(f"{watch.num_rows} listed names, {queries.num_rows} queries, seed {chosen.seed}; real part: {source}")


if __name__ == "__main__":
    main()
