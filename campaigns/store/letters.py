"""Letters, e-mails and calls: whole texts kept beside the wishes that an officer splits them into."""

from dataclasses import replace

from campaigns.responses import LIVE, Response
from campaigns.store.changes import Changed, split_wishes
from campaigns.store.responses import get_response
from campaigns.store.store import Store

SPLIT = "s"  # among a response's marks


def unsplit_letters(store: Store) -> list[int]:
    """Returns the numbers of the letters that nobody has split yet; each counts as one wish until then."""
    numbers = sorted(map(int, store.text.smembers(store.keys.of("letters"))))
    pipe = store.text.pipeline(transaction=False)
    for number in numbers:
        pipe.hmget(store.keys.response(number), "l", "x")
    found = zip(numbers, pipe.execute(), strict=True)
    return [number for number, (state, marks) in found if state == LIVE and SPLIT not in (marks or "")]


def get_letter(store: Store, number: int) -> Response | None:
    """Returns a live response that holds a whole text, None where there is none of that number."""
    response = get_response(store, number)
    return response if response and response.state == LIVE and response.letter else None


def split_letter(store: Store, letter: Response, wishes: tuple[str, ...], who: str) -> Changed:
    """Puts the wishes an officer read in a letter in the place of its text; the whole text is kept beside them."""
    marks = letter.marks if SPLIT in letter.marks else letter.marks + SPLIT
    return split_wishes(store, replace(letter, marks=marks), wishes, who)
