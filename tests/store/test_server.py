from __future__ import annotations

import os
import pwd
import signal
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psycopg
import pytest

from tidegate.errors import SettingsWrong
from tidegate.store.binaries import find_binaries
from tidegate.store.connect import connect
from tidegate.store.faults import StoreUnreachable
from tidegate.store.processes import NO_PROCESS, read_pid
from tidegate.store.server import ExternalServer, PostgresServer, stop_by_folder

from .helpers import open_folder

pytestmark = pytest.mark.postgres
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, who can act as other accounts")
FAST = {"fsync": "off"}


@pytest.fixture(scope="module")
def binaries():
    try:
        return find_binaries()
    except SettingsWrong as exc:
        pytest.skip(str(exc))


@pytest.fixture(scope="module")
def made_server(binaries):
    with open_folder() as folder:
        server = PostgresServer(folder / "pg", binaries=binaries)
        server.init()
        yield server
        server.stop()


@pytest.fixture
def server(made_server):
    """One folder for all tests, running and without the rows of the test before."""
    made_server.settings = dict(FAST)
    made_server.start()
    with connect(made_server.dsn("owner"), autocommit=True) as conn:
        conn.execute("drop table if exists kept")
    return made_server


def rows(server, query="select count(*) from kept"):
    with connect(server.dsn("owner")) as conn:
        return conn.execute(query).fetchone()[0]


def keep_a_row(server):
    with connect(server.dsn("owner"), autocommit=True) as conn:
        conn.execute("create table if not exists kept (n int)")
        conn.execute("insert into kept values (1)")


def test_it_starts_answers_and_stops(server):
    status = server.status()
    assert status.running
    assert status.pid is not None
    assert status.version == server.binaries.version
    server.stop()
    assert not server.running()
    assert server.status().pid is None
    assert server.status().note == ""


def test_starting_twice_is_the_same_as_once(server):
    pid = server.status().pid
    server.start()
    assert server.status().pid == pid


def test_it_listens_on_no_network_and_its_folders_are_closed(server):
    assert rows(server, "select current_setting('listen_addresses')") == ""
    assert rows(server, "select upper('ñ')") == "Ñ"
    assert rows(server, "select current_setting('data_checksums')") == "on"
    for folder in (server.folder.data, server.socket):
        seen = folder.stat()
        assert stat.S_IMODE(seen.st_mode) == 0o700
        assert seen.st_uid == server.account.uid


def test_the_working_roles_are_plain(server):
    with connect(server.dsn("owner")) as conn:
        found = conn.execute(
            "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles "
            "where rolname like 'tidegate_%' and rolname <> 'tidegate_owner' order by 1"
        ).fetchall()
    assert [row[0] for row in found] == ["tidegate_desk", "tidegate_exchange", "tidegate_public", "tidegate_witness"]
    assert not any(any(row[1:]) for row in found)


def test_a_role_outside_the_map_is_refused(server):
    with connect(server.dsn("owner"), autocommit=True) as conn:
        conn.execute("create role stranger login")
    with pytest.raises(psycopg.OperationalError, match="eer authentication failed"):
        psycopg.connect(host=str(server.socket), user="stranger", dbname="tidegate")


def test_after_kill_it_restarts_at_once_with_all_rows(server):
    keep_a_row(server)
    os.kill(server.status().pid, signal.SIGKILL)
    server.start()
    assert rows(server) == 1
    assert server.running()


def test_a_killed_server_is_reported_as_crashed(server):
    os.kill(server.status().pid, signal.SIGKILL)
    time.sleep(0.3)
    status = server.status()
    assert not status.running
    assert status.note == "store.status-crashed"


