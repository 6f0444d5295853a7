"""Signing in at the desk: an officer's id and code against the argon2id hash, and a signed cookie for eight hours.

The cookie is signed with a key made at the start of the process and known nowhere else, so a restart signs everyone
out. Wrong codes are counted in memory, for each officer and for all together, so that guessing is slow.
"""

from __future__ import annotations

import hmac
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.responses import Response

from tidegate.errors import TidegateError
from tidegate.node.node import Node
from tidegate.store import officers
from tidegate.store.officers import Officer
from tidegate.trust.ids import new_nonce
from tidegate.wording.problems import problem

SESSION_S = 8 * 3600
WRONG_WITHIN_S = 15 * 60
MOST_WRONG = 5  # of one officer within that time
MOST_WRONG_ALL = 50  # of all officers together
LONGEST_ID = 100
LONGEST_CODE = 200


class SignInRefused(TidegateError):
    """Officer and code do not go together. Nothing says which of the two was wrong."""

    code = "desk-sign-in-wrong"


class TooManyTries(TidegateError):
    """So many wrong codes came in a short time that none is tested for a while."""

    code = "desk-too-many-tries"


@dataclass(frozen=True, slots=True)
class Session:
    """One browser's session. officer_id: "" before signing in. token: stands in every form and ends with the session."""

    officer_id: str
    token: str


@dataclass(slots=True)
class WrongCodes:
    """Counts wrong codes in a moving window of time. `clock` gives seconds that never go back."""

    clock: Callable[[], float] = time.monotonic
    _times: dict[str, list[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, officer_id: str) -> None:
        """Raise TooManyTries while too many wrong codes lie within the window."""
        with self._lock:
            self._forget_old()
            own, every = len(self._times.get(officer_id, ())), sum(map(len, self._times.values()))
        if own >= MOST_WRONG or every >= MOST_WRONG_ALL:
            minutes = WRONG_WITHIN_S // 60
            raise problem(TooManyTries, "desk-too-many-tries", minutes=minutes)

    def count(self, officer_id: str) -> None:
        """Note one wrong code."""
        with self._lock:
            self._times.setdefault(officer_id, []).append(self.clock())

    def forget(self, officer_id: str) -> None:
        """Forget an officer's wrong codes, after a right one."""
        with self._lock:
            self._times.pop(officer_id, None)

    def _forget_old(self) -> None:
        since = self.clock() - WRONG_WITHIN_S
        kept = {who: [moment for moment in times if moment > since] for who, times in self._times.items()}
        self._times = {who: times for who, times in kept.items() if times}


class Sessions:
    """Makes, reads and ends sessions of one node's desk."""

    def __init__(self, node: Node, wrong_codes: WrongCodes | None = None) -> None:
        self._node = node
        self._signer = URLSafeTimedSerializer(new_nonce() + new_nonce(), salt="tidegate desk session")
        self._wrong = wrong_codes or WrongCodes()
        self._ended: dict[str, float] = {}
        # Verified when the officer is unknown, so that the time taken does not tell who is enrolled.
        self._nobody = PasswordHasher().hash(new_nonce())
        self.cookie = f"tidegate-desk-{node.node_id}"

    def read(self, cookie: str | None) -> Session | None:
        """Return the session in a cookie, or None for one that is missing, changed, too old or ended."""
        try:
            held = self._signer.loads(cookie or "", max_age=SESSION_S)
            session = Session(held["officer"], held["token"])
        except (BadData, KeyError, TypeError):
            return None
        return None if session.token in self._ended else session

    def begin(self, officer_id: str = "") -> Session:
        """Return a new session with a token of its own."""
        return Session(officer_id, new_nonce())

    def end(self, session: Session) -> None:
        """End a session now, whatever its cookie says."""
        now = time.monotonic()
        self._ended = {token: at for token, at in self._ended.items() if now - at < SESSION_S}
        self._ended[session.token] = now

    def put(self, response: Response, session: Session) -> None:
        """Write the session into the answer's cookie: never read by script, never sent from another site."""
        response.set_cookie(
            self.cookie,
            self._signer.dumps({"officer": session.officer_id, "token": session.token}),
            max_age=SESSION_S,
            httponly=True,
            samesite="strict",
            path="/",
        )

    def officer(self, session: Session | None) -> Officer | None:
        """Return the officer who is signed in and may still sign in, or None."""
        if session is None or not session.officer_id:
            return None
        with self._node.transaction() as tx:
            found = officers.get_officer(tx.conn, session.officer_id)
        return found[0] if found else None

    def sign_in(self, officer_id: str, code: str) -> Officer:
        """Return the officer whose code this is. Raises SignInRefused or TooManyTries."""
        officer_id = officer_id.strip()[:LONGEST_ID]
        self._wrong.check(officer_id)
        with self._node.transaction() as tx:
            found = officers.get_officer(tx.conn, officer_id)
        kept = found[1] if found else self._nobody
        try:
            PasswordHasher().verify(kept, code.strip()[:LONGEST_CODE])
        except (VerificationError, InvalidHashError):
            found = None
        if found is None:
            self._wrong.count(officer_id)
            with self._node.transaction() as tx:
                tx.event("officer.sign-in-refused", "desk", "officer")
            raise problem(SignInRefused, "desk-sign-in-wrong")
        self._wrong.forget(officer_id)
        with self._node.transaction() as tx:
            tx.event("officer.signed-in", found[0].id, found[0].id)
        return found[0]


def same_token(session: Session, given: str) -> bool:
    """Tell whether a form bears the session's token."""
    return hmac.compare_digest(session.token.encode(), given.encode())
