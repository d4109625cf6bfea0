"""Looking an installation over: every check in turn, each with what it needs."""

import os
import resource
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from campaigns.doctor import memory
from campaigns.doctor.access import look_at_permissions, look_at_secrets
from campaigns.doctor.backups import look_at_backups
from campaigns.doctor.clock import look_at_clock, look_at_newest
from campaigns.doctor.finding import Finding
from campaigns.doctor.room import look_at_disk
from campaigns.mailing.sending import MailSettingsAreWrong, mail_server
from campaigns.store.backups import newest_backup
from campaigns.store.connection import Connections, check
from campaigns.store.consumers import CONSUMERS, behind, parked
from campaigns.store.keys import SECRETS
from campaigns.store.room import why_no_writes
from campaigns.store.server.places import Places
from campaigns.store.store import Store, open_stores

MOST_BEHIND = 10_000


def look_over(connections: Connections, env: Mapping[str, str]) -> Iterator[Finding]:
    """Yields everything found but the workers, of which whoever knows the queue can tell."""
    answering = [Finding("server", fault) for fault in check(connections)]
    yield from answering
    if any("does not answer" in finding.found for finding in answering):
        return
    info, now_ms = connections.text.info(), time.time_ns() // 1_000_000
    stores = list(open_stores(connections))
    yield from _look_at_server(connections, info)
    yield from look_at_disk(connections, stores, info, now_ms)
    server_ms = _server_ms(connections)
    yield from look_at_clock(server_ms, time.time_ns() // 1_000_000)
    yield from look_at_newest(stores, server_ms)
    yield from _look_at_this_machine(connections, info)
    yield from look_at_secrets(connections.text.hgetall(SECRETS))
    yield from look_at_settings(env)
    yield from look_at_campaigns(stores)
    yield from look_at_backups(newest_backup(connections), stores, server_ms, os.geteuid())


def look_at_settings(env: Mapping[str, str]) -> Iterator[Finding]:
    """Yields settings that are for tests, or that cannot be read."""
    if env.get("RATE_LIMIT", "on") == "off":
        yield Finding(
            "limits", "RATE_LIMIT is off, so nothing bounds what one address sends.", "Unset it except for load tests."
        )
    try:
        mail_server(env)
    except MailSettingsAreWrong as wrong:
        yield Finding("e-mail", f"No e-mail can be sent: {wrong}", "Put it right, or unset MAIL_HOST.")
    reserve = env.get("MIN_FREE_MB", "")
    if reserve and not reserve.isdecimal():
        yield Finding("disk", f"MIN_FREE_MB is “{reserve}”, no number: the usual reserve holds.", "Write it in MB: 500")


def look_at_campaigns(stores: Sequence[Store]) -> Iterator[Finding]:
    """Yields campaigns that are far behind, or have responses set aside."""
    for store in stores:
        for consumer in CONSUMERS:
            if (events := behind(store, consumer)) > MOST_BEHIND:
                found = f"{store.slug}: {consumer} is {events:,} events behind."
                yield Finding("campaigns", found, "Start another worker for it.")
        if aside := len(parked(store)):
            found = f"{store.slug}: {aside} responses are parked."
            yield Finding("campaigns", found, f"Look at them: bin/flask parked list {store.slug}")


def _look_at_server(connections: Connections, info: Mapping[str, Any]) -> Iterator[Finding]:
    if words := why_no_writes(connections.text):
        yield Finding("server", f"It takes no writes: {words}", "Make room on its disk or in its memory, or mend its replicas.")
    yield from memory.look_at_memory(info)


def _look_at_this_machine(connections: Connections, info: Mapping[str, Any]) -> Iterator[Finding]:
    """Yields what only shows where the server runs: the embedded one's permissions, memory and open files."""
    if folder := connections.room.folder:
        yield from look_at_permissions(Places(folder.parent), os.geteuid())
        huge, overcommit = (memory.said_by_linux(path) for path in (memory.HUGE_PAGES, memory.OVERCOMMIT))
        yield from memory.look_at_machine(info, huge, overcommit)
    yield from memory.look_at_files(resource.getrlimit(resource.RLIMIT_NOFILE)[1])


def _server_ms(connections: Connections) -> int:
    seconds, microseconds = connections.text.time()
    return int(seconds) * 1000 + int(microseconds) // 1000
