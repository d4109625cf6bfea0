"""What can become of an uploaded file, of a page and of a code on it, each by a name and in plain words with what to do. Pure."""

from campaigns.cards.scans.limits import MOST_PAGES, MOST_PIXELS

AGAIN = "Scan it again and upload the new file."

# Why nothing could be read of a whole file. The name of a page's outcome, too, where a file within a ZIP is refused.
REFUSED = {
    "empty": "The file is empty. Save it again where it was made, then upload it.",
    "strange": "This is none of PDF, TIFF, JPEG, PNG or ZIP, whatever its name says. Scan to one of these.",
    "two kinds": "The file is made to be taken for two kinds of file at once, so nothing of it was read. Scan to a new file.",
    "locked": "The file asks for a password. Save it without one, then upload it.",
    "broken": "The file is damaged or broke off before its end. " + AGAIN,
    "no pages": "There is no page in the file. " + AGAIN,
    "too many": f"The file has more than {MOST_PAGES} pages, or is a ZIP of more files than that. Split it and upload the parts.",
    "bomb": "A file in the ZIP unpacks to far more than any scan holds, so it was not unpacked. Upload the scan itself.",
    "nested": "There is a ZIP within the ZIP. Unpack it and upload what is in it.",
    "slow": "It took longer than any scan does, so reading was given up. " + AGAIN,
    "heavy": "It needs more memory than any scan does, so reading was given up. " + AGAIN,
    "stopped": "The reader stopped at it, so it holds something other than a scan. " + AGAIN,
    "lost": "The uploaded file is no longer here. Upload it again.",
    "gone": "The uploaded file cannot be reached just now.",
}

# What is wrong with a single page.
PAGES = {
    "large": f"The page is larger than {MOST_PIXELS // 1_000_000} million pixels. Scan it at 150 to 300 dots an inch.",
    "no code": "No code could be read on this page. Look at the card and type its serial.",
    "damaged": "A code on this page is too damaged to be read. Look at the card and type its serial.",
    "two codes": "Two codes that disagree stand on one card. Look at the card and type the serial that is its own.",
}

# What is said of a card, or of a code that is no card's.
CARDS = {
    "tied": "Waiting to be keyed, the picture beside the boxes.",
    "another campaign": "The code is another campaign's card. Hand the card to whoever runs that one, or put it by.",
    "not ours": "The code is none of ours: somebody stuck or printed it there. Look at the card and type its serial.",
    "forged": "The code is written like ours, but we did not make it. Look at the card and show it to your supervisor.",
    "unknown": "No card of this number was ever printed. Look at the card and show it to your supervisor.",
    "again": "A picture of this card is here already, from another sheet. Compare the two papers: one may be a copy.",
    "keyed": "This card was keyed already. If the papers differ, one may be a copy.",
    "held": "This card is down as held back and never sent out.",
    "destroyed": "This card is down as destroyed.",
    "unusable": "This card is down as unusable.",
    "duplicate": "This card is down as a duplicate.",
    "set aside": "This card is down as set aside.",
}

# What needs nobody.
QUIET = {
    "blank": "There is nothing on this page.",
    "back": "The back of the card before it, without a code.",
    "settled": "A person has seen to it.",
}

WORDS = REFUSED | PAGES | CARDS | QUIET
NEEDS_NOBODY = {*QUIET, "tied"}


def waits(outcome: str) -> bool:
    """Tells whether something with this outcome waits for a person."""
    return outcome not in NEEDS_NOBODY
