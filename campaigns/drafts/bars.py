"""Small bars beside numbers, as SVG that stands in the page itself; they say nothing that the numbers do not."""

from campaigns.drafts.document import Days, Share, Ways

WIDTH, HEIGHT = 100, 8
DAYS_WIDTH, DAYS_HEIGHT = 640, 90


def share_bar(share: Share) -> str:
    """Returns a bar on a track as long as the whole, or without one where it is drawn against the largest of its table."""
    track = "" if share.most else f'<rect class="track" width="{WIDTH}" height="{HEIGHT}"/>'
    against = share.most or share.whole
    return _svg("bar", track + _rect("part", 0, WIDTH * share.part / against if against else 0.0))


def ways_bar(ways: Ways) -> str:
    """Returns a bar split by which way wishes ask, its length in proportion to the longest of its table."""
    rects, start = "", 0.0
    for ask, number in ways.asks:
        length = WIDTH * number / ways.most if ways.most else 0.0
        rects += _rect(f"ask-{ask}", start, length)
        start += length
    return _svg("bar split", rects)


def day_bars(days: Days) -> str:
    """Returns a column for each day, the highest as high as the picture."""
    most = max(days.counts, default=0) or 1
    step = DAYS_WIDTH / max(len(days.counts), 1)
    columns = "".join(_column(place * step, step, DAYS_HEIGHT * number / most) for place, number in enumerate(days.counts))
    return (
        f'<svg class="days" viewBox="0 0 {DAYS_WIDTH} {DAYS_HEIGHT}" preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false">{columns}<path d="M0 {DAYS_HEIGHT}H{DAYS_WIDTH}"/></svg>'
    )


def _column(x: float, step: float, height: float) -> str:
    return f'<rect x="{x + step * 0.1:.1f}" y="{DAYS_HEIGHT - height:.1f}" width="{step * 0.8:.1f}" height="{height:.1f}"/>'


def _rect(name: str, x: float, width: float) -> str:
    return f'<rect class="{name}" x="{x:.2f}" width="{width:.2f}" height="{HEIGHT}"/>' if width else ""


def _svg(name: str, inside: str) -> str:
    return (
        f'<svg class="{name}" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false">{inside}</svg>'
    )
