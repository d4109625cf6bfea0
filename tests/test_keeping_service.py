"""Backup, erasure and the real schedule: what is erased by receipt leaves the running service's whole data folder by itself."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from campaigns.consumers.rebuilding import differences
from campaigns.store.blocks import RowTable
from campaigns.store.connection import connect
from campaigns.store.log import verify
from campaigns.store.store import open_store
from tests.service import Service, running_service
from tests.test_keeping_canary import everywhere, holding

SLUG = "derby-2026"
WORD, OTHER = "Vuxzaplim", "Gnothwick"


def post(service: Service, address: str, body: bytes, kind: str) -> tuple[int, bytes]:
    """Returns the status and answer to what is posted to a running service."""
    request = Request(f"{service.url}{address}", body, {"Content-Type": kind})
    try:
        with urlopen(request, timeout=60) as answer:
            return answer.status, answer.read()
    except HTTPError as told:
        return told.code, told.read()


def send(service: Service, *wishes: str) -> str:
    """Sends wishes by the API; returns their reference."""
    body = json.dumps({"wishes": wishes}).encode()
    _, answer = post(service, f"/api/v1/campaigns/{SLUG}/submissions", body, "application/json")
    return str(json.loads(answer)["reference"])


def test_a_running_service_forgets_everywhere_by_itself(
    tmp_path: Path, model_folder: Path, wait_for: Callable[..., object]
) -> None:
    with running_service(tmp_path / "var", model_folder) as service:
        reference = send(service, f"{WORD} in every park", f"{WORD} again")
        send(service, f"{OTHER} in every park")
        wait_for(service.nothing_behind, 240)
        made = service.flask("backup", str(service.data / "backups.zip"))
        assert re.search(r"2 responses, up to event \d+. Seal: \w{64}", made.stdout), made.stdout
        connections = connect({"DATA_DIR": str(service.data)})
        assert {"store", "backups.zip unpacked"} < holding(everywhere(service.data, tmp_path, connections), WORD.encode())
        erased, _ = post(service, f"/{SLUG}/receipt/{reference}/erase", b"", "application/x-www-form-urlencoded")
        assert erased == 410  # the receipt it leads to says that all is gone
        wait_for(lambda: not holding(everywhere(service.data, tmp_path, connections), WORD.encode()), 240)
        assert "backups.zip unpacked" in holding(everywhere(service.data, tmp_path, connections), OTHER.encode())
        store = open_store(connections, SLUG)
        assert (verify(store).problem, differences(store, RowTable())) == ("", [])
        connections.close()
