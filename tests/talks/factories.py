"""Small makers of talks documents with plainly invented contents."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from tidegate.talks.act import Act, Count, Fulfilment
from tidegate.talks.meeting import Delegation, Meeting
from tidegate.talks.minutes import Minutes
from tidegate.talks.pledge import Pledge
from tidegate.talks.tongues import Tongues

NOON = datetime(2024, 1, 31, 12, tzinfo=UTC)
SIDES = ("importing-side", "exporting-side")


def tongues(en: str = "Lantern Quay Trading is shut down") -> Tongues:
    return Tongues(en=en, zh="灯笼码头贸易公司被关闭", es="Se cierra Lantern Quay Trading")


def minutes(*extra: tuple[str, str], version: int = 3) -> Minutes:
    paragraphs = (
        ("The sides keep in contact.", "双方保持联系。"),
        ("Answers take 12 working days.", "十二个工作日内答复。"),
    )
    return Minutes("meeting-1", version, ("en", "zh"), paragraphs + extra)


def act(**changes: object) -> Act:
    values: dict[str, object] = {
        "id": "act-1",
        "by": ("exporting-side",),
        "pillar": "production",
        "text": tongues(),
        "announced": date(2024, 1, 28),
        "counts": (Count("exporting-side", Decimal(1), Tongues(en="company", zh="家公司", es="empresa")),),
        "fulfils": (Fulfilment(7, "part", tongues("One company is a beginning")),),
        "claimed_by": ("exporting-side",),
    }
    return Act(**{**values, **changes})  # type: ignore[arg-type]


def pledge(number: int = 7, **changes: object) -> Pledge:
    values: dict[str, object] = {
        "number": number,
        "by": ("exporting-side",),
        "title": tongues("Answer queries"),
        "scope": tongues("Answer queries in 12 working days"),
        "told_by": SIDES,
        "day": date(2024, 1, 30),
    }
    return Pledge(**{**values, **changes})  # type: ignore[arg-type]


def meeting(**changes: object) -> Meeting:
    values: dict[str, object] = {
        "id": "meeting-1",
        "number": 1,
        "day": date(2024, 1, 30),
        "place": "Beijing",
        "starts": datetime(2024, 1, 30, 1, tzinfo=UTC),
        "agenda": (tongues("Work plan"),),
        "delegations": {
            "importing-side": Delegation("announced", "head of the office", ("Trade Office",), date(2024, 1, 28)),
            "exporting-side": Delegation(),
        },
        "proposed_by": "importing-side",
    }
    return Meeting(**{**values, **changes})  # type: ignore[arg-type]


words = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(str.strip)
any_tongues = st.builds(Tongues, words, st.none() | words, st.none() | words)
days = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))
sides = st.lists(st.sampled_from(["importing-side", "exporting-side", "press"]), unique=True, max_size=3).map(tuple)
some_sides = sides.filter(bool)
numbers = st.none() | st.decimals(0, 10**9, places=2, allow_nan=False).map(lambda n: n.normalize() + 0)
any_act = st.builds(
    Act,
    id=words, by=some_sides, pillar=words, text=any_tongues, announced=days, in_force=days, effect_seen=days,
    counts=st.lists(st.builds(Count, words, numbers, any_tongues), max_size=3).map(tuple),
    fulfils=st.lists(
        st.builds(Fulfilment, st.integers(1, 99), st.sampled_from(["full", "part", "unclear"]), any_tongues), max_size=2
    ).map(tuple),
    claimed_by=some_sides, confirmed_by=sides, disputed_by=sides,
    attribution=st.sampled_from(["official-on-record", "anonymous-official", "press"]),
)  # fmt: skip
any_pledge = st.builds(
    Pledge,
    number=st.integers(1, 999), by=some_sides, title=any_tongues, scope=any_tongues, told_by=some_sides,
    day=st.dates(date(2000, 1, 1), date(2099, 12, 31)), due=days, condition=st.none() | any_tongues, pillars=sides,
)  # fmt: skip
any_minutes = st.builds(
    Minutes,
    meeting=words, version=st.integers(1, 9), languages=st.sampled_from([("en", "zh"), ("zh", "es")]),
    paragraphs=st.lists(st.tuples(words, words), min_size=1, max_size=5).map(tuple),
)  # fmt: skip
