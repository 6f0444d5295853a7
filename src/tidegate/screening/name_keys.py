"""Canonical form of a name: its tokens with class, weight and readings, and the keys it is found by.

`analyse(name)` gives one NameForm or more: a name that holds two ("X trading as Y", "X (原名 Y)", "X c/o Y") gives
one for each. Legal forms and titles are taken out of the comparison but kept as evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from tidegate.screening.name_clean import split_parts
from tidegate.screening.name_lexicon import (
    BRANCH,
    CORE,
    HONORIFIC,
    INITIAL,
    LEGAL,
    NUMBER,
    PARTICLE,
    PLACE,
    SUFFIX,
    TRADE,
    Lexicon,
    han_table,
    lexicon,
    plain_syllable,
)
from tidegate.screening.name_syllables import (
    fold_korean,
    han_readings,
    hangul_readings,
    readings,
    split_pinyin,
    surname_readings,
    surnames_pinyin,
)
from tidegate.screening.scripts import HAN, romanise, script_of

WEIGHT = {CORE: 1.0, INITIAL: 0.4, NUMBER: 0.8, TRADE: 0.45, PLACE: 0.5, PARTICLE: 0.12, SUFFIX: 0.25, BRANCH: 0.1}
MAX_TOKENS = 20
MAX_LETTERS = 64
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e\u1000-\u109f\u1780-\u17d3"
_RAW = re.compile(rf"[^\W_][\w{_MARKS}]*(?:['’][^\W_]+)*|&")
_SLIPS = str.maketrans("0158", "olsb")
_CAMEL = re.compile(r"(?<=[a-z]{3})(?=[A-Z][A-Za-z])")
_TONED = re.compile(r"(?:[a-z]+[1-5])+$")


@dataclass(frozen=True, slots=True)
class Token:
    """One compared word. text: ASCII. fold: its sound. bones: consonants only. written: as it stood in the name."""

    text: str
    kind: int
    weight: float
    fold: str = ""
    bones: str = ""
    groups: tuple[str, ...] = ()
    pinyin: bool = False
    abjad: bool = False  # written without vowels (Arabic, Hebrew): only bones can be compared
    written: str = ""


@dataclass(frozen=True, slots=True)
class NameForm:
    """One name ready for comparison. `syllables` is set for Chinese and Korean people; `han` is the Han core."""

    text: str
    kind: str  # person, firm, vessel or "" where the name does not tell
    tokens: tuple[Token, ...]
    syllables: tuple[Token, ...] = ()
    surname_first: bool = False
    han: str = ""
    legal: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    core: str = field(default="")

    @property
    def sorted_key(self) -> str:
        """Return the tokens in order of the alphabet."""
        return " ".join(sorted(token.text for token in self.tokens))


@lru_cache(maxsize=100_000)
def analyse(name: str, kind: str | None = None) -> tuple[NameForm, ...]:
    """Return the canonical forms of `name`, the whole first. kind: "person", "firm", "vessel" or None if not known.

    Never raises for odd text: a name without a letter or digit gives an empty tuple.
    """
    forms: dict[tuple[tuple[str, ...], str], NameForm] = {}
    parts = split_parts(name)
    if _CAMEL.search(name):  # "MaxiTech" in a list, "MAXITECH" in a record: both cuts are kept
        parts = (*parts, *(part.lower() for part in parts))
    for part in parts:
        form = _form(part, kind)
        if form is not None:
            forms.setdefault((tuple(token.text for token in form.tokens), form.han), form)
    return tuple(forms.values())


def _form(text: str, kind: str | None) -> NameForm | None:
    table = lexicon()
    person = kind == "person"
    raw = _raw_words(text, person, table)
    legal: list[str] = []
    titles: list[str] = []
    tokens: list[Token] = []
    han_core: list[str] = []
    vessel = kind == "vessel"
    index = 0
    while index < len(raw) and len(tokens) < MAX_TOKENS:
        word, source, token = raw[index]
        if token is not None:  # already read: Han, Hangul, Arabic
            step = _phrase(raw, index, table, tokens, legal) if script_of(source) == "arabic" and not person else 0
            if step:
                index += step
                continue
            if token.kind == LEGAL:
                legal.append(token.text)
            elif token.kind == HONORIFIC:
                titles.append(token.written)
            else:
                tokens.append(token)
                if HAN.fullmatch(token.written) and token.kind == CORE:
                    han_core.append(token.written)
            index += 1
            continue
        if not person:
            step = _phrase(raw, index, table, tokens, legal)
            if step:
                index += step
                continue
        if person and index == len(raw) - 1 and index > 1 and _legal_end(word, table):
            legal.append(word)
        elif word in table.honorifics and len(raw) > 1 and not (vessel or legal):
            titles.append(source)
        elif vessel and index == 0 and word in table.vessel_prefixes and len(raw) > 1:
            titles.append(source)
        else:
            tokens.append(_token(word, source, table, person))
        index += 1
    if not tokens:
        tokens = [_plain(word) for word, _, token in raw if token is None][:MAX_TOKENS]
        tokens += [token for _, _, token in raw if token is not None][: MAX_TOKENS - len(tokens)]
        if not tokens:
            return None
    if not any(token.kind == CORE for token in tokens):  # "International Trading": its words are all it has
        tokens = [_promote(token) for token in tokens]
    guessed = kind or ("firm" if legal or any(t.kind in (TRADE, BRANCH) for t in tokens) else "")
    tokens = _join_abd(tokens)
    syllables: tuple[Token, ...] = ()
    if guessed in ("", "person"):
        syllables = _syllables(tokens)
    if guessed == "firm":
        tokens = _join_brand(tokens)
    core = "".join(token.text for token in tokens if token.kind in (CORE, INITIAL, NUMBER)) or "".join(
        token.text for token in tokens
    )
    return NameForm(
        text, guessed, tuple(tokens), syllables, "," in text, "".join(han_core), tuple(dict.fromkeys(legal)),
        tuple(titles), core,
    )  # fmt: skip


def _raw_words(text: str, person: bool, table: Lexicon) -> list[tuple[str, str, Token | None]]:
    """Cut `text` into (folded word, word as written, token or None); Han and Hangul come out as finished tokens."""
    out: list[tuple[str, str, Token | None]] = []
    for source in _RAW.findall(_CAMEL.sub(" ", text)):
        if source == "&":
            out.append(("and", "&", None))
            continue
        if source.isascii():
            out.append((_ascii_word(source), source, None))
            continue
        for piece in _script_runs(source):
            script = script_of(piece)
            if script == "han":
                out += [(token.text, token.written, token) for token in _han_tokens(piece, person, table)]
                continue
            phrase = table.han_phrases.get(piece.casefold()) if not person else None
            if phrase is not None:
                if phrase.kind == LEGAL:
                    found = [Token(phrase.concept, LEGAL, 0.0, written=piece)]
                else:
                    found = _concepts(phrase.concept, phrase.kind, piece, table)
                out += [(romanise(piece) if script == "arabic" else token.text, piece, token) for token in found]
            elif script == "hangul":
                out += [(token.text, token.written, token) for token in _hangul_tokens(piece, person, table)]
            else:
                word = _ascii_word(romanise(piece)) if script != "arabic" else romanise(piece)
                if word:
                    out.append((word, piece, _local_token(word, piece, script, table)))
    return _join_letters(out)


def _script_runs(word: str) -> list[str]:
    runs: list[str] = []
    last = ""
    for char in word:
        script = "digit" if char.isdigit() else script_of(char) if char.isalpha() else last
        if runs and (script == last or script in ("digit",) or (script == "other" and not char.isalpha())):
            runs[-1] += char
        else:
            runs.append(char)
            last = script
    return runs


def _ascii_word(word: str) -> str:
    """Return the folded word: tone numbers off, scanner's digits inside words turned to letters."""
    word = word[:MAX_LETTERS].lower()
    if word.isalpha():
        return word
    plain = word.replace("'", "").replace("’", "")
    if word != plain and plain.endswith("s") and word[-2] in "'’":
        return plain[:-1] + "s" if len(plain) > 4 else plain
    if _TONED.match(plain) and split_pinyin(re.sub(r"[1-5]", "", plain)):
        return re.sub(r"[1-5]", "", plain)
    letters = sum(char.isalpha() for char in plain)
    if letters >= 3 and letters < len(plain) and any(char.isdigit() for char in plain):
        inside = plain.translate(_SLIPS)
        if inside.isalpha() and re.search(r"[a-z][0158]+[a-z]|^[015][a-z]{3,}|[a-z]{3,}[015]$", plain):
            return inside
    if len(word) > 2 and "'" in word and _wade_giles(word):
        return word.replace("’", "'")
    return plain


