"""A mail server of a test's own: it takes what is sent to it, or refuses in the ways that real ones do."""

import base64
import socketserver
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

GREETING, READY, BYE = b"220 here", b"250 fine", b"221 bye"


@dataclass
class Mailbox:
    """What came, and how the server behaves: which command it answers with which refusal, and whether one must sign in."""

    came: list[tuple[tuple[str, ...], EmailMessage]] = field(default_factory=list)
    refuses: dict[str, bytes] = field(default_factory=dict)
    sign_ins: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def settings(self) -> dict[str, str]:
        """Returns the settings that send here."""
        return {
            "MAIL_HOST": "127.0.0.1", "MAIL_PORT": str(self.port), "MAIL_SECURITY": "none", "MAIL_FROM": "wishes@derby.example",
            "PUBLIC_URL": "https://wishes.example",
        }


class _Talk(socketserver.StreamRequestHandler):
    box: Mailbox

    def handle(self) -> None:
        """Talks with one sender until they leave."""
        to: list[str] = []
        self._say(self.box.refuses.get("HELLO", GREETING))
        while line := self.rfile.readline():
            command = line[:4].decode().upper().strip()
            if command in self.box.refuses:
                if not self.box.refuses[command]:
                    return
                self._say(self.box.refuses[command])
            elif command == "EHLO":
                self._say(b"250-here\r\n250 AUTH PLAIN")
            elif command == "AUTH":
                self.box.sign_ins.append(base64.b64decode(line.split()[2]).decode())
                self._say(b"235 in")
            elif command == "RCPT":
                to.append(line.decode().partition("<")[2].partition(">")[0])
                self._say(READY)
            elif command == "DATA":
                self._say(b"354 go on")
                self.box.came.append((tuple(to), self._message()))
                self._say(READY)
            else:
                self._say(BYE if command == "QUIT" else READY)

    def _message(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        return message_from_bytes(b"".join(lines), policy=policy.default)  # type: ignore[return-value]

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


class MailboxServer(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine, as long as it is entered."""

    daemon_threads = True

    def __init__(self) -> None:
        self.box = Mailbox()
        super().__init__(("127.0.0.1", 0), type("Talk", (_Talk,), {"box": self.box}))
        self.box.port = self.server_address[1]

    def handle_error(self, *sender: object) -> None:
        """Says nothing of a sender who left half-way, or who spoke what we do not."""

    def __enter__(self) -> "MailboxServer":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.shutdown()
        self.server_close()
