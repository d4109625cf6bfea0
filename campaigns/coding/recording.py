"""The record of the tagger, in the shape of the UK's Algorithmic Transparency Recording Standard, from its figures. Pure."""

from collections.abc import Mapping
from typing import Any

from campaigns.definition import Campaign

FEWEST = 5  # wishes of a code that people gave, below which its figure is not told
Told = Mapping[str, Any]


PURPOSE = (
    "It gives each wish of “{title}” one to three codes and says which way it asks, so that wishes are counted by theme while "
    "they come in."
)
DECIDES = "Nothing about any person. It sorts texts; those who decide on what people wished for read counts and wishes."
METHOD = (
    "A text becomes a row of numbers by a sentence model (all-MiniLM-L6-v2) on the council’s own machine. It is held against "
    "{examples:,} example wishes and the wording of {codes} codes: the nearer an example, the more it pulls the wish to its "
    "codes (ridge regression). The ask is told from the same numbers and from words (logistic regression)."
)
OVERRULED = (
    "Any officer or reviewer, on every wish; a person’s coding always counts before the machine’s. Senders can say “that’s not "
    "what I meant” on their receipt."
)
HOW_MANY = "{machine:,} are coded by machine alone, {person:,} by a person, {waiting:,} wait."
CHANGES = (
    "At most once an hour it learns anew from what people coded. A newer version takes over only where it codes better those "
    "wishes that neither version had learnt from; the older ones are kept, and the log names each."
)
NOT_YET = (
    "Not yet: nobody has coded a wish of this campaign that the machine had coded before. Correct some wishes; within an hour "
    "figures stand here."
)
SEEN_FIRST = (
    "Officers see its codes before they correct them, so agreement with corrections flatters it. A sample that people code "
    "apart, without its codes, is what it is judged by once there is one."
)
BY_SAMPLE = "{wishes:,} wishes drawn by lot that people coded apart, without seeing its codes"
BY_PEOPLE = "{wishes:,} wishes that people coded and it had not learnt from"
AGREED = "F1 {code:.2f} by code and {theme:.2f} by theme, ask {ask:.0%}, on {wishes:,} wishes"


def record_of(
    campaign: Campaign, version: str | None, taggers: Mapping[str, Told], measured: Told | None, counts: Mapping[str, int]
) -> dict[str, list[tuple[str, str]]]:
    """Returns the record by its parts, each a list of questions with their answers."""
    return {
        "Owner and purpose": [
            ("Name", "The tagger of Three Wishes"),
            ("Who answers for it", campaign.privacy.controller),
            ("What it is for", PURPOSE.format(title=campaign.title)),
            ("What it decides", DECIDES),
        ],
        "How it works": [
            ("Method", METHOD.format(examples=len(campaign.frame.examples), codes=len(campaign.frame.codes))),
            ("Version", version or "that which the frame alone teaches"),
            ("What it learnt from", _learnt(taggers.get(version or "", {}))),
            ("What it keeps of wishes", "No words and no vectors of any wish: only how far each of the frame’s own texts pulls."),
            ("What leaves this machine", "Nothing. No outside service sees a word."),
        ],
        "How good it is": _how_good(measured, {code.id: code.name for code in campaign.frame.codes}),
        "For whom it is worse": _for_whom(measured),
        "People": [
            ("Who may overrule it", OVERRULED),
            ("How many wishes", HOW_MANY.format(**counts)),
            ("How it changes", CHANGES),
        ],
        "Risks": [
            ("Other languages", "It reads English. What it does not take for English is coded “other” and waits for a person."),
            ("Rare codes", "Codes with few examples are coded less well; see the figures."),
            ("Seeing the suggestion first", SEEN_FIRST),
        ],
    }


def _learnt(about: Told) -> str:
    if not about:
        return "The examples and definitions in the campaign’s frame alone."
    return f"The frame, and {about['learnt_from']:,} codings by people, each weighing three times an example."


def _how_good(measured: Told | None, names: Mapping[str, str]) -> list[tuple[str, str]]:
    if not measured:
        return [("Measured here", NOT_YET)]
    report = measured["report"]
    known = [one for one in report["codes"] if one["support"] >= FEWEST]
    weak = sorted(known, key=lambda one: float(one["f1"]))[:3]
    told = [
        ("Measured on", (BY_SAMPLE if measured["by_sample"] else BY_PEOPLE).format(wishes=measured["wishes"])),
        ("F1 by code", f"{report['code_micro']:.2f} over all, {report['code_macro']:.2f} as a mean of codes"),
        ("F1 by theme", f"{report['theme_micro']:.2f} over all, {report['theme_macro']:.2f} as a mean of themes"),
        ("Main code right", f"{report['main_right']:.0%}; its confidence is off by {report['calibration_error']:.2f} on average"),
        ("Ask right", f"{report['ask_right']:.0%} of {report['asks']:,}"),
    ]
    if measured["people"]:
        told.append(("How far two people apart agree", AGREED.format(**measured["people"])))
    if weak:
        told.append(("Weakest codes", "; ".join(f"{names.get(one['id'], one['id'])} ({one['f1']:.2f})" for one in weak)))
    return told


def _for_whom(measured: Told | None) -> list[tuple[str, str]]:
    groups = [(name, one) for facet in ("channels", "areas") for name, one in (measured or {}).get(facet, {}).items()]
    if not groups:
        return [("By channel and ward", "Not yet known: people must have coded at least ten wishes of a channel or ward.")]
    figures = "F1 by code {code_micro:.2f}, by theme {theme_micro:.2f}, on {wishes:,} wishes"
    return [(name, figures.format(**one)) for name, one in groups]
