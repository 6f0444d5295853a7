"""Signed packs: taken from a trusted publisher whole, refused with a reason otherwise, and the shelf then stays as it was."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tidegate.errors import TidegateError
from tidegate.lists.acceptance import Acceptance
from tidegate.lists.faults import ListRefused, PackRefused, ShelfWrong
from tidegate.lists.pack import PACK_TYPE, PackedList, make_pack, open_pack
from tidegate.lists.pack_shelf import add_pack, pack_of_file, pack_of_shelf
from tidegate.lists.publisher_key import PublisherKey, TrustedKeys, make_key_file, read_key_file
from tidegate.lists.reading import looks_like_pack
from tidegate.lists.shelf import Shelf
from tidegate.trust import dsse
from tidegate.trust.canonical import dump_canonical
from tidegate.trust.private_keys import RootKey, generate_root

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
PUBLISHER = "Lantern Bureau"


@pytest.fixture(scope="module")
def key() -> RootKey:
    return generate_root()


@pytest.fixture
def shelf(tmp_path: Path, key: RootKey) -> Shelf:
    trust(tmp_path / "shelf", key)
    return Shelf(tmp_path / "shelf")


def trust(folder: Path, key: RootKey, name: str = PUBLISHER) -> PublisherKey:
    return TrustedKeys(folder).trust(make_key_file(key, name), at="2026-01-01T00:00:00Z")


def packed(name: str = "house", count: int = 20, date: str = "2026-01-01", **more: object) -> PackedList:
    rows = "".join(f"{number},Lantern Quay {number:03d} Ltd\n" for number in range(count))
    files = {f"{name}.csv": ("party_id,name\n" + rows).encode()}
    return PackedList(name, f"The {name} list", date, count, files, **more)  # type: ignore[arg-type]


def signed(key: RootKey, *lists: PackedList, made: datetime = NOW, name: str = PUBLISHER) -> bytes:
    return make_pack(lists or (packed(),), key, name, made=made)


def state(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and file.name != ".lock"
    }


def test_a_trusted_pack_puts_all_its_lists_on_the_shelf_with_who_signed_them(shelf: Shelf, key: RootKey) -> None:
    added = add_pack(shelf, signed(key, packed("house"), packed("quay", 5)), source="two.pack", now=NOW)
    assert [(entry.name, entry.parties, entry.publisher, entry.made) for entry, _ in added] == [
        ("house", 20, PUBLISHER, "2026-01-05T12:00:00Z"), ("quay", 5, PUBLISHER, "2026-01-05T12:00:00Z"),
    ]  # fmt: skip
    assert shelf.get("quay").title == "The quay list"
    assert {party.list_date for party in shelf.get("house").parties} == {"2026-01-01"}


@pytest.mark.parametrize("suite", [1, 2])
def test_lists_come_out_of_a_pack_as_they_went_in(suite: int) -> None:
    own = generate_root(suite)
    known = read_key_file(make_key_file(own, PUBLISHER))
    lists = (packed("a", fresh_days=3), packed("b", 0))
    opened = open_pack(signed(own, *lists), {known.key_id: known}, now=NOW)
    assert (opened.lists, opened.publisher, opened.made) == (lists, known, "2026-01-05T12:00:00Z")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_pack_with_any_bit_changed_is_refused_and_the_shelf_stays_byte_for_byte(
    shelf: Shelf, key: RootKey, data: st.DataObject
) -> None:
    if shelf.entry("house") is None:
        add_pack(shelf, signed(key), source="one.pack", now=NOW)
    before = state(shelf.folder)
    changed = bytearray(signed(key, packed(count=21), made=NOW + timedelta(hours=1)))
    at = data.draw(st.integers(0, len(changed) * 8 - 1))
    changed[at // 8] ^= 1 << at % 8
    with pytest.raises(PackRefused):
        add_pack(shelf, bytes(changed), source="one.pack", now=NOW)
    assert state(shelf.folder) == before


@given(st.data())
def test_a_cut_or_lengthened_pack_is_refused(data: st.DataObject) -> None:
    own = generate_root()
    known = read_key_file(make_key_file(own, PUBLISHER))
    whole = signed(own, packed(count=2))
    cut = data.draw(st.one_of(st.integers(0, len(whole) - 1).map(lambda at: whole[:at]), st.binary(min_size=1, max_size=9).map(lambda more: whole + more)))  # fmt: skip
    with pytest.raises(PackRefused):
        open_pack(cut, {known.key_id: known}, now=NOW)


@given(st.data())
def test_a_key_file_with_any_bit_changed_is_refused(data: st.DataObject) -> None:
    changed = bytearray(make_key_file(generate_root(), PUBLISHER))
    at = data.draw(st.integers(0, len(changed) * 8 - 1))
    changed[at // 8] ^= 1 << at % 8
    with pytest.raises(PackRefused):
        read_key_file(bytes(changed))


def test_an_unknown_key_is_refused_with_how_to_trust_it(shelf: Shelf) -> None:
    with pytest.raises(PackRefused, match="tidegate lists trust"):
        add_pack(shelf, signed(generate_root()), source="one.pack", now=NOW)
    assert shelf.entry("house") is None


def test_a_trusted_publisher_cannot_sign_in_the_name_of_another(shelf: Shelf, key: RootKey) -> None:
    with pytest.raises(PackRefused, match="says it is by Heron Office"):
        add_pack(shelf, signed(key, name="Heron Office"), source="one.pack", now=NOW)


def test_a_second_signature_is_refused_because_nobody_would_look_at_it(shelf: Shelf, key: RootKey) -> None:
    other = generate_root()
    outer = dsse.read_envelope(signed(key))
    twice = dump_canonical({
        "payload": dsse.to_base64(outer[1]), "payloadType": PACK_TYPE,
        "signatures": [*outer[2], *dsse.read_envelope(signed(other))[2]],
    })  # fmt: skip
    with pytest.raises(PackRefused):
        add_pack(shelf, twice, source="one.pack", now=NOW)


def test_a_pack_made_before_the_one_held_is_a_rollback(shelf: Shelf, key: RootKey) -> None:
    add_pack(shelf, signed(key, packed(count=21), made=NOW), source="new.pack", now=NOW)
    old = signed(key, made=NOW - timedelta(days=2))
    with pytest.raises(ListRefused, match="--accept-older"):
        add_pack(shelf, old, source="old.pack", now=NOW)
    assert len(shelf.get("house").parties) == 21
    add_pack(shelf, old, source="old.pack", now=NOW, accept=Acceptance(older=True))
    assert len(shelf.get("house").parties) == 20


def test_a_pack_from_the_future_is_refused_because_it_would_shut_out_every_later_one(
    shelf: Shelf, key: RootKey
) -> None:
    with pytest.raises(PackRefused, match="still to come"):
        add_pack(shelf, signed(key, made=NOW + timedelta(days=40)), source="one.pack", now=NOW)


def test_one_list_that_shrank_keeps_the_whole_pack_out(shelf: Shelf, key: RootKey) -> None:
    add_pack(shelf, signed(key, packed("house"), packed("quay", 30)), source="one.pack", now=NOW)
    before = state(shelf.folder)
    later = signed(key, packed("house", 25), packed("quay", 3), made=NOW + timedelta(hours=1))
    with pytest.raises(ListRefused, match="--accept-shrink"):
        add_pack(shelf, later, source="two.pack", now=NOW)
    assert state(shelf.folder) == before


def test_fewer_parties_than_the_publisher_counted_are_refused(shelf: Shelf, key: RootKey) -> None:
    whole = packed(count=20)
    with pytest.raises(PackRefused, match="counted 40 parties, 20 were read"):
        add_pack(
            shelf, signed(key, PackedList("house", "x", "", 40, whole.files)), source="one.pack", now=NOW
        )  # fmt: skip


def test_a_plain_file_does_not_take_the_place_of_a_signed_list_unseen(
    shelf: Shelf, key: RootKey, tmp_path: Path
) -> None:
    add_pack(shelf, signed(key), source="one.pack", now=NOW)
    (tmp_path / "house.csv").write_bytes(packed(count=25).files["house.csv"])
    with pytest.raises(ListRefused, match="--accept-source"):
        shelf.add(tmp_path / "house.csv", now=NOW)
    with pytest.raises(ListRefused, match="not signed"):
        shelf.add(tmp_path / "house.csv", now=NOW)


def test_another_trusted_publisher_does_not_take_a_list_over(shelf: Shelf, key: RootKey) -> None:
    other = generate_root()
    trust(shelf.folder, other, "Heron Office")
    add_pack(shelf, signed(key), source="one.pack", now=NOW)
    with pytest.raises(ListRefused, match="signed by Lantern Bureau"):
        add_pack(shelf, signed(other, packed(count=25), name="Heron Office"), source="two.pack", now=NOW)


def test_what_changes_is_told_before_and_kept_with_names_in_the_history(shelf: Shelf, key: RootKey) -> None:
    add_pack(shelf, signed(key), source="one.pack", now=NOW)
    seen: list[tuple[int, int]] = []
    later = signed(key, packed(count=21), made=NOW + timedelta(hours=1))

    def look(entry: object, difference: object) -> None:
        seen.append((len(difference.added), len(shelf.get("house").parties)))  # type: ignore[attr-defined]

    add_pack(shelf, later, source="two.pack", now=NOW, look=look, only_look=True)
    assert (seen, len(shelf.get("house").parties)) == ([(1, 20)], 20)
    add_pack(shelf, later, source="two.pack", now=NOW, look=look)
    assert seen == [(1, 20), (1, 20)]
    last = shelf.history()[-1]
    assert last["difference"]["names"]["added"] == [["house:20", "Lantern Quay 020 Ltd"]]  # type: ignore[index]
    assert [act["act"] for act in shelf.history()] == ["trusted", "added", "replaced"]


def test_a_publisher_says_after_how_many_days_its_list_is_old(shelf: Shelf, key: RootKey) -> None:
    ((entry, _),) = add_pack(shelf, signed(key, packed(fresh_days=3)), source="one.pack", now=NOW)
    assert [entry.is_old(datetime(2026, 1, day, tzinfo=UTC).date()) for day in (4, 5)] == [False, True]


def test_a_list_held_or_in_a_file_is_packed_with_what_stands_beside_it(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "sdn.csv").write_text('9001,"LARKMOOR, Ottilie","individual","SDNTK",' + "-0- ," * 7 + "-0- \n", encoding="utf-8")  # fmt: skip
    (tmp_path / "alt.csv").write_text('9001,1,"aka","HERON, Ottilie",-0- \n', encoding="utf-8")
    one = pack_of_file(tmp_path / "sdn.csv", date="2026-01-01")
    assert (one.name, one.parties, set(one.files)) == ("ofac-sdn", 1, {"sdn.csv", "alt.csv"})
    shelf.add(tmp_path / "sdn.csv", now=NOW)
    assert pack_of_shelf(shelf, "ofac-sdn").files == one.files


def test_a_publisher_no_longer_trusted_is_refused_and_its_lists_stay(shelf: Shelf, key: RootKey) -> None:
    add_pack(shelf, signed(key), source="one.pack", now=NOW)
    TrustedKeys(shelf.folder).distrust("lantern bureau", at="2026-01-06T00:00:00Z")
    with pytest.raises(PackRefused, match="not trusted"):
        add_pack(shelf, signed(key, made=NOW + timedelta(days=1)), source="two.pack", now=NOW + timedelta(days=1))
    assert len(shelf.get("house").parties) == 20
    with pytest.raises(ShelfWrong, match="no publisher"):
        TrustedKeys(shelf.folder).distrust("lantern bureau", at="2026-01-06T00:00:00Z")


def test_two_keys_of_one_name_are_not_trusted_together(shelf: Shelf) -> None:
    with pytest.raises(ShelfWrong, match="already trusted under the key"):
        trust(shelf.folder, generate_root(), "LANTERN BUREAU")


@pytest.mark.parametrize("payload", [
    b"[]", b'{"lists":[],"made":"2026-01-05T12:00:00Z","publisher":"Lantern Bureau","version":1}',
    b'{"lists":[],"made":"2026-01-05T12:00:00Z","publisher":"Lantern Bureau","version":2}', b'{"version":1}', b"no json", b"\xff",
    b'{"lists":[{"date":"","files":[{"bytes":99999999999,"gzip":"","name":"x","sha256":""}],"fresh_days":0,"name":"x","parties":1,"title":""}],"made":"2026-01-05T12:00:00Z","publisher":"Lantern Bureau","version":1}',
    b'{"lists":[{"date":"","files":[{"bytes":9,"gzip":"eJw=","name":"../x","sha256":""}],"fresh_days":0,"name":"x","parties":1,"title":""}],"made":"2026-01-05T12:00:00Z","publisher":"Lantern Bureau","version":1}',
])  # fmt: skip
def test_what_a_trusted_key_signed_is_checked_all_the_same(shelf: Shelf, key: RootKey, payload: bytes) -> None:
    data = dsse.sign_with(PACK_TYPE, payload, key.root_id, key.suite, key.sign)
    assert looks_like_pack(data)
    with pytest.raises(PackRefused):
        add_pack(shelf, data, source="odd.pack", now=NOW)


@pytest.mark.parametrize("lists", [(), (packed("a"), packed("a")), (packed("../a"),)])
def test_a_pack_of_no_list_or_of_odd_names_is_not_made(key: RootKey, lists: tuple[PackedList, ...]) -> None:
    with pytest.raises(TidegateError):
        make_pack(lists, key, PUBLISHER, made=NOW)
