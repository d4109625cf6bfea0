"""Taking away the files of exports and drafts that may not be kept any longer, asked for or not."""

import shutil
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from campaigns.exports.orders import FAMILIES, orders_of, take_away
from campaigns.store.store import Store


def anything_kept(data: Path) -> bool:
    """Tells whether files were ever made here, so that it is worth looking."""
    return any((data / family).exists() for family in FAMILIES)


def sweep(data: Path, stores: Iterable[Store]) -> None:
    """Takes away what is over, what holds something that has gone, and what is of campaigns that are there no more."""
    kept = {(store.slug, store.born): store for store in stores}
    for folder in list(chain.from_iterable((data / family).glob("*/*") for family in FAMILIES)):
        store = kept.get((folder.parent.name, folder.name))
        if store is None:
            shutil.rmtree(folder, ignore_errors=True)
            continue
        orders = {order.folder: order for order in orders_of(store, data, folder.parent.parent.name)}
        for one in folder.iterdir():
            if one not in orders and not one.name.startswith("."):
                shutil.rmtree(one, ignore_errors=True)
            elif one in orders and not orders[one].given_up() and orders[one].something_gone():
                take_away(orders[one])
