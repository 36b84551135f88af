"""What a database or a disk refused, as one line that names the store (reliability.md S2)."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError

from samdrift.model.errors import CouldNotObserve, CouldNotRecord, SamdriftError

HELP = "free space, or see who may write there; nothing of this step was stored"
LOOK = "see whether its disk is full or read-only (SQLite writes beside the file even to read it): df and mount; samdrift store status"
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR, errno.EMFILE})
_WORDS = ("malformed", "not a database", "disk", "readonly", "read-only", "unable to open", "locked")


def _expected(error: DBAPIError) -> bool:
    """Whether a fault lies outside the program: disk, server, lock or damage; a broken statement is our own fault."""
    if isinstance(error, IntegrityError):
        return False
    return isinstance(error, OperationalError | InterfaceError) or any(word in str(error.orig) for word in _WORDS)


@contextmanager
def recording(name: str) -> Iterator[None]:
    """Turns a disk's or database's refusal into CouldNotRecord naming `name`; all other errors pass."""
    try:
        yield
    except SamdriftError:
        raise
    except DBAPIError as error:
        if not _expected(error):
            raise
        raise CouldNotRecord(f"cannot write {name}: {_first_line(error.orig)}", help=HELP) from error
    except OSError as error:
        if error.errno not in _DISK:
            raise
        raise CouldNotRecord(f"cannot write {error.filename or name}: {(error.strerror or str(error)).lower()}", help=HELP) from error


@contextmanager
def reading(name: str) -> Iterator[None]:
    """As `recording`, for reads: CouldNotObserve."""
    try:
        yield
    except SamdriftError:
        raise
    except DBAPIError as error:
        if not _expected(error):
            raise
        raise CouldNotObserve(f"cannot read {name}: {_first_line(error.orig)}", help=LOOK) from error
    except OSError as error:
        if error.errno not in _DISK:
            raise
        raise CouldNotObserve(f"cannot read {error.filename or name}: {(error.strerror or str(error)).lower()}", help="samdrift store status") from error


def _first_line(error: BaseException | None) -> str:
    return next(iter(str(error).splitlines()), "no answer")
