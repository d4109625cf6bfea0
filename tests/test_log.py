"""The log: every event linked to the one before, sealed, and the first that does not fit named."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from campaigns.store.changes import erase, revise_wishes, withdraw
from campaigns.store.connection import Connections
from campaigns.store.intake import accept_many
from campaigns.store.log import event_at, last_event, read_events, read_lines, seal, verify, wait_for_events
from campaigns.store.responses import get_response, response_count
from campaigns.store.store import Store
from tests.storehouse import open_little, send

Tamper = Callable[[Store], object]


@pytest.fixture
def store(connections: Connections) -> Store:
    """Returns a campaign with ten events: opened, five responses, sealed, one revised, one withdrawn, one erased."""
    made = open_little(connections)
    for number in range(1, 6):
        send(made, f"wish {number}", "another")
    seal(made)
    revise(made, 2, "changed")
    withdraw(made, 3)
    erase(made, 4)
    return made


def revise(store: Store, number: int, *words: str) -> None:
    response = get_response(store, number)
    assert response
    assert revise_wishes(store, response, words).done


def log_of(store: Store) -> str:
    return store.keys.of("log")


def add(store: Store, number: int, line: str, link: str) -> None:
    store.raw.xadd(log_of(store), {"e": line, "l": bytes.fromhex(link)}, id=f"{number}-0")


def rewrite(store: Store, at: int, change: Callable[[str], str], relink: bool = False) -> None:
    """Puts the log back event by event with one line changed; ``relink`` makes every link fit again, as a keeper could."""
    lines = read_lines(store)
    store.text.delete(log_of(store))
    link = ""
    for number, line, kept in lines:
        line = change(line) if number == at else line
        link = hashlib.sha1((link + line).encode()).hexdigest() if relink else kept
        add(store, number, line, link)
    store.text.hset(store.keys.of("head"), "link", link)


def displace(store: Store, at: int) -> None:
    """Puts the log back with one event a little beside its place, as a changed bit leaves it."""
    lines = store.raw.xrange(log_of(store))
    store.text.delete(log_of(store))
    for number, (place, kept) in enumerate(lines, 1):
        store.raw.xadd(log_of(store), kept, id=f"{at}-4" if number == at else place)


def test_every_event_is_linked_to_the_one_before(store: Store) -> None:
    link = ""
    for number, (kept_number, line, kept) in enumerate(read_lines(store), 1):
        link = hashlib.sha1((link + line).encode()).hexdigest()
        assert (kept_number, kept) == (number, link)
        assert line.startswith(f"{number} ")
    assert store.text.hmget(store.keys.of("head"), "event", "link") == [str(last_event(store)), link]


def test_events_are_read_from_any_place(store: Store) -> None:
    assert [event.number for event in read_events(store, 7)] == [8, 9, 10]
    assert [event.number for event in read_events(store, 2, 3)] == [3, 4, 5]
    events = [event_at(store, number) for number in (1, 10, 11)]
    assert [event.name if event else "" for event in events] == ["campaign.opened", "response.erased", ""]


def test_an_event_beside_its_place_is_read_once(store: Store) -> None:
    displace(store, 10)
    assert [[event.number for event in read_events(store, after)] for after in (8, 9, 10)] == [[9, 10], [10], []]


def test_a_log_nobody_touched_fits(store: Store) -> None:
    verdict = verify(store)
    assert (verdict.problem, verdict.events, verdict.responses) == ("", 10, 5)


def test_an_empty_log_fits(connections: Connections) -> None:
    assert verify(open_little(connections)).problem == ""


@pytest.mark.parametrize(("tamper", "said"), [
    (lambda s: rewrite(s, 4, lambda line: line.replace("online", "onlime")), "event 4 does not fit"),
    (lambda s: rewrite(s, 1, lambda line: line.replace("s-1", "s-2")), "event 1 does not fit"),
    (lambda s: rewrite(s, 10, lambda line: line.replace("public", "s-1")), "event 10 does not fit"),
    (lambda s: s.text.xdel(log_of(s), "1-0"), "event 1 is missing"),
    (lambda s: s.text.xdel(log_of(s), "5-0"), "event 5 is missing"),
    (lambda s: s.text.xdel(log_of(s), "10-0"), "event 10 is missing"),
    (lambda s: s.text.delete(log_of(s)), "event 1 is missing"),
    (lambda s: displace(s, 5), "event 5 is missing"),
    (lambda s: displace(s, 10), "event 10 is missing"),
    (lambda s: s.text.xtrim(log_of(s), maxlen=3, approximate=False), "event 1 is missing"),
    (lambda s: add(s, 11, "11 campaign.closed/1 1 s-1 0 {}", "0" * 40), "event 11 does not fit"),
    (lambda s: add(s, 12, "12 campaign.closed/1 1 s-1 0 {}", "0" * 40), "event 11 is missing"),
    (lambda s: s.text.hset(s.keys.of("head"), "link", "0" * 40), "the head does not fit"),
    (lambda s: s.text.hset(s.keys.of("head"), "event", "9"), "the head does not fit"),
    (lambda s: s.text.hset(s.keys.of("head"), "event", "11"), "event 11 is missing"),
    (lambda s: s.text.hset(s.keys.of("head"), "seal", "0" * 64), "the head does not fit"),
    (lambda s: rewrite(s, 4, lambda line: line.replace("online", "onlime"), relink=True), "event 7 does not fit: its seal"),
    (lambda s: rewrite(s, 7, lambda line: line.replace('"last":6', '"last":5'), relink=True), "event 7 does not fit: its seal"),
    (lambda s: s.text.hset(s.keys.response(1), "w1", "wish I"), "response 1: its words"),
    (lambda s: s.text.hset(s.keys.response(1), "w3", "one more"), "response 1: its words"),
    (lambda s: s.text.hdel(s.keys.response(1), "w2"), "response 1: its words"),
    (lambda s: s.text.hset(s.keys.response(5), "z", "another salt"), "response 5: its words"),
    (lambda s: s.text.hdel(s.keys.response(5), "z"), "response 5: its words"),
    (lambda s: s.text.hset(s.keys.response(3), "l", "live"), "response 3 is live; the log says it is withdrawn"),
    (lambda s: s.text.hset(s.keys.response(5), "l", "withdrawn"), "response 5 is withdrawn; the log says it is live"),
    (lambda s: s.text.hset(s.keys.response(5), "l", "erased"), "response 5 is erased; the log says it is live"),
    (lambda s: s.text.hset(s.keys.response(4), mapping={"l": "live"}), "response 4 is live; the log says it is erased"),
    (lambda s: s.text.hset(s.keys.response(2), "m1", "what|is|this"), "response 2 cannot be read"),
    (lambda s: s.raw.hset(s.keys.response(2), "w1", b"wish \xff"), "response 2 cannot be read (UnicodeDecodeError)"),
    (lambda s: s.raw.hset(s.keys.response(5), "l", b"liv\xff"), "response 5 cannot be read (UnicodeDecodeError)"),
    (lambda s: s.raw.hset(s.keys.of("head"), "link", b"\xff" * 40), "the head does not fit"),
    (lambda s: s.raw.xadd(log_of(s), {"e": "11 a/1 1 s-1 0 {}", "l": "0" * 40}, id="11-0"), "event 11 does not fit"),
    (lambda s: s.text.delete(s.keys.response(5)), "response 5 is gone"),
    (lambda s: s.text.delete(s.keys.response(4)), "response 4 is gone"),
    (lambda s: s.text.hset(s.keys.of("head"), "responses", "6"), "response 6 is not in the log"),
])
def test_the_first_thing_that_does_not_fit_is_named(store: Store, tamper: Tamper, said: str) -> None:
    tamper(store)
    assert said in verify(store).problem


def test_how_many_events_fit_before_is_told(store: Store) -> None:
    store.text.xdel(log_of(store), "5-0")
    assert verify(store).events == 4


def test_a_seal_covers_everything_since_the_one_before(store: Store) -> None:
    first = read_events(store, 6, 1)[0]
    second = seal(store)
    sealed = read_events(store)[-1]
    assert (first.data["first"], first.data["last"], "previous" in first.data) == (1, 6, False)
    assert (sealed.data["first"], sealed.data["last"], sealed.data["previous"]) == (7, 10, first.data["sha256"])
    covered = "".join(f"{line}\n" for number, line, _ in read_lines(store) if 7 <= number <= 10)
    assert sealed.data["sha256"] == second == hashlib.sha256((first.data["sha256"] + covered).encode()).hexdigest()
    assert verify(store).problem == ""


def test_sealing_again_with_nothing_new_is_the_same_seal(store: Store) -> None:
    assert seal(store) == seal(store) == seal(store)
    assert last_event(store) == 11


def test_of_ten_who_seal_at_once_one_does(store: Store) -> None:
    with ThreadPoolExecutor(10) as pool:
        seals = list(pool.map(lambda _: seal(store), range(10)))
    assert len(set(seals)) == 1
    assert sum(event.name == "log.sealed" for event in read_events(store)) == 2
    assert verify(store).problem == ""


def test_a_log_that_grows_while_it_is_checked_fits(store: Store) -> None:
    writing = True

    def write(writer: int) -> int:
        sent = 0
        while writing and sent < 400:
            taken = send(store, f"wish {writer} {sent}")
            revise(store, taken.number, "revised", "and more")
            sent += 1
        return sent

    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(write, n) for n in range(3)]
        problems = [verify(store).problem for _ in range(10)]
        writing = False
        assert sum(writer.result() for writer in writers) > 0
    assert problems == [""] * 10


def test_more_events_than_a_page_are_checked(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaigns.store.log.PAGE", 3)
    verdict = verify(store)
    assert (verdict.problem, verdict.events) == ("", 10)


def test_words_revised_to_fewer_fit(store: Store) -> None:
    revise(store, 1, "only", "")
    assert verify(store).problem == ""


def test_waiting_ends_as_soon_as_there_is_an_event(store: Store) -> None:
    assert wait_for_events(store, last_event(store) - 1, 5000)
    assert not wait_for_events(store, last_event(store), 1)
    assert accept_many(store, []) == [] and response_count(store) == 5
