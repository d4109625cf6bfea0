"""A campaign's file: read whole, or every mistake in it told by its line and what to do."""

from datetime import date

import pytest

from campaigns.campaign_file import MistakesInFile, catalogue_slugs, missing_to_open, read_campaign, read_file
from campaigns.contrast import contrast
from campaigns.definition import Source
from campaigns.mistakes import Mistakes
from tests.storehouse import ABBEY, LITTLE, campaign_text

TEXT = campaign_text()
LINES = TEXT.splitlines()


def mistakes_in(text: str) -> list[str]:
    with pytest.raises(MistakesInFile) as refused:
        read_campaign(LITTLE, text)
    return refused.value.lines


def line_of(words: str, nth: int = 0, text: str = TEXT) -> int:
    """Returns the number of the nth line that holds some words."""
    return [number for number, line in enumerate(text.splitlines(), 1) if words in line][nth]


def test_a_file_without_mistakes_is_read_whole() -> None:
    campaign = read_campaign(LITTLE, TEXT)
    assert (campaign.title, campaign.place, campaign.wishes_each) == ("Wishes for a little town", "Little Town", 3)
    assert [area.name for area in campaign.areas] == ["Abbey", "Normanton"]
    assert campaign.source("libraries") == Source("libraries", "Libraries", "card")
    assert [question.special for question in campaign.questions] == [False, True, True]
    assert campaign.deputy.name == "B Person"
    assert (campaign.window.opens, campaign.window.cards_until) == (date(2010, 6, 28), date(2010, 8, 6))
    assert len(campaign.frame.examples) == 50
    assert missing_to_open(campaign) == []


@pytest.mark.parametrize("slug", catalogue_slugs())
def test_every_campaign_of_the_catalogue_is_in_order(slug: str) -> None:
    campaign = read_campaign(slug, read_file(slug))
    assert campaign.slug == slug
    assert missing_to_open(campaign) == []


