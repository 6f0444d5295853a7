from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.trust.encoding import from_base64, from_instant, to_base64, to_instant
from tidegate.trust.faults import NotCanonical


@given(st.binary(max_size=100))
def test_base64_comes_back(data: bytes) -> None:
    assert from_base64(to_base64(data)) == data


@pytest.mark.parametrize("text", ["QQ", "QR==", "QQ==\n", "Q-==", "Q Q=", "é", 7, None])
def test_other_spellings_of_base64_are_refused(text: object) -> None:
    with pytest.raises(NotCanonical):
        from_base64(text)


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 1, 1)))  # noqa: DTZ001 - zone comes next
def test_instants_come_back_in_whole_seconds(moment: datetime) -> None:
    exact = moment.replace(tzinfo=UTC, microsecond=0)
    assert from_instant(to_instant(moment.replace(tzinfo=UTC))) == exact


@pytest.mark.parametrize("text", ["2022-8-5T13:05:00Z", "2022-08-05 13:05:00Z", "2022-08-05T13:05:00+00:00", "", 5])
def test_other_spellings_of_an_instant_are_refused(text: object) -> None:
    with pytest.raises(NotCanonical):
        from_instant(text)


def test_instant_without_zone_is_a_slip() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_instant(datetime(2022, 8, 5))  # noqa: DTZ001 - the slip itself
