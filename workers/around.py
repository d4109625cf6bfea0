"""``python -m workers.around COMMAND ...``: a command with the data folder's server running around it. Called by bin/flask."""

import os
import signal
import subprocess
import sys

from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.server.places import ServerFailed, data_dir


def main(command: list[str]) -> int:
    """Run the command on the server that runs already, or on one started for it; returns the command's exit code."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    data = data_dir(os.environ)
    server = EmbeddedServer(data)
    try:
        url = server.start()
        server.watch()
        return _run(command, os.environ | {"DATA_DIR": str(data), "REDIS_URL": url})
    except ServerFailed as words:
        print(words, file=sys.stderr)
        return 1
    finally:
        server.stop()


def _run(command: list[str], env: dict[str, str]) -> int:
    running = subprocess.Popen(command, env=env)  # noqa: S603 (what the user typed)
    signal.signal(signal.SIGINT, lambda *_: None)  # the terminal tells the command itself
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: running.send_signal(number))
    code = running.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
