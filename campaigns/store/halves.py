"""Looking over very many things with two processes, where a second processor is there to use."""

import gc
import os
import threading
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection

Look = Callable[[Sequence[int]], str]
ENOUGH = 50_000  # below, starting a second process costs about what it saves


def look_over(numbers: Sequence[int], look: Look, enough: int = ENOUGH) -> str:
    """Returns what a look at some numbers, in order, finds first; the later half is looked at meanwhile by another process."""
    if len(numbers) < max(enough, 2) or not _may_fork():
        return look(numbers)
    half = len(numbers) // 2
    gc.freeze()  # or the second process would copy all that the collector looks at
    try:
        return _both(numbers[:half], numbers[half:], look)
    finally:
        gc.unfreeze()


def _may_fork() -> bool:
    """A process that has other threads may be stopped for ever in a copy that has not."""
    return hasattr(os, "fork") and (os.cpu_count() or 1) > 1 and threading.active_count() == 1


def _both(first: Sequence[int], later: Sequence[int], look: Look) -> str:
    context = get_context("fork")
    told, tell = context.Pipe(duplex=False)
    other = context.Process(target=_tell, args=(tell, later, look), daemon=True)
    other.start()
    tell.close()
    try:
        return look(first) or str(told.recv())
    except EOFError:  # it was ended before it could say anything
        return look(later)
    finally:
        other.terminate()
        other.join()
        told.close()


def _tell(tell: Connection, numbers: Sequence[int], look: Look) -> None:
    tell.send(look(numbers))
