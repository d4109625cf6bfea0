"""What an answer's HTML is made of, for tests that hold a page to its own elements: tags, attributes, addresses, scripts."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

ADDRESSES = {"href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcset", "background", "ping", "cite"}


@dataclass
class Markup(HTMLParser):
    """The kinds of elements on a page, each with the names of its attributes; where it leads; what would run."""

    html: str
    kinds: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    nonces: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._inside = ""
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes an element, and whatever on it would run or dress it without a file of ours."""
        has = {name: value or "" for name, value in attrs}
        self.kinds.add((tag, tuple(sorted(has))))
        self._inside = tag
        self.addresses |= {has[name] for name in ADDRESSES & set(has)}
        if tag == "script":
            self.nonces.add(has.get("nonce", ""))
            self.faults += [f"a script of {has.get('src', 'its own')}"] if not has.get("src", "").startswith("/static/") else []
        if tag in ("style", "iframe", "object", "embed", "base", "math", "template", "noscript", "frame"):
            self.faults.append(f"<{tag}>")
        self.faults += [f"{name}= on <{tag}>" for name in has if name.startswith("on") or name in ("style", "srcdoc")]

    def handle_data(self, data: str) -> None:
        """Notes words, and a script that stands in the page."""
        if self._inside == "script" and data.strip():
            self.faults.append(f"a script in the page: {data[:40]}")
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        """Leaves an element."""
        self._inside = ""
