"""Help: the documentation's own pages, each role's first, with their pictures and nothing of the repository's besides."""

import pytest

from campaigns.store.connection import Connections
from campaigns.store.staff import ROLES, Person
from tests.desks import Desks, make_desks
from web import create_app
from web.account.helping import DOCS, PAGES, own_pages


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


def test_every_role_has_a_page_of_its_own() -> None:
    own = {role: own_pages(Person("s-1", "Ada", "a@b", "", (role,))) for role in ROLES}
    assert own == {
        "administrator": ["administrators"], "officer": ["officers"], "reviewer": ["reviewers"], "supervisor": ["keying"],
        "keyer": ["keying"], "partner": ["partners"], "member": ["members"], "auditor": ["auditors"],
    }
    assert own_pages(Person("s-1", "Ada", "a@b", "", ("supervisor", "keyer", "officer"))) == ["keying", "officers"]
    assert own_pages(Person("s-1", "Ada", "a@b", "", ())) == ["officers"]


def test_help_is_there_with_its_pictures(desks: Desks) -> None:
    client = desks.signed_in("member")
    first = client.get("/account/help").text
    assert "<h1>For members</h1>" in first and first.index("For members") < first.index("Keying cards")
    for name in PAGES:
        page = client.get(f"/account/help/{name}").text
        assert page.count("<h1>") == 1 and "style=" not in page and 'href="javascript' not in page, name
        for picture in page.split('src="/account/help/pictures/')[1:]:
            answer = client.get("/account/help/pictures/" + picture.split('"')[0])
            assert (answer.status_code, answer.mimetype) == (200, "image/png")
            answer.close()
    auditors = client.get("/account/help/auditors").text
    assert 'href="/account/help/ledger"' in auditors and 'class="scroller"' in auditors


@pytest.mark.parametrize("name", ["nothing", "contributing", "pictures/..%2fsecurity.md", "..%2fREADME", "pictures/none.png"])
def test_nothing_else_of_the_repository_is_shown(desks: Desks, name: str) -> None:
    assert desks.signed_in("officer").get(f"/account/help/{name}").status_code == 404


def test_every_page_of_help_is_written() -> None:
    assert [name for name in PAGES if not (DOCS / f"{name}.md").is_file()] == []
