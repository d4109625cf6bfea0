"""Posters and table cards: each reads back, stands upright once folded, and holds what long campaigns say."""

from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from reportlab.lib.units import mm

from campaigns.campaign_file import read_campaign
from campaigns.cards.print.lettering import UnprintableError
from campaigns.cards.print.posters import SIZES, draw_poster
from campaigns.definition import Campaign, Source
from tests.storehouse import LITTLE, campaign_text

ADDRESS = "https://wishes.example/little-town/from/libraries"


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return read_campaign(LITTLE, campaign_text())


def page_of(campaign: Campaign, size: str, source: Source | None = None) -> pypdfium2.PdfPage:
    return pypdfium2.PdfDocument(draw_poster(campaign, source or campaign.sources[0], ADDRESS, size))[0]


def halves(page: pypdfium2.PdfPage) -> list[Image.Image]:
    """Returns the two faces of a folded page as they stand on a table, at 150 dpi."""
    picture = page.render(scale=150 / 72, grayscale=True).to_pil()
    middle = picture.height // 2
    above, below = picture.crop((0, 0, picture.width, middle)), picture.crop((0, middle, picture.width, picture.height))
    return [above.rotate(180), below]


@pytest.mark.parametrize(("size", "across", "up", "faces"), [
    ("a4", 210, 297, 1), ("a3", 297, 420, 1), ("tent-a5", 210, 297, 2), ("tent-a6", 148, 210, 2),
])
def test_each_size_reads_back_and_says_where_to_go(campaign: Campaign, size: str, across: int, up: int, faces: int) -> None:
    page = page_of(campaign, size)
    assert tuple(side / mm for side in page.get_size()) == pytest.approx((across, up), abs=0.1)
    words = page.get_textpage().get_text_bounded()
    for said in ("wishes.example/little-town/from/libraries", "Until 30 July 2010", "Libraries", "The council", campaign.title):
        assert words.count(said) == faces, said
    read = [symbol.text for symbol in zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil())]
    assert read == [ADDRESS] * faces


def test_every_size_is_tried() -> None:
    assert set(SIZES) == {"a4", "a3", "tent-a5", "tent-a6"}


@pytest.mark.parametrize("size", ["tent-a5", "tent-a6"])
def test_both_faces_of_a_tent_are_upright_and_alike(campaign: Campaign, size: str) -> None:
    for face in halves(page_of(campaign, size)):
        symbol = zxingcpp.read_barcodes(face)[0]
        assert symbol.orientation == 0
        assert symbol.position.top_left.x < face.width / 2
        assert (symbol.position.top_right.x - symbol.position.top_left.x) / 150 * 25.4 >= 20


@pytest.mark.parametrize("size", SIZES)
def test_what_long_campaigns_say_fits(campaign: Campaign, size: str) -> None:
    long = replace(campaign, question="What are the top three things the Board should focus on over the next three years?",
                   title="Altogether better: a sustainable community strategy for everyone", organiser="The County Partnership")
    page = page_of(long, size, Source("halls", "Village halls in the north-east of the county"))
    assert {symbol.text for symbol in zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil())} == {ADDRESS}


@pytest.mark.parametrize(("changes", "said"), [
    ({"question": "What? " * 80}, "is too long for its place"), ({"title": "По телефону"}, "The card's font has no"),
])
def test_what_cannot_be_printed_is_refused_in_words(campaign: Campaign, changes: dict[str, str], said: str) -> None:
    with pytest.raises(UnprintableError, match=said):
        page_of(replace(campaign, **changes), "a4")
