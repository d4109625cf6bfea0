"""Two keyings of a card: which fields differ, by how much, and what is only another way of typing the same."""

import pytest

from campaigns.cards.comparing import (
    APART,
    Difference,
    Keying,
    compare,
    fold,
    kind_of,
    mark_differences,
    same_wishes,
    wishes_agree,
    words_apart,
)


@pytest.mark.parametrize(("typed", "words"), [
    ("", ()), ("  \n\t ", ()), ("—…!", ()), ("More  Buses.", ("more", "buses")), ("bus’s and bus's", ("buss", "and", "buss")),
    ("twenty-one/two", ("twenty", "one", "two")), ("STRASSE Straße", ("strasse", "strasse")), ("£5 & 10%", ("£5", "10")),
    ("Café", ("café",)), ("Cafe\u0301", ("café",)), ("[illegible] park", ("\ue000illegible", "park")),
    ("illegible", ("illegible",)), ("ﬁne", ("fine",)), ("soft\u00adhyphen", ("softhyphen",)), ("🌳 more", ("🌳", "more")),
    ("پارک چاہیے", ("پارک", "چاہیے")), ("۵ اسکول", ("5", "اسکول")), ("line\none", ("line", "one")),
])
def test_a_wish_is_folded_to_its_words(typed: str, words: tuple[str, ...]) -> None:
    assert fold(typed) == words


@pytest.mark.parametrize(("first", "second", "words", "of"), [
    ("More buses at night", "more BUSES, at night!", 0, 4), ("a bus stop here", "a busstop here", 0, 4),
    ("", "", 0, 0), ("", " . ", 0, 0), ("", "Keep the library", 3, 3), ("Keep the library", "", 3, 3),
    ("Keep the library", "Keep the libary", 0.14, 3), ("do not close it", "do close it", 1, 4),
    ("more buses", "less buses", 1, 2), ("20 mph here", "30 mph here", 1, 3), ("one two three", "three two one", 1.6, 3),
    ("[illegible] the park", "Mend the park", 0.9, 3), ("[illegible]", "illegible", 0.1, 1),
    ("café", "cafe", 0.25, 1), ("a b c d", "w x y z", 4, 4),
])
def test_how_far_two_keyings_of_a_wish_lie_apart(first: str, second: str, words: float, of: int) -> None:
    assert words_apart(first, second) == words_apart(second, first) == (words, of)


@pytest.mark.parametrize(("first", "second"), [
    ("پارك چاهيے", "پارک چاہیے"), ("ہمیں صاف پانی چاہیے۔", "ہمیں صاف پانی چاہیے"), ("کتاب‌خانہ", "کتابخانہ"),
    ("عِلم کی روشنی", "علم کی روشنی"), ("۱۰ نئے اسکول", "10 نئے اسکول"), ("Więcej zieleni", "WIĘCEJ ZIELENI"),
    ("ਹੋਰ ਬੱਸਾਂ", "ਹੋਰ  ਬੱਸਾਂ."), ("Zażółć", "Zaz\u0307o\u0301łc\u0301"),
])
def test_other_tongues_agree_however_their_keyboards_write_them(first: str, second: str) -> None:
    assert words_apart(first, second)[0] == 0


@pytest.mark.parametrize(("first", "second"), [
    ("ہمیں پارک چاہیے", "ہمیں بارک چاہیے"), ("ہمیں پارک نہیں چاہیے", "ہمیں پارک چاہیے"), ("ਹੋਰ ਬੱਸਾਂ", "ਘੱਟ ਬੱਸਾਂ"),
    ("Keep it open", "Keep it opne"), ("No more flats", "More flats"), ("2 parks", "3 parks"), ("[illegible]", "a bus"),
])
def test_other_words_do_not_agree(first: str, second: str) -> None:
    assert not wishes_agree(first, second)


@pytest.mark.parametrize(("apart", "agree"), [(0, False), (0.01, False), (0.02, True), (APART, True), (1, True)])
def test_how_far_apart_may_be_can_be_set(apart: float, agree: bool) -> None:
    slip = "Keep the libary in the middle of the town open"
    assert wishes_agree(slip, "Keep the library in the middle of the town open", apart) is agree


ONE = Keying(17, ("More buses", "", "A pool"), "DE1 E05001767", {"connection": 1})


