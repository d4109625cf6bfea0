"""E-mail: one notice that something waits, to those named, without a word of anybody's; tried until it has gone."""

from collections.abc import Iterator
from time import time

import pytest
from rq.serializers import JSONSerializer

from campaigns.mailing.sending import (
    CannotSend,
    MailServerDoesNotAnswer,
    MailServerRefusesTheMessage,
    MailServerRefusesTheSignIn,
    MailSettingsAreWrong,
    NoSafeWayToTheMailServer,
    Notice,
    mail_server,
)
from campaigns.mailing.working import send_waiting
from campaigns.store.connection import Connections
from campaigns.store.consumers import ring_bell
from campaigns.store.notices import FIRST_AGAIN_MS, any_due, ask_for, failing, waiting
from campaigns.store.store import Store
from campaigns.store.worries import Worry, close_worry, get_worry, open_worries, raise_about_wish, raise_worry
from tests.mailbox import Mailbox, MailboxServer
from tests.storehouse import every_byte, open_little, send
from workers import jobs
from workers.observing import Staying
from workers.queues import EXPORTS, NOTICES, queue, ring_notices, waiting_jobs
from workers.schedule import Looks, look
from workers.watching import failed, retry

HELLO = Notice(("a@derby.example", "b@derby.example"), "A wörry waits", "Look.\n.\nHere: https://wishes.example\n")
LATER = 10**15


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with MailboxServer() as server:
        yield server.box


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


@pytest.mark.parametrize(("settings", "said"), [
    ({"MAIL_SECURITY": "ssl"}, "MAIL_SECURITY"), ({"MAIL_PORT": "smtp"}, "MAIL_PORT"), ({"MAIL_FROM": ""}, "MAIL_FROM"),
    ({"PUBLIC_URL": ""}, "PUBLIC_URL"),
])
def test_settings_that_cannot_be_used_say_which(settings: dict[str, str], said: str) -> None:
    with pytest.raises(MailSettingsAreWrong, match=said):
        mail_server(Mailbox().settings | settings)


def test_without_a_host_there_is_no_mail_and_the_usual_port_goes_with_the_way() -> None:
    assert mail_server({"MAIL_FROM": "a@b.example"}) is None
    ports = [mail_server(Mailbox().settings | {"MAIL_PORT": "", "MAIL_SECURITY": way}) for way in ("", "tls", "none")]
    assert [server.port for server in ports if server] == [587, 465, 25]


def test_a_notice_comes_to_everybody_it_is_for_as_it_was_written(box: Mailbox) -> None:
    server = mail_server(box.settings | {"MAIL_USER": "me", "MAIL_PASSWORD": "pass"})
    assert server
    server.send(HELLO)
    [(to, message)] = box.came
    assert (to, message["Subject"], message["Auto-Submitted"]) == (HELLO.to, HELLO.subject, "auto-generated")
    assert (message.get_content().replace("\r\n", "\n"), box.sign_ins) == (HELLO.text, ["\0me\0pass"])


@pytest.mark.parametrize(("refuses", "way", "kind"), [
    ({"HELLO": b"554 go away"}, "none", MailServerDoesNotAnswer), ({"MAIL": b""}, "none", MailServerDoesNotAnswer),
    ({"RCPT": b"550 no a@derby.example here"}, "none", MailServerRefusesTheMessage), ({}, "starttls", NoSafeWayToTheMailServer),
    ({"DATA": b"451 later"}, "none", MailServerRefusesTheMessage), ({"AUTH": b"535 no"}, "none", MailServerRefusesTheSignIn),
    ({}, "tls", CannotSend),
])
def test_what_the_server_refuses_is_told_without_its_words(
    box: Mailbox, refuses: dict[str, bytes], way: str, kind: type[CannotSend]
) -> None:
    box.refuses = refuses
    server = mail_server(box.settings | {"MAIL_SECURITY": way, "MAIL_USER": "me" if "AUTH" in refuses else ""})
    assert server
    with pytest.raises(kind) as failure:
        server.send(HELLO)
    assert "derby.example" not in str(failure.value) + failure.value.words


def test_a_server_that_is_not_there_does_not_answer() -> None:
    server = mail_server(Mailbox().settings | {"MAIL_PORT": "1"})
    assert server
    with pytest.raises(MailServerDoesNotAnswer):
        server.send(HELLO)


