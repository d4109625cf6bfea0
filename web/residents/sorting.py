"""Which themes a wish was put under, as its sender may know: the partnerships that answer, never a code."""

from campaigns.coding.frame import ALONE, Frame, Theme
from campaigns.responses import Wish


def themes_of(frame: Frame, wish: Wish) -> list[Theme] | None:
    """Returns the themes a wish was put under, main one first: [] where a person must read it, None before any coding."""
    if wish.coding is None:
        return None
    ids = list(dict.fromkeys(frame.theme_of(code) for code in wish.coding.codes if code not in ALONE))
    themes = {theme.id: theme for theme in frame.themes}
    return [themes[theme] for theme in ids]
