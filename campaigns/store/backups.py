"""The list of backups made: when, where, how large and of what, so that their age is known and the erased is found in them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from campaigns.store.connection import Connections
from campaigns.store.keys import BACKUPS


@dataclass(frozen=True)
class Backup:
    """One backup that was made. ``campaigns`` holds of each campaign its birth, last event, link, seal and responses.

    ``journal`` is the journal of erasures, and how far into it this file is known to hold nothing erased;
    ``missed`` is how far the journal was when the file could last not be reached.
    """

    id: str
    at_ms: int
    host: str
    path: str
    size: int
    sha256: str
    campaigns: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    journal: tuple[str, int] = ("", 0)
    missed: int = -1


def all_backups(connections: Connections) -> list[Backup]:
    """Returns every backup on the list, the newest first."""
    kept = [json.loads(text) for text in connections.text.hvals(BACKUPS)]
    found = [Backup(**{**one, "journal": tuple(one["journal"])}) for one in kept]
    return sorted(found, key=lambda backup: backup.at_ms, reverse=True)


def newest_backup(connections: Connections) -> Backup | None:
    """Returns the newest backup on the list, None where none was ever made."""
    return next(iter(all_backups(connections)), None)


def note_backup(connections: Connections, backup: Backup) -> None:
    """Puts a backup on the list, in place of one of the same id."""
    connections.text.hset(BACKUPS, backup.id, json.dumps(asdict(backup)))


def strike_backup(connections: Connections, id_: str) -> bool:
    """Takes a backup off the list, because its file is gone for good; False where there is none of that id."""
    return bool(connections.text.hdel(BACKUPS, id_))
