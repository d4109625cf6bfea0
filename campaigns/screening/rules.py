"""The rules for what has a form of its own: addresses of every kind, numbers, plates. Pure."""

import re

STREETS = (
    "street|st|road|rd|avenue|ave|lane|ln|close|cl|drive|dr|court|ct|crescent|cres|gardens|gdns|grove|way"
    "|place|pl|terrace|square|sq|"
    "mews|hill|walk|row|green|rise|view|parade|park|house|flats?"
)
HOUSES = (
    f"{STREETS}|building|buildings|cottages?|hall|heights|lodge|lofts?|mansions?|mill|point|school|tower|towers"
    f"|wharf|works|yard"
)
# Stand in no street's name.
BETWEEN = (
    "a|about|and|are|at|bed(?:room)?|by|for|from|high|houses|in|is|lanes?|months?|more|new|of|on|or|pay|per|so"
    "|that|the|to|trunk|was|with|years?"
)
# Where many have their e-mail: after the word "at" with a real dot, only these are told from what is no address.
MAILERS = (
    "gmail|googlemail|hotmail|outlook|yahoo|btinternet|icloud|live|aol|sky|virginmedia|talktalk|msn|me|mail"
    "|protonmail|ntlworld"
)
AT = r"(?:\s*@\s*|\s*[(\[]\s*at\s*[)\]]\s*)"
DOT = r"(?:\s*[(\[]\s*dot\s*[)\]]\s*|\s+dot\s+|\s\.\s|\.)"
# Three letters that are words, so that "m1 for" and "the 50p" are no plates; every other three are taken for one.
WORDS = (
    "able ace act add age ago aid air all and any are arm art ask bad bag ban bar bay bed bet big bin bit "
    "box boy bus but buy bye can cap "
    "car cat cut day did die dog dry due ear eat end eye far fee few fit fix fly for fun gap gas get god got "
    "gun gym had has hat her hey "
    "him his hit hot how ice its ive jam job just key kid law lay led leg let lie lit log lot low mad man "
    "map may men met mix mum net new "
    "nhs nor not now odd off oil old one our out own pay per pet pub put ran rat raw red rid row run sad sat "
    "saw say sea see set she sit six sky "
    "son sun tax tea ten the tie tip too top toy try two use van via war was way web wet who why win won yes "
    "yet you zoo tvs pcs ltd etc"
)
NO_WORD = rf"(?!(?:{'|'.join(WORDS.split())})\b)"

RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("e-mail", re.compile(rf"[\w.+%-]{{1,64}}{AT}[\w-]+(?:{DOT}[\w-]+){{1,4}}", re.I)),
    ("e-mail", re.compile(
        rf"[\w.+%-]{{1,64}}\s+at\s+(?:(?:{MAILERS})\.(?:com|co\.uk|net|me)\b"
        r"|[\w-]+(?:(?:\s*[(\[]\s*dot\s*[)\]]\s*|\s+dot\s+|\s\.\s)[\w-]+){1,4})", re.I
    )),
    ("web address", re.compile(
        r"\bhttps?://\S+|\bwww\.\S+|(?<![\w@.])@\w{3,30}\b|\b(?:facebook|instagram|twitter|x|tiktok|linkedin)\.com/\S+", re.I
    )),
    ("postcode", re.compile(
        r"\b(?:(?i:[A-Z]{1,2}\d[A-Z\d]?(?:\s*|\s?-\s?)\d(?!(?:st|nd|rd|th)\b)[ABD-HJLNP-UW-Z]{2})"  # "at 5 2nd"
        r"|[A-Z]{1,2}\d[A-Z\d]?(?:\s*|\s?-\s?)\d[ABD-HJLNP-UW-Z]{2})\b"
    )),
    ("address", re.compile(
        rf"\b(?:n(?:o|umber)\.?\s+)?\d{{1,4}}[a-h]?,?\s+(?:(?!(?:{BETWEEN})\b)[a-z'’.-]+\s+){{1,3}}(?:{STREETS})\b"
        rf"|\b(?:flat|apartment|apt)\.?\s+(?:n(?:o|umber)\.?\s*)?\d{{1,4}}[a-z]?\b"
        rf"(?:,?\s+(?:n(?:o|umber)\.?\s+)?(?:\d{{1,4}}[a-z]?,?\s+)?(?:(?!(?:{BETWEEN})\b"
        rf"|the\s(?!old\b))[a-z'’.-]+\s+|the\s+){{1,3}}(?:{HOUSES})\b)?",
        re.I,
    )),
    ("National Insurance number", re.compile(
        r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][\s.-]?\d{2}[\s.-]?\d{2}[\s.-]?\d{2}[\s.-]?[A-D]\b", re.I
    )),
    ("date of birth", re.compile(
        r"\b(?:born(?:\s+on)?|d\.?o\.?b\.?|date\s+of\s+birth)\s*[:,]?\s*(?:(?:is"
        r"|was)\s+)?\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19|20)?\d\d\b",
        re.I,
    )),
    ("bank account", re.compile(r"\b\d{2}-\d{2}-\d{2}\W{1,3}(?:\w+\W{1,3}){0,3}?\d{8}\b")),
    ("long number", re.compile(r"(?<![\d.,£$])\d(?:[ -]?\d){8,18}(?![\d.,]*\d)")),
    ("vehicle registration", re.compile(
        r"\b(?i:[A-HJ-PR-Y]{2}\d{2}[\s-]?[A-HJ-PR-Z]{3})\b|\b[A-HJ-NPR-TV-Y]\d{1,3}[A-HJ-PR-Y]{3}\b"
        r"|\b[A-HJ-PR-Y]{3}\d{1,3}[A-HJ-NPR-TV-Y]\b|\b[a-hj-npr-tv-y]\d{1,3}[a-hj-pr-y]{3}\b|\b(?i:[A-Z]{2}Z[\s-]?\d{4})\b"
        rf"|\b(?i:[A-HJ-NPR-TV-Y]\d{{1,3}}[\s-]{NO_WORD}[A-HJ-PR-Y]{{3}}|{NO_WORD}[A-HJ-PR-Y]{{3}}[\s-]?\d{{1,3}}[A-HJ-NPR-TV-Y])\b"
    )),
)
# Telephone numbers that the library of the world's forms does not read: figures apart by any sign, a nought in brackets.
TELEPHONE = re.compile(r"(?<![\w.,£$])(?:\(?(?:\+|00)\s?44\)?[\s.-]*(?:\(0\))?|\(?0)(?:\W{0,3}\d){9,10}(?!\w)")
