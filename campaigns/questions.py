"""Closed questions: the optional about-you ones and any other with listed answers."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A question with listed answers, asked after the wishes and never required.

    An answer is kept as its place in ``options`` plus one; 0 is *not given*. Special-category
    questions (UK GDPR article 9) are kept apart from the response. ``on_card`` prints its options on cards, to be ticked.
    """

    id: str
    text: str
    options: tuple[str, ...]
    special: bool = False
    with_wishes: bool = False
    on_card: bool = False

    def place(self, answer: str) -> int:
        """Returns the stored place of an answer, by its words or its place as digits; 0 if it is none of them."""
        places = {str(place): place for place in range(1, len(self.options) + 1)}
        return self.options.index(answer) + 1 if answer in self.options else places.get(answer, 0)

    def answer(self, place: int) -> str:
        """Returns the words of a stored answer, empty where none was given."""
        return self.options[place - 1] if 0 < place <= len(self.options) else ""


def read_answers(questions: tuple[Question, ...], sent: Mapping[str, str]) -> tuple[dict[str, int], list[str]]:
    """Returns the places of the answers that were sent, and a plain line for each one that is not on its list."""
    places: dict[str, int] = {}
    problems = []
    known = {question.id: question for question in questions}
    for name, answer in sent.items():
        question = known.get(name)
        if question is None:
            problems.append(f"There is no question called “{name}”.")
        elif answer:
            place = question.place(answer)
            if place:
                places[name] = place
            else:
                problems.append(f"“{answer}” is not one of the answers to “{question.text}”.")
    return places, problems
