"""What the core's tests share: a campaign small enough to read, opened around today, and ways to send to it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from campaigns.consumers import tallying
from campaigns.definition import Window
from campaigns.events import full_name, write_data
from campaigns.responses import SlotCoding, Submission, fingerprint
from campaigns.store.blocks import RowTable
from campaigns.store.connection import BytesClient, Connections
from campaigns.store.consumers import CODING, cursor
from campaigns.store.intake import Accepted, Way, accept
from campaigns.store.log import last_event
from campaigns.store.opening import open_campaign
from campaigns.store.responses import get_response, write_coding
from campaigns.store.standing import Standing, read_standing
from campaigns.store.store import Store, load_campaign, open_store

LITTLE = "little-town"
ABBEY, NORMANTON = "E05001767", "E05001780"
_CODES = {
    "growth.roads": ("Roads", ["Mend the holes in {}", "Widen {}", "Resurface {}", "A roundabout at {}", "Slow traffic on {}"]),
    "growth.jobs": ("Jobs", ["More work in {}", "Bring factories to {}", "Training in {}", "Jobs for {}", "Trades in {}"]),
    "safer.green": ("Parks", ["Trees for {}", "More benches in {}", "Keep {} open", "A pond in {}", "Flowers along {}"]),
    "other": ("Other", ["{} as it was", "What about {}", "{} and all that", "Remember {}", "{} for ever"]),
    "none": ("No wish", ["nothing {}", "no {}", "dunno {}", "n/a {}", "pass {}"]),
}
_HEAD = """
title = "Wishes for a little town"
place = "Little Town"
question = "What do you wish for?"
why = "So that it is known."
who_decides = "The council."
organiser = "The council"
can_change = ["What comes first"]
wishes_each = 3
channels = ["online", "card", "letter", "tree"]

[window]
opens = 2010-06-28
closes = 2010-07-30
cards_until = 2010-08-06

[areas]
called = "ward"
[[areas.list]]
id = "E05001767"
name = "Abbey"
[[areas.list]]
id = "E05001780"
name = "Normanton"

[[geographies]]
id = "side"
name = "side of the river"
[[geographies.parts]]
name = "North side"
areas = ["E05001767"]
[[geographies.parts]]
name = "South side"
areas = ["E05001780"]

[[geographies]]
id = "fifth"
name = "deprivation fifth"
column = "IMD fifth"
[[geographies.parts]]
name = "Most deprived"
values = ["1"]
[[geographies.parts]]
name = "Least deprived"
values = ["4", "5"]

[[sources]]
id = "libraries"
name = "Libraries"
channel = "card"

[[questions]]
id = "connection"
text = "What connects you to the town?"
options = ["I live here", "I work here", "I visit"]
[[questions]]
id = "disability"
text = "Does a condition limit you?"
options = ["Yes", "No", "I would rather not say"]
special = true
[[questions]]
id = "faith"
text = "What is your religion?"
options = ["None", "One", "I would rather not say"]
special = true

[safeguarding]
name = "A Person"
contact = "safe@little.example"
[safeguarding.deputy]
name = "B Person"
contact = "deputy@little.example"

[privacy]
controller = "Little Town Council"
lawful_basis = "public task"
retention = "Two years"
contact = "privacy@little.example"
impact_assessment = "DPIA-1"

[[frame.themes]]
id = "growth"
name = "Growth"
answers = "The growth board"
[[frame.themes]]
id = "safer"
name = "Safer and greener"
answers = "The safer board"
"""


def campaign_text() -> str:
    """Returns the file of a little campaign: two wards, four channels, three codes, fifty examples."""
    return _HEAD + "".join(_code(id_, name, lines) for id_, (name, lines) in _CODES.items())


def _code(id_: str, name: str, lines: list[str]) -> str:
    said = "\n".join(f'  "{line.format(place)}",' for place in ("Mill Lane", "the old town") for line in lines)
    return (
        f'\n[[frame.codes]]\nid = "{id_}"\nname = "{name}"\ndefinition = "All about {name.lower()}."\n'
        f"[frame.codes.examples]\nmore = [\n{said}\n]\n"
    )


def window_around(day: date, opens: int = -14, closes: int = 14, cards: int = 21) -> Window:
    """Returns a window that opens and closes so many days from a day."""
    return Window(*(day + timedelta(days=n) for n in (opens, closes, cards)), ZoneInfo("Europe/London"))


def open_little(connections: Connections, window: Window | None = None, slug: str = LITTLE) -> Store:
    """Returns the little campaign, open as a demonstration around today unless a window is given."""
    load_campaign(connections, slug, campaign_text())
    return open_campaign(connections, slug, "s-1", window or window_around(date.today()))


def loaded_little(connections: Connections, slug: str = LITTLE) -> Store:
    """Returns the little campaign, loaded and not open."""
    load_campaign(connections, slug, campaign_text())
    return open_store(connections, slug)


def send(store: Store, *wishes: str, way: Way | None = None, **what: object) -> Accepted:
    """Sends wishes to a campaign; ``what`` is anything else a submission may say."""
    submission = replace(Submission(wishes or ("More trees",), "online"), **what)
    return accept(store, submission, way or Way())


def code_by_machine(store: Store, number: int, slot: int, coding: SlotCoding, vector: bytes = b"\x07" * 384) -> list[object]:
    """Gives a wish a machine's coding and a vector, as the coding worker's script writes them."""
    response = get_response(store, number)
    text = next(wish.text for wish in response.wishes if wish.slot == slot) if response else ""
    at = cursor(store, CODING)
    return store.scripts.run("code", {
        "expected": at, "cursor": max(last_event(store), at), "born": store.born, "bell_ms": 1000,
        "slots": store.campaign.wishes_each,
        "event": full_name("wishes.coded"), "who": "job:coding",
        "data": write_data("wishes.coded", tagger=coding.coder, ranges=[[number, number]]),
        "codings": [[number, slot, fingerprint(text), write_coding(coding, store.layout)]],
    }, vector)


def catch_up(store: Store) -> Standing:
    """Returns the standing tallies with every event in them."""
    tallying.catch_up(store)
    tallying.stand(store, RowTable())
    return read_standing(store)


def every_byte(connections: Connections, only: Callable[[str], bool] = lambda key: True) -> bytes:
    """Returns every key's name and all that Redis holds under it, as one run of bytes."""
    held = []
    for key in sorted(connections.raw.scan_iter(count=1000)):
        if only(key.decode()):
            held += [key, _value(connections.raw, key)]
    return b"\n".join(held)


def _value(raw: BytesClient, key: bytes) -> bytes:
    readers: dict[bytes, Callable[[], object]] = {
        b"string": lambda: raw.get(key), b"hash": lambda: raw.hgetall(key), b"set": lambda: raw.smembers(key),
        b"stream": lambda: raw.xrange(key), b"zset": lambda: raw.zrange(key, 0, -1), b"list": lambda: raw.lrange(key, 0, -1),
    }
    value = readers[raw.type(key)]()
    return value if isinstance(value, bytes) else b"\x00".join(_flat(value))


def _flat(value: object) -> list[bytes]:
    if isinstance(value, bytes):
        return [value]
    if isinstance(value, dict):
        value = value.items()
    return [piece for part in value for piece in _flat(part)]  # type: ignore[attr-defined]
