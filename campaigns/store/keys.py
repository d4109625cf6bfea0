"""Every key this project writes in Redis, in one place."""

import re
from dataclasses import dataclass

ROW_BLOCK = 4096
VECTOR_BLOCK = 256
VECTOR_LENGTH = 384

# Every name that may follow a campaign's tag. The scripts build their keys from these names alone.
NAMES = (
    "definition",  # string: the file as frozen at opening
    "state",       # hash: open, paused or closed; window, frame, what the counts need to know
    "log",         # stream: the events
    "head",        # hash: last event number, link and seal; last response number
    "response",    # hash, one a response
    "answers",     # string, one a block: special-category answers, fixed width a response
    "rows",        # string, one a block of 4,096 responses; rows:versions, hash; rows:layout, the layout they are of
    "tallies",     # hash: the standing tallies and the event they are as of; tallies:yesterday, those of the day before
    "vectors",     # string, one a block of 256 responses: 384 int8 a wish
    "cursor",      # string, one a consumer: the last event done
    "bell",        # string, one a consumer, short-lived: a job is on its way
    "trying",      # hash, one a consumer: the batch in hand, so that one that kills its worker is found
    "parked",      # hash: responses set aside by a consumer, with the reason
    "ids",         # hash, one a facet: name to number, handed out once, never reused
    "areas",       # hash: postcode to area
    "frames",      # hash: the versions of the frame that were adopted, and the draft of the next
    "reframing",   # hash: how far coding again by an adopted frame has come, and what the draft's preview showed
    "missed",      # hash: groups of wishes that no code fits, by their numbers with words many share, and those put by
    "tagger",      # string, one a version: a tagger that learnt from people's codings
    "taggers",     # hash: when each tagger took over and why, how learning last went, what was last measured
    "cards",       # string: one byte a card
    "batches",     # hash: printed batches of cards
    "returned",    # string: the batch of returns each card came back in, 4 bytes a card, little-endian; 0 for none
    "answered",    # hash: card to the responses it brought, 12o online, 57k keyed
    "returns",     # hash: batches of returns, their counts by outcome and reason ("7:set aside:late"), the last number
    "pieces",      # hash, one a batch of returns: what became of each piece of paper
    "keyers",      # hash: staff id to how many pieces they keyed
    "second",      # hash: response keyed a second time to what came of it, without its words
    "repeats",     # hash: keyed response and online response to what a person decided of the two
    "scans",       # sorted set: uploads of scanned cards, by when they came
    "scan",        # hash, one an upload: what it is, and what became of each page
    "scanning",    # set: uploads that are still to be read
    "unread",      # hash: pages and cards of uploads that wait for a person, with the reason
    "images",      # hash: the files kept in PICTURES_URL, by the card, page, upload or letter that each is of
    "tray",        # hash: pieces of paper that a person must look at, with what was typed until it is settled
    "worries",     # hash: what staff passed to the safeguarding officer, with notes, and with what was typed until it is closed
    "notices",     # sorted set: e-mails that are to be sent, by when next; notices:failed, hash: how often in vain, and why
    "letters",     # set: the responses that hold a letter's whole text
    "alike",       # hash: the letter campaigns found among its wishes, by their numbers, and up to which event
    "actions",     # hash: what is done about what people asked for, by number, with what was published of it; the last number
    "profile",     # hash: the boundaries of its areas, and how many people and households there are
    "views",       # hash: views of the list of wishes that staff have saved
    "workings",    # hash: working drafts, with frozen answers, wishes by number, officers' prose and where each stands
    "indicators",  # string: what is measured beside what is wished for, as CSV
    "referrals",   # hash: indicators referred to a group, by number, with what came back; the last number
    "releases",    # hash: what was released as open data, by number as everyone saw it, and the latest with what it withholds
    "sample",      # hash: the drawings of responses whose wishes people code apart, by number, with what was drawn
    "turns",       # hash: wishes of the sample that somebody has before them to code, with until when they are kept for them
    "reviewing",   # hash: what each reviewer did last, skipped and did today, short-lived
    "leases",      # hash: wishes that somebody has before them to review, with until when they are kept for them
    "draws",       # hash: audit draws among keyed cards, as they were made
    "accepted",    # hash, one a day: idempotency keys
    "import",      # set, one a file: the rows of it that are in
    "limit",       # string, one an address, short-lived
)

# Keys that belong to no campaign.
SECRETS = "site:secrets"
CAMPAIGNS = "site:campaigns"
REWRITE_DUE = "site:rewrite-due"
REWRITE_BEGUN = "site:rewrite-begun"  # string: the server that is rewriting its file, until it is known to have ended well
SETTLED = "site:settled"
BACKUPS = "site:backups"        # hash: the backups made, by their id
JOURNALS = "site:journals"      # hash: for each journal of erasures and campaign, the last event it has
KEEPING = "site:keeping"        # string, short-lived: the slow part of keeping and forgetting is queued or under way
PICTURES_DUE = "site:pictures-due"  # set: campaigns that were removed, whose pictures may still be there
RESTORING = "site:restoring"    # string: a restore has begun to write here and has not ended
STAFF_BY_EMAIL = "staff:emails"

# What a backup leaves out: what lives for moments, and what tells of this very server rather than of a campaign.
PASSING = ("bell", "trying", "limit", "turns", "reviewing", "leases")
LOCAL = (REWRITE_DUE, REWRITE_BEGUN, SETTLED, BACKUPS, JOURNALS, KEEPING, PICTURES_DUE, RESTORING)
_LASTING = re.compile(r"\{[^}:]+\}:(?!(?:" + "|".join(PASSING) + r")(?::|$))|site:|staff:")
_SIGNED_IN = ("session:", "guesses:")


def lasts(key: str) -> bool:
    """Tells whether a backup keeps a key: campaigns, staff and secrets, but no session, guess, job or passing mark."""
    return key not in LOCAL and bool(_LASTING.match(key))


def makes_way(key: str) -> bool:
    """Tells whether a key goes when a backup is put in its place: all that a backup keeps, sessions, how far journals have it."""
    return lasts(key) or key == JOURNALS or key.startswith(("{", *_SIGNED_IN))


def campaign_of(key: str) -> str:
    """Returns the name of the campaign that a key is of; empty for one of none."""
    return key[1:].partition("}")[0] if key.startswith("{") else ""


def staff_key(person: str) -> str:
    """Returns the key of one member of staff."""
    return f"staff:person:{person}"


def invitation_key(token_hash: str) -> str:
    """Returns the key of one invitation, by the hash of its token."""
    return f"staff:invitation:{token_hash}"


def session_key(token_hash: str) -> str:
    """Returns the key of one signed-in session, by the hash of its token."""
    return f"session:{token_hash}"


def sessions_key(person: str) -> str:
    """Returns the key that names one person's open sessions, by the hashes of their tokens."""
    return f"session:of:{person}"


def guessing_key(what: str) -> str:
    """Returns the key that counts wrong guesses at one account or from one address."""
    return f"guesses:{what}"


@dataclass(frozen=True)
class Keys:
    """The keys of one campaign, all under one hash tag so that a cluster keeps them together."""

    slug: str

    def of(self, name: str, *parts: object) -> str:
        """Returns the key of that name, with its parts."""
        if name not in NAMES:
            raise KeyError(name)
        return ":".join([f"{{{self.slug}}}", name, *map(str, parts)])

    def every(self) -> str:
        """Returns the pattern of all the campaign's keys, for taking a whole demonstration away."""
        return f"{{{self.slug}}}:*"

    def response(self, number: int) -> str:
        """Returns the key of one response."""
        return self.of("response", number)