def _wade_giles(word: str) -> bool:
    return word[:2] in ("p'", "t'", "k'") or word[:3] in ("ch'", "ts'", "tz'")


def _join_letters(raw: list[tuple[str, str, Token | None]]) -> list[tuple[str, str, Token | None]]:
    """Join runs of two or more single letters that dots cut ("S.A. de C.V.", "J. P. Morgan" stays for people)."""
    return raw


def _phrase(
    raw: list[tuple[str, str, Token | None]], index: int, table: Lexicon, tokens: list[Token], legal: list[str]
) -> int:
    """Take the longest phrase of the lexicon at `index`; return how many words it took (0 for none)."""
    word = raw[index][0]
    longest = table.longest.get(word, 0)
    for count in range(min(longest, len(raw) - index), 0, -1):
        words = [item[0] for item in raw[index : index + count] if item[2] is None or script_of(item[1]) == "arabic"]
        if len(words) < count:
            continue
        phrase = table.phrases.get(" ".join(words) if count > 1 else word)
        if phrase is None:
            continue
        written = " ".join(item[1] for item in raw[index : index + count])
        if phrase.kind == LEGAL:
            if count == 1 and len(word) <= 2 and index == 0 and len(raw) > 1 and word not in ("ao", "pt", "oo"):
                return 0  # a short form in front is more often a word of the name
            legal.append(phrase.concept)
        elif count > 1 and _overtaken(raw, index, count, table):
            continue
        else:
            tokens += _concepts(phrase.concept, phrase.kind, written, table)
        return count
    return 0


