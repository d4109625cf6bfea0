"""Every route, with every role, on two campaigns; and what members and partners see of the one that is theirs."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import Forbidden, HTTPException
from werkzeug.routing import Rule

from campaigns.responses import SlotCoding
from campaigns.store.changes import code_wish
from campaigns.store.connection import Connections
from campaigns.store.log import read_events
from campaigns.store.responses import get_response
from campaigns.store.staff import ROLES, Person, add_person, change_person, find_person, get_person
from campaigns.store.store import open_store
from tests.desks import SLUG, Desks, make_desks, post
from tests.storehouse import LITTLE, open_little
from web import create_app
from web.guards import OPEN, PUBLIC, may_open
from web.sessions import enter

ELSEWHERE = LITTLE
LINK = re.compile(r"/account/invitation/[\w-]+")
LETTERS = dict(zip("aorskpmu", ROLES, strict=True))  # u is the auditor
ALL, OFFICERS, KEYERS = "aorskpmu", ("aou", "ao"), ("asku", "ask")
PARTNERS = ("aopu", "")
# Who may open each route: for reading, and for sending something to it; none where it does not take that.
# A route that is not placed here fails the test until it is.
ROUTES = {
    "keying.choose": ("asku", ""), "keying.desk": KEYERS, "keying.card": ("asku", ""), "keying.batch": KEYERS,
    "keying.end": KEYERS, "keying.take": ("", "ask"), "keying.tray": ("aosu", ""), "keying.settle": ("", "aos"),
    "keying.attach": ("", "ask"), "keying.look": ("asku", ""), "keying.hello": ("asku", ""), "keying.phrases": ("asku", ""),
    "keying.again": ("asku", ""), "keying.bundle": KEYERS, "keying.take_again": ("", "ask"), "keying.look_again": ("asku", ""),
    "keying.waiting": ("asku", ""), "keying.third": KEYERS, "keying.quality": ("asu", "as"), "keying.mine": ("asku", ""),
    "keying.repeats": ("asu", "as"),
    "officers.choose": ("aormu", ""), "officers.dashboard": ("aomu", ""), "officers.wishes": ("aormu", "aor"),
    "officers.tables": ("aomu", ""), "officers.map": ("aomu", ""), "officers.reach": OFFICERS,
    "officers.alike": OFFICERS, "officers.answers": ("aou", ""), "officers.answer": OFFICERS,
    "officers.indicators": OFFICERS, "officers.indicators_file": ("aou", ""), "officers.referral": OFFICERS,
    "officers.delete_view": ("", "aor"), "officers.moderation": ("aoru", ""),
    "officers.exports": OFFICERS, "officers.download": ("aou", ""), "officers.made": ("", "ao"),
    "officers.made_file": ("aou", ""), "officers.open_data": OFFICERS,
    "officers.wish": ("aormu", "aor"), "officers.moderate": ("", "aor"), "officers.redact": ("", "aor"),
    "officers.frame": OFFICERS, "officers.missed": OFFICERS, "officers.code": OFFICERS,
    "officers.review": ("aoru", "aor"), "officers.undo_review": ("", "aor"),
    "officers.sample": ("aoru", ""), "officers.draw_sample": ("", "ao"), "officers.undo_sample": ("", "aor"),
    "officers.code_sample": ("aoru", "aor"), "officers.settle_sample": ("aoru", "aor"),
    "officers.ledger": ("aou", ""), "officers.ledger_cards": ("aou", ""), "officers.ledger_find": ("aou", ""),
    "officers.ledger_card": ("aou", ""), "officers.draws": OFFICERS, "officers.scans": OFFICERS, "officers.scan": ("aou", ""),
    "officers.waiting": OFFICERS, "officers.waiting_picture": ("aou", ""), "officers.printing": OFFICERS,
    "officers.batch": OFFICERS, "officers.printed_file": ("aou", ""), "officers.poster": ("aou", ""),
    "officers.letters": ("aou", ""), "officers.letter": OFFICERS, "officers.attachment": ("aou", ""),
    "officers.worries": ("aou", ""), "officers.note_worry": ("", "ao"), "officers.raise_worry": ("", "aor"),
    "officers.draft": ("aou", ""),
    "officers.workings": OFFICERS, "officers.working": OFFICERS, "officers.working_file": ("aou", ""),
    "officers.drafts": OFFICERS, "officers.handle_draft": ("", "ao"), "officers.made_draft": ("aou", ""),
    "officers.draft_style": ("aou", ""), "officers.tagger": ("aou", ""), "officers.tagger_file": ("aou", ""),
    "partners.choose": PARTNERS, "partners.links": PARTNERS, "partners.symbol": PARTNERS,
    "account.home": (ALL, ""), "account.sign_out": ("", ALL), "account.people": ("a", "a"), "account.person": ("a", "a"),
    "account.new_password": ("", "a"),
    "account.end_second_step": ("", "a"), "account.two_step": (ALL, ALL), "account.sessions": (ALL, ALL),
    "account.jobs": ("au", "a"), "account.help": (ALL, ""),
    "account.help_page": (ALL, ""), "account.help_picture": (ALL, ""),
    "account.password": (ALL, ALL), "account.sign_out_everywhere": ("", ALL),
}
CELL = re.compile(r"<t[dh].*?</t[dh]>", re.DOTALL)
TWO = ("officer", "keyer")
FILLED = {"number": 1, "slot": 1, "first": 1, "size": "a4", "paper": "sheets"}


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    open_little(connections)
    return make_desks(create_app(settings), connections)


def closed_rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules()
            if rule.endpoint not in OPEN and rule.endpoint.partition(".")[0] not in PUBLIC]


def let_in(app: Flask, client: FlaskClient, rule: Rule, slug: str, method: str) -> bool:
    """Tells whether the guard lets a request through; what the page itself then says is not asked."""
    cookie = client.get_cookie("session")
    assert cookie
    values = {name: slug if name == "slug" else FILLED.get(name, "x") for name in rule.arguments}
    address = app.url_map.bind("localhost").build(rule.endpoint, values, method)
    with app.test_request_context(address, method=method, headers={"Cookie": f"session={cookie.value}"}):
        try:
            return app.preprocess_request() is None
        except Forbidden:
            return False
        except HTTPException as failure:  # a response outside a member's wards is not there
            return failure.code == 404


def test_every_route_opens_to_its_roles_in_their_campaign_alone(desks: Desks) -> None:
    desks.app.config["WTF_CSRF_ENABLED"] = False
    rules = closed_rules(desks.app)
    assert {rule.endpoint for rule in rules} == set(ROUTES), "place every route in ROUTES"
    clients = {letter: desks.signed_in(role, name=role, campaigns=(SLUG,)) for letter, role in LETTERS.items()}
    for rule in rules:
        for wanted, method in zip(ROUTES[rule.endpoint], ("GET", "POST"), strict=True):
            assert bool(wanted) == (method in (rule.methods or ())), f"{method} {rule.endpoint}"
            for slug in (SLUG, ELSEWHERE) if wanted else ():
                opened = "".join(letter for letter, client in clients.items() if let_in(desks.app, client, rule, slug, method))
                expected = wanted if slug == SLUG or "slug" not in rule.arguments else "a"
                assert opened == expected, f"{method} {rule.endpoint} of {slug}"


@pytest.mark.parametrize(("roles", "grants", "role", "slug", "may"), [
    (TWO, {"keyer": ("b",)}, "officer", "a", True), (TWO, {"keyer": ("b",)}, "keyer", "a", False),
    (TWO, {"keyer": ("b",)}, "keyer", "b", True), (TWO, {"keyer": ("b",)}, "officer", "b", False),
    (("supervisor",), {"supervisor": ("b",)}, "keyer", "b", True), (("supervisor",), {"supervisor": ("b",)}, "keyer", "a", False),
    (("officer",), {"reviewer": ("a",)}, "reviewer", "a", False), (("auditor",), {}, "officer", "a", False),
])
def test_each_role_has_campaigns_of_its_own(
    roles: tuple[str, ...], grants: dict[str, tuple[str, ...]], role: str, slug: str, may: bool
) -> None:
    assert Person("s-1", "Ada", "a@b", "", roles, ("a",), grants=grants).may(role, slug) is may


@pytest.mark.parametrize(("roles", "bounds"), [
    (("officer", "member"), {}), (("reviewer", "partner"), {}), (("auditor",), {}), (("administrator",), {}),
    (("member",), {"ward": ("Abbey",)}), (("member", "partner"), {"ward": ("Abbey",)}), (("keyer",), {}),
    (("partner",), {"source": ("libraries",)}),
])
def test_members_see_their_wards_and_partners_their_sources(roles: tuple[str, ...], bounds: dict[str, tuple[str, ...]]) -> None:
    person = Person("s-1", "Ada", "a@b", "", roles, wards={SLUG: ("Abbey",)}, sources={SLUG: ("libraries",)})
    assert person.bounds(SLUG) == bounds


def test_a_record_from_before_is_read_and_a_new_one_comes_back_whole(desks: Desks) -> None:
    ada = desks.person("officer", campaigns=(SLUG,))
    assert (ada.grants, ada.wards, ada.sources) == ({}, {}, {})
    changed = change_person(desks.connections, ada.id, grants={"keyer": (SLUG,)}, wards={SLUG: ("Abbey",)}, sources={})
    assert changed == get_person(desks.connections, ada.id) and changed.wards[SLUG] == ("Abbey",)
    assert changed.standing != ada.standing


def member(desks: Desks, *wards: str) -> FlaskClient:
    who = add_person(desks.connections, "Mo", "mo@derby.example", "-", ["member"], [SLUG])
    changed = change_person(desks.connections, who.id, wards={SLUG: wards})
    client = desks.app.test_client()
    assert changed
    with client.session_transaction() as session:
        enter(session, changed)
    return client


def test_a_member_reads_their_own_ward_and_nothing_of_others(desks: Desks) -> None:
    for words, ward in (("Swings in Abbey", "Abbey"), ("More trees", "Abbey"), ("Zeppelins please", "Mickleover")):
        desks.send(words, ward=ward)
    desks.count()
    client, officer = member(desks, "Abbey"), desks.signed_in("officer")
    page, listed = client.get(f"/officers/{SLUG}/"), client.get(f"/officers/{SLUG}/wishes").text
    assert 'data-responses="2"' in page.text and "Needs you today" not in page.text and "3 responses" not in page.text
    assert 'data-responses="3"' in officer.get(f"/officers/{SLUG}/").text
    assert "Swings" in listed and "More trees" in listed and "Zeppelins" not in listed and "Hold back" not in listed
    for address in ("wishes?ward=Mickleover", "?ward=Mickleover", "?ward=none"):
        refused = client.get(f"/officers/{SLUG}/{address}")
        assert (refused.status_code, "You may look at Abbey" in refused.text) == (400, True)
    both = client.get(f"/officers/{SLUG}/wishes?ward=Mickleover&ward=Abbey").text
    assert "Swings" in both and "Zeppelins" not in both
    answers = [client.get(f"/officers/{SLUG}/wishes/{number}/1").status_code for number in (1, 3, 99)]
    assert answers == [200, 404, 404]
    tag = page.headers["ETag"]
    assert officer.get(f"/officers/{SLUG}/", headers={"If-None-Match": tag}).status_code == 200
    counted = client.get(f"/api/v1/campaigns/{SLUG}/tallies?by=ward&by=channel").json
    assert counted and "withheld" in counted


def test_every_table_a_member_sees_is_the_officers_table_of_their_wards(desks: Desks) -> None:
    for n in range(9):
        desks.send(f"Wish {n}", "Another", ward=("Abbey", "Mickleover", "Arboretum")[n % 3])
    desks.count()
    client, officer = member(desks, "Abbey", "Arboretum"), desks.signed_in("officer")
    for page in ("", "?base=wishes", "tables", "tables?by=ward&by=channel", "map", "map?base=wishes"):
        whole = f"/officers/{SLUG}/{page}"
        own = f"{whole}{'&' if '?' in page else '?'}ward=Abbey&ward=Arboretum"
        cells = [CELL.findall(one.get(address).text) for one, address in ((client, whole), (officer, own), (officer, whole))]
        assert cells[0] == cells[1] != cells[2], page


def test_a_member_without_a_ward_is_told_whom_to_ask(desks: Desks) -> None:
    answer = member(desks).get(f"/officers/{SLUG}/")
    assert (answer.status_code, "Ask your administrator" in answer.text) == (400, True)


def test_a_partner_hands_out_the_links_of_their_own_sources_alone(desks: Desks) -> None:
    admin = desks.signed_in("administrator", name="Root")
    desks.person("partner", name="Pat", campaigns=(SLUG,))
    who = desks.person("partner", name="Pat")
    sources = [source.id for source in desks.store.campaign.sources]
    form = {"role": "partner", "campaign": SLUG, f"source-{SLUG}": sources[0], f"ward-{SLUG}": "Atlantis", "grant-partner": SLUG}
    assert post(admin, f"/account/people/{who.id}", form).status_code == 303
    changed = get_person(desks.connections, who.id)
    assert changed and (changed.sources, changed.wards, changed.grants) == ({SLUG: (sources[0],)}, {}, {"partner": (SLUG,)})
    client = desks.signed_in(name="Pat")
    page = client.get(f"/partners/{SLUG}/").text
    assert page.count('class="plate"') == 1 and f"/from/{sources[0]}" in page
    assert [client.get(f"/partners/{SLUG}/{source}.svg").status_code for source in sources[:2]] == [200, 404]


def test_a_partner_sees_what_came_through_their_own_source_and_no_few(desks: Desks) -> None:
    sources = [source.id for source in desks.store.campaign.sources]
    for number in range(1, 9):
        desks.send("Trams", "Parks", source=sources[0])
        response = get_response(desks.store, number)
        assert response
        codes = ("growth.transport",) if number < 7 else ("safer.green",)
        assert code_wish(desks.store, response, 1, SlotCoding(codes, "more", "s-1")).done
    desks.send("Elsewhere", source=sources[1])
    desks.count()
    person = add_person(desks.connections, "Pat", "pat@derby.example", "-", ["partner"], [SLUG], sources={SLUG: (sources[0],)})
    client = desks.app.test_client()
    with client.session_transaction() as session:
        enter(session, person)
    page = client.get(f"/partners/{SLUG}/").text
    assert "<strong>8 responses</strong> with 16 wishes" in page and "1 response" not in page
    assert page.count('<span class="quiet">few</span>') == 2 and "<td class=\"count\">2</td>" not in page


def test_an_invitation_says_which_wards_and_sources(desks: Desks) -> None:
    admin = desks.signed_in("administrator", name="Root")
    form = {"role": "member", "campaign": SLUG, f"ward-{SLUG}": "Abbey", "grant-member": SLUG}
    link = LINK.search(post(admin, "/account/people", form).text)
    assert link
    invited = desks.app.test_client()
    joined = {"name": "Mo", "email": "mo@derby.example", "password": "three wishes and a leaf"}
    assert post(invited, link[0], joined).status_code == 303
    found = find_person(desks.connections, "mo@derby.example")
    assert found and (found.roles, found.wards, found.grants) == (("member",), {SLUG: ("Abbey",)}, {"member": (SLUG,)})


def test_a_member_who_is_a_partner_too_has_the_links_of_their_sources(desks: Desks) -> None:
    who = add_person(desks.connections, "Mo", "mo@derby.example", "-", ["member", "partner"], [SLUG])
    source = desks.store.campaign.sources[0].id
    change_person(desks.connections, who.id, wards={SLUG: ("Abbey",)}, sources={SLUG: (source,)})
    client = desks.app.test_client()
    with client.session_transaction() as session:
        enter(session, get_person(desks.connections, who.id) or who)
    assert client.get(f"/partners/{SLUG}/").text.count('class="plate"') == 1
    page = client.get(f"/officers/{SLUG}/wishes").text
    assert '<option value="Abbey"' in page and '<option value="Mickleover"' not in page and "Leave out: from" not in page


def test_links_lead_only_where_one_may_go(desks: Desks) -> None:
    person = Person("s-1", "Ada", "a@b", "", ("reviewer",))
    assert may_open(person, "officers.wish", SLUG, "POST") and not may_open(person, "officers.dashboard", SLUG)
    for role in ROLES:
        client = desks.signed_in(role, name=role, campaigns=(SLUG,))
        home = client.get("/account/").text
        offered = [page for page in (f"/officers/{SLUG}/", f"/officers/{SLUG}/wishes", f"/partners/{SLUG}/", f"/keying/{SLUG}/")
                   if f'href="{page}"' in home]
        assert offered, role
        assert [page for page in offered if client.get(page).status_code != 200 and role != "member"] == [], role


def test_acts_on_people_are_in_the_log_of_each_campaign_concerned_without_names(desks: Desks) -> None:
    admin = desks.signed_in("administrator", name="Root")
    root = desks.person(name="Root").id
    page = post(admin, "/account/people", {"name": "Grace", "role": ["officer", "keyer"], "campaign": SLUG}).text
    link = "/account/invitation/" + page.split("/account/invitation/")[1].split('"')[0]
    form = {"name": "Grace", "email": "grace@derby.example", "password": "three wishes and a leaf"}
    assert post(desks.app.test_client(), link, form).status_code == 303
    who = desks.person(name="Grace").id
    for more in ({"role": "reviewer"}, {"role": "reviewer", "closed": "on"}):
        assert post(admin, f"/account/people/{who}", {"campaign": SLUG, **more}).status_code == 303
    told = [(event.name, event.who, event.data) for event in read_events(desks.store) if event.name.startswith("staff.")]
    assert told == [
        ("staff.invited", root, {"roles": "officer keyer"}),
        ("staff.joined", who, {"by": root, "person": who, "roles": "officer keyer"}),
        ("staff.changed", root, {"person": who, "roles": "reviewer", "was": "officer keyer"}),
        ("staff.closed", root, {"person": who, "was": "reviewer"}),
    ]
    assert not any(event.name.startswith("staff.") for event in read_events(open_store(desks.connections, LITTLE)))
