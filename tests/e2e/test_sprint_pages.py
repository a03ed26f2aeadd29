"""People find the report of a sprint from the work item, and the running service shows it."""

import re

import icalendar
import pytest

from fakes.conversation import run

ADDRESS = "https://bot.example.com"


@pytest.fixture
def bot(talk, tmp_path):
    """A bot that others reach, with one experiment's item, which it has looked at."""
    database = f"sqlite:///{tmp_path}/pages.db"
    made = talk(server={"database": database, "dashboard": "public", "public_url": ADDRESS})
    made.reports(run("r1", "churn-xgb", metrics={"val_auc": 0.9}))
    made.forward(minutes=1)
    made.bot.schedule.tick_history()
    made.forward(minutes=1)
    return made


def test_a_work_item_leads_to_the_report_of_its_sprint(bot):
    """Whose page tells of the item, and leads back to it."""
    item = bot.bot.outside.trackers["churn"].get_item("1")
    [path] = re.findall(rf"\[Its sprint's report\]\({ADDRESS}(.*?)\)", item.body)
    page = bot.http.get(path)
    assert 200 == page.status_code
    assert f'href="/items/{item.ref}"' in page.text
    assert "Experiment: churn-xgb" in page.text


def test_a_calendar_leads_there_too(bot):
    """The sprint under way is in it once."""
    events = icalendar.Calendar.from_ical(bot.http.get("/sprints.ics").data).walk("VEVENT")
    [path] = [each["url"].removeprefix(ADDRESS) for each in events if each["summary"] == "Sprint 1, churn"]
    assert 200 == bot.http.get(path).status_code