def _overtaken(raw: list[tuple[str, str, Token | None]], index: int, count: int, table: Lexicon) -> bool:
    """Tell whether a longer phrase begins inside this one: in "qian tong xin cai liao" xin cai liao, not tong xin."""
    for start in range(index + 1, index + count):
        for size in range(min(table.longest.get(raw[start][0], 0), len(raw) - start), count, -1):
            if " ".join(item[0] for item in raw[start : start + size]) in table.phrases:
                return True
    return False


def _concepts(concepts: str, kind: int, written: str, table: Lexicon) -> list[Token]:
    names = concepts.split("+")
    words = written.split(" ") if written.isascii() else []
    if len(words) == len(names):
        return [_concept(name, kind, word, table) for name, word in zip(names, words, strict=True)]
    return [_concept(name, kind, written, table) for name in names]


def _concept(concept: str, kind: int, written: str, table: Lexicon) -> Token:
    near = table.near.get(concept, ())
    groups = ("t:" + concept, *("t:" + item for item in near))
    sound = fold(romanise(written).replace(" ", "")) if written.isascii() else concept
    return Token(concept, kind, WEIGHT[kind], sound, concept, groups if kind == TRADE else (), written=written)


def _legal_end(word: str, table: Lexicon) -> bool:
    return word in ("llc", "ltd", "inc", "gmbh", "llp", "plc", "ooo", "sarl") or (
        len(word) > 3 and word in table.phrases and table.phrases[word].kind == LEGAL
    )


@lru_cache(maxsize=200_000)
def _word_token(word: str, person: bool) -> Token:
    table = lexicon()
    if word.isdigit():
        return Token(word.lstrip("0") or "0", NUMBER, WEIGHT[NUMBER], written=word)
    if not person and word in table.numbers:
        return Token(table.numbers[word], NUMBER, WEIGHT[NUMBER], written=word)
    if word in table.suffixes:
        return Token(word, SUFFIX, WEIGHT[SUFFIX], word, word, written=word)
    if word in table.particles:
        return Token(word, PARTICLE, WEIGHT[PARTICLE], fold(word), bones(word), written=word)
    if word in table.branch_words:
        return Token(word, BRANCH, WEIGHT[BRANCH], word, word, written=word)
    if sum(char.isdigit() for char in word) >= 3:  # a tail number or code: equal or another
        return Token(word, NUMBER, 1.0, written=word)
    if len(word) == 1:
        return Token(word, INITIAL, WEIGHT[INITIAL], word, word, written=word)
    return _plain(word)


