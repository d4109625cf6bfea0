"""Saved searches: under a name, for oneself or for all; what cannot be saved is said, what is not one's own stays."""

import re

import pytest
from flask.testing import FlaskClient

from campaigns.store.connection import Connections
from campaigns.store.keys import lasts
from campaigns.store.staff import change_person
from campaigns.store.views import LONGEST_QUERY, MOST, CannotSave, save_view, views_for
from tests.desks import SLUG, Desks, make_desks, post
from web import create_app

PAGE = f"/officers/{SLUG}/wishes"


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    made = make_desks(create_app(settings), connections)
    made.send("More buses", ward="Abbey")
    made.count()
    return made


def save(client: FlaskClient, query: str, name: str, shared: bool = False) -> tuple[int, str]:
    answer = post(client, f"{PAGE}?{query}", {"name": name, **({"shared": "1"} if shared else {})})
    return answer.status_code, answer.text


def listed(client: FlaskClient, query: str = "") -> dict[str, str]:
    """Returns where each saved search on the list leads, by its name."""
    part = client.get(f"{PAGE}?{query}").text.partition('id="saved"')[2].partition("</details>")[0]
    return {name: where.replace("&amp;", "&") for where, name in re.findall(r'<li><div><a href="([^"]+)">([^<]+)</a>', part)}


@pytest.mark.parametrize("query", [
    "q=bus", "ward=Abbey&q=bus", "q=late+buses&how=meaning&ward=Abbey&channel=card", "like=1-1", "ask=less&base=wishes",
])
def test_a_saved_search_opens_the_same_view(desks: Desks, query: str) -> None:
    ada = desks.signed_in("officer")
    assert save(ada, query, "  My   search ")[0] == 303
    address = listed(ada)["My search"]
    assert sorted(address.partition("?")[2].split("&")) == sorted(query.split("&"))
    assert ada.get(address).status_code == 200


def test_own_ones_are_seen_by_nobody_else_and_shared_ones_by_all(desks: Desks) -> None:
    ada, rita = desks.signed_in("officer"), desks.signed_in("reviewer", name="Rita")
    save(ada, "q=bus", "Mine")
    save(ada, "q=<script>", "<b>Ours</b>", shared=True)
    save(rita, "ward=Abbey", "Rita's", shared=True)
    assert ["Mine" in page for page in (ada.get(PAGE).text, rita.get(PAGE).text)] == [True, False]
    assert "&lt;b&gt;Ours" in rita.get(PAGE).text and "<b>Ours" not in rita.get(PAGE).text
    auditor = desks.signed_in("auditor", name="Olga").get(PAGE).text
    assert "Ours" in auditor and "Save this search" not in auditor and "Delete" not in auditor


def test_a_member_sees_those_that_lead_to_their_own_wards(desks: Desks) -> None:
    ada = desks.signed_in("officer")
    save(ada, "ward=Abbey", "Abbey", shared=True)
    save(ada, "ward=Boulton", "Boulton", shared=True)
    member = desks.person("member", name="Mo")
    change_person(desks.connections, member.id, wards={SLUG: ("Abbey",)})
    assert list(listed(desks.signed_in("member", name="Mo"))) == ["Abbey"]


@pytest.mark.parametrize(("query", "name", "said"), [
    ("q=bus", " ", "Give the search a name"), ("q=bus", "x" * 90, "90 letters long"), ("", "All", "This is the whole list"),
    ("q=" + "x" * (LONGEST_QUERY + 1), "Long", "too long to be saved"),
])
def test_what_cannot_be_saved_is_said_and_the_name_kept(desks: Desks, query: str, name: str, said: str) -> None:
    ada = desks.signed_in("officer")
    token = re.search(r'name="csrf_token" value="([^"]+)"', ada.get(f"{PAGE}?q=bus").text)
    assert token
    answer = ada.post(f"{PAGE}?{query}", data={"csrf_token": token[1], "name": name, "shared": "1"})
    assert (answer.status_code, said in answer.text, 'name="shared" value="1" checked' in answer.text) == (400, True, True)
    assert f'value="{name}"' in answer.text and listed(ada) == {}


def test_the_same_name_again_takes_its_place(desks: Desks) -> None:
    ada = desks.signed_in("officer")
    save(ada, "q=bus", "Buses")
    save(ada, "q=tram", "buses")
    assert [where.rpartition("?")[2] for where in listed(ada).values()] == ["q=tram"]


def test_there_is_an_end_to_how_many_one_may_save(desks: Desks) -> None:
    for number in range(MOST):
        save_view(desks.store, f"View {number}", "s-1", False, "q=bus")
    with pytest.raises(CannotSave, match="Delete one"):
        save_view(desks.store, "One more", "s-1", False, "q=bus")
    assert save_view(desks.store, "View 7", "s-1", True, "q=tram").shared
    assert len(views_for(desks.store, "s-1")) == MOST


def test_they_are_deleted_by_their_owner_and_shared_ones_by_officers(desks: Desks) -> None:
    ada, rita = desks.signed_in("officer"), desks.signed_in("reviewer", name="Rita")
    save(ada, "q=bus", "Mine")
    save(ada, "q=bus", "Ours", shared=True)
    save(rita, "q=bus", "Rita's", shared=True)
    ids = {view.name: view.id for view in views_for(desks.store, desks.person().id)}

    def deleted(client: FlaskClient, name: str) -> int:
        return post(client, f"{PAGE}/saved/{ids[name]}", {"back": f"{PAGE}?q=bus"}, f"{PAGE}?q=bus").status_code

    assert [deleted(rita, "Ours"), deleted(rita, "Mine"), deleted(ada, "Rita's"), deleted(ada, "Mine")] == [404, 404, 303, 303]
    assert list(listed(ada)) == ["Ours"]
    assert deleted(ada, "Mine") == 303  # gone already


def test_backups_keep_them(desks: Desks) -> None:
    assert lasts(desks.store.keys.of("views"))
