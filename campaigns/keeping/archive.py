"""A backup's file: a zip with what it is of, the store's snapshot and the uploaded files, written whole or not at all."""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

FORMAT = 1
MANIFEST, BODY, FILES = "manifest.json", "store.rdb", "files"
CHUNK = 1 << 20
QUICK = 1  # deflate's level: most of a store is numbers that hardly shrink further
Body = Callable[[BinaryIO], object]


class NotABackup(ValueError):
    """A file that cannot be restored from; the text says why, and what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; ``campaigns`` holds of each its birth, last event, link, seal, responses and cards."""

    id: str
    at_ms: int
    made: str
    software: str
    campaigns: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sha256: str = ""
    bytes: int = 0
    files: Mapping[str, str] = field(default_factory=dict)
    forgotten: str = ""
    format: int = FORMAT


class _Hashing:
    """A file being written, with its digest."""

    def __init__(self, into: BinaryIO) -> None:
        self._into, self.sha, self.size = into, hashlib.sha256(), 0

    def write(self, piece: bytes) -> int:
        self.sha.update(piece)
        self.size += len(piece)
        return self._into.write(piece)


def write_archive(path: Path, manifest: Manifest, body: Body, files: Path) -> Manifest:
    """Writes a backup, readable by its owner alone; returns its manifest, complete.

    Until everything is on disk it has no name, or another, so that no half of one is ever taken for a whole.
    """
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        with os.fdopen(_begin(part), "w+b") as file:
            whole = _write(file, manifest, body, files)
            file.flush()
            os.fsync(file.fileno())
            if not part.exists():  # a folder's descriptor has the link followed to the file itself
                os.link(f"/proc/self/fd/{file.fileno()}", part, src_dir_fd=folder)
        part.replace(path)
        os.fsync(folder)
    finally:
        part.unlink(missing_ok=True)
        os.close(folder)
    return whole


def _begin(part: Path) -> int:
    """Opens a file without a name, of which nothing is left however its writer ends; one with a name where there are none."""
    if nameless := getattr(os, "O_TMPFILE", 0):
        with suppress(OSError):
            return os.open(part.parent, os.O_RDWR | nameless, 0o600)
    return os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)


def _write(file: BinaryIO, manifest: Manifest, body: Body, files: Path) -> Manifest:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=QUICK) as archive:
        with archive.open(BODY, "w", force_zip64=True) as member:
            hashing = _Hashing(cast(BinaryIO, member))
            body(cast(BinaryIO, hashing))
        uploaded = {name: _add_file(archive, files / name, name) for name in _names(files)}
        said = {**asdict(manifest), "sha256": hashing.sha.hexdigest(), "bytes": hashing.size, "files": uploaded}
        archive.writestr(MANIFEST, json.dumps(said, indent=1, ensure_ascii=False))
    return Manifest(**said)


def _names(files: Path) -> list[str]:
    return sorted(path.relative_to(files).as_posix() for path in files.rglob("*") if path.is_file())


def _add_file(archive: zipfile.ZipFile, path: Path, name: str) -> str:
    with path.open("rb") as source, archive.open(f"{FILES}/{name}", "w", force_zip64=True) as member:
        hashing = _Hashing(cast(BinaryIO, member))
        while piece := source.read(CHUNK):
            hashing.write(piece)
    return hashing.sha.hexdigest()


def read_manifest(path: Path) -> Manifest:
    """Returns what a backup says of itself; raises NotABackup on any other file."""
    with _opened(path) as archive:
        return _manifest(path, archive)


def check_archive(path: Path) -> Manifest:
    """Returns a backup's manifest once every byte was read and is as it was written; raises NotABackup."""
    with _opened(path) as archive:
        manifest = _manifest(path, archive)
        digests = {BODY: manifest.sha256, **{f"{FILES}/{name}": digest for name, digest in manifest.files.items()}}
        for name, digest in digests.items():
            if _digest(archive, name) != digest:
                raise NotABackup(f"{path} is damaged: {name} in it is not what was written. Take another backup.")
        for name in _files_in(archive):
            _inside(path, name)
        return manifest


def _manifest(path: Path, archive: zipfile.ZipFile) -> Manifest:
    if MANIFEST not in archive.namelist() or BODY not in archive.namelist():
        raise NotABackup(f"{path} is a zip, but no backup made by flask backup.")
    said = json.loads(archive.read(MANIFEST))
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise NotABackup(f"{path} was made by another version of this project. Restore it with that one.")
    return Manifest(**said)


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    sha = hashlib.sha256()
    with archive.open(name) as member:
        while piece := member.read(CHUNK):
            sha.update(piece)
    return sha.hexdigest()


def extract_body(path: Path, to: Path) -> None:
    """Writes the store's snapshot out of a backup, readable by its owner alone."""
    with _opened(path) as archive, archive.open(BODY) as member:
        _write_out(cast(BinaryIO, member), to)


def extract_files(path: Path, folder: Path) -> int:
    """Puts the uploaded files of a backup in place; returns how many."""
    with _opened(path) as archive:
        names = _files_in(archive)
        for name in names:
            to = folder / _inside(path, name)
            to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with archive.open(name) as member:
                _write_out(cast(BinaryIO, member), to)
    return len(names)


def _files_in(archive: zipfile.ZipFile) -> list[str]:
    return [name for name in archive.namelist() if name.startswith(f"{FILES}/")]


def _inside(path: Path, name: str) -> PurePosixPath:
    """Returns where a file of a backup goes within its folder; raises NotABackup where that is outside."""
    inside = PurePosixPath(name).relative_to(FILES)
    if ".." in inside.parts or inside.is_absolute():
        raise NotABackup(f"{path} holds a file that would lie outside the data folder ({name}), so it is none of ours.")
    return inside


def _write_out(source: BinaryIO, to: Path) -> None:
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        while piece := source.read(CHUNK):
            file.write(piece)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, EOFError, zipfile.zlib.error, KeyError, json.JSONDecodeError, TypeError) as wrong:  # type: ignore[attr-defined]
        raise NotABackup(f"{path} is damaged, cut short, or no backup at all ({wrong}). Take another backup.") from wrong
