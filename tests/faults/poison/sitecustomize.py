"""Put on the path of a machine under test: wishes that say so make the worker that meets them fail, or end where it stands.

The code that is tested is as it always is; only the model and the making of rows are made to fall over, as they might
on a text or a state that nobody thought of.
"""

import os
import signal
import sys

CANNOT_BE_CODED, ENDS_THE_CODER, ENDS_THE_COUNTER = "This cannot be coded", "This ends the coder", "This ends the counter"


def end() -> None:
    """Ends this process as the kernel does when memory is short."""
    os.kill(os.getpid(), signal.SIGKILL)


if sys.orig_argv[-2:] == ["workers", "coding"]:
    from campaigns.coding import embedding

    embed = embedding.Embedder.embed

    def falling_embed(self, texts):  # noqa: ANN001, ANN201
        """Returns vectors, unless a text says otherwise."""
        if any(ENDS_THE_CODER in text for text in texts):
            end()
        if any(CANNOT_BE_CODED in text for text in texts):
            raise RuntimeError
        return embed(self, texts)

    embedding.Embedder.embed = falling_embed

if sys.orig_argv[-2:] == ["workers", "tallies"]:
    from campaigns.consumers import tallying

    rows_of = tallying.rows_of

    def falling_rows(store, numbers):  # noqa: ANN001, ANN201
        """Yields rows, unless a coded wish says otherwise."""
        pipe = store.text.pipeline(transaction=False)
        for number in numbers:
            pipe.hmget(store.keys.response(number), "w1", "m1")
        if any(ENDS_THE_COUNTER in (wish or "") and coded for wish, coded in pipe.execute()):
            end()
        yield from rows_of(store, numbers)

    tallying.rows_of = falling_rows
