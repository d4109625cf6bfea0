"""Handing an e-mail to the mail server that the settings name."""

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

WAYS = {"starttls": 587, "tls": 465, "none": 25}  # how the connection is kept from being read, and the usual port of each
PATIENCE_SECONDS = 20


class CannotSend(Exception):
    """An e-mail that could not be handed on; ``words`` says why, without naming anybody."""

    words = "The e-mail could not be sent."


class MailSettingsAreWrong(CannotSend):
    """Settings that no e-mail can be sent by."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class MailServerDoesNotAnswer(CannotSend):
    """A mail server that cannot be reached, or that broke off."""

    words = "The mail server does not answer."


class NoSafeWayToTheMailServer(CannotSend):
    """A mail server that cannot encrypt, or whose certificate is not good."""

    words = "No safe connection to the mail server could be made."


class MailServerRefusesTheSignIn(CannotSend):
    """A mail server that does not take the user and password."""

    words = "The mail server refuses the sign-in."


class MailServerRefusesTheMessage(CannotSend):
    """A mail server that takes the message from us, or for its recipient, not now or not at all."""

    words = "The mail server refuses the message."


@dataclass(frozen=True)
class Notice:
    """One e-mail: to whom, and what it says, in plain text."""

    to: tuple[str, ...]
    subject: str
    text: str


@dataclass(frozen=True)
class MailServer:
    """The mail server that the settings name, the address mail comes from, and the address of this service for links."""

    host: str
    port: int
    way: str
    user: str
    password: str
    sender: str
    site: str

    def send(self, notice: Notice) -> None:
        """Hands an e-mail on to every recipient; raises CannotSend where one of them would not get it."""
        try:
            with self._connected() as server:
                if self.way == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                if server.send_message(self._message(notice), self.sender, notice.to):
                    raise MailServerRefusesTheMessage
        except (smtplib.SMTPNotSupportedError, ssl.SSLError):
            raise NoSafeWayToTheMailServer from None  # its own words may name somebody, here and below
        except smtplib.SMTPAuthenticationError:
            raise MailServerRefusesTheSignIn from None
        except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError):
            raise MailServerDoesNotAnswer from None
        except smtplib.SMTPException:
            raise MailServerRefusesTheMessage from None
        except OSError:
            raise MailServerDoesNotAnswer from None

    def _connected(self) -> smtplib.SMTP:
        if self.way == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE_SECONDS, context=ssl.create_default_context())
        return smtplib.SMTP(self.host, self.port, timeout=PATIENCE_SECONDS)

    def _message(self, notice: Notice) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, ", ".join(notice.to), notice.subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=self.sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"  # so that no holiday notice answers it
        message.set_content(notice.text)
        return message


def mail_server(env: Mapping[str, str]) -> MailServer | None:
    """Returns the mail server that the settings name, None where they name none; raises MailSettingsAreWrong."""
    host, way = env.get("MAIL_HOST", ""), env.get("MAIL_SECURITY") or "starttls"
    if not host:
        return None
    if way not in WAYS:
        raise MailSettingsAreWrong(f"MAIL_SECURITY must be one of {', '.join(WAYS)}.")
    port, sender, site = env.get("MAIL_PORT") or str(WAYS[way]), env.get("MAIL_FROM", ""), env.get("PUBLIC_URL", "")
    if not port.isdecimal():
        raise MailSettingsAreWrong("MAIL_PORT must be a number.")
    if "@" not in sender:
        raise MailSettingsAreWrong("MAIL_FROM must be the address that e-mail comes from.")
    if not site:
        raise MailSettingsAreWrong("PUBLIC_URL must be the address of this service, for the links in e-mails.")
    return MailServer(host, int(port), way, env.get("MAIL_USER", ""), env.get("MAIL_PASSWORD", ""), sender, site.rstrip("/"))
