"""What names a register item, what only looks like it, and how much each weighs."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.registers.substances import load_register
from tidegate.screening.duties import duties_for
from tidegate.screening.goods import find_goods, find_goods_rows, hs_disagrees, level_with_duties
from tidegate.wording.sentences import LANGUAGES, knows, say

REGISTER = load_register()
BENCH = Path(__file__).resolve().parents[2] / "bench" / "goods.py"


def hits(text, cas=None, hs=None, **options):
    return find_goods([text], [cas], [hs], REGISTER, **options)[0]


def items(text, cas=None, hs=None):
    return {hit.item_id for hit in hits(text, cas, hs)}


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("4-anilino-piperidine", "sub-4-anilinopiperidine"),
        ("4 - piperidone", "sub-4-piperidone"),
        ("N-Phenethyl-4- piperidone 99%", "sub-n-phenethyl-4-piperidone"),
        ("pseudo ephedrine", "sub-pseudoephedrine"),
        ("anhidrido acetico", "sub-acetic-anhydride"),
        ("無水乙醚", "sub-ethyl-ether"),
        ("鹽酸麻黃鹼", "sub-ephedrine"),
        ("clorhidrato de efedrina", "sub-ephedrine"),
        ("Pottasium permanganate", "sub-potassium-permanganate"),
        ("ephedrine free base", "sub-ephedrine"),
        ("benzylfentanyl", "sub-benzylfentanyl"),
        ("ＮＰＰ（N-苯乙基-4-哌啶酮）", "sub-n-phenethyl-4-piperidone"),
        ("máquina tableteadora rotativa", "eq-tablet-press"),
        ("单冲压片机 TDP-5", "eq-tablet-press"),
        ("SIN MARCA, ACETONA", "sub-acetone"),
        ("N-PHENETHYL-4-PIPERIDONE HYDROCHLORIDE", "sub-n-phenethyl-4-piperidone"),
        ("1-benzylpiperidin-4-one", "sub-1-benzyl-4-piperidone"),
        ("N-Boc-4-苯基氨基哌啶", "sub-1-boc-4-ap"),
        ("Permanganate, potassium", "sub-potassium-permanganate"),
        ("ác. sulfúrico 98%", "sub-sulphuric-acid"),
        ("PMK glicidato de etilo", "sub-3-4-mdp-2-p-methyl-glycidic-acid-ethyl-ester"),
        ("1.4-butanediol", "sub-1-4-butanediol"),
        ("ACETlC ANHYDRlDE", "sub-acetic-anhydride"),
        ("toIuene", "sub-toluene"),
        ("8enzaldehyde", "sub-benzaldehyde"),
        ("rnethylamine 40%", "sub-methylamine"),
        ("5kg4-ANPP", "sub-4-anilino-n-phenethylpiperidine"),
        ("TDP6 punch dies", "eq-punch-die-set"),
        ("ACETONA LIBRE DE AGUA", "sub-acetone"),
        ("toluene free of benzene", "sub-toluene"),
        ("gelatin capsules, empty", "eq-empty-capsules"),
    ],
)
def test_a_name_is_known_in_every_usual_spelling(text, item):
    assert item in items(text)


@pytest.mark.parametrize(
    "text",
    [
        "polyaniline powder", "polypiperidine resin", "聚哌啶", "piperidine-d10", "acetone-d6", "氘代丙酮", "ANILINE-FREE ink",
        "free of acetone, toluene and ether", "acetone-free remover", "不含甲苯、丙酮", "sin tolueno", "libre de acetona", "NPP bearings",
        "PMKX-200", "P2P lending", "press release", "tablet computer", "平板电脑", "capsule hotel", "coffee capsules", "stamp press",
        "二甲苯", "硫酸铜", "盐酸四环素", "对甲苯磺酸", "toluene diisocyanate", "nitromethane", "benzoyl chloride", "fentanyl test strips",
        "芬太尼检测试纸", "4-AP 5 pcs", "AA batteries", "calcium carbonate CAS 471-34-1", "order no 123-45-6", "ref 2024-11-07 batch",
        "acetone resistant gloves", "petroleum ether", "iodine value", "2-piperidone", "Piperidine, 4-phenyl-", "piperidin-4-ol",
        "maleic anhydride, acetic acid", "1,4-butynediol", "m-fluorotoluene", "4-aminopyridine (4-AP) 98%", "PAA peracetic acid, drums",
        "hardcover book: The Chemistry of Iodine", "sulphuric acid dosing pump", "Toluene Chemical Co Ltd catalogues",
        "anti-fentanyl antibody", "LED encapsulation machine", "moldes para pastillas de jabón", "invoice 293336, cotton towels",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_name_gives_nothing(text):
    assert not hits(text)


@pytest.mark.parametrize(
    "text", ["posters; phenylacetic acid", "1) books 2) phenylacetic acid", "books, phenylacetic acid 25 kg"]
)
def test_a_thing_in_another_clause_hides_no_chemical(text):
    assert items(text) == {"sub-phenylacetic-acid"}


def test_a_tariff_code_told_in_the_text_weighs_as_one_in_its_own_cell():
    for text in ("organic, HS code 2933.36", "化工品 海关编码 2933360000", "producto, fracción 2933.36.01"):
        (hit,) = hits(text)
        assert (hit.item_id, hit.level) == ("sub-4-anilino-n-phenethylpiperidine", "ask")
        assert text[slice(*hit.span)].startswith("2933")


def test_excipients_and_cutting_agents_never_make_a_finding_alone():
    assert not hits("caffeine anhydrous 25 kg")
    assert hits("caffeine anhydrous 25 kg", context=True)[0].context
    beside = hits("fentanyl citrate, mannitol")
    assert "goods.beside" in {reason.code for reason in beside[0].reasons}


def test_a_bare_code_needs_context_and_stays_a_look_until_a_number_supports_it():
    assert not hits("NPP 12 units")
    assert hits("NPP powder 99%")[0].level == "look"
    supported = hits("NPP", "39742-60-4")
    assert [(hit.item_id, hit.level) for hit in supported] == [("sub-n-phenethyl-4-piperidone", "ask")]


def test_several_goods_in_one_cell_are_all_found_where_they_stand():
    text = "丙酮、ephedrine HCl; Ácido sulfúrico"
    found = {hit.item_id: text[slice(*hit.span)] for hit in hits(text)}
    assert found == {"sub-acetone": "丙酮", "sub-ephedrine": "ephedrine", "sub-sulphuric-acid": "Ácido sulfúrico"}


def test_a_wrong_check_digit_names_the_nearest_number():
    hit = hits("reagent CAS 108-24-8")[0]
    assert (hit.rule, hit.reasons[0].params["nearest"]) == ("RF61", "108-24-7")


def test_a_number_that_contradicts_the_text_is_a_finding_of_its_own():
    assert [hit.rule for hit in hits("acetone", "108-24-7")].count("RF61") == 1
    assert "RF61" not in {hit.rule for hit in hits("4-piperidone hydrochloride", "41661-47-6")}


def test_a_key_or_its_skeleton_names_the_substance():
    assert hits("InChIKey LKRMTUUCKBQGFO-UHFFFAOYSA-N")[0].level == "ask"
    other = hits("InChIKey LKRMTUUCKBQGFO-XXXXXXXXSA-N")[0]
    assert (other.level, other.rule) == ("look", "RF62")


def test_a_class_stem_with_a_strange_prefix_is_only_a_look():
    hit = hits("hexanoylfentanyl")[0]
    assert (hit.against.kind, hit.level, hit.rule) == ("family", "look", "RF62")


def test_a_tariff_code_alone_never_weighs_more_than_the_register_allows():
    assert hits("organic", None, "2933.36")[0].level == "ask"
    assert hits("solvent", None, "2914.11")[0].level == "look"
    assert not hits("machine parts", None, "847990")


def test_a_declared_code_that_differs_at_four_digits_is_named():
    assert hs_disagrees("sub-acetone", "3824.99", REGISTER) == ("382499", ("291411",))
    assert hs_disagrees("sub-acetone", "2914.11.00", REGISTER) is None


def test_a_named_item_without_its_paper_is_held_and_a_commodity_is_not():
    day = date(2026, 1, 1)
    precursor, solvent = hits("4-anilinopiperidine")[0], hits("acetone")[0]
    duties = duties_for(precursor.item_id, on=day, origin="CN", destination="MX", register=REGISTER).duties
    assert level_with_duties(precursor, duties, ()) == "hold"
    assert level_with_duties(precursor, duties, {"licence"}) == "ask"
    duties = duties_for(solvent.item_id, on=day, origin="CN", destination="MX", register=REGISTER).duties
    assert level_with_duties(solvent, duties, ()) == "ask"
    code = hits("NPP powder 99%")[0]
    assert (
        level_with_duties(
            code, duties_for(code.item_id, on=day, origin="CN", destination="MX", register=REGISTER).duties, ()
        )
        == "look"
    )


def test_an_item_on_a_national_list_says_watched_and_nothing_else():
    row = {
        "control_id": "w", "subject_id": "sub-benzaldehyde", "regime": "home", "list": "own", "from": "", "to": "", "scope": "",
        "duty": "watch", "threshold": "", "legs": "import; export; domestic", "source": "own", "certainty": "read",
    }  # fmt: skip
    watched = REGISTER.with_watch([row])
    hit = find_goods(["benzaldehyde"], [None], [None], watched)[0][0]
    assert "goods.watched" in {reason.code for reason in hit.reasons}
    answer = duties_for("sub-benzaldehyde", on=date(2026, 1, 1), origin="CN", destination="US", register=watched)
    assert all(duty.regime != "home" for duty in answer.duties)


TEXTS = [
    "acetone",
    "plastic parts",
    None,
    "盐酸",
    "mapa",
    "apaan powder",
    "CAS 108-24-7",
    "NPP",
    "",
    "丙",
    "酮",
    "iod",
    "ine value",
    "67-64-1",
    "25 kg",
    "5",
]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(TEXTS), max_size=12), st.integers(0, 12))
def test_rows_are_judged_alone_however_the_column_is_cut(rows, cut):
    whole = find_goods(rows, [None] * len(rows), [None] * len(rows), REGISTER)
    parts = [find_goods(part, [None] * len(part), [None] * len(part), REGISTER) for part in (rows[:cut], rows[cut:])]
    assert whole == [*parts[0], *parts[1]]
    assert {row: found for row, found in enumerate(whole) if found} == find_goods_rows(rows, None, None, REGISTER)


@settings(max_examples=80, deadline=None)
@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=50), st.text(max_size=14), st.text(max_size=10)
)
def test_any_row_is_read_without_a_fault(text, cas, hs):
    for hit in hits(text, cas, hs, context=True):
        assert 0 <= hit.score <= 1


def test_every_reason_and_benign_explanation_can_be_said_in_three_languages():
    texts = ["acetone", "NPP powder", "benyijing 99%", "hexanoylfentanyl", "ephedrine HCl", "potassium permangante", "CAS 108-24-8",
             "CAS 111-11-1", "phenylacetic acid ethyl ester", "压片机", "fentanyl, mannitol", "LKRMTUUCKBQGFO-XXXXXXXXSA-N"]  # fmt: skip
    for hit in (
        *(hit for text in texts for hit in hits(text)),
        *hits("acetone", "108-24-7"),
        *hits("x", None, "2914.11"),
        *hits("red P", "7723-14-0"),
    ):
        assert knows(hit.benign)
        for reason in hit.reasons:
            for lang in LANGUAGES:
                assert say(reason.code, lang, **reason.params)


def test_precision_and_recall_on_the_labelled_lines_hold():
    spec = importlib.util.spec_from_file_location("bench_goods_lines", BENCH)
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    result = bench.quality()
    assert result["lines"] >= 1_000
    assert result["precision"] >= 0.98
    assert result["recall"] >= 0.98


@pytest.mark.parametrize(
    ("text", "item", "level"),
    [
        ("Alkaloids; other than ephedrine, pseudoephedrine and their salts", "Pseudoephedrine", "look"),
        ("除麻黄碱以外的生物碱", "Ephedrine", "look"),
        ("alcaloides, excepto efedrina", "Ephedrine", "look"),
        ("other than aniline: N-phenethyl-4-piperidone", "N-Phenethyl-4-piperidone", "ask"),
        ("pigments other than N-phenethyl-4-piperidone 25 kg", "N-Phenethyl-4-piperidone", "ask"),
        ("not fentanyl, 4-ANPP powder", "4-Anilino-N-phenethylpiperidine", "ask"),
    ],
)
def test_a_clause_of_exclusion_lowers_what_it_names_and_hides_nothing(text: str, item: str, level: str) -> None:
    found = find_goods([text], [None], [None], load_register())[0]
    assert {hit.against.name: hit.level for hit in found}[item] == level
