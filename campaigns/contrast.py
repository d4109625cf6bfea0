"""Whether one colour can be read on another."""

import re
from dataclasses import asdict

from campaigns.definition import Look
from campaigns.mistakes import Mistakes

COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
READABLE = 4.5  # WCAG 2.2, success criterion 1.4.3, for text of any size


def contrast(one: str, other: str) -> float:
    """Returns the contrast of two colours written #rrggbb, from 1 (alike) to 21 (black on white); WCAG 2.2's formula."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[place:place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def check_look(look: Look, mistakes: Mistakes) -> None:
    """Notes each colour of a campaign that is none, or that cannot be read on its paper."""
    colours = asdict(look)
    wrong = [name for name, colour in colours.items() if not COLOUR.fullmatch(colour)]
    for name in wrong:
        mistakes.add(f"look.{name}", f"[look] {name} must be a colour such as #1e6b3c.")
    for name, colour in colours.items():
        if not wrong and name != "paper" and contrast(colour, look.paper) < READABLE:
            mistakes.add(
                f"look.{name}", f"[look] {name} cannot be read on the paper ({contrast(colour, look.paper):.1f} to 1; "
                f"{READABLE} is needed). Choose a darker one, or a lighter paper.",
            )
