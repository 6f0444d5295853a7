"""What only bears a substance's name is no finding; what holds some of it is a look; goods beside such words stay goods."""

from __future__ import annotations

import pytest

from tidegate.registers.substances import load_register
from tidegate.screening.goods import find_goods


def levels(text: str) -> dict[str, str]:
    return {hit.item_id: hit.level for hit in find_goods([text], [None], [None], load_register())[0]}


@pytest.mark.parametrize(
    "text",
    [
        "gloves tested against fentanyl", "gloves for handling toluene", "storage tank for hydrochloric acid", "valves for sulphuric acid service",
        "toluene spill absorbent", "acetone recycling machine", '"ACETONE" labels', "empty toluene drums", "antibody anti-fentanyl", "kit to identify fentanyl",
        "gasket compatible with acetone", "certificate of analysis for piperidine", "iodine quartz lamp", "povidone-iodine 10%", "pump for use with acetone", "drum pump (for toluene)", "acetone dosing skid", "no trace of chloroform", "agitador para tanque de acetona", "丙酮流量计", "标签 印有\"盐酸\"", "丙酮尿症奶粉", "toluene and xylene free markers", "cursos de capacitación sobre precursores: efedrina",
        "prueba para identificar fentanilo", "guantes resistentes al tolueno", "uniforme para planta de ácido sulfúrico", "tambores vacíos de acetona",
        "máquina para producir acetona", "yodo povidona", "empaque compatible con tolueno", "丙酮回收机", "硫酸试纸", "甲苯空桶", "盐酸生产线", "碘伏", "衬氟泵 用于输送硫酸", "玻璃钢储罐(盐酸用)", "吩坦尼快篩試劑", "PTFE lined valve, hydrochloric acid service",
    ],
)  # fmt: skip
def test_a_thing_named_after_a_substance_is_no_finding(text: str) -> None:
    assert levels(text) == {}


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("acetone-based adhesive", "sub-acetone"), ("contact cement (contains toluene)", "sub-toluene"), ("nail polish remover (acetone)", "sub-acetone"),
        ("brake cleaner contains: xylene, acetone", "sub-acetone"), ("toilet cleaner with hydrochloric acid 10%", "sub-hydrochloric-acid"),
        ("iodine swabs", "sub-iodine"), ("adhesivo a base de tolueno", "sub-toluene"), ("limpiador que contiene ácido clorhídrico", "sub-hydrochloric-acid"),
        ("洁厕剂(含盐酸)", "sub-hydrochloric-acid"), ("含丙酮的洗甲水", "sub-acetone"), ("epoxy hardener (contains toluene)", "sub-toluene"), ("环氧固化剂(含少量甲苯)", "sub-toluene"), ("quitaesmalte con acetona 100 ml", "sub-acetone"), ("甲苯胶水", "sub-toluene"), ("含丁酮之PVC黏著劑", "sub-methyl-ethyl-ketone"), ("thinner a base de tolueno", "sub-toluene"),
    ],
)  # fmt: skip
def test_a_part_of_an_everyday_product_is_a_look(text: str, item: str) -> None:
    assert levels(text) == {item: "look"}


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("drums containing acetone", "sub-acetone"), ("1x20' said to contain toluene", "sub-toluene"), ("tank of acetone 24 MT", "sub-acetone"),
        ("pumps, acetone 5 drums", "sub-acetone"), ("acetone for adhesives", "sub-acetone"), ("paint raw materials, acetone", "sub-acetone"),
        ("acetone with safety data sheet", "sub-acetone"), ("safety data sheet - product name: acetone", "sub-acetone"), ("posters; acetone", "sub-acetone"),
        ("cream containing fentanyl", "sub-fentanyl"), ("bombas, acetona 20 tambores", "sub-acetone"), ("acetona con hoja de seguridad", "sub-acetone"),
        ("手套、丙酮", "sub-acetone"), ("含丙酮的混合溶剂", "sub-acetone"), ("丙酮用于油漆生产", "sub-acetone"), ("paint, toluene 160 kg", "sub-toluene"), ("mixture containing toluene", "sub-toluene"), ("drums labelled acetone", "sub-acetone"), ("acetone - machine cleaning grade", "sub-acetone"), ("ficha técnica de acetona, lote de 25 kg", "sub-acetone"),
        ("medicine containing ephedrine", "sub-ephedrine"),
    ],
)  # fmt: skip
def test_goods_beside_the_words_of_a_thing_stay_goods(text: str, item: str) -> None:
    assert levels(text) == {item: "ask"}


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("phenylethanoic acid", "sub-phenylacetic-acid"), ("propionic acid chloride", "sub-propionyl-chloride"), ("2-Bromo-1-(p-tolyl)propan-1-one", "sub-2-bromo-4-methylpropiophenone"),
        ("éter de etilo", "sub-ethyl-ether"), ("鄰胺基苯甲酸", "sub-anthranilic-acid"), ("4-piperidona clorhidrato monohidratada", "sub-4-piperidone-monohydrate-hydrochloride"),
        ("1-terc-butoxicarbonil-4-piperidona", "sub-1-boc-4-piperidone"), ("die & punch for TDP-0", "eq-punch-die-set"), ("六氢吡啶", "sub-piperidine"), ("甲基乙基铜", "sub-methyl-ethyl-ketone"), ("4-呱啶酮", "sub-4-piperidone"), ("CAS 593-51-1", "sub-methylamine"),
        ("1-芐基-4-哌啶酮", "sub-1-benzyl-4-piperidone"), ("N-phenyl-N-[1-(2-phenylethyl)piperidin-4-yl]butanamide", "sub-butyrfentanyl"), ("a-苯乙醯乙酸乙酯", "sub-ethyl-alpha-phenylacetoacetate"),
        ("摇摆式颗粒机", "eq-granulator"), ("压片机转台", "eq-tablet-press-turret"),
    ],
)  # fmt: skip
def test_another_rule_of_naming_gives_the_same_item(text: str, item: str) -> None:
    assert item in levels(text)


