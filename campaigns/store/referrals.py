"""Referrals of indicators as the store keeps them: each with its revision, so that nobody writes over another."""

import json
from dataclasses import replace
from hashlib import sha256

from campaigns.events import write_data
from campaigns.referrals import Referral, read_referral, write_referral
from campaigns.store.store import Store, record

LAST = "last"


def list_referrals(store: Store) -> list[Referral]:
    """Returns every referral, oldest first."""
    kept = store.text.hgetall(store.keys.of("referrals"))
    found = [read_referral(json.loads(text)) for field, text in kept.items() if field != LAST]
    return sorted(found, key=lambda one: one.number)


def keep_referral(store: Store, referral: Referral, who: str) -> bool:
    """Keeps a referral as it now is, a new one under the next number; False where somebody changed it meanwhile.

    An indicator that is referred already cannot be referred again before it is back.
    """
    every = {one.number: one for one in list_referrals(store)}
    before = every.get(referral.number)
    if referral.number and (before is None or before.revision != referral.revision):
        return False
    if not referral.number and any(one.indicator == referral.indicator and not one.returned for one in every.values()):
        return False
    number = referral.number or max(every, default=0) + 1
    now = replace(referral, number=number, revision=referral.revision + 1)
    text = _written(now)
    event = "indicator.returned" if now.returned else "indicator.referred"
    last = str(max(every, default=0) or "")
    only = {"field": str(number), "text": _written(before)} if before else {"field": LAST, "text": last}
    answer = record(
        store.connections, store.slug, event, who=who, only={"key": "referrals", **only},
        hashes={"referrals": {str(number): text} | ({} if before else {LAST: str(number)})},
        data=write_data(event, referral=number, sha256=sha256(text.encode()).hexdigest()),
    )
    return bool(answer[0] == "recorded")


def _written(referral: Referral) -> str:
    return json.dumps(write_referral(referral), ensure_ascii=False, separators=(",", ":"))
