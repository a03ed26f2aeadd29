"""When reports are made and where they go, as an operator writes it."""

import pytest

from trainboard.settings import SettingsError, load, projects_of

PROJECT = '[[projects]]\nname = "churn"\n'
ENVIRON = {
    "CHAT": "https://hooks.example.com/services/T0/B0/secret-part",
    "PLAIN": "http://hooks.example.com/services/T0/B0/secret-part",
    "WITH_USER": "https://me:secret-part@hooks.example.com/",
    "EMPTY": "",
}


def read(tmp_path, text):
    file = tmp_path / "trainboard.toml"
    file.write_text(f'{PROJECT}[[reports]]\nproject = "churn"\n{text}')
    return load(file, ENVIRON)


def test_a_schedule(tmp_path):
    """It reaches the project; the address of the chat is known to nobody who prints it."""
    (tmp_path / "flow").write_text("https://flow.example.com/run?sig=secret-part\n")
    settings = read(
        tmp_path, 'cron = "0 9 * * mon-fri"\ndeliver = ["tracker", "slack:env:CHAT", "teams:file:flow"]'
    )
    [schedule] = projects_of(settings)[0].reports
    assert ("tracker", "slack:env:CHAT", "teams:file:flow") == schedule.targets
    assert ENVIRON["CHAT"] == settings.reports[0].address_of("slack:env:CHAT")
    assert "https://flow.example.com/run?sig=secret-part" == settings.reports[0].address_of("teams:file:flow")
    assert "secret-part" not in f"{settings!r}{settings.model_dump_json()}{schedule!r}"


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("", 3, 'needs "cron" too, or "at"'),
        ('kind = "daily"\nat = ["end"]', 5, 'needs "cron" too'),
        ('cron = "* * * * *"', 5, "must name one minute"),
        ('cron = "0 9 * * 1"', 5, "must name days of the week by words"),
        ('cron = "0 9 * * mon"\ndeliver = ["slack:https://hooks.example.com/x"]', 6, 'must be "tracker"'),
        ('cron = "0 9 * * mon"\ndeliver = ["slack:env:NOWHERE"]', 6, "NOWHERE, which is not set"),
        ('cron = "0 9 * * mon"\ndeliver = ["slack:env:EMPTY"]', 6, "EMPTY, which is empty"),
        ('cron = "0 9 * * mon"\ndeliver = ["slack:env:PLAIN"]', 6, "no https:// address"),
        ('cron = "0 9 * * mon"\ndeliver = ["teams:env:WITH_USER"]', 6, "no https:// address"),
        ('cron = "0 9 * * mon"\ndeliver = ["file:reports"]', 6, 'must be "tracker"'),
        ('cron = "0 9 * * mon"\ndeliver = ["mail:ada@example.com"]', 6, 'needs "host" in [mail] too'),
        ('cron = "0 9 * * mon"\ndeliver = ["mail:ada@example.com\\nBcc: x@y.z"]', 6, 'must be "tracker"'),
        ('cron = "0 9 * * mon"\ndeliver = ["wiki"]', 6, "the wikis of GitHub have no API"),
        ('kind = "daily"\ncron = "0 9 * * mon"\ndeliver = ["wiki"]', 7, "and no digests"),
        ('cron = "0 9 * * mon"\ndeliver = []', 6, "at least 1 entry"),
        ('at = ["noon"]', 5, 'must be "start"'),
    ],
)
def test_what_does_not_fit(tmp_path, text, line, complaint):
    """It is named with its line, and never with the secret."""
    with pytest.raises(SettingsError) as raised:
        read(tmp_path, text)
    assert complaint in str(raised.value)
    assert line in [each.line for each in raised.value.findings]
    assert "secret-part" not in str(raised.value)


def test_a_project_that_is_none(tmp_path):
    """A near one is named."""
    file = tmp_path / "trainboard.toml"
    file.write_text(f'{PROJECT}[[reports]]\nproject = "chrun"\nat = ["end"]\n')
    with pytest.raises(SettingsError, match='is "chrun", which is no project; did you mean "churn"'):
        load(file, {})


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('host = "mail.example.com"', 'needs "sender" too'),
        ('user = "bot"', 'needs "password" too'),
        ('sender = "bot"', "must be an address"),
        (
            'host = "m.example.com"\nsender = "b@example.com"\nuser = "b"\npassword = "p"\nsecurity = "none"',
            "would show",
        ),
    ],
)
def test_mail_that_cannot_be_sent(tmp_path, text, complaint):
    """A password goes over no open line."""
    file = tmp_path / "trainboard.toml"
    file.write_text(f"{PROJECT}[mail]\n{text}\n")
    with pytest.raises(SettingsError, match=complaint):
        load(file, {})
