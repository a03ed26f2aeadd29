"""A mail server that takes what it is given, or breaks where it is told to."""

import smtplib


class FakeSmtp:
    """In place of `smtplib.SMTP`: a call opens a connection. `breaks` is raised at the step of that name."""

    def __init__(self, **breaks):
        self.breaks = breaks
        self.sent, self.logins, self.steps = [], [], []

    def __call__(self, host, port, **options):
        del options
        self._step("connect", f"{host}:{port}")
        return self

    def ehlo_or_helo_if_needed(self):
        self._step("hello")

    def starttls(self, **options):
        del options
        self._step("starttls")

    def login(self, user, password):
        self._step("login")
        self.logins.append((user, password))

    def send_message(self, message, sender, receivers):
        self._step("send")
        self.sent.append((message, sender, receivers))

    def close(self):
        self.steps.append("close")

    def _step(self, name, what=""):
        self.steps.append(what or name)
        if name in self.breaks:
            raise self.breaks[name]


def refusal(code, said="no"):
    """What a server answers that does not want to."""
    return smtplib.SMTPResponseException(code, said)
