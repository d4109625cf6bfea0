"""The ``flask`` commands, one file a noun."""

from flask import Flask

from web.commands import (
    accounting,
    areas,
    campaign,
    coding,
    doctor,
    draft,
    indicators,
    keeping,
    log,
    parked,
    quality,
    reach,
    screening,
    tallies,
    user,
    wishes,
)

GROUPS = (areas.areas, campaign.campaign, accounting.cards, coding.coding, doctor.doctor, draft.draft,
          indicators.indicators, keeping.backup, keeping.restore_file, log.log, parked.parked_group, quality.cards, reach.reach,
          screening.screening, tallies.tallies, user.user, wishes.wishes)


def init_app(app: Flask) -> None:
    """Puts every command in place."""
    for group in GROUPS:
        app.cli.add_command(group)
