"""Sending what waits: each notice once it can be, those that cannot later; none is lost."""

from time import time

from campaigns.mailing.kinds import KINDS
from campaigns.mailing.sending import CannotSend, MailServer, MailServerRefusesTheMessage
from campaigns.store.notices import put_off, strike, waiting
from campaigns.store.store import Store


def send_waiting(store: Store, server: MailServer) -> int:
    """Sends every notice that waits; returns how many went. Raises CannotSend, with the rest sent, where one could not be.

    One that was sent by a job that was killed the moment after may go a second time; none is forgotten.
    """
    went, failure = 0, None
    for notice in waiting(store):
        if failure and not isinstance(failure, MailServerRefusesTheMessage):  # the others would only wait for it as well
            put_off(store, notice, failure.words, int(time() * 1000))
            continue
        try:
            went += _send(store, server, notice)
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
