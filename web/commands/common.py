"""What the commands share: finding a campaign, saying what is wrong in words, and waiting for the counts."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import NoReturn, ParamSpec, TypeVar

import click

from campaigns.campaign_file import read_file
from campaigns.consumers.tallying import catch_up, stand
from campaigns.store.blocks import RowTable
from campaigns.store.errors import Unreachable
from campaigns.store.room import NoRoom
from campaigns.store.store import NoSuchCampaign, Store, load_campaign, loaded_slugs, open_store
from web.context import connections

P = ParamSpec("P")
R = TypeVar("R")


def store_of(slug: str) -> Store:
    """Returns a loaded campaign's store, or ends the command saying what to do."""
    try:
        return open_store(connections(), slug)
    except NoSuchCampaign:
        fail(f"The campaign “{slug}” is not loaded. Load it with: bin/flask campaign load {slug}")


def store_from_catalogue(slug: str) -> Store:
    """Returns a campaign's store, loading it (unopened) from the catalogue if it is not there yet."""
    if slug not in loaded_slugs(connections()):
        load_campaign(connections(), slug, read_file(slug))
    return store_of(slug)


def fail(message: str) -> NoReturn:
    """Ends the command with a message and exit code 1."""
    click.echo(message, err=True)
    sys.exit(1)


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Makes a command answer mistakes in words rather than with a trace."""
    @wraps(command)
    def answered(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except NoRoom as words:
            fail(str(words))
        except Unreachable as failure:
            fail(f"The store does not answer ({type(failure).__name__}). Is it running? bin/flask doctor says more.")
        except UnicodeDecodeError:
            fail("The file is not written in UTF-8. Save it again as “CSV UTF-8”, then give the command again.")
        except OSError as mistake:
            fail(f"{mistake.filename or 'The disk'}: {mistake.strerror}. Check that the folder is there and yours to write in.")
        except ValueError as mistake:
            fail(str(mistake))
    return answered


def counted_table(store: Store) -> RowTable:
    """Returns the campaign's rows with every event in them, catching up here if no worker has."""
    table = RowTable()
    catch_up(store)
    stand(store, table)
    return table


@contextmanager
def progress(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """Shows a progress bar; the function it gives takes how many are done."""
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.pos)
