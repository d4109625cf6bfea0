"""A visitor who walks through the pages by their links, as a browser without JavaScript would, and times each."""

import http.client
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urljoin, urlsplit

LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
ALIKE = 4  # pages of one shape that are looked at in a walk
PATIENCE = 120


@dataclass(frozen=True)
class Seen:
    """One page as it came: where, with which status, and in how many milliseconds."""

    address: str
    status: int
    ms: float


@dataclass
class Visitor:
    """Someone at the pages of one service, signed in or not."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, address: str, form: dict[str, str] | None = None) -> tuple[Seen, str]:
        """Returns what came of asking for a page, or of sending a form, with the page's text."""
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        wire.request("GET" if form is None else "POST", address, urlencode(form) if form is not None else None, headers)
        answer = wire.getresponse()
        text = answer.read().decode(errors="replace")
        seen = Seen(address, answer.status, 1000 * (time.monotonic() - began))
        for kept in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = kept.partition(";")[0].partition("=")
            self.cookies[name] = value
        wire.close()
        return seen, text

    def join(self, invitation: str, name: str) -> None:
        """Takes up an invitation, and is signed in from then on."""
        _, page = self.ask(invitation)
        token = TOKEN.search(page)
        form = {"csrf_token": token.group(1) if token else "", "name": name, "email": f"{name}@bench.example"}
        seen, page = self.ask(invitation, form | {"password": "three wishes and a stop watch"})
        if seen.status != 303:
            raise RuntimeError(f"could not sign in: {seen.status} {page[:500]}")

    def walk(self, seeds: list[str], chance: random.Random, most: int) -> list[Seen]:
        """Returns every page met from some addresses on, following links, a few of each shape."""
        waiting, met, shapes = list(seeds), set(seeds), Counter(map(shape, seeds))
        seen: list[Seen] = []
        while waiting and len(seen) < most:
            found, text = self.ask(waiting.pop(0))
            seen.append(found)
            links = [link for link in _links(found.address, text) if link not in met and "sign-out" not in link]
            chance.shuffle(links)
            for link in links:
                if link not in met and shapes[shape(link)] < ALIKE:
                    shapes[shape(link)] += 1
                    met.add(link)
                    waiting.append(link)
        return seen


def shape(address: str) -> str:
    """Returns what kind of page an address is of: its path without numbers and references, and the names of its filters."""
    parts = urlsplit(address)
    path = re.sub(r"/[A-Z0-9]{4}(-[A-Z0-9]+)+|\d+", "*", parts.path)
    return f"{path}?{','.join(sorted(set(re.findall(r'(?:^|&)([^=&]+)=', parts.query))))}"


def _links(address: str, text: str) -> list[str]:
    whole = [urljoin(address, unescape(link)) for link in LINK.findall(text)]
    return [link for link in dict.fromkeys(whole) if link.startswith("/") and not link.startswith("/static")]
