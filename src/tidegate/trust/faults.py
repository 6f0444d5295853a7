"""What can be wrong with bytes that should be trusted. Each sentence says what was expected and what to do."""

from __future__ import annotations

from tidegate.errors import TidegateError


class NotCanonical(TidegateError):
    """The bytes or the value have no single canonical form (RFC 8785 without fractions)."""

    code = "trust.not-canonical"


class SignatureInvalid(TidegateError):
    """No expected key made this signature. Ask the partner for its current key notice."""

    code = "trust.signature-invalid"


class SealBroken(TidegateError):
    """A sealed message is damaged, changed or cut. Ask the sender for it again."""

    code = "trust.seal-broken"


class SuiteMismatch(TidegateError):
    """The suite is not the one the agreement names. A weaker suite is never taken."""

    code = "trust.suite-mismatch"


class NotARecipient(TidegateError):
    """The message is not sealed to any key held here."""

    code = "trust.not-a-recipient"


class MessageTooLarge(TidegateError):
    """The text is larger than one envelope may hold."""

    code = "trust.message-too-large"


class KeyUnreadable(TidegateError):
    """Key bytes are not in a form this version knows."""

    code = "trust.key-unreadable"


class KeyNoticeInvalid(TidegateError):
    """A key notice is signed but contradicts itself, or is not valid at the instant asked about."""

    code = "trust.key-notice-invalid"


class PassphraseWrong(TidegateError):
    """The passphrase does not open this secret."""

    code = "trust.passphrase-wrong"


class ProofInvalid(TidegateError):
    """A proof about the audit log does not hold: the log, the proof or the checkpoint was changed."""

    code = "trust.proof-invalid"


class NoteUnreadable(TidegateError):
    """A checkpoint or verifier key is not written as C2SP signed-note and tlog-checkpoint ask."""

    code = "trust.note-unreadable"


class NoFork(TidegateError):
    """Two checkpoints do not prove that a log shows two faces."""

    code = "trust.no-fork"


class StatementNotCommitted(TidegateError):
    """A statement shown later is not one of those whose digests were signed."""

    code = "trust.statement-not-committed"
