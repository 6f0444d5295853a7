"""The list of cases: a page at a time, newest first, with the way to older and to newer ones."""

from __future__ import annotations

import re

import pytest

from tidegate.web.desk_cases import A_PAGE
from tidegate.web.desk_reads import cases_page
from tidegate.wording.sentences import LANGUAGES, say

from .desk_sides import two_sides, words

pytestmark = pytest.mark.postgres
COUNT = 2 * A_PAGE + 7


@pytest.fixture(scope="module")
def side(postgres_server, _template):
    """One side with more cases than two pages hold; case n has n % 3 facts."""
    with two_sides(postgres_server, enrol=False) as made:
        with made.a.node.transaction() as tx:
            for number in range(COUNT):
                told = {
                    "ref": f"C-{number:03}",
                    "title": f"Lantern {number}",
                    "pillar": "distribution",
                    "state": "open",
                }
                tx.put("case_file", f"case {number}", told)
                for fact in range(number % 3):
                    tx.put("statement", f"fact {number}-{fact}", {"case_id": f"case {number}"})
        yield made.a


def refs(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'class="id">C-(\d+)<', html)]


def way(html: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', html)
    return found[1] if found else ""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_cases_are_read_page_by_page_to_the_oldest_and_back(side, lang):
    desk = side.browser("liaison", lang)
    pages = [desk.page("/cases")]
    while older := way(pages[-1], "next"):
        pages.append(desk.page(older))
    assert [number for html in pages for number in refs(html)] == [*range(COUNT)][::-1]
    assert [len(refs(html)) for html in pages] == [A_PAGE, A_PAGE, COUNT - 2 * A_PAGE]
    assert say("desk.case.older", lang) in words(pages[0])
    assert say("desk.case.newer", lang) not in words(pages[0])
    assert say("desk.case.caption", lang, first=A_PAGE + 1, last=2 * A_PAGE, total=COUNT) in words(pages[1])
    back = [pages[-1]]
    while newer := way(back[-1], "prev"):
        back.append(desk.page(newer))
    assert [refs(html) for html in back] == [refs(html) for html in pages[::-1]]


def test_a_case_that_is_not_there_leads_to_the_newest(side):
    desk = side.browser("liaison")
    for query in ("before=nothing", "after=nothing", "before=case%200", f"after=case%20{COUNT - 3}"):
        assert refs(desk.page(f"/cases?{query}"))[0] == COUNT - 1


def test_the_facts_of_each_case_are_counted(side):
    with side.node.transaction() as tx:
        page = cases_page(tx.conn, before="case 5", most=4)
    assert [(key, facts) for key, _, facts in page.rows] == [("case 4", 1), ("case 3", 0), ("case 2", 2), ("case 1", 1)]
    assert (page.newer, page.total) == (COUNT - 5, COUNT)
