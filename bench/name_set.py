"""Labelled pairs of invented names, by category, made by rule from a seed: to learn weights on one half and judge on the other.

All people and firms are combinations; any likeness to a real one is chance. `make_pairs(seed)` gives (name1, name2,
schema, same, category). Negatives share surname, place, trade or legal form with what they are compared to.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

Pair = tuple[str, str, str, bool, str]

# Han given names and brands with their Mandarin, Wade-Giles and Hong Kong spellings, syllable by syllable
SURNAMES = [
    ("王", "Wang", "Wang", "Wong"), ("李", "Li", "Li", "Lee"), ("张", "Zhang", "Chang", "Cheung"), ("陈", "Chen", "Ch'en", "Chan"),
    ("黄", "Huang", "Huang", "Wong"), ("周", "Zhou", "Chou", "Chow"), ("徐", "Xu", "Hsu", "Tsui"), ("谢", "Xie", "Hsieh", "Tse"),
    ("曹", "Cao", "Ts'ao", "Tso"), ("郑", "Zheng", "Cheng", "Cheng"), ("梁", "Liang", "Liang", "Leung"), ("吴", "Wu", "Wu", "Ng"),
    ("蔡", "Cai", "Ts'ai", "Choi"), ("何", "He", "Ho", "Ho"), ("郭", "Guo", "Kuo", "Kwok"), ("邓", "Deng", "Teng", "Tang"),
    ("欧阳", "Ouyang", "Ouyang", "Au Yeung"), ("司徒", "Situ", "Szu-t'u", "Szeto"), ("吕", "Lü", "Lü", "Lui"), ("叶", "Ye", "Yeh", "Yip"),
]  # fmt: skip
GIVEN = [
    ("志", "zhi", "chih", "chi"), ("明", "ming", "ming", "ming"), ("国", "guo", "kuo", "kwok"), ("强", "qiang", "ch'iang", "keung"),
    ("晓", "xiao", "hsiao", "hiu"), ("伟", "wei", "wei", "wai"), ("德", "de", "te", "tak"), ("华", "hua", "hua", "wah"),
    ("荣", "rong", "jung", "wing"), ("玉", "yu", "yü", "yuk"), ("珍", "zhen", "chen", "chun"), ("文", "wen", "wen", "man"),
    ("建", "jian", "chien", "kin"), ("春", "chun", "ch'un", "chun"), ("雪", "xue", "hsüeh", "suet"), ("海", "hai", "hai", "hoi"),
    ("龙", "long", "lung", "lung"), ("秀", "xiu", "hsiu", "sau"), ("绿", "lü", "lü", "luk"), ("泽", "ze", "tse", "chak"),
]  # fmt: skip
PLACES = [("武汉", "Wuhan"), ("河北", "Hebei"), ("石家庄", "Shijiazhuang"), ("重庆", "Chongqing"), ("厦门", "Xiamen"), ("青岛", "Qingdao"), ("广州", "Guangzhou"), ("西安", "Xi'an"), ("长沙", "Changsha"), ("香港", "Hong Kong")]  # fmt: skip
TRADES = [
    ("生物科技", "Biotechnology", "Biotech"), ("化工", "Chemical", "Chem"), ("医药", "Pharmaceutical", "Pharma"), ("进出口", "Import and Export", "Imp. & Exp."),
    ("国际贸易", "International Trading", "Int'l Trading"), ("新材料", "New Materials", "New Material"), ("机械", "Machinery", "Machinery"), ("物流", "Logistics", "Logistics"),
    ("电子", "Electronics", "Electronic"), ("科技", "Technology", "Tech"),
]  # fmt: skip
BRANDS = [("北极兔", "bei ji tu"), ("灯塔", "deng ta"), ("海鹭", "hai lu"), ("云雀", "yun que"), ("金瓜", "jin gua"), ("青柠", "qing ning"), ("纸鹤", "zhi he"), ("石榴", "shi liu"), ("蓝鲸", "lan jing"), ("松果", "song guo"), ("夜莺", "ye ying"), ("木舟", "mu zhou"), ("铁树", "tie shu"), ("竹蜻", "zhu qing"), ("白鹤滩", "bai he tan"), ("风铃", "feng ling"), ("柚香", "you xiang"), ("雪橇", "xue qiao")]  # fmt: skip
HAN_LEGAL = ["有限公司", "股份有限公司", "有限责任公司", "集团有限公司"]
EN_LEGAL = ["Co., Ltd.", "Company Limited", "Co Ltd", "Limited", "LLC", "Ltd."]
WORDS = ["Lantern", "Quay", "Harbour", "Northgate", "Bluebird", "Copper", "Heron", "Granite", "Meadow", "Falcon", "Juniper", "Willow", "Orchard", "Pebble", "Ferry", "Thistle", "Saffron", "Marble", "Kestrel", "Anchor", "Cobalt", "Bramble", "Dovetail", "Ember", "Fathom", "Glimmer"]  # fmt: skip
EN_TRADES = [
    "Trading",
    "Chemicals",
    "Logistics",
    "Foods",
    "Textiles",
    "Shipping",
    "Pharma",
    "Plastics",
    "Machinery",
    "Investments",
    "Construction",
    "Electronics",
]
FIRST = [("William", "Bill"), ("Robert", "Bob"), ("Elizabeth", "Liz"), ("Michael", "Mike"), ("James", "Jim"), ("Margaret", "Peggy"), ("Francisco", "Paco"), ("Jose", "Pepe"), ("Alexander", "Sasha"), ("Katherine", "Kate"), ("Edward", "Ted"), ("Ignacio", "Nacho"), ("Richard", "Dick"), ("Mikhail", "Misha"), ("Vladimir", "Vova")]  # fmt: skip
LAST = ["Harrowgate", "Pembrook", "Thistlewood", "Marchbank", "Quillfeather", "Ostrander", "Wickenby", "Larkmoor", "Bellweather", "Fennimore", "Strandvik", "Kellermann", "Brightwater", "Ashdown", "Torrisdale", "Vantongeren"]  # fmt: skip
ES_FIRST = [
    "Juan Carlos",
    "Maria Elena",
    "Luis Alberto",
    "Rosa Isela",
    "Jorge",
    "Miguel Angel",
    "Ana Lucia",
    "Hector",
    "Raul",
    "Sofia",
]
ES_LAST = [
    "Quintanar",
    "Olvera",
    "Zaragoza",
    "Barrientos",
    "Escamilla",
    "Villaseñor",
    "Urquidi",
    "Montelongo",
    "Arizmendi",
    "Cervantes",
    "Ibañez",
    "Peñaloza",
    "Carranza",
    "Solorzano",
]
RU = [("Сергей", "Sergei Sergey Serguei"), ("Дмитрий", "Dmitry Dmitrii Dmitri"), ("Юрий", "Yuri Yury Iurii"), ("Евгений", "Yevgeny Evgenii Evgeniy"), ("Алексей", "Alexei Aleksey Alexey"), ("Наталья", "Natalya Natalia Nataliya")]  # fmt: skip
RU_LAST = [("Щербаков", "Shcherbakov Scherbakov Sherbakov"), ("Журавлёв", "Zhuravlev Zhuravlyov Juravlev"), ("Хохлов", "Khokhlov Hohlov Chochlow"), ("Цветков", "Tsvetkov Cvetkov Zwetkow"), ("Яблоков", "Yablokov Iablokov Jablokow"), ("Вьюгин", "Vyugin Viugin Vjugin")]  # fmt: skip
AR = [("محمد", "Mohamed Muhammad Mohammad"), ("حسين", "Hussein Husayn Hussain"), ("خالد", "Khaled Khalid"), ("يوسف", "Yousef Yusuf Youssef"), ("عبد الرحمن", "Abdulrahman Abdel-Rahman Abd al-Rahman"), ("مصطفى", "Mustafa Mostafa Moustafa"), ("سليمان", "Suleiman Sulayman Soliman")]  # fmt: skip
AR_LAST = [("القحطاني", "Al-Qahtani Al Kahtani"), ("الزهراني", "Al-Zahrani Alzahrani"), ("بركات", "Barakat Barakaat"), ("الشامي", "Al-Shami El-Shamy"), ("درويش", "Darwish Darwesh"), ("المنصوري", "Al-Mansouri Al Mansoori")]  # fmt: skip
KO = [
    ("김", "Kim Gim"),
    ("이", "Lee Yi Rhee"),
    ("박", "Park Pak"),
    ("최", "Choi Choe"),
    ("정", "Jung Jeong Chung"),
    ("조", "Cho Jo"),
]
KO_GIVEN = [("민수", "Min-su|Minsoo|Min Soo"), ("영호", "Yeong-ho|Young Ho|Yong-ho"), ("지훈", "Ji-hoon|Jihun|Chi-hun"), ("은정", "Eun-jung|Eunjeong|Un-jong"), ("태현", "Tae-hyun|Taehyeon|Tae Hyon")]  # fmt: skip
HI = [("राजेश", "Rajesh"), ("सुनील", "Sunil"), ("अनिल", "Anil"), ("विजय", "Vijay"), ("संजय", "Sanjay")]
HI_LAST = [("शर्मा", "Sharma"), ("वर्मा", "Verma"), ("गुप्ता", "Gupta"), ("मिश्रा", "Mishra"), ("यादव", "Yadav")]
KANA = [("サクラ", "Sakura"), ("ヒカリ", "Hikari"), ("アオゾラ", "Aozora"), ("ミナト", "Minato"), ("カモメ", "Kamome")]
FORMS = [("GmbH", "Gesellschaft mit beschränkter Haftung"), ("S.A.", "Sociedad Anónima"), ("OOO", "Limited Liability Company"), ("S.A. de C.V.", "SA de CV"), ("Ltda.", "Limitada"), ("AG", "Aktiengesellschaft"), ("Pty Ltd", "Proprietary Limited"), ("Sdn. Bhd.", "Sdn Bhd"), ("B.V.", "BV"), ("S.p.A.", "Società per Azioni"), ("JSC", "Joint Stock Company"), ("Inc.", "Incorporated")]  # fmt: skip
LOOKS = str.maketrans({"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "A": "А", "B": "В", "H": "Н"})


def make_pairs(seed: int, each: int = 40) -> list[Pair]:
    """Return `each` positives and about as many negatives of every category, in a fixed order for one seed."""
    chance = random.Random(seed)
    pairs: list[Pair] = []
    for category, maker in CATEGORIES.items():
        for _ in range(each):
            for one, other, schema, same in maker(chance):
                pairs.append((one, other, schema, same, category))
    return pairs


def _zh_person(r: random.Random, given: int = 0) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    return r.choice(SURNAMES), r.sample(GIVEN, given or r.choice([1, 2, 2, 2]))


def _spell(person: tuple[tuple[str, ...], list[tuple[str, ...]]], system: int, style: str, r: random.Random) -> str:
    surname, given = person
    parts = [item[system] for item in given]
    name = {"joined": "".join(parts).capitalize(), "split": " ".join(p.capitalize() for p in parts), "hyphen": "-".join(parts).capitalize()}[style]  # fmt: skip
    return r.choice([f"{surname[system]} {name}", f"{name} {surname[system]}", f"{surname[system].upper()}, {name}"])


def _other_person(
    r: random.Random, person: tuple[tuple[str, ...], list[tuple[str, ...]]]
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return someone else: same surname with one given syllable changed, or another surname that reads otherwise."""
    surname, given = person
    if r.random() < 0.6:
        changed = list(given)
        changed[r.randrange(len(changed))] = r.choice([g for g in GIVEN if g not in given and all(g[k] not in {x[k] for x in given} for k in (1, 2, 3))])  # fmt: skip
        return surname, changed
    return r.choice([s for s in SURNAMES if not {s[1], s[2], s[3]} & {surname[1], surname[2], surname[3]}]), given