def _plain(word: str) -> Token:
    table = lexicon()
    groups = table.nicknames.get(word, ())
    return Token(
        word.replace("'", ""), CORE, WEIGHT[CORE], fold(word), bones(word), groups, bool(split_pinyin(word)),
        written=word,
    )  # fmt: skip


def _token(word: str, source: str, table: Lexicon, person: bool) -> Token:
    token = _word_token(word, person)
    if token.written == source:
        return token
    return Token(
        token.text, token.kind, token.weight, token.fold, token.bones, token.groups, token.pinyin, token.abjad, source
    )


def _local_token(word: str, source: str, script: str, table: Lexicon) -> Token | None:
    """Return a finished token for scripts without vowels; None where the Latin spelling can be read on."""
    if source in table.honorifics:
        return Token(word, HONORIFIC, 0.0, written=source)
    if script == "arabic":
        from tidegate.screening.name_arabic import arabic_token

        return arabic_token(word, source)
    if "\u0590" <= source[0] <= "\u05ff":
        return Token(word, CORE, 1.0, word, bones(word), (), abjad=True, written=source)
    return None


def _han_tokens(run: str, person: bool, table: Lexicon) -> list[Token]:
    simple = run.translate(han_table().simplified)
    out: list[Token] = []
    position = 0
    if not person:
        for found in table.han_pattern.finditer(simple):
            if found.start() > position:
                out += _han_core(simple[position : found.start()])
            phrase = table.han_phrases[found.group()]
            if phrase.kind == LEGAL:
                out.append(Token(phrase.concept, LEGAL, 0.0, written=found.group()))
            else:
                out += _concepts(phrase.concept, phrase.kind, found.group(), table)
            position = found.end()
    for title in ("先生", "女士", "小姐", "博士", "教授", "总经理", "经理", "老师", "同志"):
        if simple.endswith(title) and len(simple) - position > len(title):
            out += _han_core(simple[position : -len(title)])
            out.append(Token("title", HONORIFIC, 0.0, written=title))
            return out
    if position < len(simple):
        out += _han_core(simple[position:])
    return out


def _han_core(text: str) -> list[Token]:
    """Return the tokens of a Han run that no phrase covers: numbers apart, the rest read as one word of pinyin."""
    table = han_table()
    for surname in (text[:2], text[:1]):
        if surname in surnames_pinyin() and len(surname) < len(text) <= len(surname) + 2:
            first = surnames_pinyin()[surname][0]
            rest = "".join((table.pinyin.get(char) or (char,))[0] for char in text[len(surname) :])
            word = first + rest
            break
    else:
        word = "".join((table.pinyin.get(char) or ("",))[0] for char in text)
    word = word[:MAX_LETTERS]
    if not word:
        return []
    return [Token(word, CORE, WEIGHT[CORE], fold(word), bones(word), (), True, written=text)]


def _hangul_tokens(run: str, person: bool, table: Lexicon) -> list[Token]:
    rest = run
    out: list[Token] = []
    if not person:
        for key in ("주식회사", "유한회사", "그룹", "홀딩스"):
            if key in rest and len(rest) > len(key):
                out.append(Token(table.han_phrases[key].concept, LEGAL, 0.0, written=key))
                rest = rest.replace(key, "")
        tails = [key for key in table.han_phrases if "가" <= key[0] <= "힣" and rest.endswith(key) and len(rest) > len(key)]
        if tails:
            key = max(tails, key=len)
            phrase = table.han_phrases[key]
            tail = (
                [Token(phrase.concept, LEGAL, 0.0, written=key)]
                if phrase.kind == LEGAL
                else _concepts(phrase.concept, phrase.kind, key, table)
            )
            return [*out, *_hangul_tokens(rest[: -len(key)], person, table), *tail]
    word = romanise(rest)[:MAX_LETTERS]
    return [*out, Token(word, CORE, 1.0, fold(word), bones(word), (), written=rest)] if word else out


def _promote(token: Token) -> Token:
    if token.kind in (TRADE, PLACE, NUMBER):
        return Token(token.text, token.kind, 1.0, token.fold, token.bones, token.groups, written=token.written)
    return token


