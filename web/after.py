"""Work that waits until the reply has gone."""

from flask import after_this_request
from flask.wrappers import Response

from campaigns.store.consumers import TALLIES
from campaigns.store.store import Store
from workers.queues import ring


def ring_after(store: Store, silent: bool) -> None:
    """Queues the tallies' job once the reply has gone, if the bell was silent."""
    if not silent:
        return

    @after_this_request
    def hang(response: Response) -> Response:
        response.call_on_close(lambda: ring(store, TALLIES))
        return response
