"""What each kind of notice says, put together as it is sent, and what is kept once it has gone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from campaigns.mailing.sending import Notice
from campaigns.store.store import Store
from campaigns.store.worries import NOTICE, get_worry, told

WHO = "job:notices"


@dataclass(frozen=True)
class Kind:
    """How a notice of one kind is written (None: nobody needs it any more), and what is kept once it has gone.

    Both get the store and what the notice is about; the writer also the address of this service.
    """

    write: Callable[[Store, str, str], Notice | None]
    sent: Callable[[Store, str], None]


def tell_of_worry(store: Store, id_: str, site: str) -> Notice | None:
    """Returns the e-mail that tells the safeguarding officer and their deputy that a worry waits: its address, and no more."""
    worry, campaign = get_worry(store, id_), store.campaign
    to = tuple(officer.address for officer in (campaign.safeguarding, campaign.deputy) if officer.address)
    if worry is None or not worry.open or worry.told_ms or not to:
        return None
    return Notice(to, f"A worry waits: {' '.join(campaign.title.split())}", (
        f"A worry was passed to you in “{campaign.title}”.\n\n"
        f"Sign in to read it and to say what was done:\n{site}/officers/{store.slug}/worries#{id_}\n\n"
        f"It should be closed within {campaign.safeguarding.within_hours} hours. This message goes to "
        f"{campaign.safeguarding.name} and {campaign.deputy.name}. It never holds what anybody wrote.\n"
    ))


KINDS: Mapping[str, Kind] = {
    NOTICE: Kind(tell_of_worry, lambda store, id_: told(store, id_, WHO)),
}
