"""Staff: invited once, known by a pseudonym, let in by role and campaign."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from campaigns.store.connection import Connections
from campaigns.store.keys import STAFF_BY_EMAIL
from campaigns.store.staff import (
    INVITATION_SECONDS,
    EmailTaken,
    Invitation,
    Person,
    add_person,
    all_people,
    find_person,
    get_person,
    invite,
    read_invitation,
    take_up,
)
from tests.storehouse import every_byte

OFFICER = Invitation(("officer",), "Ada", "ada@little.example", ("little-town",))


@pytest.mark.parametrize(("roles", "campaigns", "role", "slug", "may"), [
    (("officer",), (), "officer", "", True), (("officer",), (), "officer", "anywhere", True),
    (("officer",), (), "keyer", "", False), ((), (), "officer", "", False),
    (("officer",), ("derby",), "officer", "derby", True), (("officer",), ("derby",), "officer", "durham", False),
    (("supervisor",), (), "keyer", "derby", True), (("supervisor",), ("derby",), "keyer", "durham", False),
    (("supervisor",), (), "supervisor", "", True), (("supervisor",), (), "officer", "", False),
    (("keyer",), (), "supervisor", "", False), (("officer",), (), "supervisor", "", False),
    (("keyer", "officer"), (), "keyer", "derby", True), (("administrator",), (), "keyer", "derby", True),
    (("administrator",), ("derby",), "officer", "durham", True), (("officer",), ("derby",), "officer", "", True),
])
def test_a_role_lets_in_where_it_holds(
    roles: tuple[str, ...], campaigns: tuple[str, ...], role: str, slug: str, may: bool
) -> None:
    assert Person("s-1", "Ada", "a@b", "", roles, campaigns).may(role, slug) is may


def test_an_invitation_is_taken_up_once(connections: Connections) -> None:
    token = invite(connections, OFFICER)
    assert read_invitation(connections, token) == OFFICER
    person = take_up(connections, token, "Ada L", " Ada@Little.example ", "hash")
    assert person and (person.roles, person.campaigns, person.email) == (("officer",), ("little-town",), "Ada@Little.example")
    assert read_invitation(connections, token) is None
    assert take_up(connections, token, "Eve", "eve@little.example", "hash") is None
    assert [one.name for one in all_people(connections)] == ["Ada L"]


def test_of_twenty_who_take_up_one_invitation_one_is_let_in(connections: Connections) -> None:
    token = invite(connections, OFFICER)
    with ThreadPoolExecutor(20) as pool:
        taken = list(pool.map(lambda n: take_up(connections, token, f"P{n}", f"p{n}@little.example", "hash"), range(20)))
    assert sum(one is not None for one in taken) == 1
    assert len(all_people(connections)) == 1


def test_an_invitation_runs_out_and_its_token_is_not_kept(connections: Connections) -> None:
    token = invite(connections, OFFICER)
    key = next(connections.text.scan_iter(match="staff:invitation:*"))
    assert 0 < connections.text.ttl(key) <= INVITATION_SECONDS
    assert token.encode() not in every_byte(connections)
    assert read_invitation(connections, "made-up") is None
    assert take_up(connections, "", "Eve", "eve@little.example", "hash") is None


def test_an_address_that_is_taken_leaves_the_invitation_good(connections: Connections) -> None:
    add_person(connections, "Ada", "ada@little.example", "hash", ["keyer"])
    token = invite(connections, OFFICER)
    with pytest.raises(EmailTaken):
        take_up(connections, token, "Another", "ADA@little.example", "hash")
    assert read_invitation(connections, token) == OFFICER


def test_a_person_is_found_by_pseudonym_and_by_address_in_any_case(connections: Connections) -> None:
    ada = add_person(connections, "Ada", "Ada@Little.example", "hash", ["keyer"], ["little-town"])
    assert ada.id.startswith("s-") and " " not in ada.id
    assert get_person(connections, ada.id) == find_person(connections, " ada@LITTLE.example") == ada
    assert (get_person(connections, "s-0"), find_person(connections, "")) == (None, None)


def test_two_people_cannot_share_an_address(connections: Connections) -> None:
    add_person(connections, "Ada", "ada@little.example", "hash", ["keyer"])
    with pytest.raises(EmailTaken):
        add_person(connections, "Eve", "ADA@little.example", "hash", ["administrator"])
    assert [one.name for one in all_people(connections)] == ["Ada"]
    assert len(list(connections.text.scan_iter(match="staff:person:*"))) == 1


def test_an_address_left_over_from_a_person_who_was_never_kept_can_be_used(connections: Connections) -> None:
    with ThreadPoolExecutor(10) as pool:
        def add(n: int) -> bool:
            try:
                return bool(add_person(connections, f"P{n}", "same@little.example", "hash", []))
            except EmailTaken:
                return False
        assert sum(pool.map(add, range(10))) == 1
    assert set(connections.text.hvals(STAFF_BY_EMAIL)) == {one.id for one in all_people(connections)}


def test_people_are_listed_by_name(connections: Connections) -> None:
    for name in ("Zoe", "ada", "Bob"):
        add_person(connections, name, f"{name}@little.example", "hash", [])
    assert [one.name for one in all_people(connections)] == ["ada", "Bob", "Zoe"]
