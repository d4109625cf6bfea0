"""Work that waits until the reply has gone."""

from flask import after_this_request, current_app
from flask.wrappers import Response

from campaigns.store.consumers import TALLIES
from campaigns.store.store import Store
from workers.queues import ring, ring_notices


def ring_after(store: Store, silent: bool) -> None:
    """Queues the tallies' job once the reply has gone, if the bell was silent."""
    if not silent:
        return

    @after_this_request
    def hang(response: Response) -> Response:
        response.call_on_close(lambda: ring(store, TALLIES))
        return response


def send_after(store: Store) -> None:
    """Has e-mails sent that were just asked for once the reply has gone, where there is a mail server."""
    if not current_app.config["MAIL_ON"]:
        return

    @after_this_request
    def hang(response: Response) -> Response:
        response.call_on_close(lambda: ring_notices(store))
        return response
