"""NetworkBackup: how the reading of one network device's configuration went (playbooks.md 2.7, 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NetworkStatus(StrEnum):
    """`failed`: a text came and was refused, or could not be kept; `undetermined`: the device could not be looked at."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    FAILED = "failed"
    UNDETERMINED = "undetermined"


class NetworkReason(StrEnum):
    """Why no text was kept; the words that other areas know too are spelled as theirs (common.md 2: `timeout`)."""

    UNREACHABLE = "unreachable"
    LOGIN_REFUSED = "login-refused"
    HOST_KEY_CHANGED = "host-key-changed"
    TIMEOUT = "timeout"
    DEADLINE = "deadline"
    NO_CREDENTIALS = "no-credentials"
    PLATFORM_UNKNOWN = "platform-unknown"
    CHECK_ERROR = "check-error"
    PROMPT_MISSING = "prompt-missing"
    END_MISSING = "end-missing"
    TOO_SMALL = "too-small"
    READS_DIFFER = "reads-differ"
    PAGER = "pager"
    ERROR_TEXT = "error-text"
    OTHER_NAME = "other-name"
    NOT_RECORDED = "not-recorded"
    NEVER_RAN = "never-ran"
    STALE = "stale"


NOT_SEEN = frozenset({
    NetworkReason.UNREACHABLE, NetworkReason.LOGIN_REFUSED, NetworkReason.HOST_KEY_CHANGED, NetworkReason.TIMEOUT,
    NetworkReason.DEADLINE, NetworkReason.NO_CREDENTIALS, NetworkReason.PLATFORM_UNKNOWN, NetworkReason.CHECK_ERROR,
})  # fmt: skip
"""Reasons of an attempt that saw nothing of the configuration: undetermined, not failed."""
KEPT = frozenset({NetworkStatus.UNCHANGED, NetworkStatus.CHANGED})
"""What counts as a success."""


@dataclass(frozen=True, slots=True)
class DeviceSaid:
    """What one session gave: the prompt at login and all that came after the command, its echo and the prompt after it included.

    `reason` is why the session broke off, with `message`; the text until then is there, and is never kept.
    """

    prompt: str = ""
    text: str = ""
    reason: NetworkReason | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class NetworkBackup:
    """One device in one run. `size_bytes` of the kept text; `unsaved`: running is not startup, None where the platform does not tell.

    `commit` is the newest one that holds the device's text, None when there is none; `members` may read it.
    """

    run: str
    device: str
    member: str
    site: str
    platform: str
    status: NetworkStatus
    observed_at: datetime
    seconds: int
    reason: NetworkReason | None = None
    message: str = ""
    last_success_at: datetime | None = None
    commit: str | None = None
    size_bytes: int | None = None
    unsaved: bool | None = None
    members: tuple[str, ...] = ()
