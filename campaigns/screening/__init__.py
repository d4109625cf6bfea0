"""The screen: what in a wish a person should look at before anybody else reads it, found by rules on this machine."""

from campaigns.screening.marking import Mark, in_pieces, marks
from campaigns.screening.words import WORRYING

__all__ = ["WORRYING", "Mark", "in_pieces", "marks"]
