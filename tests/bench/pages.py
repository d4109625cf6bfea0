"""Every page over a million responses: walked by its links, as residents and as staff, a few of each kind."""

import random
import re
from urllib.parse import urlsplit

from campaigns.store.connection import connect
from campaigns.store.server.places import Places
from campaigns.store.staff import ROLES, Invitation, invite
from tests.bench.cold import started
from tests.bench.figures import Bench, Figure, Result
from tests.bench.filled import filled
from tests.bench.site import SLUG
from tests.bench.visitor import Seen, Visitor

PAGES = Figure("pages over a million responses, slowest", "ms", "the privacy page, which counts nothing", 1000, less=True)
API = f"/api/v1/campaigns/{SLUG}/tallies"
RESIDENTS = ["/", f"/{SLUG}/", f"/{SLUG}/results", "/healthz"]
STAFF = [f"/officers/{SLUG}/", f"/officers/{SLUG}/wishes", f"/officers/{SLUG}/draft", f"/keying/{SLUG}/", f"/partners/{SLUG}/"]
ASKED = [
    f"{API}?by=theme", f"{API}?by=theme&by=ward", f"{API}?by=code&by=ward&channel=card&base=mentions",
    f"{API}?by=day&by=code&base=wishes", f"{API}?by=source&by=code&ask=more&base=mentions",
]
MOST = 150
SHOWN = 6


def measure(bench: Bench) -> list[Result]:
    """Measures the slowest page of each walk; every walk takes other links where there are many of a kind."""
    result = Result(PAGES)
    with filled(bench):
        pass
    folder, every = bench.filled, []
    with started(folder) as url:
        visitor = Visitor(urlsplit(url).port or 0)
        sign_in(visitor, bench)
        result.notes.append(f"asked first of all, when no rows are in memory yet: {_said(visitor.ask(ASKED[1])[0])}")
        for _ in range(8):
            visitor.ask(ASKED[0])  # both web processes have the rows in memory now
        for turn in bench.turns(result):
            seen = visitor.walk([*RESIDENTS, *STAFF, *ASKED], random.Random(turn), bench.many(MOST, 60))
            result.ours.append(max(page.ms for page in seen))
            result.baseline.append(visitor.ask(f"/{SLUG}/privacy")[0].ms)
            every += seen
    result.notes += _slowest(every)
    return [result]


def _slowest(every: list[Seen]) -> list[str]:
    wrong = sorted({f"{page.address} {page.status}" for page in every if page.status >= 400})
    ordered = sorted(every, key=lambda page: -page.ms)
    return [
        f"{len(every)} pages asked for, {sum(page.ms > 1000 for page in every)} of them slower than a second",
        *(f"slow: {_said(page)}" for page in ordered[:SHOWN]),
        *(f"not answered as it should be: {said}" for said in wrong[:SHOWN]),
    ]


def _said(page: Seen) -> str:
    return f"{page.ms:.0f} ms {page.address}"


def sign_in(visitor: Visitor, bench: Bench) -> None:
    """Lets a visitor in as someone who may open everything."""
    connections = connect({"REDIS_URL": Places(bench.filled).url})
    token = invite(connections, Invitation(ROLES))
    connections.close()
    visitor.join(f"/account/invitation/{token}", re.sub(r"\W", "", token)[:12].lower())
