"""The model and a tagger for the little campaign, as the coding worker loads them."""

from pathlib import Path

from campaigns.campaign_file import read_campaign
from campaigns.coding.embedding import Embedder
from campaigns.coding.kept import tagger_for
from campaigns.consumers.coding import Coder
from tests.storehouse import LITTLE, campaign_text


def little_coder(model: Path, folder: Path) -> Coder:
    """Returns a coder that has learnt the little campaign's own examples; its tagger is kept in the folder."""
    embedder = Embedder(model)
    return Coder(embedder, tagger_for(read_campaign(LITTLE, campaign_text()).frame, folder, embedder))