@pytest.mark.parametrize(("first", "second", "differ"), [
    (ONE, ONE, {}), (Keying(), Keying(), {}),
    (ONE, Keying(18, ("More buses", "", "A pool"), "DE1 E05001767", {"connection": 1}), {"serial": (1, 1)}),
    (ONE, Keying(17, ("More buses", "", "A pool"), "DE2 E05001767", {"connection": 1}), {"postcode": (1, 1)}),
    (ONE, Keying(17, ("More buses", "", "A pool"), "", {"connection": 1}), {"postcode": (1, 1)}),
    (ONE, Keying(17, ("More buses", "", "A pool"), "DE1 E05001767", {"connection": 2}), {"tick:connection": (1, 1)}),
    (ONE, Keying(17, ("More buses", "", "A pool"), "DE1 E05001767", {}), {"tick:connection": (1, 1)}),
    (ONE, Keying(17, ("More buses", " ", "A pool"), "DE1 E05001767", {"connection": 1, "faith": 2}), {"tick:faith": (1, 1)}),
    (ONE, Keying(17, ("More buses",), "DE1 E05001767", {"connection": 1}), {"wish3": (2, 2)}),
    (Keying(1, ("A pool",)), Keying(1, ("A pool", "A park too")), {"wish2": (3, 3)}),
    (Keying(1, ("One thing", "", "")), Keying(1, ("", "One thing", "")), {"wish1": (2, 2), "wish2": (2, 2)}),
])
def test_which_fields_differ_and_by_how_much(first: Keying, second: Keying, differ: dict[str, tuple[float, int]]) -> None:
    found = compare(first, second)
    assert found.differ == tuple(Difference(field, *by) for field, by in differ.items())
    assert found.agrees is (not differ)


@pytest.mark.parametrize(("first", "second", "compared"), [
    (ONE, ONE, ("serial", "wish1", "wish3", "postcode", "tick:connection")), (Keying(1), Keying(1), ("serial",)),
    (Keying(1, ("", "—")), Keying(1, ("", "x")), ("serial", "wish2")), (Keying(), Keying(), ()),
    (Keying(1, ticks={"faith": 0}), Keying(1, ticks={"disability": 2}), ("serial", "tick:disability")),
])
def test_only_what_somebody_keyed_is_compared(first: Keying, second: Keying, compared: tuple[str, ...]) -> None:
    assert compare(first, second).compared == compare(second, first).compared == compared


@pytest.mark.parametrize(("first", "second", "swapped"), [
    (("A pool", "A park"), ("A park", "A pool"), True), (("A pool", ""), ("", "a pool."), True),
    (("A pool", "A park"), ("A pool", "A park"), False), (("A pool", "A park"), ("A park", "A road"), False),
    (("A pool",), ("A park",), False),
])
def test_the_same_wishes_in_other_boxes_are_known(first: tuple[str, ...], second: tuple[str, ...], swapped: bool) -> None:
    assert compare(Keying(1, first), Keying(1, second)).swapped is swapped


@pytest.mark.parametrize(("first", "second", "same"), [
    (("A pool", "", "A park"), ("a park", "A pool!"), True), (("A pool",), ("A pool", "A park"), False), ((), ("", ""), True),
    (("A pool", "A pool"), ("A pool", "A park"), False), (("A pool", "A pool"), ("A pool", "a  pool"), True),
    (("Keep the library in the middle of town open",), ("Keep the libary in the middle of town open",), True),
])
def test_whether_two_responses_make_the_same_wishes(first: tuple[str, ...], second: tuple[str, ...], same: bool) -> None:
    assert same_wishes(first, second) is same_wishes(second, first) is same


@pytest.mark.parametrize(("name", "kind"), [
    ("serial", "serial"), ("wish1", "wish"), ("wish12", "wish"), ("postcode", "postcode"), ("tick:wish2", "tick"),
])
def test_a_field_is_of_a_kind(name: str, kind: str) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(("first", "second", "left", "right"), [
    ("More buses", "more  buses!", [], []), ("", "A pool", [], ["A", "pool"]),
    ("Keep the library open", "Keep the libary", ["library", "open"], ["libary"]),
    ("do not close it", "do close it", ["not"], []), ("one\ntwo", "one three", ["two"], ["three"]),
])
def test_the_words_that_differ_are_marked(first: str, second: str, left: list[str], right: list[str]) -> None:
    marked = mark_differences(first, second)
    assert tuple([word for word, differs in side if differs] for side in marked) == (left, right)
    assert tuple([word for word, _ in side] for side in marked) == (first.split(), second.split())