@pytest.mark.parametrize(("was", "now", "line_with", "said"), [
    ('title = "Wishes for a little town"', "", "", "title is missing"),
    ('title = "Wishes for a little town"', 'title = "  "', 'title = "  "', "title is missing"),
    ('place = "Little Town"', "place = 7", "place = 7", "place must be a text in quotation marks"),
    ("wishes_each = 3", "wishes_each = 4", "wishes_each = 4", "from 1 to 3"),
    ("wishes_each = 3", "wishes_each = 0", "wishes_each = 0", "from 1 to 3"),
    ("wishes_each = 3", 'wishes_each = "3"', 'wishes_each = "3"', "a whole number"),
    ("wishes_each = 3", "wishes_each = true", "wishes_each = true", "a whole number"),
    ("wishes_each = 3", "wishes_eech = 3", "wishes_eech", "wishes_eech means nothing here"),
    ('can_change = ["What comes first"]', 'can_change = "What comes first"', "can_change", "a list of texts"),
    ('areas = ["E05001780"]', 'areas = ["E9"]', 'areas = ["E9"]', "no area has the id “E9”"),
    ('areas = ["E05001780"]', 'areas = ["E05001767"]', 'areas = ["E05001767"]', "is in two parts"),
    ('areas = ["E05001780"]', 'values = ["2"]', 'name = "South side"', "“South side” needs areas = [...]"),
    ('values = ["1"]', 'areas = ["E05001767"]', 'name = "Most deprived"', "“Most deprived” needs values, not areas"),
    ('id = "side"', 'id = "hour"', 'id = "hour"', "means something else here already"),
    ('id = "side"', 'id = "connection"', 'id = "connection"', "means something else here already"),
    ('column = "IMD fifth"', "column = 5", "column = 5", "column must be a text in quotation marks"),
    ('values = ["1"]', 'value = "1"', 'value = "1"', "value means nothing here"),
    ('"letter", "tree"]', '"letter", "pigeon"]', "channels =", "“pigeon” is not a channel"),
    ("[window]", 'window = "now"\n[elsewhere]', "window = ", "window must be a table"),
    ("opens = 2010-06-28", "", "[window]", "opens must be a date"),
    ("opens = 2010-06-28", 'opens = "2010-06-28"', "opens = ", "opens must be a date"),
    ("opens = 2010-06-28", "opens = 2010-06-28T00:00:00", "opens = ", "opens must be a date"),
    ("closes = 2010-07-30", "closes = 2010-06-01", "closes = ", "in that order"),
    ("cards_until = 2010-08-06", "cards_until = 2010-07-01", "closes = ", "in that order"),
    ("cards_until = 2010-08-06", 'timezone = "Derby"', "timezone", "timezone is not known"),
    ("cards_until = 2010-08-06", "cards_till = 2010-08-06", "cards_till", "cards_till means nothing here"),
    ('name = "Normanton"', "", f'id = "{ABBEY[:-2]}80"', "has no name"),
    ('name = "Normanton"', 'nane = "Normanton"', "nane", "nane means nothing here"),
    ('id = "E05001780"', f'id = "{ABBEY}"', "", f"the id “{ABBEY}” twice"),
    ('id = "E05001780"', "id = 80", "id = 80", "id must be a text"),
    ('channel = "card"', 'channel = "photo"', 'channel = "photo"', "“photo” is not one of this campaign's channels"),
    ('channel = "card"', 'area = "Atlantis"\nchannel = "card"', 'area = "Atlantis"', "no area has the id “Atlantis”"),
    ('"I live here", "I work here", "I visit"', '"I live here"', '["I live here"]', "from 2 to 250 options"),
    ('"I live here", "I work here", "I visit"', '"0", "1", "2 or more"', '["0",', "only a number"),
    ('id = "connection"', 'id = "theme"', 'id = "theme"', "means something else here"),
    ("special = true", "special = true\non_card = true", "on_card", "whoever carries the card reads the answer"),
    ("special = true", 'special = "yes"', 'special = "yes"', "true or false"),
    ('[safeguarding]\nname = "A Person"', '[safeguarding]\nname = ["A Person"]', '["A Person"]', "name must be a text"),
    ('controller = "Little', 'controler = "Little', "controler", "controler means nothing here"),
    ('[privacy]\n', '[keying]\nsecond_percent = 101\n[privacy]\n', "second_percent", "from 0 to 100"),
    ('[privacy]\n', '[keying]\napart_percent = -1\n[privacy]\n', "apart_percent", "from 0 to 50"),
    ('[privacy]\n', '[keying]\nshare = 1\n[privacy]\n', "share = 1", "share means nothing here"),
    ('id = "safer"\n', 'id = "Safer"\n', 'id = "Safer"', "'Safer' will not do"),
    ('id = "growth.jobs"', 'id = "growth.roads"', 'id = "growth.roads"', "more than once"),
    ('id = "growth.jobs"', 'id = "wealth.jobs"', '"wealth', "no such theme"),
    ('"Widen Mill Lane"', '"Widen the old town"', '"Widen the old town"', "stands twice"),
    ('"Widen Mill Lane"', "7", "", "not a list of texts"),
    ("[[frame.themes]]\nid = \"growth\"", "[[frame.theems]]\nid = \"growth\"", "theems", "'theems', which means nothing"),
])
def test_a_mistake_is_told_by_line_and_remedy(was: str, now: str, line_with: str, said: str) -> None:
    assert TEXT.count(was) >= 1
    text = TEXT.replace(was, now, 1)
    told = [line for line in mistakes_in(text) if said in line]
    assert told, mistakes_in(text)
    if line_with:
        places = [number for number, line in enumerate(text.splitlines(), 1) if line_with in line]
        assert int(told[0].split(":")[0].removeprefix("Line ")) in (places[0], places[-1], places[0] - 1), (told, places)


