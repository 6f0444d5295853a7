"""The shelf keeps lists whole: replaced at once, a cut one refused, a difference shown."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tidegate.errors import InputUnreadable, SettingsWrong
from tidegate.lists.acceptance import Acceptance
from tidegate.lists.fetch import check_url, update_list
from tidegate.lists.publishers import Publisher
from tidegate.lists.shelf import ListRefused, Shelf

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def table(folder: Path, count: int, *, born: str = "1970-01-01", name: str = "house.csv") -> Path:
    file = folder / name
    file.write_text(
        "party_id,name,birth_date\n" + "".join(f"{n},Party Number{n:03d},{born}\n" for n in range(count)),
        encoding="utf-8",
    )
    return file


def test_a_list_is_added_shown_with_its_age_and_removed(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    held, difference = shelf.add(table(tmp_path, 10), now=NOW)
    assert (held.name, held.parties, difference) == ("house", 10, None)
    shown = shelf.show()
    assert [entry.name for entry in shown] == ["house", "ofac-narcotics"]
    assert shown[0].age_days(date(2026, 1, 9)) == 4
    assert shown[1].is_old(date(2026, 1, 9))
    assert len(shelf.get("house").parties) == 10
    shelf.remove("house", now=NOW)
    with pytest.raises(SettingsWrong, match="held: ofac-narcotics"):
        shelf.get("house")


def test_a_new_version_shows_what_changed(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    shelf.add(table(tmp_path, 10), now=NOW)
    _, difference = shelf.add(table(tmp_path, 11, born="1971-01-01"), now=NOW)
    assert difference is not None
    assert (len(difference.added), len(difference.removed), len(difference.changed)) == (1, 0, 10)
    assert difference.changed[0].fields == (("birth_dates", "1970-01-01", "1971-01-01"),)


def test_a_big_shrink_is_refused_and_the_old_list_stays(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    shelf.add(table(tmp_path, 10), now=NOW)
    with pytest.raises(ListRefused, match="old one stays"):
        shelf.add(table(tmp_path, 5), now=NOW)
    assert len(shelf.get("house").parties) == 10
    shelf.add(table(tmp_path, 5), now=NOW, accept=Acceptance(shrink=True))
    assert len(shelf.get("house").parties) == 5


def test_a_file_of_no_shape_leaves_the_shelf_as_it_was(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    shelf.add(table(tmp_path, 3), now=NOW)
    (tmp_path / "junk.csv").write_text("x\n", encoding="utf-8")
    with pytest.raises(InputUnreadable, match="looked for"):
        shelf.add(tmp_path / "junk.csv", now=NOW, name="house")
    assert len(shelf.get("house").parties) == 3
    assert [item.name for item in (tmp_path / "shelf").iterdir() if item.is_dir()] == ["house"]
    assert [act["act"] for act in shelf.history()] == ["added"]


def test_a_name_that_leaves_the_folder_is_refused(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    with pytest.raises(SettingsWrong, match="no name for a list"):
        shelf.add(table(tmp_path, 3), now=NOW, name="../out")
    with pytest.raises(SettingsWrong):
        shelf.remove("../out", now=NOW)


class Answer(BaseHTTPRequestHandler):
    body = b"party_id,name\n1,Lantern Quay\n2,Copper Heron\n"
    status = 200
    missing = 0  # bytes that are announced and do not come

    def do_GET(self) -> None:
        same = self.headers.get("If-None-Match") == '"one"' and self.status == 200
        self.send_response(304 if same else self.status)
        self.send_header("ETag", '"one"')
        self.send_header("Last-Modified", "Fri, 02 Jan 2026 08:00:00 GMT")
        if not same:
            self.send_header("Content-Length", str(len(self.body) + self.missing))
        self.end_headers()
        if not same:
            self.wfile.write(self.body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


def test_a_list_is_fetched_once_and_kept_when_the_publisher_fails(tmp_path: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    publisher = Publisher("quay", "Quay", f"http://127.0.0.1:{server.server_address[1]}/quay.csv", {}, 7)
    shelf = Shelf(tmp_path / "shelf")
    try:
        first = update_list(shelf, publisher, now=NOW)
        assert first is not None
        assert (first[0].parties, first[0].date) == (2, "2026-01-02")
        assert update_list(shelf, publisher, now=NOW) is None
        Answer.status = 500
        with pytest.raises(InputUnreadable, match="answered 500"):
            update_list(shelf, publisher, now=NOW)
        Answer.status, Answer.missing = 200, 5
        other = Publisher("other", "Other", publisher.url, {}, 7)
        with pytest.raises(InputUnreadable, match="was cut"):
            update_list(shelf, other, now=NOW)
        assert len(shelf.get("quay").parties) == 2
    finally:
        Answer.status, Answer.missing = 200, 0
        server.shutdown()


def test_lists_are_fetched_over_https_only() -> None:
    with pytest.raises(SettingsWrong, match="https"):
        check_url("http://example.org/list.csv")


def test_a_packaged_snapshot_is_held_once_it_is_added(tmp_path):
    from datetime import UTC, datetime

    from tidegate.lists.shelf import Shelf

    shelf = Shelf(tmp_path / "lists")
    assert all(entry.packaged for entry in shelf.show())
    entry = shelf.hold_packaged("ofac-narcotics", now=datetime(2026, 11, 25, tzinfo=UTC))
    assert entry is not None
    assert [one.name for one in shelf.show() if not one.packaged] == ["ofac-narcotics"]
    assert shelf.get("ofac-narcotics").date == "2024-01-30"
    assert shelf.hold_packaged("no-such-snapshot", now=datetime(2026, 11, 25, tzinfo=UTC)) is None
    shelf.remove("ofac-narcotics", now=NOW)
    assert all(entry.packaged for entry in shelf.show())


def test_a_folder_that_cannot_be_written_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "shelf").write_text("a file, no folder", encoding="utf-8")
    with pytest.raises(SettingsWrong, match="TIDEGATE_LISTS"):
        Shelf(tmp_path / "shelf").add(table(tmp_path, 3), now=NOW)


def test_the_shelf_s_own_file_is_no_name_for_a_list(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match="no name for a list"):
        Shelf(tmp_path / "shelf").add(table(tmp_path, 3), now=NOW, name="history.jsonl")
