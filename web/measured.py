"""The figures of ``/metrics``: what the web processes have counted, and the state of things as the store has it now."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from time import time

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from campaigns.store.backups import newest_backup
from campaigns.store.connection import Connections
from campaigns.store.consumers import CODING, TALLIES, behind, parked
from campaigns.store.errors import Unreachable
from campaigns.store.log import last_event, read_events
from campaigns.store.server.disk import free_bytes
from campaigns.store.standing import read_standing
from campaigns.store.store import Store, open_stores
from web.counting import Name
from workers.queues import QUEUES, count_workers, oldest_waiting_seconds, waiting_jobs

PREFIX = "three_wishes"


class Counted(Collector):
    """What was counted request by request."""

    def __init__(self, counts: Mapping[Name, float], buckets: tuple[float, ...]) -> None:
        self._counts, self._buckets = counts, buckets

    def collect(self) -> Iterable[Metric]:
        """Returns requests by route, method and class of status; seconds by route; refusals by reason."""
        requests = CounterMetricFamily(f"{PREFIX}_requests", "Requests answered.", labels=["route", "method", "status"])
        refused = CounterMetricFamily(f"{PREFIX}_responses_refused", "Responses not taken, by reason.", labels=["reason"])
        for (kind, *labels), number in sorted(self._counts.items()):
            if kind == "requests":
                requests.add_metric(labels, number)
            elif kind == "refused":
                refused.add_metric(labels, number)
        yield from (requests, refused, self._seconds())

    def _seconds(self) -> Metric:
        taken = HistogramMetricFamily(f"{PREFIX}_request_seconds", "How long the answers took to make.", labels=["route"])
        bounds = [*map(str, self._buckets), "+Inf"]
        for route in sorted({labels[0] for kind, *labels in self._counts if kind == "seconds"}):
            numbers = accumulate(self._counts.get(("bucket", route, str(place)), 0) for place in range(len(bounds)))
            taken.add_metric([route], list(zip(bounds, numbers, strict=True)), self._counts[("seconds", route)])
        return taken


class Measured(Collector):
    """What the store, its server and its disk say at the moment they are asked."""

    def __init__(self, connections: Connections, folder: Path) -> None:
        self._connections, self._folder = connections, folder

    def collect(self) -> Iterable[Metric]:
        """Returns whether the store answers and, if it does, everything it knows; always what is free on the disk."""
        yield from self._disk()
        found: list[Metric] = []
        try:
            for part in (self._campaigns, self._queues, self._server):
                found += part()
        except Unreachable:
            found = []
        yield GaugeMetricFamily(f"{PREFIX}_store_up", "Whether the store answers.", value=bool(found))
        yield from found

    def _disk(self) -> Iterator[Metric]:
        if (free := free_bytes(self._folder)) is not None:
            yield _gauge("disk_free_bytes", "Free on the data folder's disk.", free)

    def _campaigns(self) -> Iterator[Metric]:
        stores = list(open_stores(self._connections))
        for name, words, measure in OF_CAMPAIGNS:
            yield _by("campaign", name, words, {store.slug: measure(store) for store in stores})
        responses = GaugeMetricFamily(
            f"{PREFIX}_responses", "Responses that count, as of the last catch-up.", labels=["campaign", "channel"]
        )
        for store in stores:
            for channel, number in sorted(read_standing(store).counts("channel").items()):
                responses.add_metric([store.slug, channel], number)
        yield responses

    def _queues(self) -> Iterator[Metric]:
        waiting = {name: waiting_jobs(self._connections, name) for name in QUEUES}
        yield _by("queue", "jobs_waiting", "Jobs that wait.", waiting)
        yield _by("queue", "workers", "Workers that serve the queue.", count_workers(self._connections))
        oldest = oldest_waiting_seconds(self._connections)
        yield _gauge("oldest_job_seconds", "How long the job that has waited longest has waited.", oldest)

    def _server(self) -> Iterator[Metric]:
        about = self._connections.text.info()
        yield _gauge("store_memory_bytes", "Memory the store's server uses.", about["used_memory"])
        yield _gauge("store_aof_bytes", "Size of the append-only file.", about.get("aof_current_size", 0))
        yield _gauge("store_clients", "Connections to the store's server.", about["connected_clients"])
        if backup := newest_backup(self._connections):
            yield _gauge("backup_age_seconds", "Since the newest backup was made.", max(time() - backup.at_ms / 1000, 0))


def _seal_age(store: Store) -> float:
    """Seconds since the log was last sealed, or since its first event where it never was; 0 for an empty log."""
    sealed = int(store.text.hget(store.keys.of("head"), "sealed") or 0)
    after = read_events(store, sealed, 100)  # the seal itself follows what it covers, but for what came meanwhile
    seals = [event for event in after if event.name == "log.sealed"] or after
    return max(time() - seals[0].at_ms / 1000, 0) if seals else 0


OF_CAMPAIGNS: tuple[tuple[str, str, Callable[[Store], float]], ...] = (
    ("events", "Events in the log.", last_event),
    ("behind_events", "Events not yet in the tallies.", lambda store: behind(store, TALLIES)),
    ("coding_behind_events", "Events not yet coded.", lambda store: behind(store, CODING)),
    ("parked", "Responses set aside because they could not be handled.", lambda store: len(parked(store))),
    ("seal_age_seconds", "Since the log was last sealed.", _seal_age),
)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{PREFIX}_{name}", words, value=value)


def _by(label: str, name: str, words: str, values: Mapping[str, float]) -> Metric:
    found = GaugeMetricFamily(f"{PREFIX}_{name}", words, labels=[label])
    for value, number in values.items():
        found.add_metric([value], number)
    return found
