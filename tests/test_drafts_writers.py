"""The writers, pure: whatever anyone wrote stays words, and the page is one that anyone can read."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from campaigns.definition import Look
from campaigns.drafts.document import Boxed, Bullets, Draft, Grid, Said, Section, Share, Text, Ways
from campaigns.drafts.evidence import Evidence, Seal, Standing, Taggers
from campaigns.drafts.html import as_fragment, as_page
from campaigns.drafts.markdown import as_markdown, escape, escape_line

TODAY = date(2010, 6, 28)
HOSTILE = [
    "# a heading", "[a](http://x.example)", "<b>bold</b><script>alert(1)</script>", "| a | b |", "- item", "+ item", "* item",
    "1. one", "2) two", "Title\n===\nSub\n---", "```\ncode\n```", "&amp; &lt;b&gt; &#35;", "**b** __u__ ~~s~~ `c`", "![i](x)",
    "> quote", "    indented", "\"' onload=\"x\"", "back\\slash\\", "ooo\u2028# next", "نئے پارک، مزید درخت",
    "</blockquote></main>",
]
LINKS = ["www.example.com", "_WWW.example.com", "http://a.example", "https://a.example/b", "a.person@x.example",
         "mailto:a@x.example"]


def draft(*parts: Text | Bullets | Grid | Said | Boxed, banner: str = "") -> Draft:
    """Returns a draft with these parts in its one section."""
    evidence = Evidence(9, 0, "abc", Seal(), Standing(), Taggers(), {})
    under = Section("theme-safer", "Safer", (Text("Said."),), theme="safer")
    section = Section("asked-for", "What they asked for", parts, (under,))
    return Draft("vision", "A vision", "Up to event 9", banner, (Text("Opening."),), (section,), evidence, "en-GB", Look())


GRID = Grid(
    "Codes | and counts", ("Asked about", "Responses", "Wishes", "Which way"),
    (
        ("Parks", Share(3, 4), 1204, Ways((("more", 1200), ("less", 4), ("unclear", 0)), 2000)),
        ("None", Share(0, 4), 0, Ways((), 2000)),
    ),
    note="Adds up.",
)


class Page(HTMLParser):
    """Reads a page's headings, elements and the words in each quote."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.quotes: list[str] = []
        self._quoting = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if ("class", "wish") in attrs:
            self._quoting = True
            self.quotes.append("")

    def handle_data(self, data: str) -> None:
        if self._quoting:
            self.quotes[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._quoting = self._quoting and tag != "p"

    def named(self, *tags: str) -> list[tuple[str, dict[str, str | None]]]:
        return [one for one in self.found if one[0] in tags]


@pytest.mark.parametrize("words", HOSTILE + LINKS)
def test_a_wish_is_words_in_html(words: str) -> None:
    plain, hostile = (Page(as_page(draft(Said(said, said), Text(said, said, said)))) for said in ("plain", words))
    assert hostile.quotes == [words]
    assert [tag for tag, _ in hostile.found] == [tag for tag, _ in plain.found]


@pytest.mark.parametrize("words", HOSTILE)
def test_a_wish_is_words_in_markdown(words: str) -> None:
    lines = as_markdown(draft(Said(words, "Abbey"))).splitlines()
    quoted = [line for line in lines if line.startswith(">")]
    assert quoted[-1] == "> — Abbey"
    for line in quoted[:-2]:
        said = line.removeprefix(">").strip()
        assert not re.match(r"(#|>|[-+*=~`|]|\d+[.)])", said), said
        assert not re.search(r"(?<!\\)(?:\\\\)*[<>`*_\[\]|~#&]", said), said


@pytest.mark.parametrize("words", LINKS)
def test_an_address_becomes_no_link_in_markdown(words: str) -> None:
    said = escape_line(words)
    assert not re.search(r"www\.|(?<!\\):\S|@\w", said, re.IGNORECASE)
    assert said.replace("\\", "").replace("\u2060", "") == words


@pytest.mark.parametrize(("words", "said"), [
    ("plain, well-being & 10:42", "plain, well-being \\& 10:42"), ("-1", "\\-1"), ("2010. A year", "2010\\. A year"),
    ("12)", "12\\)"),
    ("two\nlines | here", "two lines \\| here"), (":smile:", "\\:smile:"), ("", ""),
])
def test_markdown_escapes_what_it_must(words: str, said: str) -> None:
    assert escape(words) == said


def test_a_table_in_markdown_keeps_its_columns() -> None:
    lines = [line for line in as_markdown(draft(GRID)).splitlines() if line.startswith("|")]
    assert lines == [
        "| Asked about | Responses | Share | Wishes | Which way |", "| --- | ---: | ---: | ---: | --- |",
        "| Parks | 3 | 75% | 1,204 | 1,200 for more and 4 for less |", "| None | 0 | 0% | 0 | – |",
    ]


def test_a_box_in_markdown_stays_one_quotation() -> None:
    boxed = Boxed("First wording", (Text("By 2026 …"), Bullets((Text("… does", behind="5 of 5"),))), "first-wording")
    lines = as_markdown(draft(boxed)).splitlines()
    start = lines.index("> **First wording**")
    assert lines[start:start + 5] == ["> **First wording**", ">", "> By 2026 …", ">", "> - … does (5 of 5)"]


@pytest.mark.parametrize("top", [1, 2, 3])
def test_headings_go_down_one_at_a_time(top: int) -> None:
    page = Page(as_fragment(draft(GRID), top))
    levels = [int(tag[1]) for tag, _ in page.named("h1", "h2", "h3", "h4", "h5")]
    assert levels == [top, top + 1, top + 2]


def test_a_page_can_be_read_by_anyone() -> None:
    page = Page(as_page(draft(GRID, Said("Trees", "Abbey"), banner="Demonstration.")))
    assert dict(page.named("html"))["html"] == {"lang": "en-GB"}
    assert len(page.named("table")) == len(page.named("caption")) == len(page.named("main")) == len(page.named("title")) == 1
    assert all(about.get("scope") in ("col", "row") for _, about in page.named("th"))
    assert all(about["aria-hidden"] == "true" for _, about in page.named("svg"))
    ids = [about["id"] for _, about in page.found if "id" in about]
    assert len(ids) == len(set(ids))
    assert {about["href"] for _, about in page.named("a")} <= {f"#{name}" for name in ids}
    assert not page.named("link", "script", "img")


def test_a_fragment_brings_no_page_and_no_style_of_its_own() -> None:
    page = Page(as_fragment(draft(GRID)))
    assert page.named("html", "head", "body", "main", "style") == []
    assert not any("style" in about for _, about in page.found)


def test_only_colours_enter_the_style() -> None:
    page = as_page(replace(draft(GRID), look=Look(leaf="#123456", ink="red}</style><script>")))
    assert "--leaf:#123456;" in page
    assert "<script" not in page


@pytest.mark.parametrize(("banner", "there"), [("Demonstration. All made up.", True), ("", False)])
def test_a_demonstration_says_so_on_every_printed_page(banner: str, there: bool) -> None:
    made = draft(GRID, banner=banner)
    assert ("everything here is made up" in as_page(made)) is there
    assert ("role=\"note\"" in as_page(made)) is there
    assert ("> **Demonstration" in as_markdown(made)) is there
