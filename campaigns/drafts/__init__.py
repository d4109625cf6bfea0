"""Drafts made from the tallies: each figure tied to the question it answers and the event it is as of."""
