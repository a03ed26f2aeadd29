"""Mail: what servers answer, and what is not known after they broke off."""

import smtplib
from datetime import UTC, datetime

import pytest

from fakes.smtp import FakeSmtp, refusal
from trainboard.diagnosis import Grade
from trainboard.errors import DoubtError, PermanentError, TransientError
from trainboard.posting import Letter
from trainboard.posting.mail import MailPost, MailServer
from trainboard.rendering.report.brief import Brief

SERVER = MailServer(
    host="mail.example.com",
    port=587,
    security="starttls",
    sender="bot@example.com",
    user="bot",
    password="hidden",
)
LETTER = Letter(key="one", name="churn", brief=Brief(title="Sprint 1", sentence="Done."), markdown="Done.")


def post(monkeypatch, **breaks):
    """A mailbox behind a server that breaks so."""
    server = FakeSmtp(**breaks)
    monkeypatch.setattr("trainboard.posting.mail.smtplib.SMTP", server)
    made = MailPost(
        name="mail:ada@example.com",
        receiver="ada@example.com",
        server=SERVER,
        clock=lambda: datetime(2026, 11, 18, tzinfo=UTC),
    )
    return made, server


def test_it_is_hidden_before_anybody_logs_in(monkeypatch):
    """The password goes over nothing but an encrypted line, and the connection is closed."""
    made, server = post(monkeypatch)
    made.send(LETTER)
    expected = ["mail.example.com:587", "hello", "starttls", "hello", "login", "send", "close"]
    assert expected == server.steps
    assert [("bot", "hidden")] == server.logins


@pytest.mark.parametrize(
    ("step", "error", "kind"),
    [
        ("connect", ConnectionRefusedError(), TransientError),
        ("connect", TimeoutError(), TransientError),
        ("hello", smtplib.SMTPServerDisconnected(), TransientError),
        ("starttls", refusal(454), TransientError),
        ("starttls", smtplib.SMTPNotSupportedError(), TransientError),
        ("login", smtplib.SMTPAuthenticationError(535, b"bad"), PermanentError),
        ("login", smtplib.SMTPAuthenticationError(454, b"later"), TransientError),
        ("send", smtplib.SMTPRecipientsRefused({"ada@example.com": (550, b"unknown")}), PermanentError),
        ("send", smtplib.SMTPRecipientsRefused({"ada@example.com": (450, b"full")}), TransientError),
        ("send", smtplib.SMTPDataError(554, b"spam"), PermanentError),
        ("send", smtplib.SMTPServerDisconnected("gone"), DoubtError),
        ("send", TimeoutError(), DoubtError),
    ],
    ids=str,
)
def test_what_a_server_answers(monkeypatch, step, error, kind):
    """What breaks off while the mail is taken is a doubt, and nothing else is."""
    made, server = post(monkeypatch, **{step: error})
    with pytest.raises((PermanentError, TransientError)) as raised:
        made.send(LETTER)
    assert kind is type(raised.value)
    assert "hidden" not in str(raised.value)
    assert [] == server.sent


def test_it_is_looked_at_without_a_mail(monkeypatch):
    """It says hello and logs in, and that is all."""
    made, server = post(monkeypatch)
    assert [Grade.OK] == [each.grade for each in made.examine()]
    assert [] == server.sent
    made, _ = post(monkeypatch, login=smtplib.SMTPAuthenticationError(535, b"bad"))
    assert [Grade.FAILING] == [each.grade for each in made.examine()]
