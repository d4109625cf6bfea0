"""What must hold after every fault: nothing acknowledged is gone, nothing is counted twice, the log and the rows are right."""

from campaigns.consumers.rebuilding import differences
from campaigns.references import reference_for
from campaigns.store.blocks import RowTable
from campaigns.store.consumers import CONSUMERS, behind
from campaigns.store.log import last_event, verify
from campaigns.store.responses import get_responses, response_count
from campaigns.store.secrets import receipt_secret
from campaigns.store.standing import read_standing, standing_event
from campaigns.store.store import Store
from tests.faults.machine import PATIENCE, Machine, wait_until
from tests.faults.sending import Sent

SOUND = {
    "acknowledged and gone": 0,
    "kept twice": 0,
    "accepted, less counted": 0,
    "answers but 201 and 503": {},
    "flask log verify": "fits",
    "flask tallies rebuild --check": "0 rows differ",
}


def caught_up(store: Store) -> bool:
    """Tells whether every response is counted and coded, and the standing tallies say so."""
    return not any(behind(store, consumer) for consumer in CONSUMERS) and standing_event(store) == last_event(store)


def soundness(machine: Machine, patience: float = PATIENCE) -> dict[str, object]:
    """Waits until the workers are done, and returns what is found."""
    store, sent = machine.store, machine.sent
    wait_until(lambda: caught_up(store), "everything counted and coded", patience)
    total, verdict = response_count(store), verify(store)
    return {
        "acknowledged and gone": len(gone(store, sent)),
        "kept twice": total - machine.others - len(sent.wishes),
        "accepted, less counted": total - read_standing(store).total(),
        "answers but 201 and 503": {status: times for status, times in sent.refused.items() if status not in (0, 503)},
        "flask log verify": verdict.problem or "fits",
        "flask tallies rebuild --check": f"{len(differences(store, RowTable()))} rows differ",
    }


def gone(store: Store, sent: Sent) -> list[str]:
    """Returns the keys whose senders were told a number and reference under which their words are not."""
    secret = receipt_secret(store)
    told = sorted((number, reference, key) for key, (number, reference) in list(sent.told.items()))
    missing = []
    for first in range(0, len(told), 1000):
        some = told[first:first + 1000]
        kept = {response.number: response for response in get_responses(store, [number for number, _, _ in some])}
        missing += [
            key for number, reference, key in some
            if number not in kept or kept[number].wishes[0].text != sent.wishes[key] or reference_for(number, secret) != reference
        ]
    return missing
