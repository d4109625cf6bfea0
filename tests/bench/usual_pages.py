"""The baseline of printing cards the usual way: qrcode's own symbols pasted onto Pillow pages, saved as PDF.

Done as well as that way can be: what is the same on every card is drawn once, pages are of one bit at 300 dots an inch.
"""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from campaigns.cards.print.style import Card, CardStyle

DOTS = 300
ACROSS, UP = 1240, 1754  # a quarter of A4
PLACES = ((0, 0), (ACROSS, 0), (0, UP), (ACROSS, UP))


class UsualPages:
    """Pages of cards of one style, drawn as pictures."""

    def __init__(self, style: CardStyle) -> None:
        self.large, self.small = (ImageFont.load_default(size) for size in (62, 38))
        self.front, self.back = self._side([style.question, *(f"Wish {n}" for n in (1, 2, 3))]), self._side(style.ways)

    def _side(self, lines: Sequence[str]) -> Image.Image:
        side = Image.new("1", (ACROSS, UP), 1)
        draw = ImageDraw.Draw(side)
        for place, line in enumerate(lines):
            draw.text((60, 60 + place * 320), line, 0, self.large)
            draw.rectangle((60, 160 + place * 320, ACROSS - 60, 360 + place * 320), outline=0, width=4)
        return side

    def draw(self, cards: Sequence[Card]) -> bytes:
        """Returns a PDF of cards, four a side, fronts and backs in turn."""
        pages = []
        for at in range(0, len(cards), 4):
            front, back = (Image.new("1", (2 * ACROSS, 2 * UP), 1) for _ in range(2))
            for card, place in zip(cards[at : at + 4], PLACES, strict=False):
                front.paste(self._card(card), place)
                back.paste(self.back, place)
            pages += [front, back]
        out = io.BytesIO()
        pages[0].save(out, "PDF", resolution=DOTS, save_all=True, append_images=pages[1:])
        return out.getvalue()

    def _card(self, card: Card) -> Image.Image:
        side = self.front.copy()
        qr = QRCode(error_correction=ERROR_CORRECT_M, box_size=7)
        qr.add_data(card.address)
        side.paste(qr.make_image().get_image(), (40, 1400))
        draw = ImageDraw.Draw(side)
        for place, words in enumerate((card.serial, card.ward, card.stub)):
            draw.text((420, 1440 + place * 80), words, 0, self.small)
        return side
