"""How numbers, days and names read on every page."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, url_for

from campaigns.definition import CHANNEL_WORDS
from campaigns.drafts.prose import count, percent, plural
from campaigns.moderating import REASONS

ASK_WORDS = {
    "more": "more, or new", "keep": "keep", "mend": "mend", "less": "less, or stop", "unclear": "no direction told",
}


def init_app(app: Flask) -> None:
    """Gives templates their filters and words."""
    app.jinja_env.filters.update(number=count, percent=percent, day=day, moment=moment, plural=plural)
    app.jinja_env.globals.update(channel_words=CHANNEL_WORDS, ask_words=ASK_WORDS, static=static, moderation_reasons=REASONS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def day(value: date | str) -> str:
    """Returns a day as people say it: 28 June 2010."""
    read = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{read.day} {read:%B %Y}"


def moment(ms: int, zone: ZoneInfo | None = None) -> str:
    """Returns a moment as people say it: 28 June 2010, 10:42."""
    at = datetime.fromtimestamp(ms / 1000, zone or UTC)
    return f"{day(at.date())}, {at:%H:%M}"


def static(name: str) -> str:
    """Returns the address of a stylesheet, script or picture."""
    return url_for("static", filename=name)
