"""The baseline of accepting and tallying the usual way: a MULTI for the response, and one RQ job for each wish.

Done as well as that way can be: few commands, no results kept, text for arguments, JSON for the queue.
"""

import os
from functools import cache
from typing import Any

import redis
from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from rq import Queue, Worker
from rq.serializers import JSONSerializer

QUEUE = "naive"
JOB = "tests.bench.naive.tally"


class Usual:
    """Responses kept and counted the usual way, on one server."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - redis gives no type that fits
        self.client = client
        self.queue = Queue(QUEUE, connection=client, serializer=JSONSerializer)

    def keep(self, wishes: list[str], postcode: str) -> int:
        """Returns the number of a response that is kept, with a job on its way for each wish."""
        number = int(self.client.incr("naive:responses"))
        pipe = self.client.pipeline(transaction=True)
        fields = {"postcode": postcode, **{f"w{slot}": wish for slot, wish in enumerate(wishes)}}
        pipe.hset(f"naive:response:{number}", mapping=fields)
        pipe.rpush("naive:all", number)
        pipe.execute()
        for slot in range(len(wishes)):
            self.queue.enqueue_call(JOB, args=(number, slot), result_ttl=0)
        return number

    def count(self, number: int, slot: int) -> None:
        """Adds one wish to counters: by theme, and by theme and place."""
        text, postcode = self.client.hmget(f"naive:response:{number}", f"w{slot}", "postcode")
        theme = len(text) % 5
        pipe = self.client.pipeline(transaction=True)
        pipe.hincrby("naive:by-theme", theme, 1)
        pipe.hincrby("naive:by-place", f"{theme}:{postcode.decode()}", 1)
        pipe.execute()

    def counted(self) -> int:
        """Returns how many wishes have been counted."""
        return sum(int(count) for count in self.client.hvals("naive:by-theme"))

    def forget(self) -> None:
        """Takes away everything that was kept here, and the jobs that wait."""
        self.queue.empty()
        for key in self.client.scan_iter("naive:*", count=5000):
            self.client.unlink(key)


def on(url: str) -> Usual:
    """Returns the usual way on the server at an address."""
    return Usual(redis.Redis.from_url(url))


@cache
def here() -> Usual:
    """Returns the one that this process works for."""
    return on(os.environ["REDIS_URL"])


def tally(number: int, slot: int) -> None:
    """Does the job of one wish."""
    here().count(number, slot)


def served() -> Flask:
    """Returns an application that keeps a response in one transaction and enqueues a job for each of its wishes."""
    app = Flask("naive")

    @app.post("/api/v1/campaigns/<slug>/submissions")
    def send(slug: str) -> ResponseReturnValue:
        sent = request.get_json()
        return jsonify(number=here().keep(sent["wishes"], sent.get("postcode", ""))), 201

    return app


if __name__ == "__main__":
    Worker([here().queue], connection=here().client, serializer=JSONSerializer).work(burst=True, logging_level="WARNING")
