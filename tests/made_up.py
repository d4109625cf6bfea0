"""What hypothesis makes up: what people send and in which way, and which of it others come back to."""

from hypothesis import strategies as st

from campaigns.responses import SlotCoding, Submission
from campaigns.store.intake import Way
from tests.ledger import CODINGS, MOST_BY_ONE
from tests.storehouse import ABBEY, NORMANTON

AREAS = (ABBEY, NORMANTON, "not given", "part postcode", "not in our table")

numbers = st.sampled_from([1, 1, 1, 2, 2, 3, 4, 7])
slots = st.sampled_from([1, 1, 2, 3])
words = st.lists(st.sampled_from(["", "trees", "jobs", "a bus", "Wód|ka “x” 🌳\n\"'{}", "e"]), min_size=1, max_size=3).filter(any)
wishes = words.map(lambda some: tuple(some[:max(place for place, text in enumerate(some, 1) if text)]))
submissions = st.builds(
    Submission, wishes, st.sampled_from(["online", "card", "tree"]), st.sampled_from(["", "libraries"]), st.sampled_from(AREAS),
    st.sampled_from(["", "DE1"]), st.sampled_from(["", "", "2010-07-01", "2010-07-31"]), st.sampled_from([0, 0, 0, 0, 1, 2]),
    st.dictionaries(st.just("connection"), st.integers(1, 3)),
    st.dictionaries(st.sampled_from(["disability", "faith"]), st.integers(1, 3)),
)
ways = st.builds(
    Way, key=st.sampled_from(["", "", "k", "l"]), desk=st.booleans(), card_mark=st.sampled_from(["online", "keyed"]),
    limits=st.sampled_from([(), (), (("one", MOST_BY_ONE, 3600),)]),
    imported=st.sampled_from([None, None, ("f", "1"), ("f", "2")]),
)
codings = st.sampled_from(CODINGS[:5]).map(lambda coded: SlotCoding(*coded, "s-2"))
