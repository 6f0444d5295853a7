"""Text that is JSON for the most part."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.files.json_texts import in_a_row, loads

_OBJECTS = st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=5) | st.integers()), min_size=2, max_size=6)


@settings(deadline=None)
@given(_OBJECTS, st.sampled_from([None, 1, 2]))
def test_objects_in_a_row_come_back(objects: list[dict[str, object]], indent: int | None) -> None:
    assert in_a_row(",\n".join(json.dumps(each, indent=indent) for each in objects) + ",\n]") == objects


@settings(deadline=None)
@given(_OBJECTS, st.integers(0, 400))
def test_a_cut_row_never_loses_what_stands_before_the_cut(objects: list[dict[str, object]], at: int) -> None:
    pieces = [json.dumps(each) for each in objects]
    told = ",\n".join(pieces)[:at]
    whole = [each for number, each in enumerate(objects) if len(",\n".join(pieces[: number + 1])) <= at]
    found = in_a_row(told)
    assert not found or [each for each in found if isinstance(each, dict)] == whole


def test_number_of_many_digits_comes_as_its_digits() -> None:
    assert loads('{"a": ' + "9" * 5000 + ', "b": 7}') == {"a": "9" * 5000, "b": 7}
