"""Views of the list of wishes, saved under a name to be opened again, for oneself or for all who work on the campaign."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from campaigns.store.store import Store
from campaigns.store.views import CannotSave, View, delete_view, get_view, save_view, views_for
from campaigns.tallies import UnknownFacet, ask_for
from web.account.signing import local_path
from web.context import campaign_store
from web.guards import staff
from web.officers.filters import Filters, Phrase, phrases, read_filters
from web.officers.finding import Search, read_search


@dataclass(frozen=True)
class Listed:
    """A saved view as the list shows it: what it says, where it leads, and whether whoever looks may delete it."""

    view: View
    phrases: list[Phrase]
    search: Search
    address: str
    mine: bool
    may_delete: bool


def list_views(store: Store) -> list[Listed]:
    """Returns one's own saved views and those that all may see, as far as one may see what they show."""
    person = staff()
    found = []
    for view in views_for(store, person.id):
        sent = MultiDict(parse_qsl(view.query))
        try:
            filters = read_filters(sent)
            ask_for(store.layout, (), filters.where(), "wishes")
        except UnknownFacet:  # not for whoever looks
            continue
        address, mine = f"{url_for('officers.wishes', slug=store.slug)}?{view.query}", view.who == person.id
        may_delete = mine or person.may("officer", store.slug)
        found.append(Listed(view, phrases(filters, store.campaign), read_search(sent), address, mine, may_delete))
    return found


def save(store: Store, filters: Filters, search: Search) -> View:
    """Saves what is looked at under the name in the form; raises CannotSave."""
    if filters.plain and search.plain:
        raise CannotSave("This is the whole list. Choose filters or look for something first, then save that.")
    query = urlencode({**filters.query(), **search.query()}, doseq=True)
    return save_view(store, request.form.get("name", ""), staff().id, bool(request.form.get("shared")), query)


def delete(slug: str, view: str) -> ResponseReturnValue:
    """Deletes a saved view: one's own, or, for officers, one that all may see."""
    store, person = campaign_store(slug), staff()
    kept = get_view(store, view)
    if kept and kept.who != person.id and not (kept.shared and person.may("officer", slug)):
        abort(404)
    if kept:
        delete_view(store, view)
    return redirect(f"{local_path(request.form.get('back') or url_for('officers.wishes', slug=slug))}#saved", 303)
