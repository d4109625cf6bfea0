"""Which campaigns somebody on the staff is let into: every one, which is a choice of its own, or only some."""

from flask import request

from campaigns.store.staff import ROLES, Invitation, Named, Person
from campaigns.store.store import loaded_slugs, open_store
from web.context import connections

EVERY = "every"
BOTH = "Choose either every campaign or only some of them."
NEITHER = "Choose every campaign, or at least one."
Chosen = tuple[str, ...]


def campaign_titles() -> dict[str, str]:
    """Returns the titles of the campaigns that are loaded, by their names."""
    return {slug: open_store(connections(), slug).campaign.title for slug in loaded_slugs(connections())}


def choose_campaigns(before: Chosen) -> tuple[Chosen, str]:
    """Returns the campaigns chosen in a form, none for every one, and what is wrong with the choice.

    Of those somebody had before, what is not loaded now cannot be ticked, and stays.
    """
    loaded, ticked, every = loaded_slugs(connections()), request.form.getlist("campaign"), EVERY in request.form
    chosen = tuple(slug for slug in loaded if slug in ticked) + tuple(slug for slug in before if slug not in loaded)
    if every:
        return (chosen, BOTH) if ticked else ((), "")
    lost = not chosen and bool(before or ticked)  # no campaign left, which must not come to mean all of them
    return chosen, NEITHER if lost else ""


def choose_scope(person: Person | Invitation) -> dict[str, Named]:
    """Returns, as chosen in a form, the campaigns of single roles, a member's wards and a partner's sources by campaign.

    What somebody had in a campaign that is not loaded now stays.
    """
    stores = [open_store(connections(), slug) for slug in loaded_slugs(connections())]
    loaded = [store.slug for store in stores]
    gone = {role: tuple(slug for slug in some if slug not in loaded) for role, some in person.grants.items()}
    return {
        "grants": _some({role: (*_ticked(f"grant-{role}", loaded), *gone.get(role, ())) for role in ROLES[1:]}),
        "wards": _seen("ward", person.wards, {store.slug: [*store.campaign.area_names.values()] for store in stores}),
        "sources": _seen("source", person.sources, {store.slug: [one.id for one in store.campaign.sources] for store in stores}),
    }


def _seen(kind: str, before: Named, known: dict[str, list[str]]) -> Named:
    gone = {slug: some for slug, some in before.items() if slug not in known}
    return _some({**gone, **{slug: _ticked(f"{kind}-{slug}", some) for slug, some in known.items()}})


def _ticked(name: str, known: list[str]) -> Chosen:
    sent = request.form.getlist(name)
    return tuple(one for one in known if one in sent)


def _some(named: Named) -> Named:
    return {name: some for name, some in named.items() if some}
