"""How sure a draft's shares are: ranges in words, and never a word that the range does not hold."""

from fractions import Fraction

from campaigns.drafts.material import Material
from campaigns.drafts.prose import graded, of_them, plural
from campaigns.sampling.reckoning import Range, Ranged

NO_RANGE = (
    "No range is given yet. A range needs an independent second coding of a sample of wishes by people, and {why}. "
    "Until then nobody can say how far these counts are out through coding, and small differences between them should "
    "bear no weight."
)
WHOLE = (
    "A range is where a share would lie, at 95%, had people coded all of it. It follows from all responses and from {wishes} of "
    "{responses} drawn by lot, which two people coded apart from the machine and from each other, a third settling what they "
    "said differently. A place is said only as far as ranges can tell it: “at best” where others may be ahead, “among the most "
    "asked” where none surely is. The range of a share may lie beside the share itself, where the machine counts too many or too "
    "few."
)
NOT_KEYED = " How often cards are keyed wrong has not been measured, so the ranges hold coding error alone."
LATER = " {later} came since; they are taken to be coded as well as those before."
SHORT = (
    "No range can be given until people have coded a sample independently, so small differences between counts bear no weight."
)


def said_of_range(one: Range) -> str:
    """Returns what may be said of a share of responses: a word where it holds from end to end of the range, and the range."""
    words = {of_them(_graded(end), "response") for end in (one.low, one.high)}
    return f"{words.pop()}, {one.words}" if len(words) == 1 else f"{one.words} of the responses"


def _graded(share: float) -> str:
    exact = Fraction(share).limit_denominator(10_000)
    whole = exact.denominator * 100
    return graded(exact.numerator * 100, whole)


def how_sure(ranged: Ranged) -> str:
    """Returns what the part on limits says of ranges."""
    if not ranged.whole:
        left = f"{plural(ranged.left, 'wish', 'wishes')} of the one drawn {'is' if ranged.left == 1 else 'are'} not settled"
        return NO_RANGE.format(why=left if ranged.left else "there has been none of thirty responses or more")
    said = WHOLE.format(wishes=plural(ranged.wishes, "wish", "wishes"), responses=plural(ranged.responses, "response"))
    said += NOT_KEYED if ranged.keyed_wrong is None else ""
    return said + (LATER.format(later=plural(ranged.later, "response")) if ranged.later else "")


def theme_range(material: Material, theme: str) -> str:
    """Returns a theme's range in a sentence, or why it has none."""
    found = material.evidence.ranges("theme").get(theme)
    if not found:
        return SHORT
    return f"Had people coded every wish, the share of responses that ask for something here would lie, at 95%, in {found.words}."
