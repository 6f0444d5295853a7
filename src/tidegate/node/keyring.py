"""The keys of one node: a root that signs key notices, and working keys that sign and open for a while.

Private keys lie in the database locked with the node's passphrase. The root is unlocked only to sign a notice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tidegate.errors import TidegateError
from tidegate.model.instants import format_instant
from tidegate.store import documents, secrets
from tidegate.store.connect import Connection
from tidegate.store.seals import seal_row
from tidegate.trust.envelope import open_own, read_header
from tidegate.trust.keys import (
    KeyNotice,
    RootKey,
    WorkingKeys,
    generate_root,
    generate_working_keys,
    lock_secret,
    make_key_notice,
    open_key_notice,
    unlock_secret,
)
from tidegate.wording.problems import problem

WORKING_DAYS = 90  # encryption keys live this long (TRUST.md section 2); signing keys are renewed with them


class KeysExpired(TidegateError):
    """The working keys are past their last day. Renew them from the root: tidegate key rotate."""

    code = "keys-expired"


@dataclass(slots=True)
class Ring:
    """One pair of working keys with its notice. Private halves stay locked until they are needed."""

    notice: KeyNotice
    data: bytes
    locked: bytes
    passphrase: str = field(repr=False)
    opened: WorkingKeys | None = field(default=None, repr=False)

    @property
    def working(self) -> WorkingKeys:
        """Return the private keys, unlocked once. Raises PassphraseWrong for a wrong passphrase."""
        if self.opened is None:
            self.opened = WorkingKeys.from_bytes(unlock_secret(self.locked, self.passphrase))
        return self.opened


@dataclass(slots=True)
class OwnKeys:
    """Our working keys, oldest first, each with the notice that makes them known.

    load: returns the rings of serials not among those given; keys may be renewed while a process runs.
    """

    root_public: bytes
    rings: list[Ring]
    load: Callable[[Collection[int]], list[Ring]]

    def current(self, now: datetime) -> tuple[WorkingKeys, KeyNotice]:
        """Return the keys valid at `now`. Raises KeysExpired when none is, even among those renewed since."""
        found = self._valid(now)
        if found is None:
            self.refresh()
            found = self._valid(now)
        if found is not None:
            return found.working, found.notice
        last = self.rings[-1].notice.valid_until
        raise problem(KeysExpired, "keys-expired-ours", ended=format_instant(last))

    def find(self, key_ids: Collection[str]) -> WorkingKeys | None:
        """Return our keys of one of these ids, old ones too, or None: an old message opens with old keys."""
        for _ in range(2):
            for ring in reversed(self.rings):
                if ring.notice.key_id in key_ids:
                    return ring.working
            self.refresh()
        return None

    def open_own(self, data: bytes) -> bytes:
        """Return a text that we sealed to ourselves. Raises NotARecipient when none of our keys did."""
        keys = self.find([read_header(data).sender_key_id])
        return open_own(data, [keys] if keys is not None else [])

    def refresh(self) -> None:
        """Take keys that were made since this process loaded them."""
        held = {ring.notice.serial for ring in self.rings}
        self.rings = sorted([*self.rings, *self.load(held)], key=lambda ring: ring.notice.serial)

    @property
    def newest_notice(self) -> bytes:
        """Return the bytes of the newest key notice."""
        return self.rings[-1].data

    def _valid(self, now: datetime) -> Ring | None:
        for ring in reversed(self.rings):
            if ring.notice.valid_from <= now < ring.notice.valid_until:
                return ring
        return None


def make_root(conn: Connection, *, suite: int, passphrase: str, now: datetime) -> RootKey:
    """Make the node's root key and keep it locked. Returns it for the first key notice."""
    root = generate_root(suite)
    secrets.put_secret(conn, "root", lock_secret(root.to_bytes(), passphrase), now)
    return root


def rotate(conn: Connection, *, node_id: str, passphrase: str, certificate_digest: str, now: datetime) -> KeyNotice:
    """Make new working keys and their notice, signed by the root. Older keys stay for opening what is old."""
    root = RootKey.from_bytes(unlock_secret(secrets.get_secret(conn, "root"), passphrase))
    serial = secrets.newest_serial(conn) + 1
    working = generate_working_keys(root.suite)
    start = now - timedelta(minutes=5)  # a partner whose clock is a little behind must already take the keys
    data = make_key_notice(
        root,
        working,
        node_id=node_id,
        serial=serial,
        valid_from=start.replace(microsecond=0),
        valid_until=(now + timedelta(days=WORKING_DAYS)).replace(microsecond=0),
        tls_certificate_digest=certificate_digest,
    )
    secrets.put_secret(conn, f"working/{serial:06d}", lock_secret(working.to_bytes(), passphrase), now)
    notice = open_key_notice(data, root_public=root.public)
    keep_notice(conn, data, notice, now)
    return notice


def load_rings(
    conn: Connection, *, node_id: str, root_public: bytes, passphrase: str, held: Collection[int] = ()
) -> list[Ring]:
    """Return all working keys but those with serials in `held`, still locked."""
    notices = {notice.serial: (notice, data) for notice, data in notices_of(conn, node_id, root_public)}
    rings = []
    for name, locked in secrets.working_secrets(conn):
        serial = int(name.removeprefix("working/"))
        if serial not in held:
            notice, data = notices[serial]
            rings.append(Ring(notice, data, locked, passphrase))
    return rings


def keep_notice(conn: Connection, data: bytes, notice: KeyNotice, now: datetime) -> None:
    """Store a key notice, ours or a partner's, as received."""
    key = f"{notice.node_id}/{notice.serial:06d}"
    documents.put(
        conn, "key_notice", key, {"node_id": notice.node_id, "serial": notice.serial, "notice": data.decode()}
    )
    seal_row(conn, "node.key_notice", key, at=now)


def notices_of(conn: Connection, node_id: str, root_public: bytes) -> list[tuple[KeyNotice, bytes]]:
    """Return the key notices of one node, oldest first, each checked against its root."""
    found = []
    for _, body in documents.find(conn, "key_notice", node_id=node_id):
        data = body["notice"].encode()
        found.append((open_key_notice(data, root_public=root_public), data))
    return sorted(found, key=lambda pair: pair[0].serial)


def notice_at(notices: Sequence[tuple[KeyNotice, bytes]], now: datetime) -> KeyNotice:
    """Return the newest notice valid at `now`. Raises KeysExpired naming whose keys ended and when."""
    for notice, _ in reversed(notices):
        if notice.valid_from <= now < notice.valid_until:
            return notice
    if not notices:
        raise problem(KeysExpired, "keys-unknown")
    newest = notices[-1][0]
    raise problem(KeysExpired, "keys-expired-theirs", ended=format_instant(newest.valid_until), who=newest.node_id)