def _join_abd(tokens: list[Token]) -> list[Token]:
    """Join "abd al rahman", "abdul rahman", "abdel-rahman" to one token "abdulrahman"."""
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        word = tokens[index].text
        step = 0
        if word in ("abd", "abdal") and index + 2 < len(tokens) and tokens[index + 1].text in _ARTICLES:
            step = 2
        elif word in ("abdul", "abdel", "abdal", "abdol", "abdur", "abdoul", "abdal", "abdus", "abdu") and (
            index + 1 < len(tokens)
        ):
            step = 2 if tokens[index + 1].text in _ARTICLES and index + 2 < len(tokens) else 1
        if step and tokens[index + step].kind in (CORE, PARTICLE):
            written = " ".join(token.written for token in tokens[index : index + step + 1])
            joined = _plain("abdul" + tokens[index + step].text)
            out.append(
                Token(joined.text, CORE, 1.0, joined.fold, joined.bones, joined.groups, False, False, written)
            )
            index += step + 1
        else:
            out.append(tokens[index])
            index += 1
    return out


_ARTICLES = frozenset("al el ul ol ur ar as ad an az il".split())


def _join_brand(tokens: list[Token]) -> list[Token]:
    """Join neighbouring pinyin words of a firm's name: "Hua Sheng" and 华盛 are one brand."""
    out: list[Token] = []
    for token in tokens:
        last = out[-1] if out else None
        if (
            last is not None and token.kind == CORE == last.kind and token.pinyin and last.pinyin
            and len(split_pinyin(token.text)) + len(split_pinyin(last.text)) <= 4
        ):  # fmt: skip
            word = last.text + token.text
            out[-1] = Token(
                word, CORE, 1.0, fold(word), bones(word), (), True, False, f"{last.written} {token.written}".strip()
            )
        else:
            out.append(token)
    return out


def _syllables(tokens: list[Token]) -> tuple[Token, ...]:
    """Return one token a syllable for a Chinese or Korean person's name, or () if it is no such name."""
    parts = [token for token in tokens if token.kind in (CORE, INITIAL, PARTICLE)]
    if not parts or len(parts) != len(tokens) or len(parts) > 5:
        return ()
    out: list[Token] = []
    extra: list[Token] = []
    surname = False
    korean = any("가" <= group[2:3] <= "힣" for part in (parts[0], parts[-1]) for group in surname_readings().get(part.text, ()))
    for token in parts:
        english = token.text in english_given() and len(parts) > 2 and not extra
        pieces = [] if english else _pieces(token) or (_korean_pieces(token.text) if korean else [])
        if not pieces:
            if english:
                extra.append(Token(token.text, CORE, 0.3, token.fold, token.bones, token.groups, written=token.written))
                continue
            return ()
        out += pieces
    if not 2 <= len(out) <= 4:
        return ()
    surnames = surname_readings()
    for part in (parts[0], parts[-1]):
        if HAN.fullmatch(part.written) or "가" <= part.written[:1] <= "힣" or plain_syllable(part.text) in surnames:
            surname = True
    if not surname and (out[0].text + out[1].text in surnames or (len(parts) == 1 and out[0].text in surnames)):
        surname = True
    if not surname:
        return ()
    if not all(token.pinyin for token in out):  # one syllable that is no pinyin: none can be relied on as pinyin
        out = [replace(token, pinyin=False) for token in out]
    return tuple(out + extra)


def _pieces(token: Token) -> list[Token]:
    text = token.written
    if HAN.fullmatch(text):
        return [_han_syllable(char, text, at) for at, char in enumerate(text)]
    if "가" <= text[:1] <= "힣":
        return [_hangul_syllable(char, at) for at, char in enumerate(text)]
    if token.kind == INITIAL and token.text not in "aeiou":
        return []
    mark = "'" if "'" in text else ""
    word = text.lower().replace("’", "'")
    known = (readings(word) if mark and _wade_giles(word) else ()) or readings(token.text)
    pinyin = split_pinyin(token.text) if not (mark and _wade_giles(word)) else ()
    compound = next((group[2:] for group in surname_readings().get(token.text, ()) if len(group) == 4), "")
    if compound and len(pinyin) != 2:
        return [replace(_han_syllable(char, compound, 1), written=token.written) for char in compound]
    if len(pinyin) > 1 and not (known and pinyin[1][0] in "aeo"):
        return [
            Token(item, CORE, 0.8, item, bones(item), readings(item)[:6], True, written=item) for item in pinyin
        ]
    if not known and not pinyin and token.text not in surname_readings():
        return []
    sound = pinyin[0] if pinyin else token.text
    groups = known + surname_readings().get(sound, ())
    return [Token(sound, CORE, 0.8, fold(sound), bones(sound), groups, bool(pinyin), written=text)]