@pytest.mark.parametrize(
    "text",
    ["2-propanone, 1-(4-methoxyphenyl)-", "1-(1H-indol-3-yl)-2-propanone", "1-(4-甲氧基苯基)-2-丙酮", "barium permanganate", "permanganato de bario",
     "chlorotoluene", "methenamine", "3-methylbenzoic acid", "1-chloro-4-(chloromethyl)benzene", "1,4-butanediol diglycidyl ether", "cetyl acetate",
     "hydroxylamine hydrochloride", "toluene, o-fluoro-", "propiophenone, 4'-chloro-", "tetraphosphorus trisulfide", "硫酸铵 肥料", "0% acetone", "α-乙酰基-γ-丁内酯", "AA battery holder"],
)  # fmt: skip
def test_a_neighbour_of_a_substance_is_not_it(text: str) -> None:
    assert levels(text) == {}


def test_an_abbreviation_with_dots_is_the_abbreviation() -> None:
    assert levels("solvent M.E.K. 165 kg") == {"sub-methyl-ethyl-ketone": "look"}


@pytest.mark.parametrize(
    "text",
    [
        "NPP milk powder",
        "PMK oil filter",
        "GBL crystal oscillator",
        "MEK snare drums",
        "BMK 100% cotton shirts",
        "ANPP ball bearing",
        "PMK奶粉",
        "NPP化工泵",
        "BMK aceite de oliva",
    ],
)
def test_a_word_of_an_everyday_thing_is_no_context_for_a_code(text: str) -> None:
    assert levels(text) == {}


def test_a_number_of_dangerous_goods_is_a_look_and_no_more() -> None:
    assert levels("UN1715 corrosive liquid, class 8") == {"sub-acetic-anhydride": "look"}
    assert levels("paint UN1263, part UN1715 switch") == {}


def test_a_slip_stands_alone_and_is_no_other_place_in_the_molecule() -> None:
    assert levels("acetic anhydryde") == {"sub-acetic-anhydride": "ask"}
    assert levels("ácido p-aminobenzoico") == levels("ácido aminobenzoico") == {}


@pytest.mark.parametrize("text", ["SKU 108-88-3-RED", "A108-88-3 gasket", "108-88-3A", "order 67-64-12"])
def test_a_number_with_letters_joined_to_it_is_no_cas_number(text: str) -> None:
    assert levels(text) == {}


def test_a_number_told_as_a_part_is_only_a_look_and_a_name_beside_it_makes_it_more() -> None:
    assert levels("part no. 67-64-1") == {"sub-acetone": "look"}
    assert levels("part no. 67-64-1 acetone") == levels("CAS67-64-1") == {"sub-acetone": "ask"}


@pytest.mark.parametrize(
    "text", ["Acetone™", "acetoneAR级", "1.acetone", "red  phosphorus", "1.4-piperidone", "ANPP99%", "ANPP-99%"]
)
def test_a_careless_hand_hides_no_name(text: str) -> None:
    assert "ask" in levels(text).values()
