"""The officers' desk: what people wish for, the wishes behind every number, the cards, and the first draft."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from campaigns.tallies import UnknownFacet
from web.errors import say
from web.officers import (
    alike,
    answers,
    correcting,
    crossed,
    dashboard,
    draft,
    drafts,
    draws,
    exports,
    frame,
    indicators,
    ledger,
    letters,
    mapping,
    missed,
    moderation,
    open_data,
    printing,
    reach,
    review,
    sample,
    sample_coding,
    saved,
    scans,
    tagger,
    wishes,
    working,
    worries,
    worrying,
)

pages = Blueprint("officers", __name__, url_prefix="/officers")
pages.add_url_rule("/", view_func=dashboard.choose)
pages.add_url_rule("/<slug>/", view_func=dashboard.dashboard)
pages.add_url_rule("/<slug>/tables", endpoint="tables", view_func=crossed.crossed)
pages.add_url_rule("/<slug>/map", endpoint="map", view_func=mapping.show)
pages.add_url_rule("/<slug>/reach", view_func=reach.reach, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/moderation", view_func=moderation.moderation)
pages.add_url_rule("/<slug>/sample", view_func=sample.sample)
pages.add_url_rule("/<slug>/sample", endpoint="draw_sample", view_func=sample.draw, methods=["POST"])
pages.add_url_rule("/<slug>/sample/code", endpoint="code_sample", view_func=sample_coding.code, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/sample/settle", endpoint="settle_sample", view_func=sample_coding.settle, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/sample/undo", endpoint="undo_sample", view_func=sample_coding.undo, methods=["POST"])
pages.add_url_rule("/<slug>/exports", view_func=exports.exports, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/exports/made/<order>", endpoint="made", view_func=exports.made, methods=["POST"])
pages.add_url_rule("/<slug>/exports/made/<order>/<name>", endpoint="made_file", view_func=exports.made_file)
pages.add_url_rule("/<slug>/exports/<kind>/<name>", view_func=exports.download)
pages.add_url_rule("/<slug>/open-data", endpoint="open_data", view_func=open_data.page, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/wishes", view_func=wishes.wishes, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/wishes/saved/<view>", endpoint="delete_view", view_func=saved.delete, methods=["POST"])
pages.add_url_rule("/<slug>/wishes/<int:number>/<int:slot>", view_func=correcting.wish, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/wishes/<int:number>/<int:slot>/moderation", view_func=correcting.moderate, methods=["POST"])
pages.add_url_rule("/<slug>/wishes/<int:number>/<int:slot>/redaction", view_func=correcting.redact, methods=["POST"])
pages.add_url_rule("/<slug>/wishes/<int:number>/<int:slot>/worry", view_func=worrying.raise_worry, methods=["POST"])
pages.add_url_rule("/<slug>/cards/ledger", endpoint="ledger", view_func=ledger.cards)
pages.add_url_rule("/<slug>/cards/ledger/list", endpoint="ledger_cards", view_func=ledger.listed)
pages.add_url_rule("/<slug>/cards/ledger/find", endpoint="ledger_find", view_func=ledger.find)
pages.add_url_rule("/<slug>/cards/ledger/<serial>", endpoint="ledger_card", view_func=ledger.card)
pages.add_url_rule("/<slug>/cards/draws", view_func=draws.draws, methods=["GET", "POST"])
pages.app_template_global("behind_card")(ledger.address_of)
pages.add_url_rule("/<slug>/scans", view_func=scans.scans, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/scans/<scan>", view_func=scans.scan)
pages.add_url_rule("/<slug>/scans/waiting/<item>", view_func=scans.waiting, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/scans/waiting/<item>.jpg", view_func=scans.waiting_picture)
pages.add_url_rule("/<slug>/cards/print", view_func=printing.printing, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/cards/print/<int:number>", view_func=printing.batch, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/cards/print/<int:number>/<paper>/<name>", view_func=printing.printed_file)
pages.add_url_rule("/<slug>/cards/posters/<source>/<size>.pdf", view_func=printing.poster)
pages.add_url_rule("/<slug>/tagger", view_func=tagger.tagger)
pages.add_url_rule("/<slug>/tagger.json", endpoint="tagger_file", view_func=tagger.record_file)
pages.add_url_rule("/<slug>/letters", view_func=letters.letters)
pages.add_url_rule("/<slug>/letters/<int:number>", view_func=letters.letter, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/letters/<int:number>/<path:name>", view_func=letters.attachment)
pages.add_url_rule("/<slug>/frame", endpoint="frame", view_func=frame.frame, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/frame/<code>", endpoint="code", view_func=frame.code, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/missed", view_func=missed.missed, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/review", endpoint="review", view_func=review.review, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/review/undo", endpoint="undo_review", view_func=review.undo, methods=["POST"])
pages.add_url_rule("/<slug>/worries", view_func=worries.worries)
pages.add_url_rule("/<slug>/worries/<worry>", endpoint="note_worry", view_func=worries.note, methods=["POST"])
pages.add_url_rule("/<slug>/letter-campaigns", endpoint="alike", view_func=alike.alike, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/answers", view_func=answers.answers)
pages.add_url_rule("/<slug>/answers/<int:number>", view_func=answers.answer, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/indicators", view_func=indicators.indicators, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/indicators.csv", view_func=indicators.indicators_file)
pages.add_url_rule("/<slug>/indicators/<path:indicator>", view_func=indicators.referral, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/draft", view_func=draft.draft)
pages.add_url_rule("/<slug>/drafts", view_func=drafts.drafts, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/drafts/<order>", endpoint="handle_draft", view_func=drafts.made, methods=["POST"])
pages.add_url_rule("/<slug>/drafts/<order>/<name>", endpoint="made_draft", view_func=drafts.made_file)
pages.add_url_rule("/<slug>/working", view_func=working.workings, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/working/<draft>", view_func=working.working, methods=["GET", "POST"])
pages.add_url_rule("/<slug>/working/<draft>/file.<ending>", view_func=working.working_file)
pages.add_url_rule("/draft.css", endpoint="draft_style", view_func=draft.style)


@pages.errorhandler(UnknownFacet)
def strange_filter(mistake: UnknownFacet) -> ResponseReturnValue:
    """Answers an address that filters by what this campaign does not have."""
    return say(400, "We cannot look at it that way", str(mistake))
