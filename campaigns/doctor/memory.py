"""Memory and open files: what the server uses and may use, and what Linux does to a server that copies itself."""

import resource
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from campaigns.doctor.finding import Finding
from campaigns.store.server.disk import MEGABYTE, in_megabytes

NEAR, SCATTERED, LARGE = 0.8, 1.5, 200 * MEGABYTE
FILES_WANTED = 10_240
HUGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")
OVERCOMMIT = Path("/proc/sys/vm/overcommit_memory")


def look_at_memory(info: Mapping[str, Any]) -> Iterator[Finding]:
    """Yields what stands against the server's memory, from its own INFO."""
    used, most, whole = (int(info.get(name) or 0) for name in ("used_memory", "maxmemory", "total_system_memory"))
    if most and used > NEAR * most:
        yield Finding(
            "memory",
            f"The store uses {in_megabytes(used)} of the {in_megabytes(most)} it may, and takes nothing more when it is full.",
            "Raise its `maxmemory`.",
        )
    if not most and whole and used > NEAR * whole:
        found = f"The store uses {in_megabytes(used)} of this machine's {in_megabytes(whole)}."
        yield Finding("memory", found, "Give the machine more memory.")
    if used > LARGE and float(info.get("mem_fragmentation_ratio") or 0) > SCATTERED:
        yield Finding(
            "memory", f"The store's memory is scattered: it takes {info['mem_fragmentation_ratio']} times what it holds.",
            "Start the service again at a quiet moment.", must=False,
        )
    most_clients, clients = int(info.get("maxclients") or 0), int(info.get("connected_clients") or 0)
    if most_clients and clients > NEAR * most_clients:
        yield Finding("memory", f"{clients:,} of {most_clients:,} connections to the store are taken.", "Raise its `maxclients`.")


def look_at_machine(info: Mapping[str, Any], huge_pages: str, overcommit: str) -> Iterator[Finding]:
    """Yields what the machine that runs the server would do to it; the last two are what Linux says of itself, if it does."""
    if "[always]" in huge_pages and int(info.get("used_memory") or 0) > LARGE:
        yield Finding(
            "memory", "Transparent huge pages are on: while the store copies itself, answers take longer and memory grows.",
            f"As root: echo madvise > {HUGE_PAGES}", must=False,
        )
    if overcommit.strip() in ("0", "2") and 2 * int(info.get("used_memory_rss") or 0) > int(info.get("total_system_memory") or 0):
        yield Finding(
            "memory", "The store takes more than half of the memory, and Linux may not let it copy itself, "
            "as it must to rewrite its file.", "As root: sysctl vm.overcommit_memory=1",
        )


def look_at_files(hard: int) -> Iterator[Finding]:
    """Yields whether a process may open too few files for many people at once."""
    if hard != resource.RLIM_INFINITY and hard < FILES_WANTED:
        yield Finding(
            "open files", f"A process may open {hard:,} files here, and each visitor takes one.",
            f"Let the user who runs the service have {FILES_WANTED:,}: ulimit -Hn, or LimitNOFILE of its unit.", must=False,
        )


def said_by_linux(path: Path) -> str:
    """Returns what a file of the kernel says, nothing where there is none."""
    return path.read_text() if path.exists() else ""
