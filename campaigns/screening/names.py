"""Names of people, by what stands around them: no list of names, which would miss the rarer ones first. Pure."""

import re
from collections.abc import Iterator, Sequence

TITLES = "mr|mrs|ms|miss|mx|dr|prof|professor|rev|reverend|sir|dame|cllr|councillor|pc|sergeant|sgt"
CAPITAL = r"[A-Z](?:[a-z'’-]+[A-Z]?[a-z]*)"
NAME = rf"{CAPITAL}(?:\s+{CAPITAL}){{0,2}}"
FULL_NAME = rf"{CAPITAL}\s+(?:{CAPITAL}\s+)?{CAPITAL}"
NO_MORE = r"\b(?!['’]|\s+[A-Z])"  # a heading written with capitals throughout names nobody
OFFICES = r"(?:Mayor|President|Chairman|Chair|Speaker|Minister|Prime|Chancellor)\b"
KIN = (
    "son|daughter|husband|wife|partner|boyfriend|girlfriend|brother|sister|mum|mother|dad|father|nan"
    "|grandson|granddaughter|grandad|uncle|"
    "aunt|auntie|cousin|nephew|niece|friend|neighbour|neighbor|carer|landlord|boss|manager|ex|teacher|doctor|gp|social worker"
)
# What is written with capitals beside such words and names nobody: days, months, faiths, bodies and places by their last word.
NOBODY = (
    "Council|County|City|Road|Street|Lane|Avenue|Park|School|College|University|Hospital|Library|Centre"
    "|Center|Market|Church|House|Hall|"
    "Station|Bridge|Day|Bank|Rail|Act|Credit|Minister|Trust|Club|Group|Board|Service|Services|Team|Police"
    "|Department|Office|Company|Ltd|Party|Government|Parliament|State|"
    "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July"
    "|August|September|October|November|"
    "December|Christmas|Easter|Muslim|Christian|British|English|God|Lord|Jesus|Facebook|Twitter|Google|NHS"
    "|MP|MPs|The|This|That|They|These|"
    "There|To|For|From|With|By|Of|Please|Thank|Thanks|And|But|We|You|It|If|In|No|Yes|My|Your|Our|Not|So|When|What|Why|How"
)
_NAMED = re.compile(
    rf"\b(?!MS\b|PC\s+[A-Z][a-z]+\s+[A-Z])(?i:{TITLES})\.?\s+(?!{OFFICES})(?P<a>{NAME})"
    rf"|\b(?i:my name is|my name's|is called|was called|called|named|signed|regards,?|sincerely,?"
    rf"|faithfully,?)\s*[:,]?\s+(?P<b>{NAME})"
    rf"|\b(?i:i am|i'm|i’m|this is)\s+(?P<c>{FULL_NAME}){NO_MORE}"
    rf"|\b(?i:my|our|his|her|their)\s+(?i:{KIN})s?,?\s+(?P<d>{NAME})"
    rf"|\b(?i:contact|ask|ask for|ring|call|phone|e-?mail|write to|speak to|talk to|love from"
    rf"|regards from)\s+(?P<e>{FULL_NAME}){NO_MORE}"
    rf"|(?:\n[ \t]?[-–—]?[ \t]?|[.!?] ?[-–—] ?|\b(?i:love|thanks|thank you|cheers),?\s+)(?P<f>{FULL_NAME})[\s.!x]{{0,9}}$"
)
_NOBODY = re.compile(rf"\b(?:{NOBODY})\b")
_BESIDE = re.compile(
    rf"(?P<a>{FULL_NAME})\W{{0,3}}"
    r"(?:(?i:on|at|of|from|tel|telephone|mob|mobile|phone|no|number|e-?mail|is|lives|living)\W{1,3}){0,2}$"
)
REACH = 60  # letters before an address or a number in which the name of whose it is may stand


def names_in(text: str) -> Iterator[tuple[int, int]]:
    """Yields where names stand, by the words before them."""
    for found in _NAMED.finditer(text):
        group = str(found.lastgroup)
        if group == "a":
            yield found.start(), found.end("a")
        elif not _NOBODY.search(found[group]):
            yield found.span(group)


def names_beside(text: str, starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yields where a full name stands right before a number, an address or an e-mail that begins at one of some places."""
    for start in starts:
        before = max(start - REACH, 0)
        found = _BESIDE.search(text[before:start])
        if found and not _NOBODY.search(found["a"]):
            yield before + found.start("a"), before + found.end("a")