def test_it_starts_while_the_dead_process_is_a_zombie(binaries):
    """Another process starts the server, kills it and never fetches it: the zombie lasts as long as that process."""
    script = textwrap.dedent("""
        import os, sys, time
        from pathlib import Path
        from tidegate.store.server import PostgresServer
        server = PostgresServer(Path(sys.argv[1]), settings={"fsync": "off"})
        server.init(); server.start()
        pid = server.status().pid
        os.kill(pid, 9)
        while open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0] != "Z":
            time.sleep(0.01)
        print(pid, flush=True)
        sys.stdin.read()
    """)
    if not Path("/proc/self/stat").exists():
        pytest.skip("reads the state of a process from /proc")
    with open_folder() as folder:
        holder = subprocess.Popen(
            [sys.executable, "-c", script, str(folder / "pg")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        try:
            pid = int(holder.stdout.readline())
            server = PostgresServer(folder / "pg", binaries=binaries, settings=FAST)
            assert read_pid(server.folder.pid_file) == pid
            with server:
                assert server.running()
        finally:
            holder.stdin.close()
            holder.wait(10)
            holder.stdout.close()


def test_a_pid_file_that_names_a_stranger_is_mended_and_the_stranger_lives(server):
    keep_a_row(server)
    os.kill(server.status().pid, signal.SIGKILL)
    time.sleep(0.2)
    stranger = subprocess.Popen(["/bin/sleep", "60"], **server.account.as_user())
    try:
        for name in ("pg/data/postmaster.pid", "pg/run/.s.PGSQL.5432.lock"):
            file = server.folder.path.parent / name
            file.write_text("\n".join([str(stranger.pid), *file.read_text().split("\n")[1:]]))
        server.stop()
        assert stranger.poll() is None
        server.start()
        assert rows(server) == 1
        assert stranger.poll() is None
        assert "marked as stale" in server.folder.log.read_text()
    finally:
        stranger.kill()
        stranger.wait()


def test_a_stale_number_is_one_that_no_process_has():
    with pytest.raises((ProcessLookupError, OverflowError)):
        os.kill(NO_PROCESS, 0)


def test_two_servers_at_once_do_not_meet(server, binaries):
    with open_folder() as folder, PostgresServer(folder / "other", binaries=binaries, settings=FAST) as other:
        keep_a_row(server)
        keep_a_row(other)
        keep_a_row(other)
        assert (rows(server), rows(other)) == (1, 2)


def test_a_long_path_gets_its_socket_elsewhere_and_keeps_it(binaries):
    with open_folder() as folder:
        deep = folder / ("长" * 20) / ("x" * 60)
        with PostgresServer(deep / "pg", binaries=binaries, settings=FAST) as server:
            first = server.socket
            assert not str(first).startswith(str(folder))
            assert len(str(first)) < 80
            assert stat.S_IMODE(first.stat().st_mode) == 0o700
        again = PostgresServer(deep / "pg", binaries=binaries)
        with again:
            assert again.socket == first
        first.rmdir() if not any(first.iterdir()) else None


def test_another_process_can_stop_it_by_its_folder(server):
    script = "import sys; from pathlib import Path; from tidegate.store.server import stop_by_folder; "
    script += "print(stop_by_folder(Path(sys.argv[1])))"
    path = str(server.folder.path)
    done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
    assert not server.running()
    assert stop_by_folder(server.folder.path) is False


def test_ctrl_c_in_our_terminal_does_not_reach_the_server(server):
    assert os.getsid(server.status().pid) != os.getsid(0)


def test_a_folder_with_other_files_is_left_alone(binaries):
    with open_folder() as folder:
        (folder / "letter.txt").write_text("mine")
        with pytest.raises(SettingsWrong, match="choose an empty or new folder"):
            PostgresServer(folder, binaries=binaries).init()
        assert [file.name for file in folder.iterdir()] == ["letter.txt"]


def test_asking_about_a_server_that_was_never_made_makes_nothing(binaries):
    with open_folder() as folder:
        server = PostgresServer(folder / "pg", binaries=binaries)
        assert not server.status().running
        assert stop_by_folder(folder / "pg") is False
        assert list(folder.iterdir()) == []


def test_a_cluster_of_which_only_a_part_was_made_is_made_anew(binaries):
    with open_folder() as folder:
        (folder / "pg" / "data.new" / "base").mkdir(parents=True)
        with PostgresServer(folder / "pg", binaries=binaries, settings=FAST) as server:
            assert server.running()
            assert not (folder / "pg" / "data.new").exists()


def test_processes_that_start_it_at_once_share_one_server(server):
    server.stop()
    script = "import sys; from pathlib import Path; from tidegate.store.server import PostgresServer; "
    script += "server = PostgresServer(Path(sys.argv[1])); server.start(); print(server.status().pid)"
    command = [sys.executable, "-c", script, str(server.folder.path)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    pids = {one.communicate(timeout=60)[0].strip() for one in started}
    assert pids == {str(server.status().pid)}


@as_root
def test_a_closed_parent_is_named_and_left_closed(binaries):
    with open_folder() as folder:
        folder.chmod(0o700)
        with pytest.raises(SettingsWrong) as caught:
            PostgresServer(folder / "pg", binaries=binaries).init()
        assert caught.value.params["blocked"] == str(folder)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@as_root
def test_root_is_refused_as_account_of_the_server(binaries):
    with open_folder() as folder, pytest.raises(SettingsWrong, match="does not run as root"):
        PostgresServer(folder / "pg", binaries=binaries, account="root")


@as_root
def test_an_ordinary_user_runs_his_own_server_and_another_is_kept_out(binaries):
    """A fork becomes `nobody`, a plain account without any right; then a third account knocks at its socket."""
    nobody = pwd.getpwnam("nobody")
    with open_folder() as folder:
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        told, tell = os.pipe()
        wait, go_on = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.setgroups([])
                os.setgid(nobody.pw_gid)
                os.setuid(nobody.pw_uid)
                with PostgresServer(folder / "pg", binaries=binaries, settings=FAST) as server:
                    with connect(server.dsn("desk")) as conn:
                        role = conn.execute("select current_user").fetchone()[0]
                    os.write(tell, f"{role} {server.account.name} {server.socket}\n".encode())
                    os.read(wait, 1)
                os._exit(0)
            except BaseException as exc:
                os.write(tell, f"failed {type(exc).__name__} {exc}\n".encode())
                os._exit(1)
        try:
            role, account, socket = os.read(told, 4000).decode().split(maxsplit=2)
            assert (role, account) == ("tidegate_desk", "nobody"), socket
            knock = [binaries.program("psql"), "-h", socket.strip(), "-U", "tidegate_owner", "-l"]
            other = subprocess.run(knock, capture_output=True, text=True, cwd="/", user=1, group=1, extra_groups=[])
            assert "Permission denied" in other.stderr
        finally:
            os.write(go_on, b"x")
            assert os.waitpid(child, 0)[1] == 0
            for end in (told, tell, wait, go_on):
                os.close(end)


def test_a_server_that_cannot_start_says_its_last_words(server):
    server.stop()
    server.settings["shared_buffers"] = "much"
    with pytest.raises(StoreUnreachable, match="shared_buffers"):
        server.start()


def test_the_operators_own_server_has_the_same_face(server):
    external = ExternalServer(server.dsn("owner"))
    with external:
        assert external.running()
        with connect(external.dsn("public")) as conn:
            assert conn.execute("select current_user").fetchone()[0] == "tidegate_public"
    assert server.running()


def test_an_operators_server_that_does_not_answer_is_named(tmp_path):
    with pytest.raises(StoreUnreachable, match="no database answers"):
        ExternalServer(f"host={tmp_path} dbname=tidegate").start()


def test_an_unreadable_address_is_refused():
    with pytest.raises(SettingsWrong, match="cannot be read"):
        ExternalServer("http//no-address")
