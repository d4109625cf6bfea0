"""What the wishes ask for: by theme, most asked first, with the codes under each and which way they ask."""

from campaigns.definition import CHANNEL_WORDS
from campaigns.drafts.document import Bullets, Cell, Grid, Part, Said, Section, Text
from campaigns.drafts.evidence import Quote
from campaigns.drafts.material import Material
from campaigns.drafts.prose import Ranked, both_bases, count, first_places, graded, of_them, plural, starting
from campaigns.drafts.surety import said_of_range
from campaigns.drafts.tracing import behind
from campaigns.drafts.ways import ASKED, say_direction

MOST_CODES_SAID = 3
IN_WORDS = "In their own words:"
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def what_they_asked(material: Material, heading: str) -> Section:
    """Returns the part on what was asked for: an overview, then every theme in order."""
    if not material.coded_responses:
        return Section("asked-for", heading, (Text("No wish has been coded yet, so nothing can be said by theme."),))
    parts = (Text(material.base_words), overview(material))
    outside = [section for name in _alone(material) for section in _outside(material, name)]
    return Section("asked-for", heading, parts, (*(_theme(material, one) for one in material.themes), *outside))


def overview(material: Material) -> Grid:
    """Returns the themes on all three bases, what stands outside them last."""
    ordered = [one.name for one in material.themes] + _alone(material)
    rows = tuple(_theme_row(material, name) for name in ordered)
    total = (
        "In all, each counted once", material.share(material.coded_responses), material.evidence.number("coded, wishes"),
        material.evidence.number("coded, mentions"),
    )
    note = (
        f"A response may hold up to {NUMBERS[material.campaign.wishes_each]} wishes, and a wish may carry up to three codes. "
        "So responses and wishes add up to more than their totals. A mention is one code on one wish."
    )
    columns = ("Theme", "Responses", "Wishes", "Mentions")
    traces = tuple(behind(theme=name) for name in ordered)
    if not (ranges := material.evidence.ranges("theme")):
        return Grid("Themes by how many ask for them", columns, rows, total, note, traces)
    ranged = tuple((*row, ranges[name].words) for row, name in zip(rows, ordered, strict=True))
    note = f"{note} The range is of the share of responses."
    return Grid("Themes by how many ask for them", (*columns, "Range"), ranged, (*total, "–"), note, traces)


def _theme_row(material: Material, name: str) -> tuple[Cell, ...]:
    number = material.evidence.counts("theme, responses").get(name, 0)
    mentions = material.evidence.counts("theme, mentions").get(name, 0)
    return material.name(name), material.share(number), material.wishes("theme", name), mentions


def _alone(material: Material) -> list[str]:
    """Codes that stand outside the themes: something else, and no wish. They come last, whatever their count."""
    themes = {theme.id for theme in material.campaign.frame.themes}
    return [code.id for code in material.campaign.frame.codes if material.campaign.frame.theme_of(code.id) not in themes]


def _theme(material: Material, one: Ranked) -> Section:
    theme = next(theme for theme in material.campaign.frame.themes if theme.id == one.name)
    parts: list[Part] = [place_words(material, one), Text(f"{theme.answers}.", "Who answers for it:")]
    if one.number:
        parts += [most_asked(material, one.name), code_table(material, one.name), *quotes_of(material, one.name)]
    return Section(f"theme-{one.name}", theme.name, tuple(parts), theme=one.name)


def _outside(material: Material, name: str) -> list[Section]:
    """What was asked for outside the themes, among it what was written in other languages: shown once some of it is cleared."""
    found = material.evidence.quotes(name)
    if found is None or not found.cleared:
        return []
    said = Text("These fit no code of the frame, or are in another language; a person has read them.")
    return [Section(f"theme-{name}", material.name(name), (said, *quotes_of(material, name)), theme=name)]


def place_words(material: Material, one: Ranked) -> Text:
    """Returns a theme's place among the themes, with its counts and the word for its share."""
    if not one.number:
        return Text("No coded wish asks for anything here yet.")
    of = f"of the {_number(len(material.themes))} themes" if len(material.themes) > 1 else "theme"
    said = f"Asked for {both_bases(one.number, material.coded_responses, material.wishes('theme', one.name))}"
    found = material.evidence.ranges("theme").get(one.name)
    share = said_of_range(found) if found else of_them(graded(one.number, material.coded_responses), "response")
    return Text(f"{said}: {share}." if share else f"{said}.", f"{starting(one.words)} {of}.", trace=behind(theme=one.name))


def _number(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else count(number)


def most_asked(material: Material, theme: str) -> Bullets:
    """Returns a theme's first three codes and what ties with the third, each with which way its wishes ask."""
    said = first_places([one for one in material.codes(theme) if one.number], MOST_CODES_SAID)
    return Bullets(tuple(_code(material, one) for one in said))


def _code(material: Material, one: Ranked) -> Text:
    where = both_bases(one.number, material.coded_responses, material.wishes("code", one.name))
    said = f"{one.words} here, {where}. {say_direction(material.evidence.asks(one.name))}"
    return Text(said, f"{material.name(one.name)}:", trace=behind(code=one.name))


def code_table(material: Material, theme: str) -> Grid:
    """Returns a theme's codes by responses, wishes and which way the wishes ask."""
    codes = material.codes(theme)
    most = max(material.wishes("code", one.name) for one in codes)
    rows = tuple(
        (material.name(one.name), material.share(one.number), material.wishes("code", one.name), material.ways(one.name, most))
        for one in codes
    )
    columns = ("Asked about", "Responses", "Wishes", "Which way the wishes ask")
    traces = tuple(behind(code=one.name) for one in codes)
    return Grid(f"What was asked for under {material.name(theme)}", columns, rows, traces=traces)


def quotes_of(material: Material, theme: str) -> list[Part]:
    """Returns a theme's cleared wishes in their own words, or why there are none."""
    found = material.evidence.quotes(theme)
    if found is None or not found.cleared:
        return [Text("No wish under this theme has been cleared for quoting yet, so none is quoted.", IN_WORDS)]
    if not found.quotes:
        return [Text("The responses whose wishes were cleared here are quoted under other themes.", IN_WORDS)]
    said = f"{count(len(found.quotes))} of the {plural(found.cleared, 'wish', 'wishes')} cleared for quoting."
    return [Text(said, IN_WORDS), *(said_by(quote) for quote in found.quotes)]


def said_by(quote: Quote) -> Said:
    """Returns a quote with what may be told about where it came from."""
    asks = f"asks {ASKED[quote.ask]}" if quote.ask in ASKED else "tells no direction"
    about = ", ".join(part for part in (quote.area, CHANNEL_WORDS.get(quote.channel, quote.channel), asks) if part)
    return Said(quote.words + (" […]" if quote.cut else ""), starting(about))
