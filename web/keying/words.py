"""What the keying desk says: of cards that cannot be keyed as they are, of batches, and of reasons."""

from campaigns.store.pieces import REASONS
from campaigns.store.returns import ReturnBatch

NO_SERIAL = "Type the serial printed on the card, or scan its code. A card without one: press - here."
NOT_OURS = "That is not a serial from this campaign. Check the letters against the card: it never has 0, O, 1, I or L."
OTHER_CAMPAIGN = "This card is from another campaign."
NEVER_PRINTED = "No card with this serial was ever printed. Check it letter by letter."
EMPTY = "Type at least one wish. If the card has none, type .b for blank."
REPEAT = "Its code brought the same wishes online. Both are kept, and a person will look whether they are one person's."
LATE = "The last day for posted cards has passed."
CLOSED = "This batch is closed."
MISSING = "There is no such batch."
ELSEWHERE = {
    "keyed": "This card was keyed already.",
    "held": "This card was held back and never sent out.",
    "destroyed": "This card is down as destroyed.",
    "unusable": "This card is down as unusable.",
    "duplicate": "This card is down as a duplicate.",
    "set aside": "This card was set aside before.",
}
ALREADY = ("keyed", "unusable", "duplicate", "set aside")
ASIDE = "What you typed is kept for a person. Put the card with those set aside."
# What a keyer may give as a reason, in the order of the figures that choose it.
OFFERED = {
    "unusable": ("blank", "illegible", "torn", "not a wish", "other"),
    "set aside": ("late", "foreign", "letter enclosed", "for a person", "other"),
}
REASON_WORDS = {
    "blank": "blank", "illegible": "cannot be read", "torn": "torn or wet", "not a wish": "not a wish",
    "late": "came late", "foreign": "not ours", "letter enclosed": "letter enclosed", "for a person": "for a person to look at",
    "unknown serial": "serial not known", "another campaign": "another campaign's card", "already keyed": "keyed already",
    "same wishes online": "same wishes came online", "not sent out": "never sent out", "photocopy": "photocopy",
    "worry": "worry", "drawing": "drawing", "overleaf": "overleaf", "other language": "other language", "other": "another reason",
}


def reasons_offered() -> dict[str, list[tuple[str, str]]]:
    """Returns the reasons a keyer chooses from by one key, each with its words."""
    return {kind: [(why, REASON_WORDS[why]) for why in whys if why in REASONS[kind]] for kind, whys in OFFERED.items()}


def named(batch: int) -> str:
    """Returns a batch's number as it is written on the bundle."""
    return f"{batch:04d}"


def strip_words(batch: ReturnBatch) -> str:
    """Returns a batch's own part of the strip: its number, how far it is, and what did not become a response."""
    counts = batch.counts
    told = [f"{counts[name]:,} {name}" for name in ("unusable", "duplicate", "set aside") if counts[name]]
    if batch.channel == "card" and counts["unnumbered"]:
        told.insert(0, f"{counts['unnumbered']:,} unnumbered")
    return " · ".join([f"Batch {named(batch.number)}", f"{batch.accounted:,} of {batch.counted:,}", *told])


def short_words(batch: ReturnBatch) -> str:
    """Returns what a keyer is told whose batch does not add up; empty where it does."""
    if batch.short > 0:
        return (
            f"You counted {batch.counted:,}, we have {batch.accounted:,}. Check for two stuck together, then recount, or say why."
        )
    if batch.short < 0:
        return f"You counted {batch.counted:,}, we have {batch.accounted:,}: {-batch.short:,} too many. Recount, or say why."
    return ""


def full_words(batch: ReturnBatch) -> str:
    """Returns what is said once every piece is accounted for."""
    return f"{batch.accounted:,} of {batch.counted:,} accounted for. Write {named(batch.number)} on the bundle."