def test_the_officer_and_the_deputy_are_told_of_a_worry_once_and_of_none_of_its_words(store: Store, box: Mailbox) -> None:
    number = send(store, "He hits us, says Quagga").number
    assert raise_about_wish(store, number, 1, "A boy called Okapi", "s-1")
    assert not raise_about_wish(store, number, 1, "", "s-2")
    assert (send_waiting(store, box.settings), send_waiting(store, box.settings)) == (1, 0)
    [(to, message)] = box.came
    assert to == (store.campaign.safeguarding.address, store.campaign.deputy.address)
    assert f"https://wishes.example/officers/{store.slug}/worries#wish-{number}-1-1" in message.get_content()
    assert not any(word in str(message) for word in ("hits", "Quagga", "Okapi"))
    [worry] = open_worries(store)
    assert (worry.told_ms > 0, worry.state, [note.words for note in worry.notes]) == (True, "new", ["A boy called Okapi"])


def test_nobody_is_told_of_what_is_closed_or_of_what_nobody_knows(store: Store, box: Mailbox) -> None:
    raise_worry(store, Worry("w-1", 1, 0, "s-1", {}))
    close_worry(store, open_worries(store)[0], "Seen to", "s-2")
    for notice in ("worry:gone", "weather:1"):
        ask_for(store, notice, 0)
    assert (send_waiting(store, box.settings), box.came, waiting(store)) == (0, [], [])


def test_what_is_refused_waits_longer_each_time_and_the_rest_goes(store: Store, box: Mailbox) -> None:
    raise_worry(store, Worry("w-1", 1, 0, "s-1", {}))
    box.refuses = {"RCPT": b"450 later"}
    for tries in (1, 2):
        with pytest.raises(MailServerRefusesTheMessage):
            send_waiting(store, box.settings)
        told = failing(store, "worry:w-1")
        assert told and (told.tries, told.why) == (tries, MailServerRefusesTheMessage.words)
        at_ms = store.text.zscore(store.keys.of("notices"), "worry:w-1")
    assert any_due(store, int(at_ms)) and not any_due(store, int(at_ms) - FIRST_AGAIN_MS)
    box.refuses = {}
    assert (send_waiting(store, box.settings), failing(store, "worry:w-1"), any_due(store, LATER)) == (1, None, False)


@pytest.mark.parametrize(("settings", "kind"), [
    ({"MAIL_PORT": "1"}, MailServerDoesNotAnswer), ({"MAIL_FROM": ""}, MailSettingsAreWrong),
])
def test_a_server_that_is_away_or_not_named_well_holds_all_of_them_up(
    store: Store, settings: dict[str, str], kind: type[CannotSend]
) -> None:
    for name in ("w-1", "w-2"):
        raise_worry(store, Worry(name, 1, 0, "s-1", {}))
    with pytest.raises(kind):
        send_waiting(store, Mailbox().settings | settings)
    assert [bool(failing(store, one)) for one in waiting(store)] == [True, True]
    assert not any_due(store, int(time() * 1000))


def test_a_job_that_fails_is_shown_once_tried_again_and_gone_when_it_went(
    store: Store, connections: Connections, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "connections", lambda: connections)
    for name, value in box.settings.items():
        monkeypatch.setenv(name, value)
    worker = Staying([queue(connections, EXPORTS)], connection=connections.queue, serializer=JSONSerializer)
    raise_worry(store, Worry("w-1", 1, 0, "s-1", {"wish1": "Quagga"}))
    box.refuses = {"MAIL": b"451 later"}
    look(connections, Looks())
    ring_notices(store)
    assert waiting_jobs(connections, EXPORTS) == 1
    worker.work(burst=True, logging_level="CRITICAL")
    [work] = failed(connections)
    assert (work.function, work.slug) == ("send notices", store.slug) and "MailServerRefusesTheMessage" in work.cause
    box.refuses = {}
    assert not ring_bell(store, NOTICES, 1)  # so the schedule asks no more for a while
    assert retry(connections, work.id)
    worker.work(burst=True, logging_level="CRITICAL")
    worry = get_worry(store, "w-1")
    assert worry and worry.told_ms and failed(connections) == [] and len(box.came) == 1
    assert ring_bell(store, NOTICES, 1)
    assert b"Quagga" not in b"".join(str(message).encode() for _, message in box.came)


def test_without_a_mail_server_nothing_is_asked_of_the_queue(store: Store, connections: Connections) -> None:
    raise_worry(store, Worry("w-1", 1, 0, "s-1", {}))
    look(connections, Looks())
    assert send_waiting(store, {}) == 0
    assert (waiting_jobs(connections, EXPORTS), waiting(store)) == (0, ["worry:w-1"])
    assert b"worry:w-1" in every_byte(connections)
