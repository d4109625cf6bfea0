"""Copying one store into another, type by type, so that it comes right into any Redis or Valkey."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from random import SystemRandom
from typing import Any, TypeVar

from campaigns.store.connection import BytesClient, Connections
from campaigns.store.keys import BACKUPS, CAMPAIGNS, Keys, campaign_of, lasts, makes_way
from campaigns.store.scripts import Scripts

TOGETHER = 200
FIELDS_TOGETHER = 1000
EVENTS_TOGETHER = 500
LAST = ("log", "head", "state")
Progress = Callable[[int], None]
T = TypeVar("T")


class Misfit(ValueError):
    """A log whose events do not follow from one another, so that it may not be put back as if they did."""


def empty(connections: Connections) -> None:
    """Removes all that a backup would put in place; the campaigns' states first, so that nothing is accepted meanwhile."""
    slugs = connections.text.smembers(CAMPAIGNS)
    connections.text.delete(CAMPAIGNS, *(Keys(slug).of("state") for slug in slugs))
    _remove(connections.raw, makes_way)


def strip(connections: Connections) -> None:
    """Removes all that a backup does not keep: sessions, jobs, passing marks, what a removal left, and whatever else is there."""
    slugs = connections.text.smembers(CAMPAIGNS)
    _remove(connections.raw, lambda key: key != BACKUPS and not (lasts(key) and campaign_of(key) in {"", *slugs}))


def check_logs(source: Connections) -> None:
    """Raises Misfit where a log's links do not fit, before anything gives way to it."""
    for slug in source.text.smembers(CAMPAIGNS):
        number, link = 0, b""
        for _, kept in (event for page in _pages(source, slug) for event in page):
            number, line = number + 1, kept.get(b"e", b"")
            sha = hashlib.sha1(link + line, usedforsecurity=False)
            link = sha.hexdigest().encode()
            if line.partition(b" ")[0] != b"%d" % number or sha.digest() != kept.get(b"l"):
                raise _misfit(slug, number)


def copy_all(source: Connections, target: Connections, progress: Progress = lambda done: None) -> int:
    """Copies everything a backup keeps; no campaign is to be seen in the target before all of it is there.

    Returns how many keys. Raises Misfit where a log's links do not fit.
    """
    slugs = sorted(source.text.smembers(CAMPAIGNS))
    last = {Keys(slug).of(name) for slug in slugs for name in LAST} | {CAMPAIGNS}
    done = 0
    for keys in _in_batches(_scan(source.raw, lambda key: lasts(key) and key not in last), TOGETHER):
        _copy(source.raw, target.raw, keys)
        done += len(keys)
        progress(done)
    for slug in slugs:
        _copy_log(source, target, slug)
        _mark_rows_new(target, slug)
    for name in LAST[1:]:
        _copy(source.raw, target.raw, [Keys(slug).of(name).encode() for slug in slugs])
    _copy(source.raw, target.raw, [CAMPAIGNS.encode()])
    return done + len(last)


def _copy(source: BytesClient, target: BytesClient, keys: list[bytes]) -> None:
    about = source.pipeline(transaction=False)
    for key in keys:
        about.type(key).pexpiretime(key)
    answers = about.execute()
    kinds, ends = answers[::2], answers[1::2]
    reading = source.pipeline(transaction=False)
    for key, kind in zip(keys, kinds, strict=True):
        READ[kind](reading, key)
    writing = target.pipeline(transaction=False)
    for key, kind, end, value in zip(keys, kinds, ends, reading.execute(), strict=True):
        WRITE[kind](writing, key, value)
        if end > 0:
            writing.pexpireat(key, end)
    writing.execute()


def _copy_log(source: Connections, target: Connections, slug: str) -> None:
    scripts = Scripts(target, Keys(slug).of("head"))
    for page in _pages(source, slug):
        answer = scripts.run("restore", *(part for _, kept in page for part in (kept[b"e"], kept[b"l"].hex())))
        if answer[0] != "restored":
            raise _misfit(slug, answer[1])


def _pages(source: Connections, slug: str) -> Iterator[list[tuple[bytes, dict[bytes, bytes]]]]:
    after = b"0"
    while page := source.raw.xrange(Keys(slug).of("log"), b"(" + after, "+", count=EVENTS_TOGETHER):
        yield page
        after = page[-1][0]


def _misfit(slug: str, number: int) -> Misfit:
    return Misfit(f"The log of {slug} in this backup does not fit from event {number:,} on, so it is not put back.")


def _mark_rows_new(target: Connections, slug: str) -> None:
    """Moves every block's version by chance, so that no reader takes the rows it held before for these."""
    versions = Keys(slug).of("rows", "versions")
    pipe = target.raw.pipeline(transaction=False)
    for block in target.raw.hkeys(versions):
        pipe.hincrby(versions, block, SystemRandom().randrange(1, 1 << 31))
    pipe.execute()


def _remove(client: BytesClient, goes: Callable[[str], bool]) -> None:
    for keys in _in_batches(_scan(client, goes), TOGETHER * 5):
        client.unlink(*keys)


def _scan(client: BytesClient, wanted: Callable[[str], bool]) -> Iterator[bytes]:
    """Yields each key that is wanted, once or more."""
    return (key for key in client.scan_iter(count=1000) if wanted(key.decode(errors="replace")))


def _in_batches(each: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(each)
    while batch := list(islice(left, size)):
        yield batch


def _write_fields(pipe: Any, key: bytes, fields: dict[bytes, bytes]) -> None:  # noqa: ANN401 - a pipeline
    for some in _in_batches(fields.items(), FIELDS_TOGETHER):
        pipe.hset(key, mapping=dict(some))


def _write_members(pipe: Any, key: bytes, members: set[bytes]) -> None:  # noqa: ANN401
    for some in _in_batches(members, FIELDS_TOGETHER):
        pipe.sadd(key, *some)


READ: dict[bytes, Callable[[Any, bytes], object]] = {
    b"string": lambda pipe, key: pipe.get(key),
    b"hash": lambda pipe, key: pipe.hgetall(key),
    b"set": lambda pipe, key: pipe.smembers(key),
    b"list": lambda pipe, key: pipe.lrange(key, 0, -1),
    b"zset": lambda pipe, key: pipe.zrange(key, 0, -1, withscores=True),
    b"none": lambda pipe, key: pipe.exists(key),  # never written, or its time ran out since it was found
}
WRITE: dict[bytes, Callable[[Any, bytes, Any], object]] = {
    b"string": lambda pipe, key, value: pipe.set(key, value),
    b"hash": _write_fields,
    b"set": _write_members,
    b"list": lambda pipe, key, value: pipe.delete(key).rpush(key, *value),
    b"zset": lambda pipe, key, value: pipe.zadd(key, dict(value)),
    b"none": lambda pipe, key, value: None,
}
