"""Mail by SMTP: one message of two parts for one receiver."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import msgspec

from trainboard.diagnosis import Finding, failing
from trainboard.errors import DoubtError, PermanentError, TransientError
from trainboard.fingerprints import fingerprint
from trainboard.posting import Letter
from trainboard.rendering.report.brief_text import render_plain
from trainboard.rendering.report.mail import render_html, render_subject

SECONDS = 30
_REFUSED = 500


class MailServer(msgspec.Struct, frozen=True, kw_only=True):
    """How mail is sent.

    `security` is `starttls`, `tls` from the first byte, or `none`. Without a `user` nobody logs in.
    """

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = ""

    @property
    def where(self) -> str:
        """What it is called in errors."""
        return f"the mail server {self.host}:{self.port}"


class MailPost:
    """Somebody's mailbox.

    Args:
        name: what the settings call it.
        receiver: the address.
        server: how mail is sent.
        clock: the time now, aware.
    """

    is_sure = False

    def __init__(
        self, *, name: str, receiver: str, server: MailServer, clock: Callable[[], datetime]
    ) -> None:
        self.name = name
        self._receiver = receiver
        self._server = server
        self._clock = clock

    def send(self, letter: Letter) -> None:
        """Hand it to the server. What breaks while that takes it leaves a doubt."""
        message = self._write(letter)
        with _speak(self._server) as smtp:
            _log_in(smtp, self._server)
            try:
                smtp.send_message(message, self._server.sender, [self._receiver])
            except smtplib.SMTPRecipientsRefused as error:
                code, said = next(iter(error.recipients.values()))
                raise _explain(self._server, "take the receiver", code, said) from error
            except smtplib.SMTPResponseException as error:
                raise _explain(self._server, "take the mail", error.smtp_code, error.smtp_error) from error
            except (OSError, smtplib.SMTPException) as error:
                raise DoubtError(
                    f"{self._server.where} broke off while it took the mail ({type(error).__name__}). "
                    "It may have been sent."
                ) from error

    def examine(self) -> Iterator[Finding]:
        """Whether the server answers, and lets us in. Nothing is sent."""
        try:
            with _speak(self._server) as smtp:
                _log_in(smtp, self._server)
        except (PermanentError, TransientError) as error:
            yield failing(str(error), "Check the keys of [mail], and that the server can be reached.")
        else:
            yield Finding(message=f"{self.name}: {self._server.where} answers and lets us in.")

    def _write(self, letter: Letter) -> EmailMessage:
        """Its id is the same each time, so that a mailbox can tell a copy."""
        message = EmailMessage(policy=SMTP)
        message["Subject"] = render_subject(letter.brief)
        message["From"] = self._server.sender
        message["To"] = self._receiver
        message["Date"] = format_datetime(self._clock())
        domain = self._server.sender.rpartition("@")[2]
        message["Message-ID"] = f"<{fingerprint(letter.key, self._receiver)}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(render_plain(letter.brief))
        message.add_alternative(render_html(letter.brief), subtype="html")
        return message


@contextmanager
def _speak(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A connection that said hello. It ends without a word if the server does not listen any more."""
    try:
        smtp = _connect(server)
    except smtplib.SMTPResponseException as error:
        raise _explain(server, "speak to us", error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise TransientError(
            f"{server.where} did not answer ({type(error).__name__}): check that it can be reached"
        ) from error
    try:
        yield smtp
    finally:
        smtp.close()


def _connect(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
    except BaseException:
        smtp.close()
        raise
    return smtp


def _log_in(smtp: smtplib.SMTP, server: MailServer) -> None:
    if not server.user:
        return
    try:
        smtp.login(server.user, server.password)
    except smtplib.SMTPResponseException as error:
        raise _explain(server, "let us in", error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise TransientError(f"{server.where} did not let us in ({type(error).__name__})") from error


def _explain(server: MailServer, doing: str, code: int, said: bytes | str) -> PermanentError | TransientError:
    """What a reply means: from 500 on the same again would be refused again."""
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    complaint = f"{server.where} did not {doing}: {code} {' '.join(text.split())[:200]}"
    return PermanentError(complaint) if code >= _REFUSED else TransientError(complaint)