def test_a_mistake_is_told_where_it_stands_and_not_where_its_name_first_stands() -> None:
    text = TEXT.replace('id = "E05001780"', f'id = "{ABBEY}"')
    said = f"[[areas.list]] has the id “{ABBEY}” twice. Give each its own."
    assert mistakes_in(text)[:1] == [f"Line {line_of(ABBEY, 1, text)}: {said}"]
    untitled = TEXT.replace('title = "Wishes for a little town"', "") + '\n[[drafts]]\nkind = "vision"\ntitle = "A vision"\n'
    assert mistakes_in(untitled)[0].startswith("Line 1: title is missing")


def test_every_mistake_is_told_at_once() -> None:
    text = TEXT.replace('place = "Little Town"', "").replace("closes = 2010-07-30", "").replace('controller = "', 'boss = "')
    text = text.replace('"Widen Mill Lane"', '"Widen the old town"').replace('name = "Libraries"', "")
    told = "\n".join(mistakes_in(text))
    assert all(said in told for said in ("place is missing", "closes must be", "boss means nothing", "stands twice", "no name"))


@pytest.mark.parametrize("text", ["title = \nplace = 'a'", "[[[\n", "title = 'a'\ntitle = 'b'\nplace = 'c'"])
def test_what_is_not_toml_is_said_with_its_place(text: str) -> None:
    assert "Not valid TOML" in mistakes_in(text)[0] and "line" in mistakes_in(text)[0]


@pytest.mark.parametrize("text", [
    "", "frame = 7", "frame = []", 'areas = "Abbey"', 'areas = ["Abbey"]', "[areas]\nlist = ['Abbey']", "sources = 1",
    'questions = ["?"]', "[safeguarding]\ndeputy = 'me'", "[frame]\ncodes = 1", "[window]\ntimezone = 4",
    "[window]\ntimezone = '../../etc'", "[[window]]\n", "look = 'nice'",
])
def test_a_strange_file_is_refused_in_words_whatever_it_holds(text: str) -> None:
    assert all(line.startswith("Line ") for line in mistakes_in(text))


def test_a_name_that_is_no_campaign_says_which_there_are() -> None:
    for slug in ("atlantis", "../../etc/passwd", "Derby-2026", ""):
        with pytest.raises(MistakesInFile, match="derby-2026"):
            read_file(slug)


@pytest.mark.parametrize(("was", "said"), [
    ('name = "A Person"', "[safeguarding]"), ('contact = "deputy@little.example"', "[safeguarding.deputy]"),
    ('lawful_basis = "public task"', "lawful_basis"), ('impact_assessment = "DPIA-1"', "impact_assessment"),
])
def test_what_is_missing_to_open_is_said(was: str, said: str) -> None:
    missing = missing_to_open(read_campaign(LITTLE, TEXT.replace(was, "")))
    assert len(missing) == 1 and said in missing[0]


def test_a_heading_with_a_comment_or_spaces_is_still_found() -> None:
    mistakes = Mistakes("[ window ]  # when\nopens = 1\n[privacy]\nopens = 2\n")
    mistakes.add("window.opens", "a")
    mistakes.add("privacy.opens", "b")
    mistakes.add("window.closes", "c")
    assert mistakes.lines == ["Line 2: a", "Line 4: b", "Line 1: c"]


@pytest.mark.parametrize(("look", "said"), [
    ('leaf = "green"', "leaf must be a colour such as"), ('ink = "#fff"', "ink must be a colour"),
    ('red = "#ff8888"', "red cannot be read on the paper (2."), ('paper = "#000000"', "ink cannot be read on the paper"),
    ('leaf = "#1e6b3c; } body { display: none"', "leaf must be a colour"),
])
def test_colours_that_cannot_be_read_are_refused(look: str, said: str) -> None:
    assert any(said in line for line in mistakes_in(f"{TEXT}\n[look]\n{look}\n"))


def test_contrast_is_that_of_the_standard() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54
    assert contrast("#123456", "#123456") == 1.0
