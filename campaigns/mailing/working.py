"""Sending what waits: each notice once it can be, those that cannot later; none is lost."""

from collections.abc import Mapping
from time import time

from campaigns.mailing.kinds import KINDS
from campaigns.mailing.sending import CannotSend, MailServer, MailServerRefusesTheMessage, MailSettingsAreWrong, mail_server
from campaigns.store.notices import put_off, strike, waiting
from campaigns.store.store import Store


def send_waiting(store: Store, env: Mapping[str, str]) -> int:
    """Sends every notice that waits by the mail server that the settings name, none where they name none; returns how many went.

    Raises CannotSend, with the rest sent, where one could not be.

    One that was sent by a job that was killed the moment after may go a second time; none is forgotten.
    """
    failure: CannotSend | None = None
    try:
        server = mail_server(env)
    except MailSettingsAreWrong as problem:
        server, failure = None, problem
    went = 0
    for notice in waiting(store):
        try:
            if failure and not isinstance(failure, MailServerRefusesTheMessage):
                raise failure  # the others would only wait for it as well
            went += server is not None and _send(store, server, notice)
        except CannotSend as problem:
            put_off(store, notice, problem.words, int(time() * 1000))
            failure = problem
    if failure:
        raise failure
    return went


def _send(store: Store, server: MailServer, notice: str) -> bool:
    """Sends one notice and strikes it off; False where nobody needs it any more."""
    name, _, about = notice.partition(":")
    kind = KINDS.get(name)
    written = kind.write(store, about, server.site) if kind else None
    if kind and written:
        server.send(written)
        kind.sent(store, about)
    strike(store, notice)
    return written is not None
