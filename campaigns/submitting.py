"""From what was typed to a submission: every channel's words, place and answers checked in one way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from campaigns.definition import Campaign
from campaigns.questions import read_answers
from campaigns.responses import Submission, check_wishes


@dataclass(frozen=True)
class Typed:
    """What someone typed or sent, before anything was made of it."""

    wishes: Sequence[str]
    channel: str
    source: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    card: int = 0
    day: str = ""
    marks: str = ""


def read_submission(
    campaign: Campaign, typed: Typed, area: str, outward: str, postcode: str = ""
) -> tuple[Submission | None, dict[str, str]]:
    """Returns the submission, or None with a plain line for each field that must be put right."""
    wishes, problems = check_wishes(list(typed.wishes), campaign.wishes_each)
    answers, wrong = read_answers(campaign.questions, typed.about)
    if wrong:
        problems["about"] = " ".join(wrong)
    if typed.channel not in campaign.channels:
        problems["channel"] = f"This campaign takes no wishes by {typed.channel}."
    if problems:
        return None, problems
    plain, special = split_answers(campaign, answers)
    source = typed.source if campaign.source(typed.source) else ""
    return Submission(
        wishes, typed.channel, source, area, outward, typed.day, typed.card, plain, special, typed.marks, postcode
    ), {}


def split_answers(campaign: Campaign, answers: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Returns answers apart: the plain ones, and those of special category."""
    special = {question.id for question in campaign.questions if question.special}
    plain = {name: place for name, place in answers.items() if name not in special}
    return plain, {name: place for name, place in answers.items() if name in special}
