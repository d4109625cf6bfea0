"""The form as its sender left it: all that was typed and what travels with it, so that it can always be shown again."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from campaigns.cards.tokens import card_from
from campaigns.definition import Campaign
from campaigns.store.areas import Placed, place_named, read_place
from campaigns.store.cards import card_ward
from campaigns.store.secrets import card_secret
from campaigns.store.store import Store
from campaigns.submitting import Typed

FASTEST_MS = 3000
KEY = re.compile(r"^[\w-]{16,64}$", re.ASCII)
ABOUT = "about-"
MOST_WISHES = 3


@dataclass(frozen=True)
class Filled:
    """A filled form. ``card`` is the token of a card's address, ``way`` is "tree" at the shared screen."""

    key: str
    issued: str
    wishes: tuple[str, ...] = ("",) * MOST_WISHES
    postcode: str = ""
    area: str = ""
    home: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    card: str = ""
    way: str = ""
    honey: str = ""

    @property
    def travelling(self) -> dict[str, str]:
        """Returns the hidden fields that go with the form."""
        return {"key": self.key, "issued": self.issued, "source": self.source, "card": self.card, "way": self.way}


def fresh(campaign: Campaign, at_ms: int, source: str = "", card: str = "", way: str = "") -> Filled:
    """Returns an empty form with an idempotency key of its own."""
    empty = ("",) * campaign.wishes_each
    return Filled(secrets.token_urlsafe(18), str(at_ms), empty, source=source, card=card, way=way)


def read_filled(sent: Mapping[str, str], wishes_each: int = MOST_WISHES) -> Filled:
    """Returns the form that was sent; one that lost its key on the way gets a new one."""
    key = sent.get("key", "")
    return Filled(
        key if KEY.match(key) else secrets.token_urlsafe(18),
        sent.get("issued", ""),
        tuple(sent.get(f"wish{slot}", "") for slot in range(1, wishes_each + 1)),
        about={name.removeprefix(ABOUT): answer for name, answer in sent.items() if name.startswith(ABOUT)},
        honey=sent.get("more", ""),
        **{name: sent.get(name, "") for name in ("postcode", "area", "home", "source", "card", "way")},
    )


def marks(filled: Filled, at_ms: int) -> str:
    """Returns what looks like a machine's doing: "h" for a filled trap field, "t" for a form sent faster than people read."""
    fast = not filled.issued.isdecimal() or at_ms - int(filled.issued) < FASTEST_MS
    return ("h" if filled.honey else "") + ("t" if fast else "")


def card_number(store: Store, token: str) -> int:
    """Returns the number of the card an address was printed on, 0 where it was made up or mistyped."""
    return card_from(token, card_secret(store)) or 0 if token else 0


def typed(store: Store, filled: Filled, at_ms: int) -> Typed:
    """Returns what was typed, with the channel and card it came by."""
    source = store.campaign.source(filled.source)
    channel = source.channel if source else "online"
    if filled.way == "tree":
        channel = "tree"
    number = card_number(store, filled.card)
    return Typed(
        filled.wishes, channel, filled.source, {name: answer for name, answer in filled.about.items() if answer},
        card=number, marks=marks(filled, at_ms),
    )


def placed(store: Store, filled: Filled) -> Placed:
    """Returns where the sender lives, as far as they told: by postcode, as the card's own area, or by name."""
    if filled.postcode.strip():
        return read_place(filled.postcode)
    if filled.home == "yes":
        return place_named(store, card_ward(store, card_number(store, filled.card)))
    return place_named(store, filled.area)
