"""Made-up identifiers in the many ways people write them, by which the screen is measured. Nobody's: drawn by lot.

Forms as Ofcom's numbering plan, the Post Office's and DVLA's own rules have them; signs, case and spacing as people use them.
"""

from collections.abc import Callable, Mapping
from random import Random

FIGURES = "0123456789"
INWARD = "ABDEFGHJLNPQRSTUWXYZ"
MAKERS: dict[str, Callable[[Random], str]] = {}
AROUND = (
    "{}", "{}.", "({})", "My wish is for more buses. {}", "please ring me about the bins {} thanks", "Contact: {}",
    "it is {} and nobody comes",
    "We want a park!\n{}", "{} - that is where the noise comes from",
    "I wrote to you before, {}, and heard nothing.", "“{}”", "see {}; they know",
)


def made_up(chance: Random) -> Mapping[str, str]:
    """Returns one identifier of each kind, each in one of its forms."""
    return {kind: make(chance) for kind, make in MAKERS.items()}


def said(chance: Random, identifier: str) -> str:
    """Returns a text that somebody may have sent with an identifier in it."""
    return chance.choice(AROUND).format(identifier)


def _kind(name: str) -> Callable[[Callable[[Random], str]], Callable[[Random], str]]:
    def keep(make: Callable[[Random], str]) -> Callable[[Random], str]:
        MAKERS[name] = make
        return make
    return keep


def _some(chance: Random, many: int, of: str = FIGURES) -> str:
    return "".join(chance.choice(of) for _ in range(many))


def _grouped(chance: Random, figures: str, *ways: tuple[int, ...], apart: tuple[str, ...] = (" ", "-", ".", "")) -> str:
    way, sign, parts, at = chance.choice(ways), chance.choice(apart), [], 0
    for length in way:
        parts.append(figures[at:at + length])
        at += length
    return sign.join(parts)


@_kind("telephone")
def telephone(chance: Random) -> str:
    """Returns a mobile or a landline number, from home or abroad."""
    apart = (" ", " ", "-", ".", "/", " - ", "", "\u00a0")
    if chance.random() < 0.5:
        own = _grouped(chance, "7" + _some(chance, 9), (4, 6), (4, 3, 3), (3, 3, 4), (10,), (2, 2, 2, 2, 2), apart=apart)
        whole = chance.choice(("0", "0", "0", "+44 ", "+44", "0044 ", "+44 (0)", "(+44) ")) + own
    else:
        area, length = chance.choice((("1332", 6), ("1332", 6), ("121", 7), ("115", 7), ("20", 8), ("1629", 6), ("800", 7)))
        ways = {6: ((6,), (3, 3), (2, 2, 2)), 7: ((3, 4), (7,)), 8: ((4, 4), (8,))}[length]
        own = _grouped(chance, chance.choice("23478") + _some(chance, length - 1), *ways, apart=apart)
        whole = chance.choice((f"0{area} {own}", f"(0{area}) {own}", f"0{area}-{own}", f"+44 {area} {own}", f"0{area}{own}"))
    return whole


@_kind("e-mail")
def e_mail(chance: Random) -> str:
    """Returns an address, with its signs or with words in their place."""
    name = chance.choice(("anna", "j.smith", "k_o", "Mary.Okafor", "derek-bell", "p.singh+derby"))
    name += chance.choice(("", _some(chance, 2)))
    at = chance.choice(("@", "@", "@", " @ ", " at ", "(at)", " [at] ", " AT "))
    dot = chance.choice((" dot ", "(dot)", " . ", ".")) if at.strip() != "@" else chance.choice((".", ".", ".", " . "))
    host = chance.choice(("gmail.com", "hotmail.co.uk", "yahoo.co.uk", "derby.gov.uk", "btinternet.com", "bells-bakery.co.uk"))
    if dot == "." and at.strip() != "@":
        host = chance.choice(("gmail.com", "hotmail.co.uk", "outlook.com"))
    return name + at + host.replace(".", dot)


