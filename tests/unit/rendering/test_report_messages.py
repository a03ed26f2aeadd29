"""Reports as messages: within what chats take, and harmless there."""

import json
import re
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given
from msgspec.structs import replace

from fakes.due_reports import make_digest, make_hostile, make_report
from fakes.hostile import TEXTS
from fakes.read import NOW
from trainboard.rendering.report.brief import MOST_LINES, brief_digest, brief_report
from trainboard.rendering.report.brief_text import render_brief, render_plain
from trainboard.rendering.report.kept import fit_report, say_final
from trainboard.rendering.report.mail import render_html, render_subject
from trainboard.rendering.report.slack import render_slack
from trainboard.rendering.report.teams import MOST_BYTES, render_teams

URL = "https://bot.example.com/projects/churn/sprints/1"
HOSTILE = (
    "<!channel> wake up",
    "<!here|here>",
    "<@U024BE7LH>",
    "<!subteam^S1|@ml>",
    "@here @channel @everyone",
    "#general",
    "<https://evil.example/|click>",
    "a|b>c",
    "<at>Ana</at>",
    "[x](https://evil.example)",
    "![x](https://evil.example/p.png)",
    "# Heading",
    "```code```",
    "/promote production",
    "=HYPERLINK(1)",
    "Bcc: all@example.com\r\n\r\nbody",
)


def texts_in(value):
    """All texts of a message."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts_in(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts_in(each)]
    return [value] if isinstance(value, str) else []


def test_a_brief_of_a_report():
    """In a sentence, figures and what is open."""
    brief = brief_report(make_report(), URL)
    assert "Sprint 1 of churn" == brief.title
    assert brief.sentence.startswith("1 of 3 items done, 1 of 6 points.")
    assert ("Committed", "6 points") in brief.figures
    assert [("Open", 2)] == [(each.title, len(each.lines)) for each in brief.lists]
    assert "As known at 2026-11-18 10:00 UTC." == brief.footer


def test_a_brief_of_a_digest():
    """What is new, and that nobody knows what is old."""
    brief = brief_digest(make_digest(), None)
    assert "1 done. 2 items left, 5 points." == brief.sentence
    assert [("Done", "Clean the labels")] == [(each.title, each.lines[0].title) for each in brief.lists]
    assert (("Old", "n/a (nobody told when work was started)"),) == brief.figures


def test_a_quiet_digest_is_one_line():
    """And says what is left."""
    quiet = make_digest(hours=0.5)
    assert quiet.is_quiet
    assert "Nothing changed. 2 items left, 5 points." == brief_digest(quiet, None).sentence


def test_long_lists_say_what_is_left_out():
    """The same in each form."""
    brief = brief_report(make_report(items=500), URL)
    assert [(MOST_LINES, 479)] == [(len(each.lines), each.more) for each in brief.lists]
    assert "479 more" in render_brief(brief)
    assert "479 more" in render_plain(brief)
    assert "479 more" in render_html(brief)
    assert "479 more" in json.dumps(render_slack(brief))
    assert "479 more" in json.dumps(render_teams(brief))


def test_slack_takes_the_message():
    """50 blocks, 3,000 characters in a section, 150 in a header, 2,000 in a field, some 9,500 in all."""
    report = make_hostile(make_report(items=200), "W" * 3_000)
    message = render_slack(brief_report(replace(report, project="p" * 400), URL))
    assert 50 >= len(message["blocks"])
    assert 150 >= len(message["blocks"][0]["text"]["text"])
    assert all(3_000 >= len(text) for text in texts_in(message))
    assert 9_500 >= sum(map(len, texts_in(message["blocks"])))


def test_teams_takes_the_card():
    """A message has at most 28 KB, whatever letters its titles are of."""
    message = render_teams(brief_report(make_hostile(make_report(items=200), "语" * 300), URL))
    assert MOST_BYTES >= len(msgspec.json.encode(message))
    assert "application/vnd.microsoft.card.adaptive" == message["attachments"][0]["contentType"]


@pytest.mark.parametrize("title", HOSTILE)
def test_slack_mentions_nobody(title):
    """All angle brackets are ours, and hold our links; what looks like a name is none."""
    for brief in (
        brief_report(make_hostile(make_report(), title), URL),
        brief_digest(make_hostile(make_digest(), title), URL),
    ):
        for text in texts_in(render_slack(brief)):
            assert all(
                re.match(r"https?://[^|<>]+\|[^|<>]+$", link) for link in re.findall(r"<([^>]*)>", text)
            )
            assert not re.search(r"[@#](?=\w)", re.sub(r"<https?://[^|>]*\|", "", text))
            assert not re.search(r"<[!@#]", text)


@given(TEXTS)
def test_no_text_makes_slack_or_teams_do_anything(text):
    """Whatever a title is: no bracket of Slack's, no tag of Teams'."""
    brief = brief_report(make_hostile(make_report(), text), URL)
    for said in texts_in(render_slack(brief)):
        assert all(link.startswith("http") for link in re.findall(r"<([^>]*)>", said))
    for said in texts_in(render_teams(brief)["attachments"][0]["content"]["body"]):
        assert not re.search(r"<\s*/?\s*at", said, re.IGNORECASE)
        assert not re.search(r"[@#](?=\w)", re.sub(r"\(https?://[^)]*\)", "", said))


@pytest.mark.parametrize("title", HOSTILE)
def test_teams_links_only_to_items(title):
    """What looks like a link of Markdown in a title is text."""
    report = make_report(title)
    body = render_teams(brief_report(report, URL))["attachments"][0]["content"]["body"]
    links = [link for text in texts_in(body) for link in re.findall(r"(?<!\\)\]\(([^)]*)\)", text)]
    assert {"https://github.com/acme/churn/issues/2", "https://github.com/acme/churn/issues/3"} == set(links)


class Tags(HTMLParser):
    """The tags of a page, and where its links lead."""

    def __init__(self, page):
        super().__init__()
        self.names, self.links = set(), set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.links |= {value for name, value in attrs if name in {"href", "src"}}


@given(TEXTS)
def test_mail_holds_no_foreign_markup(text):
    """Only our tags, no picture, one line of subject."""
    brief = brief_report(make_hostile(make_report(), text), URL)
    tags = Tags(render_html(brief))
    assert tags.names <= {"html", "body", "h2", "h3", "p", "table", "tr", "td", "ul", "li", "a", "small"}
    assert all(link.startswith(("http://", "https://")) for link in tags.links)
    assert not re.search(r"[\r\n]", render_subject(brief))


def test_a_report_is_cut_between_its_sections():
    """What is left out is named, and the end of the sprint stays said."""
    markdown = "## Sprint\n\n**1 done**" + "".join(f"\n\n### Part {n}\n\n{'x' * 500}" for n in range(10))
    text = fit_report(markdown, 3_000, say_final(NOW, "0" * 64))
    assert 3_000 >= len(text.encode())
    assert "Final, frozen at 2026-11-18 10:00 UTC, sha256 000" in text
    assert "Left out to stay within the size that the tracker allows: part" in text
    assert all(len(line) == 500 for line in text.splitlines() if line.startswith("x"))
