from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.trust.faults import StatementNotCommitted
from tidegate.trust.salted_digests import (
    SALT_BYTES,
    check_statement,
    digest_statements,
    statement_digest,
    withheld_at_most,
)

SECRET, OTHER = bytes(range(32)), bytes(32)
ITEMS = st.lists(st.binary(max_size=30), max_size=40)


@given(ITEMS)
def test_every_statement_can_be_checked_later(items: list[bytes]) -> None:
    made = digest_statements(items, SECRET)
    for item, salt in zip(items, made.salts, strict=True):
        check_statement(made.digests, item, salt)
    assert list(made.digests) == sorted(set(made.digests))
    assert made == digest_statements(items, SECRET)


@pytest.mark.parametrize(("count", "size"), [(0, 8), (1, 8), (8, 8), (9, 16), (17, 32), (33, 64), (65, 128)])
def test_decoys_hide_the_count(count: int, size: int) -> None:
    made = digest_statements([b"%d" % number for number in range(count)], SECRET)
    assert len(made.digests) == size
    assert withheld_at_most(made.digests, count) == size - count


def test_changed_statement_or_salt_is_refused() -> None:
    made = digest_statements([b"weight 200", b"country CN"], SECRET)
    for item, salt in [(b"weight 201", made.salts[0]), (b"country CN", made.salts[0]), (b"country CN", bytes(16))]:
        with pytest.raises(StatementNotCommitted):
            check_statement(made.digests, item, salt)
    with pytest.raises(StatementNotCommitted):
        check_statement(made.digests, b"country CN", b"short")


def test_two_recipients_cannot_link_what_they_got() -> None:
    one, other = digest_statements([b"same"], SECRET), digest_statements([b"same"], OTHER)
    assert not set(one.digests) & set(other.digests)
    assert one.salts != other.salts


def test_guessing_a_value_without_the_salt_finds_nothing() -> None:
    made = digest_statements([b"country CN"], SECRET)
    assert statement_digest(b"country CN", bytes(SALT_BYTES)) not in made.digests


def test_salt_is_made_again_from_the_statement_alone() -> None:
    all_of_them = digest_statements([b"a", b"b", b"c"], SECRET)
    assert digest_statements([b"c"], SECRET).salts[0] == all_of_them.salts[2]


def test_secret_of_another_length_is_a_slip() -> None:
    with pytest.raises(ValueError, match="32"):
        digest_statements([], b"short")


def test_salts_do_not_show_in_logs() -> None:
    assert "salt" not in repr(digest_statements([b"a"], SECRET))
