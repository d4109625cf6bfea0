"""What a return of cards must leave behind, and what the ledger does not have so."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from campaigns.cards.ledger import reckon, residual_cards, waterfall
from campaigns.cards.paper import STATES
from campaigns.store.cards import read_paper
from campaigns.store.store import Store


@dataclass
class Expected:
    """What must be true once all have come back: the state of each card, what became of the pieces, and each fault's cards."""

    states: dict[int, str] = field(default_factory=dict)
    online: set[int] = field(default_factory=set)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    counted: int = 0
    missing: int = 0
    live: int = 0
    faults: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def unaccounted(store: Store, expected: Expected) -> list[str]:
    """Returns in words whatever the ledger does not have as it must be: cards, marks, pieces and why, and what is missing."""
    paper = read_paper(store)
    letters, ledger, fall = paper.cards.tobytes().decode(), reckon(paper), waterfall(paper.returns)
    wrong = [
        f"card {card} is {STATES.get(letters[card].lower())}, and should be {state}"
        for card, state in expected.states.items() if STATES.get(letters[card].lower()) != state
    ]
    figures = {
        "states": (ledger.states, dict.fromkeys(STATES.values(), 0) | Counter(expected.states.values())),
        "residual": (residual_cards(paper), []),
        "printed": (ledger.printed, len(expected.states)),
        "answered online": (ledger.answered_online, len(expected.online)),
        "what became of the pieces": (fall.reasons, {reason: n for reason, n in expected.reasons.items() if n}),
        "counted, missing and not accounted for": (
            (fall.received, fall.missing, fall.waiting), (expected.counted, expected.missing, 0),
        ),
    }
    return wrong + [f"{name}: {found}, and should be {must}" for name, (found, must) in figures.items() if found != must]
