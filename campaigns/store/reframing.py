"""How far coding again by an adopted frame has come, and what the preview of a draft showed."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from campaigns.store.store import Store, record


@dataclass(frozen=True)
class Reframed:
    """How far coding again by an adopted frame has come: responses looked through, of how many, wishes coded, when it ended."""

    frame: str
    upto: int = 0
    of: int = 0
    wishes: int = 0
    carried: int = 0
    ended_ms: int = 0


@dataclass(frozen=True)
class Preview:
    """What a draft would do to the wishes: of how many looked at, how many go from one main code to another."""

    revision: int
    looked: int
    of: int
    moves: tuple[tuple[str, str, int], ...]
    codes: Mapping[str, int]
    at_ms: int


def keep_preview(store: Store, made: Preview) -> None:
    """Keeps a preview beside the draft."""
    record(store.connections, store.slug, None, hashes={"reframing": {"preview": json.dumps(asdict(made))}})


def kept_preview(store: Store) -> Preview | None:
    """Returns the preview of the draft as it now is, None where there is none."""
    kept = store.text.hget(store.keys.of("reframing"), "preview")
    about = json.loads(kept) if kept else None
    return Preview(**{**about, "moves": tuple(tuple(one) for one in about["moves"])}) if about else None


def reframed(store: Store) -> Reframed | None:
    """Returns how far coding again by the frame in use has come, None where none was adopted."""
    kept = store.text.hget(store.keys.of("reframing"), "done")
    found = Reframed(**json.loads(kept)) if kept else None
    return found if found and found.frame == store.frame_version else None


def note_reframed(store: Store, done: Reframed) -> Reframed:
    """Notes how far coding again has come, and returns it."""
    store.text.hset(store.keys.of("reframing"), "done", json.dumps(asdict(done)))
    return done
