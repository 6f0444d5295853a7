"""Name parts: a person's name that stands in several columns, such as given name and surname, read as one."""

from __future__ import annotations

from dataclasses import replace

from tidegate.files.cleaning import Cleaned
from tidegate.files.header_words import fold_header
from tidegate.files.headers import HeaderFound, HeaderMatch

_GIVEN = ("first name", "firstname", "given name", "given names", "forename", "forenames", "first names", "fname", "nombre",
          "nombres", "nombre de pila", "primer nombre", "名", "名字")  # fmt: skip
_MIDDLE = ("middle name", "middle names", "middle initial", "second name", "mname", "segundo nombre")
_SURNAME = ("last name", "lastname", "surname", "surnames", "family name", "lname", "apellido", "apellidos", "apellido paterno",
            "primer apellido", "姓", "姓氏")  # fmt: skip
_SECOND_SURNAME = ("apellido materno", "segundo apellido", "second surname", "maternal surname")


def join_name_parts(found: HeaderFound, texts: list[Cleaned]) -> HeaderFound:
    """Return the header with `name` as the first of the columns that hold parts of a name, whose texts are joined there.

    Only where the sheet has a given name and a surname, and no column for the whole name. Western order, and 姓 before 名.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if found.kind != "parties":
        return found
    places = {fold_header(header): place for place, header in enumerate(found.headers) if header and place < len(texts)}
    given, middle, surname, second = (_first(places, words) for words in (_GIVEN, _MIDDLE, _SURNAME, _SECOND_SURNAME))
    whole = next((match for match in found.matches if match.canonical == "name"), None)
    parts = [place for place in (given, middle, surname, second) if place is not None]
    if given is None or surname is None or (whole is not None and whole.place not in parts):
        return found
    is_chinese = not found.headers[surname].isascii() and fold_header(found.headers[surname]) in {"姓", "姓氏"}
    ordered = [surname, given] if is_chinese else parts
    columns = [texts[place].column for place in ordered]
    joined = pc.fill_null(columns[0], "")
    for column in columns[1:]:
        joined = pc.binary_join_element_wise(joined, pc.fill_null(column, ""), "" if is_chinese else " ")
    joined = pc.utf8_trim_whitespace(pc.replace_substring_regex(joined, r"\s+", " "))
    texts[given] = Cleaned(pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), joined), [])
    header = " + ".join(" ".join(found.headers[place].split()) for place in ordered)
    name = HeaderMatch("name", given, header, 1.0)
    matches = [match for match in found.matches if match.place not in parts and match.canonical != "name"]
    return replace(
        found,
        matches=tuple(sorted([*matches, name], key=lambda match: match.place)),
        duplicates=tuple(match for match in found.duplicates if match.place not in parts),
        unrecognised=tuple((place, told) for place, told in found.unrecognised if place not in parts),
    )


def _first(places: dict[str, int], words: tuple[str, ...]) -> int | None:
    return next((places[folded] for word in words if (folded := fold_header(word)) in places), None)
