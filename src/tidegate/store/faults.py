"""Faults of the store: what a person reads when PostgreSQL or its folder is not as it should be.

Each fault's code is a wording code (catalogue store.toml), so a face can say it again in the reader's language.
"""

from __future__ import annotations

from tidegate.errors import TidegateError


class StoreError(TidegateError):
    """The database could not do what was asked. The text says why and what to do."""

    code = "store.failed"


class StoreUnreachable(StoreError):
    """No connection: the server does not run, or does not let this account in."""

    code = "store.unreachable"


class StoreForbidden(StoreError):
    """The role of this connection may not do that; a grant or a row policy refused it."""

    code = "store.forbidden"


class StoreConflict(StoreError):
    """Another transaction, or a row already there, stands against this one. `retry` tells whether to try again."""

    code = "store.conflict"
    retry = False


class StoreBusy(StoreConflict):
    """Another transaction was in the way; the same work may be tried again."""

    code = "store.busy"
    retry = True


class StoreTimeout(StoreError):
    """The statement or the wait for a lock took longer than allowed."""

    code = "store.timeout"


class StoreDamaged(StoreError):
    """What is stored contradicts itself: a broken digest, a missing entry, a migration that changed."""

    code = "store.damaged"
