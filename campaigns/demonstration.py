"""Made-up responses, dealt out as a real campaign's would be, so that every page can be shown at work."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice

from campaigns.definition import Campaign
from campaigns.responses import Submission
from campaigns.store.cards import reconcile
from campaigns.store.intake import Way, accept_many
from campaigns.store.responses import get_responses, response_count
from campaigns.store.rewriting import mark_rewrite_due
from campaigns.store.store import Store, forget_campaign

TOGETHER = 200
MADE_UP = "made-up"
# How a campaign with a card to every household is answered, in parts of a hundred.
CHANNEL_SHARES = {
    "online": 34, "card": 42, "tree": 8, "workshop": 7, "photo": 2, "letter": 2, "assisted": 3, "meeting": 2,
}
WISHES_SHARES = (18, 27, 55)
UNPLACED_SHARE = 0.12
UNANSWERED_SHARE = 0.4


class NotADemonstration(ValueError):
    """A real campaign, which made-up responses must never enter."""


def fill(store: Store, responses: int, seed: int = 2026, progress: Callable[[int], None] = lambda done: None) -> int:
    """Adds made-up responses to a demonstration campaign; returns how many.

    Raises NotADemonstration for a campaign that is open in earnest, or not open.
    """
    if not store.demonstration or store.state["state"] != "open":
        raise NotADemonstration(
            f"{store.slug} is not open as a demonstration, and made-up responses may enter nothing else. "
            f"Open it as one, if it was not open in earnest: bin/flask campaign open {store.slug} --demonstration"
        )
    made = made_up(store.campaign, responses, random.Random(seed))
    way = Way(who="job:demonstration", window="none")
    done = 0
    while batch := [(one, way) for one in islice(made, TOGETHER)]:
        done += sum(taken.kept for taken in accept_many(store, batch))
        progress(done)
    return done


def made_up(campaign: Campaign, responses: int, chance: random.Random) -> Iterator[Submission]:
    """Yields made-up responses from the campaign's own example wishes."""
    texts = [example.text for example in campaign.frame.examples]
    days = window_days(campaign)
    weights = _day_weights(len(days))
    channels = [channel for channel in campaign.channels if channel in CHANNEL_SHARES]
    shares = [CHANNEL_SHARES[channel] for channel in channels]
    for _ in range(responses):
        channel = chance.choices(channels, shares)[0]
        sources = [source.id for source in campaign.sources if source.channel == channel]
        yield Submission(
            tuple(chance.sample(texts, chance.choices((1, 2, 3), WISHES_SHARES)[0])[:campaign.wishes_each]),
            channel,
            chance.choice(["", *sources]),
            _area(campaign, chance),
            day=chance.choices(days, weights)[0].isoformat(),
            answers=_connection(campaign, chance),
            marks=MADE_UP,
        )


def _connection(campaign: Campaign, chance: random.Random) -> dict[str, int]:
    question = campaign.question_called("connection")
    if question is None or chance.random() < UNANSWERED_SHARE:
        return {}
    places = range(1, len(question.options) + 1)
    return {"connection": chance.choices(places, [2.0 ** -place for place in places])[0]}


def window_days(campaign: Campaign) -> list[date]:
    """Returns the days of the window that have come by today."""
    last = min(campaign.window.closes, max(date.today(), campaign.window.opens))
    return [campaign.window.opens + timedelta(days=n) for n in range((last - campaign.window.opens).days + 1)]


def _day_weights(days: int) -> list[float]:
    """A rush as cards land, a lull, and a rush before the last day."""
    return [3.0 * 0.8 ** n + 1.0 + 2.0 * 0.75 ** (days - 1 - n) for n in range(days)]


def _area(campaign: Campaign, chance: random.Random) -> str:
    if not campaign.areas or chance.random() < UNPLACED_SHARE:
        return "not given"
    weights = [1.0 + (7 * place % 5) / 3 for place in range(len(campaign.areas))]
    return chance.choices(campaign.areas, weights)[0].id


def added_by_people(store: Store) -> list[str]:
    """Returns what people have put into a demonstration, in words: responses that were not made up, and printed cards."""
    total = response_count(store)
    made = sum(
        response.marks == MADE_UP
        for first in range(1, total + 1, TOGETHER)
        for response in get_responses(store, range(first, min(first + TOGETHER, total + 1)))
    )
    sent, printed = total - made, reconcile(store).printed
    counted = (("response sent, keyed or imported", "responses sent, keyed or imported", sent), ("card", "cards", printed))
    return [f"{number:,} {one if number == 1 else many}" for one, many, number in counted if number]


def remove(store: Store) -> None:
    """Erases a whole demonstration in one step: its definition, responses, log, rows and cards.

    Raises NotADemonstration for a campaign that is open in earnest.
    """
    if not store.demonstration:
        raise NotADemonstration(f"{store.slug} is not a demonstration, so nothing of it was removed.")
    forget_campaign(store)
    mark_rewrite_due(store.connections)
