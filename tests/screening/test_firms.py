import pytest

from tidegate.screening.firms import firm_key


@pytest.mark.parametrize(
    "spellings",
    [
        ("Farol, S.A. de C.V.", "FAROL SA DE CV", "Faról S.A. de C.V."),
        ("Walrus Lantern Co., Ltd", "WALRUS LANTERN CO.,LTD.", "Wálrus  Lantern"),
        ("北极兔化工有限公司", "北极兔化工"),
    ],
)
def test_the_spellings_of_one_firm_have_one_key(spellings):
    assert len({firm_key(name) for name in spellings}) == 1


def test_a_name_of_legal_words_alone_keeps_them_and_a_blank_has_no_key():
    assert (firm_key("Co., Ltd."), firm_key(" .-"), firm_key("")) == ("coltd", "", "")
