"""Chinese trades beside the English words that firms really use for them: one firm, whatever the word."""

from __future__ import annotations

import pytest

from tidegate.screening.names import compare_names, match_threshold

TRADES = """
进出口|Import & Export;Imp. & Exp.;Import Export;I/E;Import and Export Trading
国际贸易|International Trade;Int'l Trading;International Trading;Intl Trade
对外贸易|Foreign Trade
物流|Logistics;Logistic
国际物流|International Logistics;Int'l Logistics
供应链管理|Supply Chain Management;SCM;Supply Chain
国际货运代理|International Freight Forwarding;Int'l Freight Agency;International Freight Forwarders;Freight Forwarding;Intl Forwarding;International Cargo Agency
货运代理|Freight Agency;Cargo Agent;Freight Forwarder
电子商务|E-Commerce;Electronic Commerce;Ecommerce
医药|Pharmaceutical;Pharma;Medicine;Pharm
制药|Pharmaceutical;Pharma
药业|Pharmaceutical;Pharma;Pharmaceuticals
生物医药|Biomedical;Biopharmaceutical;Bio-Pharm;Biological Medicine;Biopharma
精细化工|Fine Chemical;Fine Chemicals;Fine Chem
化学试剂|Chemical Reagent;Chemical Reagents
化工原料|Chemical Raw Materials;Chemical Materials
新材料|New Material;New Materials;Advanced Materials;New Material Technology
新材料科技|New Material Technology;New Materials Tech
机械|Machinery;Machine;Mechanical
机械设备|Machinery Equipment;Mechanical Equipment;Machinery & Equipment
制药机械|Pharmaceutical Machinery;Pharma Machinery;Pharmaceutical Machine
包装机械|Packaging Machinery;Packing Machinery;Packing Machine
科技|Technology;Tech;Sci & Tech;Science and Technology;Sci-Tech;Technologies
网络科技|Network Technology;Internet Technology
信息科技|Information Technology;Info Tech
生物工程|Bioengineering;Biological Engineering;Bio-Engineering;Bioeng
化妆品|Cosmetics;Cosmetic
塑料制品|Plastic Products;Plastics;Plastic
橡胶|Rubber
五金|Hardware
电器|Electric;Electrical Appliance;Electrical
仪器|Instrument;Instruments
实业|Industrial;Industry;Enterprise
集团|Group;Holdings
控股|Holding;Holdings
投资|Investment;Investments
贸易商行|Trading;Trading Firm
商贸|Trading;Commerce and Trade;Commercial;Commerce & Trade;Trade
工贸|Industry and Trade;Industrial & Trading;Industry & Trade
农药|Pesticide;Agrochemical
染料|Dyestuff;Dye;Dyes
香料|Flavors;Fragrance;Perfume
食品添加剂|Food Additive;Food Additives;Food Ingredients
保健品|Health Products;Healthcare Products
玻璃|Glass
涂料|Coating;Coatings;Paint
石油化工|Petrochemical;Petroleum Chemical
能源|Energy
环保科技|Environmental Protection Technology;Environmental Tech
建材|Building Materials;Building Material
纺织|Textile;Textiles
服装|Garment;Clothing;Apparel
船务|Shipping;Shipping Agency
报关|Customs Broker;Customs Brokerage;Customs Declaration
实验室设备|Laboratory Equipment;Lab Equipment
电子科技|Electronic Technology;Electronics Technology;Electronic Tech
科贸|Science & Trade;Technology & Trade;Tech Trade
生物技术|Biotechnology;Biotech;Bio-Tech
化学|Chemistry;Chemical
研究所|Research Institute;Institute
研究院|Research Institute;Research Academy;Institute
实验室|Laboratory;Lab;Laboratories
中药|Chinese Medicine;Herbal Medicine
植物提取物|Plant Extract;Botanical Extracts;Herbal Extract
"""
PAIRS = [(han, english) for line in TRADES.split("\n")[1:-1] for han, _, rest in [line.partition("|")] for english in rest.split(";")]  # fmt: skip


@pytest.mark.parametrize(("han", "english"), PAIRS)
def test_a_trade_is_known_by_its_english_words(han: str, english: str) -> None:
    here, there = f"Shenzhen Dengta {english} Co., Ltd.", f"深圳市灯塔{han}有限公司"
    assert compare_names(here, there, kind="firm").score >= match_threshold()


@pytest.mark.parametrize("word", ["Yuanlin", "Huahui", "Jinghua", "Shicai"])
def test_a_brand_that_sounds_like_a_trade_stays_a_brand(word: str) -> None:
    for other in ("Guolü", "Luhua", "Shuju"):
        pair = f"Wuhan {word} Trading Ltd", f"Wuhan {other} Trading Ltd"
        assert compare_names(*pair, kind="firm").score < match_threshold()


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Tianjin City Dengta Pharmaceutical", "天津市灯塔医药有限公司"),
        ("Hebei Province Deng Ta Biological Tech.", "河北省灯塔生物科技有限公司"),
        ("ATTN: Mr Marchbank - Tianjin Dengta Pharm", "天津灯塔医药"),
    ],
)
def test_a_place_with_its_rank_and_an_attention_line(here: str, there: str) -> None:
    assert compare_names(here, there, kind="firm").score >= match_threshold()


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("मुंबई केमिकल्स प्राइवेट लिमिटेड", "Mumbai Chemicals Pvt Ltd"),
        ("शालीमार ट्रेडिंग कंपनी", "Shalimar Trading Company"),
        ("شركة الفنار للكيماويات ذ.م.م", "Al Fanar Chemicals LLC"),
        ("شركة دبي للاستيراد والتصدير", "Dubai Import Export Co"),
        ("بازرگانی فانوس", "Fanoos Trading"),
        ("ООО Маякхим-Трейд", "Mayakkhim Trade LLC"),
        ("ООО Импорт-Экспорт Маяк", "Mayak Import Export LLC"),
        ("등대케미칼 주식회사", "Deungdae Chemical Co., Ltd."),
        ("(주)서울트레이딩", "Seoul Trading Co Ltd"),
        ("株式会社トウダイケミカル", "Toudai Chemical Co., Ltd."),
        ("トウダイトレーディング株式会社", "Toudai Trading K.K."),
    ],
)
def test_trades_and_places_are_known_in_every_script(here: str, there: str) -> None:
    assert compare_names(here, there, kind="firm").score >= match_threshold()


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Ningbo Free Trade Zone Dengta Intl Trade", "宁波保税区灯塔国际贸易有限公司"),
        ("Shanghai Pudong New Area Dengta Trading", "上海浦东新区灯塔贸易"),
        ("Tianjin Economic-Technological Development Area Dengta Chem", "天津经济技术开发区灯塔化工"),
        ("Shenzhen Longgang District Dengta Hardware", "深圳市龙岗区灯塔五金"),
        ("Shenzhen Longgang Dengta Hardware", "深圳市龙岗区灯塔五金"),
        ("Yiwu City Dengta E-commerce Firm", "义乌市灯塔电子商务商行"),
    ],
)
def test_zones_districts_and_small_firms_are_known_in_both_languages(here: str, there: str) -> None:
    assert compare_names(here, there, kind="firm").score >= match_threshold()


@pytest.mark.parametrize(
    ("here", "there"),
    [("Gift Trading Ltd", "Toy Trading Ltd"), ("Resin Trading Ltd", "Solvent Trading Ltd"), ("Paint Ltd", "Ink Ltd")],
)
def test_things_that_are_sold_together_are_not_one_trade(here: str, there: str) -> None:
    assert compare_names(here, there, kind="firm").score < match_threshold()
