"""The second step of signing in: a code from somebody's telephone, and one-time codes for when it is lost.

The key that telephone and store share is kept with the person; of the one-time codes only hashes are.
"""

import hashlib
import json
import secrets
from typing import Any

import pyotp

from campaigns.store.connection import Connections
from campaigns.store.keys import staff_key

STEP_SECONDS = 30
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that looks like another
APART = 1  # steps that a telephone's clock may be out
CODES = 10
KEY, LAST, LEFT = "totp", "totp:last", "totp:codes"


def new_key() -> str:
    """Returns a key for a telephone to make codes from."""
    return pyotp.random_base32()


def key_address(key: str, email: str) -> str:
    """Returns the address that a telephone reads from a QR code."""
    return pyotp.TOTP(key).provisioning_uri(name=email, issuer_name="Three Wishes")


def step_of(key: str, code: str, now: float) -> int:
    """Returns the half minute in which a telephone shows this code, 0 where it is none of now."""
    at, typed = int(now) // STEP_SECONDS, "".join(code.split())
    made = pyotp.TOTP(key)
    near = range(at - APART, at + APART + 1)
    return next((step for step in near if secrets.compare_digest(made.at(step * STEP_SECONDS).encode(), typed.encode())), 0)


def has_two_step(connections: Connections, person_id: str) -> bool:
    """Tells whether somebody signs in by two steps."""
    return bool(connections.text.hexists(staff_key(person_id), KEY))


def set_two_step(connections: Connections, person_id: str, key: str, code: str, now: float) -> list[str]:
    """Begins the second step if the code shows that the telephone has the key; returns the one-time codes, else none."""
    step = step_of(key, code, now)
    if not step:
        return []
    codes = [_new_code() for _ in range(CODES)]
    kept = {KEY: key, LAST: str(step), LEFT: json.dumps([_hash(one) for one in codes])}
    connections.text.hset(staff_key(person_id), mapping=kept)
    return codes


def end_two_step(connections: Connections, person_id: str) -> None:
    """Ends the second step, so that a password is enough until it is set up again."""
    connections.text.hdel(staff_key(person_id), KEY, LAST, LEFT)


def codes_left(connections: Connections, person_id: str) -> int:
    """Returns how many one-time codes have not been used."""
    return len(json.loads(connections.text.hget(staff_key(person_id), LEFT) or "[]"))


def code_fits(connections: Connections, person_id: str, code: str, now: float) -> bool:
    """Tells whether this is somebody's code of now, or one of their one-time codes; no code fits twice."""
    key = staff_key(person_id)

    def use(pipe: Any) -> bool:  # noqa: ANN401 - redis gives no type
        secret, last, left = pipe.hmget(key, KEY, LAST, LEFT)
        step, unused = step_of(secret, code, now) if secret else 0, json.loads(left or "[]")
        hashed = _hash(code)
        pipe.multi()
        if step > int(last or 0):
            pipe.hset(key, LAST, str(step))
            return True
        if hashed in unused:
            pipe.hset(key, LEFT, json.dumps([one for one in unused if one != hashed]))
            return True
        return False

    # Read again if it was used meanwhile: of two who send one code, one is let in.
    fits: bool = connections.text.transaction(use, key, value_from_callable=True)
    return fits


def _new_code() -> str:
    letters = "".join(secrets.choice(LETTERS) for _ in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def _hash(code: str) -> str:
    return hashlib.sha256("".join(letter for letter in code.upper() if letter.isalnum()).encode()).hexdigest()
