"""Likely text: how much a decoded text looks like writing people would send, by script."""

from __future__ import annotations

import re

# In order of preference where two say the same.
CODECS = ("gb18030", "big5", "cp1252", "cp932", "euc_jp", "cp949", "cp1251", "koi8_r", "cp866", "cp1256", "iso8859_15",
          "cp1250", "cp850", "mac_roman")  # fmt: skip
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
_CAUGHT_HAN = re.compile(r"(?<=[A-Za-z])[\u4e00-\u9fff](?=[a-z])|\b[\u4e00-\u9fff](?=[a-z])")
# Among the signs most written in customs and bank papers; a right decoding shows several, a wrong one hardly any.
_COMMON_HAN = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所"
    "民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四"
    "日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代"
    "收货单位名称金额数量重净毛申报编码品港箱件提运托址国电话司有限贸易進出口貨單號稱額國發點業價幣廠廣東學時會東無過經"
)
_COMMON_HANGUL = frozenset(
    "이다는을를의에가한사서시기로인자리고지스아주도정대하화상전보식회무학유구국부수성동제원진일신어장업역중물용등"
)
_COMMON_CYRILLIC = frozenset("оеаинтсрвлкмдпу")
_COMMON_ARABIC = frozenset("اليمنرةوتبدسعهفك")
_LATIN = {
    "cp1252": "áéíóúüñÁÉÍÓÚÜÑçÇàèìòùâêîôûäöüßÄÖÜãõÃÕåÅøØæÆïë",
    "iso8859_15": "áéíóúüñÁÉÍÓÚÜÑçÇàèìòùâêîôûäöüßÄÖÜãõÃÕåÅøØæÆïëœŒ",
    "cp1250": "áéíóúýÁÉÍÓÚÝěščřžůťďňĚŠČŘŽŮŤĎŇąęłśźżćńĄĘŁŚŹŻĆŃőűŐŰăâîşţĂÂÎŞŢäöüÄÖÜßľĽĺôÔđĐ",
    "cp850": "áéíóúüñÁÉÍÓÚÜÑçÇàèìòùâêîôûäöüßÄÖÜãõ",
    "mac_roman": "áéíóúüñÁÉÍÓÚÜÑçÇàèìòùâêîôûäöüßÄÖÜãõ",
}
_SYMBOLS = frozenset("¿¡ºª°€’‘“”–—…µ±²³®©™·«»\u00a0´½¼×№")
_RARER = {"iso8859_15": 0.02, "cp1250": 0.04, "cp850": 0.06, "mac_roman": 0.06}


def likelihood(text: str, codec: str) -> float:
    """Return how right `text` looks as the decoding of `codec`, from 0 to 1; 0 for text that is ASCII alone."""
    beyond = [sign for sign in text if ord(sign) > 127]
    if not beyond:
        return 0.0
    if codec in _LATIN:
        return _latin(text, beyond, codec)
    if codec in {"cp1251", "koi8_r", "cp866"}:
        return _cyrillic(text, beyond)
    if codec == "cp1256":
        letters = [sign for sign in beyond if "\u0621" <= sign <= "\u06d2"]
        common = sum(1 for sign in letters if sign in _COMMON_ARABIC)
        share = len(letters) / len(beyond)
        return _mixed(share, common / len(letters) * 1.3 if letters else 0) * _in_runs(text) * share**2
    kana = sum(1 for sign in beyond if "\u3041" <= sign <= "\u30fe")
    if codec in {"cp932", "euc_jp"}:
        good = sum(1 for sign in beyond if "\u3000" <= sign <= "\u9fff" or "\uff01" <= sign <= "\uff60")
        return _mixed(good / len(beyond), 4 * kana / len(beyond)) if kana else 0.0
    if codec == "cp949":
        hangul = [sign for sign in beyond if "\uac00" <= sign <= "\ud7a3"]
        common = sum(1 for sign in hangul if sign in _COMMON_HANGUL)
        return (
            _mixed(len(hangul) / len(beyond), 3 * common / len(hangul)) * len(hangul) / len(beyond) if hangul else 0.0
        )
    return _chinese(text, beyond) * (1 - kana / len(beyond))


def _mixed(share: float, common: float) -> float:
    return 0.25 * share + 0.75 * min(1.0, common)


def _chinese(text: str, beyond: list[str]) -> float:
    han = [sign for sign in beyond if "\u4e00" <= sign <= "\u9fff"]
    common = sum(1 for sign in han if sign in _COMMON_HAN)
    punctuation = sum(1 for sign in beyond if "\u3000" <= sign <= "\u303f" or "\uff00" <= sign <= "\uffef")
    if not han:
        return 0.3 * punctuation / len(beyond)
    # "Pe窨n": one Han sign between plain letters is a Spanish word read wrongly.
    caught = len(_CAUGHT_HAN.findall(text)) / len(_HAN_RUN.findall(text))
    return _mixed((len(han) + punctuation) / len(beyond), 4 * common / len(han)) * (1 - caught)


def _cyrillic(text: str, beyond: list[str]) -> float:
    letters = [sign for sign in beyond if "\u0400" <= sign <= "\u04ff"]
    if not letters:
        return 0.0
    common = sum(1 for sign in letters if sign.lower() in _COMMON_CYRILLIC)
    words = re.findall(r"[\u0400-\u04ff]+", text)
    # The two Cyrillic codecs turn each other's capitals into small letters: "пОЛЯРНЫЙ" is the wrong one.
    cased = sum(len(word) for word in words if word.islower() or word.isupper() or word.istitle()) / len(letters)
    share = len(letters) / len(beyond)
    # Squared: Chinese bytes read as Cyrillic are letters among drawn lines and signs.
    return _mixed(share, 1.6 * common / len(letters)) * cased * _in_runs(text) * share**2


def _in_runs(text: str) -> float:
    """Return the share of signs beyond ASCII that stand beside another one, as in words of a script of its own."""
    runs = re.findall(r"[^\x00-\x7f]+", text)
    return sum(len(run) for run in runs if len(run) > 1) / max(1, sum(map(len, runs)))


def _latin(text: str, beyond: list[str], codec: str) -> float:
    """Accented letters inside words, symbols outside them; and a plain letter or a break beside most of them."""
    good = 0
    for place, sign in enumerate(text):
        if ord(sign) < 128:
            continue
        in_word = text[place - 1 : place].isalpha() and text[place + 1 : place + 2].isalpha()
        good += sign in _LATIN[codec] or (sign in _SYMBOLS and not (in_word and sign not in "’·´"))
    runs = re.findall(r"[^\x00-\x7f]+", text)
    isolated = sum(1 for run in runs if len(run) == 1) / len(runs)
    return max(0.0, good / len(beyond) * isolated - _RARER.get(codec, 0.0))