@_kind("postcode")
def postcode(chance: Random) -> str:
    """Returns a postcode of any of the six forms."""
    form = chance.choice(("A9", "A99", "AA9", "AA9", "AA99", "A9A", "AA9A"))
    outward = "".join(chance.choice(FIGURES if sign == "9" else "BCDEGLMNPRSTW") for sign in form)
    whole = chance.choice((" ", " ", "", "  ", "-")).join((outward, _some(chance, 1) + _some(chance, 2, INWARD)))
    return chance.choice((whole, whole.lower(), whole.capitalize()))


@_kind("registration plate")
def plate(chance: Random) -> str:
    """Returns a plate of any age since 1963, or of Northern Ireland."""
    letters, age = "ABCDEFGHJKLMNPRSTVWXY", chance.random()
    if age < 0.5:
        parts = (_some(chance, 2, letters) + f"{chance.randint(1, 76):02}", _some(chance, 3, letters))
    elif age < 0.7:
        parts = (_some(chance, 1, letters) + str(chance.randint(1, 999)), _some(chance, 3, letters))
    elif age < 0.9:
        parts = (_some(chance, 3, letters), str(chance.randint(1, 999)) + _some(chance, 1, letters))
    else:
        parts = (_some(chance, 2, letters) + "Z", str(chance.randint(1000, 9999)))
    whole = chance.choice((" ", " ", "", "-")).join(parts)
    return whole if chance.random() < 0.7 else whole.lower()


@_kind("address")
def address(chance: Random) -> str:
    """Returns a house or a flat with its street or building."""
    street = " ".join((
        chance.choice(("Kedleston", "St Peter's", "Uttoxeter Old", "Burton", "Mill", "Princess Alice", "Nightingale", "Top")),
        chance.choice(("Road", "Rd", "Street", "st", "Lane", "Avenue", "Ave", "Close",
                       "Crescent", "Drive", "Court", "Way", "Terrace")),
    ))
    house = f"{chance.randint(1, 320)}{chance.choice(('', '', '', 'a', 'B'))}"
    building = chance.choice((
        "Rivermead House", "Darley Court", "Mill Lofts", "The Old School", "St Anne's House", "Bath Street Mews",
    ))
    called = chance.choice(("Flat", "flat", "Apartment", "Apt", "Flat no"))
    flat = f"{called} {chance.randint(1, 60)}{chance.choice(('', '', 'c'))}"
    whole = chance.choice((
        f"{house} {street}", f"{house}, {street}", f"no {house} {street}", f"number {house} {street}", f"No. {house}, {street}",
        f"{flat}, {building}", f"{flat} {building}", f"{flat}, {house} {street}", f"{flat} {house} {street}",
    ))
    return chance.choice((whole, whole, whole.lower(), whole.upper()))


@_kind("number of a person's own")
def own_number(chance: Random) -> str:
    """Returns a National Insurance, NHS, bank card or bank account number, or a date of birth."""
    letters = "ABCEGHJKLMNPRSTWXYZ"
    insurance = _some(chance, 2, letters), _some(chance, 2), _some(chance, 2), _some(chance, 2), _some(chance, 1, "ABCD")
    day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(1930, 2010)
    whole = chance.choice((
        chance.choice((" ", "", "-")).join(insurance),
        _grouped(chance, _some(chance, 10), (3, 3, 4), (10,), apart=(" ", "-", "")),
        _grouped(chance, "4" + _some(chance, 15), (4, 4, 4, 4), apart=(" ", "-", "")),
        f"{_some(chance, 2)}-{_some(chance, 2)}-{_some(chance, 2)} {_some(chance, 8)}",
        f"born {day}/{month}/{year}", f"dob {day:02}.{month:02}.{year % 100:02}", f"date of birth: {day}-{month:02}-{year}",
    ))
    return whole if chance.random() < 0.7 else whole.lower()


