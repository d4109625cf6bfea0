"""Passwords: what may be one, and argon2id over it, never more at once than the machine can bear."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
# Each hashing takes 64 MiB for about a tenth of a second, so a crowd at the door queues here and not in memory.
AT_ONCE = 2
PATIENCE_SECONDS = 5.0

_hasher = PasswordHasher(time_cost=2, memory_cost=64 * 1024, parallelism=1)
_room = BoundedSemaphore(AT_ONCE)


class Busy(RuntimeError):
    """Too many people are signing in at once; the same try works a moment later."""


def password_problem(password: str) -> str:
    """Returns what must change before this may be a password, empty where nothing must."""
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} letters, figures or spaces. Three or four words together are good."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} letters."
    if len(set(password)) < 4:
        return "Use more different letters: this one would be guessed at once."
    return ""


def hash_password(password: str) -> str:
    """Returns the argon2id hash by which a password is known again; raises Busy."""
    with _one_of_few():
        return _hasher.hash(password)


def password_fits(password_hash: str, password: str) -> bool:
    """Tells whether a password is the one hashed, as slowly where there is no hash at all; raises Busy."""
    with _one_of_few():
        try:
            return _hasher.verify(password_hash or _nobody(), password[:LONGEST]) and bool(password_hash)
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobody() -> str:
    """A hash that no password fits, checked where an account does not exist, so that both take equally long."""
    return _hasher.hash("nobody's password")


@contextmanager
def _one_of_few() -> Iterator[None]:
    if not _room.acquire(timeout=PATIENCE_SECONDS):
        raise Busy
    try:
        yield
    finally:
        _room.release()