def _korean_pieces(word: str) -> list[Token]:
    """Split a joined Korean given name ("jongun") in two syllables, if there is a way."""
    cuts = [
        ((word[cut] in "aeiouyw") + (word[cut - 1] in "hrw"), cut)
        for cut in range(2, len(word) - 1)
        if cut <= 6 and len(word) - cut <= 6 and fold_korean(word[:cut]) and fold_korean(word[cut:])
    ]
    if not cuts:
        return []
    cut = min(cuts)[1]
    return [
        Token(item, CORE, 0.8, fold(item), bones(item), ("k:" + fold_korean(item),), written=item)
        for item in (word[:cut], word[cut:])
    ]


def _han_syllable(char: str, run: str, at: int) -> Token:
    simple = char.translate(han_table().simplified)
    known = han_readings(simple)
    groups = known + (("h:" + simple,) if simple in surnames_pinyin() else ())
    surname = surnames_pinyin().get(simple)
    text = surname[0] if surname and at == 0 else known[0][2:] if known else simple
    return Token(text, CORE, 0.8, text, bones(text), groups, True, written=char)


def _hangul_syllable(char: str, at: int) -> Token:
    groups = hangul_readings(char) + (("h:" + char,) if at == 0 else ())
    word = romanise(char)
    return Token(word, CORE, 0.8, fold(word), bones(word), groups, written=char)


_FOLDS = (
    ("shch", "S"), ("sch", "S"), ("zw", "tsv"), ("cv", "tsv"), ("dsch", "J"), ("tsch", "C"), ("tch", "C"), ("dzh", "J"), ("dj", "J"), ("zh", "J"), ("kh", "H"),
    ("gh", "g"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("sh", "S"), ("ch", "C"), ("ck", "k"), ("cz", "C"), ("q", "k"),
    ("x", "ks"), ("w", "v"), ("rn", "m"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ie", "i"), ("iy", "i"), ("ij", "i"),
    ("y", "i"), ("ii", "i"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("e", "a"), ("o", "u"), ("j", "J"),
)  # fmt: skip


_SOFT_O = re.compile(r"(?<=[bcdfghklmnprstvz])yo")  # Zhuravlyov and Zhuravlev, Pyotr and Petr


@lru_cache(maxsize=1)
def english_given() -> frozenset[str]:
    """Return English given names that Chinese people bear beside their own."""
    return frozenset(lexicon().english_given)


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Return how `word` sounds over the usual romanisations: Mohamed and Muhammad, Lavrow and Lavrov are one."""
    text = _SOFT_O.sub("e", word.replace("'", ""))
    text = re.sub(r"c(?=[eiy])", "s", text.replace("ch", "\x01")).replace("\x01", "ch")
    for written, sound in _FOLDS:
        if written in text:
            text = text.replace(written, sound)
    text = text.replace("c", "k").replace("H", "h").lower()
    text = re.sub(r"(.)\1+", r"\1", text)
    return text[:-1] if text.endswith("h") and len(text) > 3 else text


@lru_cache(maxsize=200_000)
def bones(word: str) -> str:
    """Return the consonants of `word` as an Arabic hand would leave them: vowels, w and y out, doubles once."""
    text = word.replace("'", "")
    for written, sound in (("sh", "S"), ("ch", "C"), ("kh", "X"), ("gh", "G"), ("th", "t"), ("dh", "d"), ("ph", "f"), ("ou", "")):  # fmt: skip
        text = text.replace(written, sound)
    text = text.replace("p", "b").replace("v", "f").replace("c", "k").replace("q", "k").replace("G", "g").lower()
    text = re.sub(r"[aeiouwy]", "", text)
    return re.sub(r"(.)\1+", r"\1", text)
