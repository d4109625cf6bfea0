"""The residents' side: campaigns, the form, receipts, results; open to everyone, no cookie, nothing from third parties."""

from flask import Blueprint

from web.residents import (
    about,
    addresses,
    answering,
    answers,
    changes,
    coding,
    data,
    entrances,
    home,
    receipts,
    results,
    statements,
    wishes,
)

pages = Blueprint("residents", __name__)

GET, POST, BOTH = ["GET"], ["POST"], ["GET", "POST"]
ROUTES = (
    ("/", home.front, GET),
    ("/<slug>/", home.home, GET),
    ("/<slug>/look.css", home.look, GET),
    ("/<slug>/wish", entrances.wish, GET),
    ("/<slug>/wish", wishes.send, POST),
    ("/<slug>/c/<code>", entrances.card, GET),
    ("/<slug>/from/<source>", entrances.source, GET),
    ("/<slug>/tree", entrances.tree, GET),
    ("/<slug>/photos", statements.photos, GET),
    ("/<slug>/workshops", statements.workshops, GET),
    ("/<slug>/results", results.results, GET),
    ("/<slug>/results/draws", results.draws, GET),
    ("/<slug>/data", data.data, GET),
    ("/<slug>/data/<name>", data.file, GET),
    ("/<slug>/how-wishes-are-sorted", coding.coding, GET),
    ("/<slug>/how-wishes-are-sorted.json", coding.coding_file, GET),
    ("/<slug>/answers", answers.answers, GET),
    ("/<slug>/thank-you/<reference>", receipts.thank_you, GET),
    ("/<slug>/receipt", receipts.receipts, BOTH),
    ("/<slug>/receipt/<reference>", receipts.receipt, GET),
    ("/<slug>/receipt/<reference>/change", changes.change, BOTH),
    ("/<slug>/receipt/<reference>/query", changes.query, POST),
    ("/<slug>/receipt/<reference>/withdraw", changes.withdraw, BOTH),
    ("/<slug>/receipt/<reference>/erase", changes.erase, BOTH),
    ("/<slug>/about/<reference>", about.about, BOTH),
    ("/<slug>/privacy", statements.privacy, GET),
    ("/<slug>/privacy/for-children", statements.privacy_for_children, GET),
    ("/<slug>/accessibility", statements.accessibility, GET),
)

for address, view, methods in ROUTES:
    pages.add_url_rule(address, view_func=view, methods=methods)
pages.before_app_request(addresses.lower_case)
pages.after_request(answering.guard_answer)
