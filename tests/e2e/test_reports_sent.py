"""Reports that are sent to chats, by mail and into files: once, and never twice after a doubt."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from types import SimpleNamespace

import pytest
import requests
import responses

from fakes.azure_devops.wikis import add_wiki
from fakes.clock import FakeClock
from fakes.mortal import outlives_steps
from fakes.planning import Planning
from fakes.smtp import FakeSmtp
from fakes.teams import on_azure_devops, on_local_board

CHAT = "https://hooks.example.com/services/T0/B0/secret-part"
FLOW = "https://flow.example.com/workflows/1/triggers/manual/run?sig=secret-part"


class Channel:
    """A chat that takes messages, and says what it is told to say."""

    def __init__(self, mock, url):
        self.got, self.says = [], []
        mock.add_callback("POST", url, callback=self._take)

    def _take(self, request):
        said = self.says.pop(0) if self.says else 200
        if isinstance(said, Exception):
            return said
        if said < 300 or said in {500, 502, 504}:
            self.got.append(json.loads(request.body))
        return said, {}, "ok"


@pytest.fixture
def chats(monkeypatch):
    """A channel of Slack and one of Teams."""
    monkeypatch.setenv("TEAM_CHAT", CHAT)
    monkeypatch.setenv("TEAM_FLOW", FLOW)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield Channel(mock, CHAT), Channel(mock, FLOW)


def planning(talk, target, **report):
    """A team with one open item whose reports go there on working days."""
    values = {"project": "churn", "cron": "0 9 * * mon-fri", "deliver": [target]} | report
    mail = {"host": "mail.example.com", "sender": "bot@example.com", "security": "none"}
    return on_local_board(lambda **kw: talk(reports=[values], mail=mail, **kw), FakeClock())


@pytest.mark.parametrize(("target", "place"), [("slack:env:TEAM_CHAT", 0), ("teams:env:TEAM_FLOW", 1)])
def test_a_chat_is_told_once_each_morning(talk, chats, target, place):
    """And not on Saturdays; the message holds the figures."""
    with planning(talk, target) as opened:
        team = Planning(opened)
        team.makes("Clean the labels", 1, 5.0)
        team.looks()
        team.passes(hours=23)
        team.passes(minutes=1)
        team.passes(days=1)
        team.passes(days=1)
        assert [("2026-11-19T09:00", "delivered"), ("2026-11-20T09:00", "delivered")] == team.claims(target)
        got = chats[place].got
        assert 2 == len(got)
        assert "Clean the labels" in json.dumps(got[0])
        assert "0 of 2 items done" in json.dumps(got[0])


@pytest.mark.parametrize(
    ("says", "sent", "state"),
    [
        ([502], 1, "unsure"),
        ([504], 1, "unsure"),
        ([requests.ReadTimeout("silence")], 0, "unsure"),
        ([requests.ConnectionError("reset")], 0, "unsure"),
        ([429, 429], 1, "delivered"),
        ([503, 503], 1, "delivered"),
        ([requests.ConnectTimeout("nobody")], 1, "delivered"),
        ([404], 0, "refused"),
        ([410], 0, "refused"),
    ],
    ids=str,
)
def test_what_a_chat_answers(talk, chats, capsys, says, sent, state):
    """It is tried again only where surely nothing was sent, and the address is in no line of the log."""
    chats[0].says = says
    with planning(talk, "slack:env:TEAM_CHAT") as opened:
        team = Planning(opened)
        team.makes("Clean the labels", 1, 5.0)
        team.looks()
        team.passes(hours=23)
        for _ in range(8):
            team.passes(minutes=20)
        assert [("2026-11-19T09:00", state)] == team.claims("slack:env:TEAM_CHAT")
        assert sent == len(chats[0].got)
        said = "".join(capsys.readouterr())
        assert "secret-part" not in said
        assert "secret-part" not in team.bot.http.get("/deliveries").text


def test_a_process_that_dies_never_tells_a_chat_twice(talk, chats, monkeypatch):
    """Whichever step is its last; if it died beside the message, nobody knows whether it went out."""
    with planning(talk, "slack:env:TEAM_CHAT", cron="0 9 * * *") as opened:
        team = Planning(opened)
        team.makes("Clean the labels", 1, 5.0)
        team.looks()
        states = set()
        team.bot.clock.forward(hours=1)
        for fatal in count(1):
            team.bot.clock.forward(hours=22)
            team.bot.bot.schedule.tick_reports()
            before = len(chats[0].got)
            has_lived = outlives_steps(team.bot.settle, monkeypatch, fatal)
            team.bot.restart()
            team.reports(hours=1)
            team.reports(hours=1)
            [*_, (_, state)] = team.claims("slack:env:TEAM_CHAT")
            states.add(state)
            assert len(chats[0].got) - before in ({1} if state == "delivered" else {0, 1}), fatal
            if has_lived:
                break
        assert {"delivered", "unsure"} == states


def test_mail_has_two_parts(talk, monkeypatch):
    """Text, and the same as a page; its id is known again."""
    server = FakeSmtp()
    monkeypatch.setattr("trainboard.posting.mail.smtplib.SMTP", server)
    with planning(talk, "mail:ada@example.com", kind="daily", cron="0 9 * * *") as opened:
        team = Planning(opened)
        ref = team.makes("Clean <b>the</b> labels", 1, 5.0)
        team.looks()
        team.changes(ref, state="closed")
        team.passes(hours=23)
        assert [("2026-11-19T09:00", "delivered")] == team.claims("mail:ada@example.com")
    [(message, sender, receivers)] = server.sent
    assert ("bot@example.com", ["ada@example.com"]) == (sender, receivers)
    text, page = message.iter_parts()
    assert "Done:\n  Clean <b>the</b> labels: 5 points" in text.get_content()
    assert "<li>Clean &lt;b&gt;the&lt;/b&gt; labels: 5 points</li>" in page.get_content()
    assert message["Message-ID"].endswith("@example.com>")


def test_a_file_is_written_whole(talk, tmp_path):
    """Its name is made of ours, whatever the sprint is called, and the final text says so."""
    folder = tmp_path / "reports"
    with planning(talk, f"file:{folder}") as opened:
        team = Planning(opened)
        team.makes("../../etc/passwd", 1, 5.0)
        team.looks()
        team.passes(hours=23)
        [path] = folder.iterdir()
        assert "churn-sprint-1.md" == path.name
        assert "**0 of 2 items done" in path.read_text()
        team.passes(days=4)
        assert ["churn-sprint-1.md", "churn-sprint-2.md"] == sorted(each.name for each in folder.iterdir())
        assert "Final, frozen at" in path.read_text()


def test_a_folder_that_is_none(talk, tmp_path):
    """It is tried again, and there once it can be written to."""
    (tmp_path / "reports").write_text("a file")
    with planning(talk, f"file:{tmp_path}/reports") as opened:
        team = Planning(opened)
        team.makes("Train", 1, 5.0)
        team.looks()
        team.passes(hours=23)
        assert [("2026-11-19T09:00", "asked")] == team.claims(f"file:{tmp_path}/reports")
        (tmp_path / "reports").unlink()
        team.passes(hours=1)
        assert (tmp_path / "reports" / "churn-sprint-1.md").exists()


def test_what_the_settings_do_not_name_any_more_is_let_go(talk, chats):
    """A report that waits for a chat that was taken out of the settings."""
    chats[0].says = [503]
    with planning(talk, "slack:env:TEAM_CHAT") as opened:
        team = Planning(opened)
        team.makes("Train", 1, 5.0)
        team.looks()
        team.passes(hours=23)
        del team.bot.bot.outside.posts["slack:env:TEAM_CHAT"]
        team.passes(hours=1)
        assert [("2026-11-19T09:00", "refused")] == team.claims("slack:env:TEAM_CHAT")


@pytest.fixture
def on_a_wiki(talk):
    """A team in Azure DevOps whose reports are pages."""
    report = {"project": "churn", "cron": "0 9 * * mon-fri", "deliver": ["wiki"]}
    with on_azure_devops(lambda **kw: talk(reports=[report], **kw), FakeClock()) as opened:
        opened.project = opened.azure.find_project("Churn")
        add_wiki(opened.project)
        yield Planning(opened)


def test_a_page_of_the_wiki(on_a_wiki):
    """One for each sprint, below one of its own; each report but the first is one call."""
    team, pages = on_a_wiki, on_a_wiki.team.project.pages
    team.makes("Clean the labels", 1, 5.0)
    team.passes(hours=23)
    assert {"/", "/Sprint reports", "/Sprint reports/churn-1"} == set(pages)
    assert "of 5 points" in pages["/Sprint reports/churn-1"].text

    team.makes("Train", 1, 8.0)
    team.bot.clock.forward(days=1)
    team.looks()
    before = len(team.team.azure.requests)
    team.reports()
    assert ["PUT wiki.pages 200"] == [str(each) for each in team.team.azure.requests[before:]]
    assert "of 13 points" in pages["/Sprint reports/churn-1"].text
    assert [("2026-11-19T09:00", "delivered"), ("2026-11-20T09:00", "delivered")] == team.claims("wiki")


def test_what_people_write_on_the_page_stays(on_a_wiki):
    """Its version tells that somebody was there."""
    team, pages = on_a_wiki, on_a_wiki.team.project.pages
    team.makes("Clean the labels", 1, 5.0)
    team.passes(hours=23)
    page = pages["/Sprint reports/churn-1"]
    page.text, page.version = f"Ours.\n\n{page.text}", page.version + 1
    team.makes("Train", 1, 8.0)
    team.passes(days=1)
    page = pages["/Sprint reports/churn-1"]
    assert page.text.startswith("Ours.")
    assert "of 13 points" in page.text
    team.passes(days=3)
    assert "Final, frozen at" in pages["/Sprint reports/churn-1"].text
    assert "/Sprint reports/churn-2" in pages


def test_a_project_without_a_wiki(talk):
    """The report is refused with what to do."""
    report = {"project": "churn", "cron": "0 9 * * mon-fri", "deliver": ["wiki"]}
    with on_azure_devops(lambda **kw: talk(reports=[report], **kw), FakeClock()) as opened:
        team = Planning(opened)
        team.makes("Clean the labels", 1, 5.0)
        team.passes(hours=23)
        assert [("2026-11-19T09:00", "refused")] == team.claims("wiki")


class Recording:
    """A target that many processes share, and that takes its time."""

    name, is_sure = "slack:env:TEAM_CHAT", False

    def __init__(self):
        self.got = []

    def send(self, letter):
        self.got.append(letter.key)


def test_eight_processes_say_it_once(talk, chats, postgresql_url):
    """All of them look at the same moment, for days, each with a schedule and workers of its own."""
    del chats
    chat = Recording()
    sections = {"reports": [{"project": "churn", "cron": "0 9 * * *", "deliver": [chat.name, "tracker"]}]}
    clock = FakeClock()
    bots = [talk(database=postgresql_url, clock=clock, **sections) for _ in range(8)]
    for bot in bots:
        bot.bot.outside.posts[chat.name] = chat
    team = Planning(SimpleNamespace(bot=bots[0]))
    team.makes("Clean the labels", 1, 5.0)
    team.looks()
    clock.forward(hours=22, minutes=59)

    def reports(bot):
        bot.bot.schedule.tick_reports()
        bot.settle()

    for _ in range(3):
        clock.forward(minutes=1)
        with ThreadPoolExecutor(len(bots)) as pool:
            list(pool.map(reports, bots))
        clock.forward(hours=23, minutes=59)
    assert 3 == len(chat.got) == len(set(chat.got))
    assert ["delivered"] * 3 == [state for _, state in team.claims(chat.name)]
    assert 1 == len(team.list_reports())


def test_what_is_no_news_any_more_is_given_up(talk, chats):
    """A chat that is away all morning is told by the next report, and not of this one at night."""
    chats[0].says = [503] * 40
    with planning(talk, "slack:env:TEAM_CHAT") as opened:
        team = Planning(opened)
        team.makes("Train", 1, 5.0)
        team.looks()
        team.passes(hours=23)
        for _ in range(8):
            team.passes(hours=1)
        assert [("2026-11-19T09:00", "refused")] == team.claims("slack:env:TEAM_CHAT")
        assert "It could not be delivered within six hours." in team.bot.http.get("/deliveries").text
        chats[0].says = []
        team.passes(hours=16)
        assert ("2026-11-20T09:00", "delivered") == team.claims("slack:env:TEAM_CHAT")[-1]
        assert 1 == len(chats[0].got)
