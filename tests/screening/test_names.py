"""What the name screen must get right, category by category. All names are invented."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.screening.names import PartyEvidence, build_index, compare_names, match_names, match_threshold
from tidegate.screening.watchlist import ListedParty, Watchlist
from tidegate.wording.sentences import LANGUAGES, say

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
from name_set import make_pairs

SAME = [
    ("北极兔化工有限公司", "Beijitu Chemical Co., Ltd.", "Company"),
    ("北極兔化工有限公司", "BEI JI TU HUA GONG YOU XIAN GONG SI", "Company"),
    ("武汉灯塔生物科技有限公司", "Wuhan Dengta Biotechnology Co Ltd", "Company"),
    ("王晓明", "Wang Xiǎomíng", "Person"),
    ("王晓明", "Wong Hiu Ming", "Person"),
    ("曹雪芹", "Ts'ao Hsueh-ch'in", "Person"),
    ("欧阳建国", "Ouyang Jianguo", "Person"),
    ("吕绿", "Lv Lyu", "Person"),
    ("김민수", "Kim Min-su", "Person"),
    ("Сергей Журавлёв", "Zhuravlev, Sergei", "Person"),
    ("Фёдор Фонарёв", "Fedor Fonareff", "Person"),
    ("محمد القحطاني", "Mohammed Al-Qahtani", "Person"),
    ("राजेश शर्मा", "Rajesh Sharma", "Person"),
    ("株式会社ヒカリ", "Hikari K.K.", "Company"),
    ("Dr. William Marchbank", "MARCHBANK, Bill", "Person"),
    ("J. C. Pembrook", "Jean Claude Pembrook", "Person"),
    ("Rosa Isela Quintanar Olvera", "QUINTANAR OLVERA, Rosa Isela", "Person"),
    ("Lantern Quay Trading Ltd t/a Harbour Goods", "Harbour Goods", "Company"),
    ("Lantern Quay Trading Co., Ltd. Ningbo Branch", "Lantern Quay Trading Co., Ltd.", "Company"),
    ("Lantern Quay Trading Co., Ltd., No. 12 Harbour Road, Ningbo 315000", "Lantern Quay Trading Limited", "Company"),
    ("Attn: Bill Marchbank, Lantern Quay Trading Ltd", "Lantern Quay Trading Ltd", "Company"),
    ("Lаntеrn Quаy Trading", "Lantern Quay Trading", "Company"),  # Cyrillic а and е
    ("Lantern Quay Tradlng", "Lantern Quay Trading", "Company"),
    ("Lantem Quay Trading", "Lantern Quay Trading", "Company"),
    ("Lantern Quay Tradnig Limitd", "Lantern Quay Trading Limited", "Company"),
    ("Lantern Quay Tradi ng", "Lantern Quay Trading", "Company"),
    ("A.B.K. Shipping Ltd", "ABK Shipping Limited", "Company"),
    ("U.S. Lantern Trading", "United States Lantern Trading", "Company"),
    ("Lantern Bros. Mfg. Co.", "Lantern Brothers Manufacturing Company", "Company"),
    ("Brigade Twenty One", "Brigade 21", "Organization"),
    ("深圳市石榴电子有限公司", "Shenzhen Shiliu Electronics Co., Ltd.", "Company"),
    ("江苏康美国际贸易有限公司", "Jiangsu Kangmei International Trading Co., Ltd.", "Company"),
    ("上海第三制药厂", "Shanghai No. 3 Pharmaceutical Factory", "Company"),
    ("Selema Strandvik", "Selena Strandvik", "Person"),
    ("Ottilei Brightwater", "Ottilie Brightwater", "Person"),
    ("Wei Fang", "WEI, Fang", ""),
    ("Silver Tern Foods (now Cobalt Orchard Ltd)", "Cobalt Orchard Ltd", "Company"),
]  # fmt: skip
DIFFERENT = [
    ("北极兔化工有限公司", "Dengta Chemical Co., Ltd.", "Company"),
    ("武汉灯塔生物科技有限公司", "Wuhan Dengta Logistics Co Ltd", "Company"),
    ("王晓明", "Wang Xiaohong", "Person"),
    ("王晓明", "王晓鸣", "Person"),
    ("李伟", "Liu Wei", "Person"),
    ("Boris Larkmoor", "Roman Larkmoor", "Person"),
    ("Lantern Quay Trading Ltd", "Lantern Heron Trading Ltd", "Company"),
    ("Bluebird Foods (Spain) S.L.", "Bluebird Foods (Germany) GmbH", "Company"),
    ("Copper Heron 3", "Copper Heron 4", "Vessel"),
    ("Lantern Quay (Hong Kong) Trading Ltd", "Lantern Quay (Saudi Arabia) Trading Ltd", "Company"),
    ("Lantern Textiles Hangzhou Co.", "Lantern Textiles Changzhou Co.", "Company"),
    ("上海第三制药厂", "上海第五制药厂", "Company"),
    ("A.B.K. Shipping Ltd", "K.B.A. Shipping Ltd", "Company"),
    ("ANO Thistle Orchard", "Thistle Orchard LLC", "Company"),
    ("Yusuf bin Saeed Al-Kindi", "Saeed bin Yusuf Al-Kindi", "Person"),
    ("William Marchbank Jr.", "William Marchbank Sr.", "Person"),
    ("董博文", "Dong Wenbo", "Person"),
    ("박지훈", "박지현", "Person"),
    ("محمد القحطاني", "Khaled Al-Qahtani", "Person"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "schema"), SAME)
def test_one_party_in_two_spellings_is_a_match(one: str, other: str, schema: str) -> None:
    assert compare_names(one, other, schema).score >= match_threshold()


@pytest.mark.parametrize(("one", "other", "schema"), DIFFERENT)
def test_two_parties_are_no_match(one: str, other: str, schema: str) -> None:
    assert compare_names(one, other, schema).score < match_threshold()


def test_nearly_all_invented_pairs_of_an_unseen_seed_fall_on_the_right_side() -> None:
    wrong = total = 0
    for one, other, schema, same, _ in make_pairs(101, 6):
        wrong += (compare_names(one, other, schema).score >= match_threshold()) != same
        total += 1
    assert wrong / total < 0.04


NAMES = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            [
                "王",
                "晓明",
                "Wang",
                "Li",
                "co",
                "ltd",
                "al",
                "bin",
                "محمد",
                "김",
                "S.A.",
                "&",
                "12",
                "O'Brien",
                "of",
                "the",
            ]
        ),
        max_size=6,
    ).map(" ".join),
)


@given(NAMES, NAMES)
@settings(max_examples=150, deadline=None)
def test_any_two_texts_compare_alike_both_ways_with_a_score_and_sayable_reasons(one: str, other: str) -> None:
    forth, back = compare_names(one, other), compare_names(other, one)
    assert 0 <= forth.score <= 1
    assert forth.score == pytest.approx(back.score, abs=1e-6)
    for reason in forth.reasons:
        assert all(say(reason.code, lang, **reason.params) for lang in LANGUAGES)


@given(st.text(min_size=1, max_size=40).filter(lambda text: any(c.isalnum() for c in text)))
@settings(max_examples=100, deadline=None)
def test_a_name_always_matches_itself(name: str) -> None:
    assert compare_names(name, name).score >= 0.85


PARTIES = (
    ListedParty(
        "x:1",
        "Person",
        ("LARKMOOR, Ottilie Beatrix",),
        birth_dates=("1961-04-09",),
        identifiers=(("passport", "T321642"),),
    ),
    ListedParty("x:2", "Organization", ("Beijitu Chemical Co., Ltd.",), weak_names=("Tundra Four",)),
    ListedParty("x:3", "Person", ("WANG, Wei",)),
)
INDEX = build_index([Watchlist(PARTIES, "x", "invented")])


def test_a_distinctive_name_asks_and_a_common_one_only_looks() -> None:
    rare, common = match_names(["Ottilie Beatrix Larkmoor", "Wang Wei"], INDEX, limit=1)
    assert (rare[0].party.id, rare[0].level) == ("x:1", "ask")
    assert (common[0].party.id, common[0].level) == ("x:3", "look")
    assert any(reason.code == "name.common" for reason in common[0].reasons)


def test_a_birth_date_lifts_to_hold_and_a_differing_one_lowers() -> None:
    name = "Ottilie Beatrix Larkmoor"
    plain = match_names([name], INDEX, limit=1)[0][0]
    same = match_names([name], INDEX, limit=1, evidence=[PartyEvidence(birth_dates=("1961-04-09",))])[0][0]
    other = match_names([name], INDEX, limit=1, evidence=[PartyEvidence(birth_dates=("1990-01-02",))])[0][0]
    assert same.level == "hold"
    assert same.score >= plain.score > other.score
    assert other.level == "look"


def test_a_strong_identifier_finds_the_party_under_any_name() -> None:
    found = match_names(["Nobody At All"], INDEX, evidence=[PartyEvidence(identifiers=(("passport", "t-321 642"),))])[0]
    assert (found[0].party.id, found[0].strong_identifier, found[0].level) == ("x:1", True, "hold")


def test_a_weak_alias_is_named_as_one_and_stays_look() -> None:
    found = match_names(["Tundra Four"], INDEX, limit=1)[0][0]
    assert found.level == "look"
    assert any(reason.code == "name.weak-alias" for reason in found.reasons)


def test_without_the_native_kernel_the_same_is_found_for_the_same_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    from tidegate.screening import kernel, name_batch, name_index

    queries = ["北极兔化工", "Larkmoor Ottilie", "Tundra Four", "Wei Wang", "Larkmor, O.", "Bei Ji Tu Chemical Co"]
    native = match_names(queries, INDEX)
    monkeypatch.setattr(kernel, "_native", None)
    monkeypatch.setattr(name_index, "NATIVE", False)
    monkeypatch.setattr(name_batch, "NATIVE", False)
    assert match_names(queries, INDEX) == native
    assert all(row for row in native)


def test_importing_the_name_screen_is_light() -> None:
    import subprocess

    code = "import time; t=time.process_time(); import tidegate.screening.names, sys; print(time.process_time()-t, 'pypinyin' in sys.modules, 'opencc' in sys.modules)"
    out = min(
        (
            subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
            for _ in range(3)
        ),
        key=lambda row: float(row[0]),
    )
    assert float(out[0]) < 1.0
    assert out[1:] == ["False", "False"]
