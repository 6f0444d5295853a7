"""Another word is another name; a slip, a shortened form, another script or a former name is not."""

from __future__ import annotations

import pytest

from tidegate.screening.name_index import build_index
from tidegate.screening.names import compare_names, match_names, match_threshold
from tidegate.screening.watchlist import ListedParty, Watchlist


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Brightwater Holdings Ltd", "Bridgewater Holdings Ltd", "Company"),
        ("Marina Star Shipping Ltd", "Martina Star Shipping Ltd", "Company"),
        ("Goldcrest Trading LLC", "Goldcraft Trading LLC", "Company"),
        ("Kestrelhof Foundation", "Kestrelhof Ltd", "Company"),
        ("Kestrelhof University", "Kestrelhof GmbH", "Company"),
        ("Paul Harrowgate", "Paula Harrowgate", "Person"),
        ("Mario Olivarte", "María Olivarte", "Person"),
        ("Ivan Zeleznov", "Ivan Zeleznova", "Person"),
        ("Henry Thornapple II", "Henry Thornapple III", "Person"),
        ("Park Sung-ho", "Park Sang-ho", "Person"),
    ],
)
def test_another_word_is_another_party(one: str, other: str, kind: str) -> None:
    assert compare_names(one, other, kind).score < match_threshold()


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Tamarisk Oi1 Company", "Tamarisk Oil Company", "Company"),
        ("Oakho11ow Packaging lnc", "Oakhollow Packaging Inc", "Company"),
        ("中国石油天然气集团", "China National Petroleum Corporation", "Company"),
        ("International Business Machines", "IBM", "Company"),
        ("香港鴻運船務有限公司", "Hung Wan Shipping Ltd", "Company"),
        ("永福貿易公司", "Wing Fuk Trading Co", "Company"),
        ("宁波海雁化工有限公司（原宁波红星化工厂）", "宁波红星化工厂", "Company"),
        ("Tamarisk Commerce Bank, Dubai Branch", "Tamarisk Commerce Bank", "Company"),
        ("上海桐叶国际货运代理有限公司", "Shanghai Tongye Intl Forwarder Co Ltd", "Company"),
        ("ｶ)ﾐﾄﾞﾘｶﾜ", "株式会社ミドリカワ", "Company"),
        ("ミドリケミカル株式会社", "Midori Chemical Co Ltd", "Company"),
        ("विक्रम सिंहवाडे", "Vikram Singhwade", "Person"),
        ("شركة النخيل الأزرق للتجارة", "Al Nakheel Al Azraq Trading Company", "Company"),
        ("Al Rimth Steel FZE", "Al-Rimth Steel Free Zone Establishment", "Company"),
    ],
)
def test_one_party_written_otherwise_is_a_match(one: str, other: str, kind: str) -> None:
    assert compare_names(one, other, kind).score >= match_threshold()


def test_a_firm_is_found_by_the_letters_of_its_words() -> None:
    firm = ListedParty("1", "Company", ("Oriental Walnut Machinery Engineering Corporation",))
    found = match_names(["OWME"], build_index([Watchlist((firm,), "l", "l")]), threshold=match_threshold())
    assert [match.level for match in found[0]] == ["look"]