def _han(person: tuple[tuple[str, ...], list[tuple[str, ...]]]) -> str:
    return person[0][0] + "".join(item[0] for item in person[1])


def _zh(system: int, style: str) -> Callable[[random.Random], Iterator[tuple[str, str, str, bool]]]:
    def make(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
        person = _zh_person(r, 2 if style != "joined" else 0)
        yield _han(person), _spell(person, system, style, r), "Person", True
        yield _han(_other_person(r, person)), _spell(person, system, style, r), "Person", False

    return make


def _zh_latin(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    person = _zh_person(r, 2)
    yield _spell(person, 1, "joined", r), _spell(person, 1, r.choice(["split", "hyphen"]), r), "Person", True
    yield _spell(person, 1, "joined", r), _spell(_other_person(r, person), 1, "split", r), "Person", False


def _zh_same_sound(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    person = _zh_person(r, 2)
    other = {
        "志": "智",
        "明": "鸣",
        "国": "果",
        "伟": "苇",
        "文": "雯",
        "华": "骅",
        "海": "醢",
        "建": "健",
        "玉": "钰",
        "德": "得",
    }
    han = _han(person)
    swapped = "".join(other.get(char, char) if at else char for at, char in enumerate(han))
    if swapped != han:
        yield han, swapped, "Person", False
    yield han, f"{han[: len(person[0][0])]} {han[len(person[0][0]) :]}", "Person", True


def _zh_english_given(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    person = _zh_person(r, 2)
    first = r.choice(["Jason", "Michael", "Vivian", "Kevin", "Grace", "Tony", "Amy"])
    given = "".join(item[1] for item in person[1]).capitalize()
    yield f"{first} {given} {person[0][1]}", _han(person), "Person", True
    yield f"{person[0][3]} {' '.join(i[3].capitalize() for i in person[1])}, {first}", _han(person), "Person", True
    yield f"{first} {given} {person[0][1]}", _han(_other_person(r, person)), "Person", False


def _firm(r: random.Random) -> tuple[tuple[str, str], tuple[str, str], tuple[str, str, str], str]:
    return r.choice(PLACES), r.choice(BRANDS), r.choice(TRADES), r.choice(HAN_LEGAL)


def _firm_han(firm: tuple[tuple[str, str], tuple[str, str], tuple[str, str, str], str]) -> str:
    return firm[0][0] + firm[1][0] + firm[2][0] + firm[3]


def _firm_en(
    r: random.Random, firm: tuple[tuple[str, str], tuple[str, str], tuple[str, str, str], str], split: bool = False
) -> str:
    brand = " ".join(p.capitalize() for p in firm[1][1].split()) if split else firm[1][1].replace(" ", "").capitalize()
    return f"{firm[0][1]} {brand} {firm[2][r.choice([1, 1, 2])]} {r.choice(EN_LEGAL)}"


def _other_firm(r: random.Random, firm: tuple[tuple[str, str], tuple[str, str], tuple[str, str, str], str]):  # type: ignore[no-untyped-def]
    kind = r.random()
    brands = [b for b in BRANDS if b[0] != firm[1][0]]
    if kind < 0.6:
        return firm[0], r.choice(brands), firm[2], firm[3]
    if kind < 0.8:
        return (
            firm[0],
            firm[1],
            r.choice(
                [
                    t
                    for t in TRADES
                    if t[0][-2:] != firm[2][0][-2:] and t[0] not in ("科技", "生物科技", "国际贸易", "进出口")
                ]
            ),
            firm[3],
        )
    return r.choice([p for p in PLACES if p != firm[0]]), r.choice(brands), firm[2], firm[3]


def _firm_cross(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    firm = _firm(r)
    yield _firm_han(firm), _firm_en(r, firm, r.random() < 0.5), "Company", True
    yield _firm_han(_other_firm(r, firm)), _firm_en(r, firm, r.random() < 0.5), "Company", False


def _firm_pinyin(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    firm = _firm(r)
    from pypinyin import lazy_pinyin

    sounds = lazy_pinyin(firm[0][0]) + firm[1][1].split() + lazy_pinyin(firm[2][0]) + lazy_pinyin(firm[3])
    text = (
        " ".join(sounds)
        if r.random() < 0.5
        else f"{''.join(lazy_pinyin(firm[0][0]))} {firm[1][1].replace(' ', '')} {''.join(lazy_pinyin(firm[2][0]))} {''.join(lazy_pinyin(firm[3]))}"
    )
    yield text.upper(), _firm_han(firm), "Company", True
    yield text.upper(), _firm_han(_other_firm(r, firm)), "Company", False
    yield text.title(), _firm_en(r, firm), "Company", True


def _firm_han_variants(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    firm = _firm(r)
    from opencc import OpenCC

    yield OpenCC("s2t").convert(_firm_han(firm)), _firm_han(firm), "Company", True
    yield firm[0][0] + firm[1][0] + firm[2][0] + r.choice(["公司", "有限公司", "厂"]), _firm_han(firm), "Company", True
    yield _firm_han(firm), _firm_han(_other_firm(r, firm)), "Company", False


def _west(r: random.Random) -> tuple[str, str, str]:
    one, other = r.sample(WORDS, 2)
    return one, other, r.choice(EN_TRADES)


def _legal_forms(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    a, b, t = _west(r)
    short, long = r.choice(FORMS)
    yield f"{a} {b} {t} {short}", f"{a} {b} {t} {long}", "Company", True
    yield f"{a} {b} {t} {short}", f"{a} {b} {t} {r.choice(FORMS)[0]}", "Company", True
    c = r.choice([w for w in WORDS if w not in (a, b)])
    yield f"{a} {b} {t} {short}", f"{a} {c} {t} {long}", "Company", False


def _abbreviation(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    a, b, t = _west(r)
    yield f"{a} {b} International {t} Co., Ltd.", f"{a} {b} Int'l {t} Co", "Company", True
    letters = "".join(w[0] for w in (a, b, t))
    yield f"{letters} Holdings Ltd", f"{a} {b} {t} Holdings Limited", "Company", True
    c, d, t2 = _west(r)
    yield (
        f"{letters} Holdings Ltd",
        f"{c} {d} {t2} Holdings Limited",
        "Company",
        letters == "".join(w[0] for w in (c, d, t2)),
    )


def _dropped(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    a, b, t = _west(r)
    c = r.choice(WORDS)
    yield f"{a} {b} {t} Ltd", f"{a} {b} Ltd", "Company", True
    yield f"{a} {b} {t} Ltd", f"{a} {c} Ltd", "Company", c == b


def _trading_as(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    a, b, t = _west(r)
    c, d, u = _west(r)
    mark = r.choice(
        ["trading as", "t/a", "d/b/a", "f/k/a", "formerly", "a.k.a.", "also known as", "(formerly {})", "anteriormente"]
    )
    one, other = f"{a} {b} {t} Ltd", f"{c} {d} {u} LLC"
    both = f"{one} {mark.format(other)}" if "{" in mark else f"{one} {mark} {other}"
    yield both, one, "Company", True
    yield both, other, "Company", True
    e, f, v = _west(r)
    yield both, f"{e} {f} {v} Ltd", "Company", {e, f} in ({a, b}, {c, d})
    firm, old = _firm(r), _firm(r)
    yield f"{_firm_han(firm)}({r.choice(['原名', '曾用名', '原名:'])}{_firm_han(old)})", _firm_han(old), "Company", True


def _branch_address(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    a, b, t = _west(r)
    base = f"{a} {b} {t} Co., Ltd."
    yield f"{base} {r.choice(['Shanghai Branch', 'Branch Office', '(Ningbo Branch)'])}", base, "Company", True
    yield (
        f"{base}, No. {r.randrange(9, 900)} Zhongshan Road, Ningbo {r.randrange(310000, 320000)}",
        base,
        "Company",
        True,
    )
    yield (
        f"{base}, Room {r.randrange(100, 2000)}, Harbour Tower, Tel {r.randrange(10**7, 10**8)}",
        base,
        "Company",
        True,
    )
    firm = _firm(r)
    yield _firm_han(firm) + r.choice(["上海分公司", "广州分公司"]), _firm_han(firm), "Company", True
    yield _firm_han(firm) + f" 上海市灯塔路{r.randrange(2, 300)}号", _firm_han(firm), "Company", True
    c, d, u = _west(r)
    yield f"{base} Shanghai Branch", f"{c} {d} {u} Co., Ltd. Shanghai Branch", "Company", {c, d} == {a, b}


def _care_of(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    a, b, t = _west(r)
    c, d, u = _west(r)
    person = f"{r.choice(FIRST)[0]} {r.choice(LAST)}"
    yield f"{a} {b} {t} Ltd, Attn: {person}", f"{a} {b} {t} Ltd", "Company", True
    yield f"{person} c/o {a} {b} {t} Ltd", f"{a} {b} {t} Limited", "Company", True
    yield f"{c} {d} {u} Ltd on behalf of {a} {b} {t} Ltd", f"{a} {b} {t} Ltd", "Company", True
    yield f"{c} {d} {u} Ltd, Attn: {person}", f"{a} {b} {t} Ltd", "Company", {a, b} == {c, d}


def _slips(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    a, b, t = _west(r)
    base = f"{a} {b} {t} Ltd"
    swap = r.choice([("o", "0"), ("l", "1"), ("m", "rn"), ("rn", "m"), ("i", "l"), ("s", "5")])
    yield base.replace(*swap), base, "Company", True
    at = r.randrange(1, len(a))
    yield base.replace(a, a[:at] + r.choice("aeiourst") + a[at:], 1), base, "Company", True
    yield base.translate(LOOKS), base, "Company", True
    c = r.choice([w for w in WORDS if w not in (a, b)])
    yield base.replace(a, c, 1).replace(*swap), base, "Company", False


def _given(r: random.Random) -> tuple[str, str, str]:
    first = r.choice(FIRST)
    return first[0], first[1], r.choice(LAST)


def _nickname(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    first, short, last = _given(r)
    yield f"{short} {last}", f"{first} {last}", "Person", True
    other = r.choice([f for f in FIRST if f[0] != first])
    yield f"{other[1]} {last}", f"{first} {last}", "Person", False


def _initials(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    first, _, last = _given(r)
    middle = r.choice(["Aldous", "Beatrix", "Cornelius", "Desmond", "Ottilie"])
    yield f"{first[0]}. {middle[0]}. {last}", f"{first} {middle} {last}", "Person", True
    yield f"{first} {middle[0]} {last}", f"{first} {middle} {last}", "Person", True
    wrong = r.choice([c for c in "BDGHKLNTVZ" if c not in (first[0], middle[0])])
    yield f"{wrong}. {last}", f"{first} {middle} {last}", "Person", False
    yield f"{first} {wrong}. {last}", f"{first} {middle} {last}", "Person", False


def _honorific(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    first, _, last = _given(r)
    title = r.choice(["Dr.", "Mr.", "Haji", "Ing.", "Lic.", "Prof. Dr.", "Herr", "Don", "Sheikh"])
    yield f"{title} {first} {last}", f"{last.upper()}, {first}", "Person", True
    other = r.choice([f[0] for f in FIRST if f[0] != first and f[0][0] != first[0]])
    yield f"{title} {first} {last}", f"{title} {other} {last}", "Person", False
    person = _zh_person(r, 2)
    yield _han(person) + r.choice(["先生", "女士", "博士"]), _han(person), "Person", True


def _spanish(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    first = r.choice(ES_FIRST)
    one, two = r.sample(ES_LAST, 2)
    plain = str.maketrans("áéíóúñ", "aeioun")
    yield f"{first} {one} {two}", f"{one.upper()} {two.upper()}, {first}", "Person", True
    yield f"{first} {one}", f"{first} {one} {two}", "Person", True
    yield f"{first} {one} {two}".translate(plain), f"{first} {one}-{two}", "Person", True
    three = r.choice([s for s in ES_LAST if s not in (one, two)])
    yield f"{first} {one} {three}", f"{first} {one} {two}", "Person", False
    other = r.choice([f for f in ES_FIRST if f != first])
    yield f"{other} {one} {two}", f"{first} {one} {two}", "Person", False


def _scripts(
    firsts: list[tuple[str, str]], lasts: list[tuple[str, str]]
) -> Callable[[random.Random], Iterator[tuple[str, str, str, bool]]]:
    def spell(r: random.Random, text: str) -> str:
        if "-" in text or " " not in text:
            return text
        return r.choice(text.split(" "))

    def make(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
        first, last = r.choice(firsts), r.choice(lasts)
        variants = list(
            first[1].split(" ") if not first[0].startswith("عبد ") else ["Abdulrahman", "Abdel-Rahman", "Abd al-Rahman"]
        )
        surnames = [
            "Al-" + v.split("-")[-1].removeprefix("Al ") if v.startswith(("Al-", "El-")) else v
            for v in last[1].replace("Al ", "Al-").replace("El ", "El-").split(" ")
        ]
        yield f"{first[0]} {last[0]}", f"{r.choice(variants)} {r.choice(surnames)}", "Person", True
        yield (
            f"{r.choice(variants)} {r.choice(surnames)}",
            f"{r.choice(surnames).upper()}, {r.choice(variants)}",
            "Person",
            True,
        )
        other_first = r.choice([f for f in firsts if f[0] != first[0]])
        other_last = r.choice([f for f in lasts if f[0] != last[0]])
        yield f"{other_first[0]} {last[0]}", f"{r.choice(variants)} {r.choice(surnames)}", "Person", False
        yield f"{first[0]} {other_last[0]}", f"{r.choice(variants)} {r.choice(surnames)}", "Person", False

    return make


def _korean(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    last, given = r.choice(KO), r.choice(KO_GIVEN)
    spelled = r.choice(given[1].split("|"))
    surname = r.choice(last[1].split())
    yield last[0] + given[0], r.choice([f"{surname} {spelled}", f"{spelled} {surname}"]), "Person", True
    yield f"{surname} {spelled}", f"{r.choice(last[1].split())} {r.choice(given[1].split('|'))}", "Person", True
    other = r.choice([g for g in KO_GIVEN if g != given])
    yield last[0] + other[0], f"{surname} {spelled}", "Person", False
    another = r.choice([k for k in KO if k != last])
    yield another[0] + given[0], f"{surname} {spelled}", "Person", False


def _kana(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    one, other = r.sample(KANA, 2)
    yield f"株式会社{one[0]}", f"{one[1]} K.K.", "Company", True
    yield f"{one[0]}貿易株式会社", f"{one[1]} Trading Co., Ltd.", "Company", True
    yield f"株式会社{one[0]}", f"{other[1]} Co., Ltd.", "Company", False


def _local_firms(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    word, latin = r.choice(
        [("Фонарь", "Fonar"), ("Якорь", "Yakor"), ("Гранит", "Granit"), ("Сокол", "Sokol"), ("Янтарь", "Yantar")]
    )
    other = r.choice(["Бриз", "Маяк", "Кедр"])
    yield (
        f'ООО "{word}"',
        r.choice([f"{latin} LLC", f"OOO {latin}", f"Limited Liability Company {latin}"]),
        "Company",
        True,
    )
    yield f'ООО "{other}"', f"{latin} LLC", "Company", False
    arabic, roman = r.choice([("النورس", "Al Nawras"), ("المنارة", "Al Manara"), ("الياسمين", "Al Yasmin")])
    yield f"شركة {arabic} للتجارة العامة", f"{roman} General Trading LLC", "Company", True


def _bilingual(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    firm = _firm(r)
    yield f"{_firm_en(r, firm)} ({_firm_han(firm)})", _firm_han(firm), "Company", True
    yield f"{_firm_han(firm)} {_firm_en(r, firm)}", _firm_en(r, firm, True), "Company", True
    yield f"{_firm_en(r, firm)} ({_firm_han(firm)})", _firm_han(_other_firm(r, firm)), "Company", False


def _vessels(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    a, b, _ = _west(r)
    yield f"MV {a} {b}", f"{a.upper()} {b.upper()}", "Vessel", True
    n = r.randrange(1, 9)
    yield f"{a} {b} {n}", f"{a} {b} {n + 1}", "Vessel", False


def _toned(r: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    from pypinyin import Style, pinyin

    person = _zh_person(r, 2)
    han = _han(person)
    style = r.choice([Style.TONE, Style.TONE3])
    size = len(person[0][0])
    sounds = [item[0] for item in pinyin(han, style=style)]
    text = f"{''.join(sounds[:size]).capitalize()} {''.join(sounds[size:]).capitalize()}"
    yield text, han, "Person", True
    yield text, _han(_other_person(r, person)), "Person", False


CATEGORIES: dict[str, Callable[[random.Random], Iterator[tuple[str, str, str, bool]]]] = {
    "pinyin joined": _zh(1, "joined"), "pinyin split": _zh(1, "split"), "pinyin hyphen": _zh(1, "hyphen"), "pinyin toned": _toned,
    "pinyin styles": _zh_latin, "wade-giles": _zh(2, "hyphen"), "cantonese": _zh(3, "split"), "han homophones": _zh_same_sound,
    "english given": _zh_english_given, "firm han english": _firm_cross, "firm pinyin": _firm_pinyin, "firm han": _firm_han_variants,
    "legal forms": _legal_forms, "abbreviations": _abbreviation, "dropped words": _dropped, "trading as": _trading_as,
    "branch and address": _branch_address, "care of": _care_of, "scanner slips": _slips, "nicknames": _nickname, "initials": _initials,
    "honorifics": _honorific, "spanish surnames": _spanish, "cyrillic": _scripts(RU, RU_LAST), "arabic": _scripts(AR, AR_LAST),
    "devanagari": _scripts(HI, HI_LAST), "hangul": _korean, "kana": _kana, "local firms": _local_firms, "bilingual": _bilingual,
    "vessels": _vessels,
}  # fmt: skip
