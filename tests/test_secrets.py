"""The installation's secrets: made once, the same for every process, different for every use."""

from concurrent.futures import ThreadPoolExecutor

from campaigns.store.connection import Connections, connect
from campaigns.store.keys import SECRETS
from campaigns.store.secrets import card_secret, receipt_secret, secret
from campaigns.store.server.embedded import EmbeddedServer
from tests.storehouse import loaded_little


def test_a_secret_is_made_once_and_stays(connections: Connections, redis_server: EmbeddedServer) -> None:
    made = secret(connections, "forms")
    assert len(made) == 32
    assert secret(connections, "forms") == made
    another_process = connect({"REDIS_URL": redis_server.url})
    assert secret(another_process, "forms") == made
    another_process.close()


def test_twenty_who_ask_at_once_get_the_same(connections: Connections, redis_server: EmbeddedServer) -> None:
    processes = [connect({"REDIS_URL": redis_server.url}) for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        assert len(set(pool.map(lambda one: secret(one, "forms"), processes))) == 1
    for one in processes:
        one.close()


def test_every_use_and_every_campaign_has_its_own(connections: Connections) -> None:
    stores = [loaded_little(connections), loaded_little(connections, "another-town")]
    each = [secret(connections, "forms"), secret(connections, "limits")]
    each += [of(store) for of in (receipt_secret, card_secret) for store in stores]
    assert len(set(each)) == 6


def test_loading_a_campaign_again_keeps_its_receipts(connections: Connections) -> None:
    before = receipt_secret(loaded_little(connections))
    assert receipt_secret(loaded_little(connections)) == before


def test_secrets_lie_beside_the_data_they_protect(connections: Connections) -> None:
    made = secret(connections, "forms")
    assert connections.text.hget(SECRETS, "forms") == made.hex()
