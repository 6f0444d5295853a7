import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.files.seen_text import column_words, seen
from tidegate.model.columns import COLUMNS
from tidegate.wording.sentences import LANGUAGES


def test_a_turned_file_name_and_a_terminal_command_are_shown_and_not_obeyed():
    assert seen("invoice\u202excod.xlsx") == "invoice⟨U+202E⟩xcod.xlsx"
    assert seen("\x1b]0;owned\x07") == "⟨U+001B⟩]0;owned⟨U+0007⟩"


def test_chinese_arabic_and_persian_joiners_stay_as_they_are():
    for text in ("北极兔化工有限公司", "شركة الأرنب القطبي", "نمی\u200cخواهم", "two\nlines\tand a tab"):
        assert seen(text) == text


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_nothing_that_is_seen_turns_the_reading_direction_or_commands(text):
    shown = seen(text)
    assert not any(
        unicodedata.bidirectional(sign) in {"RLO", "LRO", "RLE", "LRE", "RLI", "LRI", "FSI"} for sign in shown
    )
    assert not any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in shown)
    assert seen(shown) == shown


def test_every_canonical_column_has_words_in_each_language():
    for columns in COLUMNS.values():
        for lang in LANGUAGES:
            assert all(column_words(column, lang) != column or column.isalpha() for column in columns)
