"""Who else could read or change the data: folders, the socket, backups, and whether the secrets are any good."""

import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from campaigns.doctor.finding import Finding
from campaigns.store.server.places import Places

SECRET = re.compile(r"[0-9a-f]{64}")
FEWEST_LETTERS = 8  # different ones among the 64 of a secret: chance gives fewer once in a million million


def look_at_permissions(places: Places, owner: int) -> Iterator[Finding]:
    """Yields folders and files of the data folder that others than their owner can enter, or that belong to another user."""
    for path in (places.store, places.log.parent, places.socket.parent, places.socket, places.lock):
        if path.exists():
            yield from look_at_path(path, owner)
    if places.data.exists():  # a folder with other things in it may be entered: all that is ours in it is closed
        yield from look_at_path(places.data, owner, stat.S_IWGRP | stat.S_IWOTH)


def look_at_path(path: Path, owner: int, never: int = stat.S_IRWXG | stat.S_IRWXO) -> Iterator[Finding]:
    """Yields what is wrong with one folder's or file's owner, and with its mode if it holds any of these bits."""
    about = path.stat()
    kind = "folder" if stat.S_ISDIR(about.st_mode) else "file"
    if about.st_uid != owner:
        yield Finding("permissions", f"{path} belongs to another user.", f"Give it to who runs the service: chown {owner} {path}")
    if about.st_mode & never:
        yield Finding("permissions", f"Other users of this machine can reach the {kind} {path}.", f"Run: chmod go= {path}")


def look_at_secrets(secrets: Mapping[str, str]) -> Iterator[Finding]:
    """Yields the names of secrets that were not made by chance, and whether two are the same; never what they are."""
    weak = sorted(name for name, text in secrets.items() if not SECRET.fullmatch(text) or len(set(text)) < FEWEST_LETTERS)
    for name in weak:
        yield Finding(
            "secrets", f"The secret “{name}” was not made by this service, and could be guessed.",
            "Somebody wrote it into the store. Restore a backup from before that.",
        )
    if len(set(secrets.values())) < len(secrets):
        yield Finding(
            "secrets", "Two secrets are the same, so that what opens one thing may open another.",
            "Somebody wrote one of them into the store. Restore a backup from before that.",
        )
    if "forms" not in secrets:
        yield Finding("secrets", "There is no secret for forms yet.", "Start the service once; it makes what it needs.")
