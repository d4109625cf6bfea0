"""What became of what people asked for: the answers that are published, on a page and on each receipt."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from campaigns.answering import VERDICTS, Action, answers_to, heard_words
from campaigns.coding.frame import Theme, theme_of
from campaigns.definition import Campaign
from campaigns.responses import Wish
from campaigns.store.actions import list_actions
from campaigns.store.store import Store
from web.residents.visiting import visit


@dataclass(frozen=True)
class Answer:
    """One answer as a receipt tells it: its verdict, what, and where it stands on the public page."""

    verdict: str
    what: str
    number: int


def answers(slug: str) -> ResponseReturnValue:
    """Shows what was answered; until something was, what happens when."""
    store = visit(slug)
    campaign, actions = store.campaign, [action for action in list_actions(store) if action.published]
    answered = [(theme, some) for theme in campaign.frame.themes if (some := _of_theme(actions, theme))]
    return render_template(
        "residents/answers.html", campaign=campaign, answered=answered, verdicts=VERDICTS,
        said={action.number: _said(campaign, action) for action in actions},
        open_themes=[theme for theme in campaign.frame.themes if theme not in [one for one, _ in answered]],
    )


def answers_for(store: Store, wishes: tuple[Wish, ...]) -> dict[int, list[Answer]]:
    """Returns the published answers to each wish of a response, by its slot."""
    actions = list_actions(store)
    found = {}
    for wish in wishes:
        codes = wish.coding.codes if wish.coding else ()
        told = [(action.number, action.published) for action in answers_to(actions, codes)] if codes else []
        found[wish.slot] = [Answer(VERDICTS[said.state], said.what, number) for number, said in told if said]
    return found


def _of_theme(actions: list[Action], theme: Theme) -> list[Action]:
    return [action for action in actions if theme_of(action.codes[0]) == theme.id]


def _said(campaign: Campaign, action: Action) -> str:
    names = campaign.frame.names
    return heard_words(action.published.heard, [names.get(code, code) for code in action.codes]) if action.published else ""
