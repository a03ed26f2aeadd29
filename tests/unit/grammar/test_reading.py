"""What lines mean: calls with values of their types, and refusals that point at the word that is wrong."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.commands import EXAMPLES, read_comment
from trainboard.comments import Surface
from trainboard.grammar.lines import Markup
from trainboard.grammar.reading import MAX_COMMANDS, MAX_GUESSES, MAX_LINE
from trainboard.grammar.values import ModelVersion, User
from trainboard.targets import Target

GUID = "6e0a1b2c-0000-4000-8000-1234567890ab"


def read(text, surface=Surface.ISSUE, markup=Markup.MARKDOWN):
    return read_comment(text, markup, surface, EXAMPLES)


def values(text, surface=Surface.ISSUE):
    """What the one call of a text gives."""
    result = read(text, surface)
    assert () == result.refusals
    [call] = result.calls
    return {**call.values, **call.others}


def refusal(text, surface=Surface.ISSUE):
    """The words that the one refusal of a text points at, and what it says."""
    result = read(text, surface)
    assert () == result.calls
    [found] = result.refusals
    return found.text[found.start : found.end], found.said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/sprint NEXT", {"sprint": "next"}),
        ("/sprint “Sprint 12”", {"sprint": "Sprint 12"}),
        ("/sprint „Sprint 12“", {"sprint": "Sprint 12"}),
        ("/sprint «Sprint 12»", {"sprint": "Sprint 12"}),
        ("/sprint 'Ada''s'", None),
        (r'/sprint "a \"b\" c"', {"sprint": 'a "b" c'}),
        ("/sprint `a b`", {"sprint": "a b"}),
        ("/sprint sprint='a b'", {"sprint": "a b"}),
        ("/sprint --sprint=next", {"sprint": "next"}),
        ("/sprint Ada's", {"sprint": "Ada's"}),
        (r"/sprint a\_b", {"sprint": "a_b"}),
        ("/assign @ada,@grace", {"user": (User(name="ada"), User(name="grace"))}),
        ("/assign @ada , grace ada", {"user": (User(name="ada"), User(name="grace"))}),
        ("/assign user=ada grace", {"user": (User(name="ada"), User(name="grace"))}),
        ("/assign renovate[bot]", {"user": (User(name="renovate[bot]"),)}),
        ("/assign ada@example.com", {"user": (User(name="ada@example.com"),)}),
        ('/assign "Ada Lovelace"', {"user": (User(name="Ada Lovelace"),)}),
        (f"/assign @<{GUID.upper()}>", {"user": (User(name=GUID, is_id=True),)}),
        ("/unassign", {}),
        ("/estimate 0.5", {"points": 0.5}),
        ("/estimate points=13", {"points": 13.0}),
        ("/priority 2", {"priority": 2}),
        ('/label "one, two", three', {"label": ("one, two", "three")}),
        ("/label bug --remove", {"label": ("bug",), "remove": True}),
        ("/label bug \u2014remove", {"label": ("bug",), "remove": True}),
        ("/label --remove bug", {"label": ("bug",), "remove": True}),
        ("/block", {}),
        ("/block a b=c 'd e' --f", {"reason": "a b=c 'd e' --f"}),
        ('/block waits for "data".', {"reason": 'waits for "data".'}),
        ('/block "waits for data"', {"reason": "waits for data"}),
        ("/block a b by=#12 by=AB#13", {"reason": "a b", "by": ("12", "13")}),
        ("/block By=12 because", {"reason": "because", "by": ("12",)}),
        ("/close reason='no time' as=not-planned", {"reason": "no time", "as": "not-planned"}),
        ("/snooze 1w2d3h4m", {"until": timedelta(weeks=1, days=2, hours=3, minutes=4)}),
        ("/snooze 90min ok", {"until": timedelta(minutes=90), "reason": "ok"}),
        ("/snooze 2030-01-31", {"until": date(2030, 1, 31)}),
        ("/target val/f1@5 >= .9 %", {"target": Target("val/f1@5", ">=", 0.9, "%")}),
        ("/target f1&gt;=0.9", {"target": Target("f1", ">=", 0.9)}),
        ("/target `f1 > 1e-3`", {"target": Target("f1", ">", 0.001)}),
        (r"/target val\_f1 >= 0.9", {"target": Target("val_f1", ">=", 0.9)}),
        ("/dry-run /promote a@1 to=b", {"command": "/promote a@1 to=b"}),
        (
            "/promote churn/v2@champion to=`blue green` commit=0123ABC",
            {
                "model": ModelVersion(model="churn/v2", version="champion"),
                "to": "blue green",
                "commit": "0123abc",
            },
        ),
        ("/retrain nightly Rate=0.1 note='a b'", {"pipeline": "nightly", "Rate": "0.1", "note": "a b"}),
        ("/retrain churn@\u200b12 --force", {"pipeline": "churn@12", "force": True}),
    ],
)
def test_arguments_are_values(text, expected):
    """Words become what they stand for, whatever quotes, order and letters they are written in."""
    if expected is None:
        assert read(text).refusals
    else:
        assert expected == values(text)


@pytest.mark.parametrize(
    ("text", "pointed", "said"),
    [
        ("/estimate 3 pts", "pts", "takes no more"),
        ("/estimate three", "three", "`points` must be one of none, or a number"),
        ("/estimate points=three", "three", "must be"),
        ("/estimate points=", "points=", "must be"),
        ("/estimate 3 points=4", "points=4", "`points` is given twice"),
        ("/estimate", "", "Here `points` is missing: the effort"),
        ("/estimate 1,5", "1,5", "must be"),
        ("/estimate \u0663", "\u0663", "must be"),
        ('/sprint "next', '"next', "quotes that begin here do not end"),
        ('/sprint "a"b', '"a"b', "space must stand behind"),
        ('/block "a b', '"a', "quotes that begin here do not end"),
        ("/sprint Sprint 12", "12", "Quote what has spaces"),
        ("/label bug area=data", "area=data", "Quote it if it is no name"),
        ("/label bug --remov", "--remov", "Did you mean `remove`?"),
        ("/label bug --remove --remove", "--remove", "`remove` is given twice"),
        ("/label bug --remove=yes", "--remove=yes", "takes no value: write `--remove`"),
        ("/promote a@1 --to staging", "--to", "needs a value: write `to=…`"),
        ("/promote a@1 to=staging,production", "staging,production", "must be the name of an environment"),
        ("/promote a to=b", "a", "must be a version of a model"),
        ("/promote a@1 to=b commit=HEAD", "HEAD", "must be a commit"),
        ("/assign @acme/team", "@acme/team", "must be a user"),
        ("/assign ada,@x/y,grace", "@x/y", "must be a user"),
        ("/label " + " ".join(map(str, range(21))), "20", "at most 20"),
        ("/snooze 0h", "0h", "must be a duration"),
        ("/snooze 9999w", "9999w", "must be a duration"),
        ("/snooze 2030-02-30", "2030-02-30", "or a date"),
        ("/target auc=0.9", "auc=0.9", "must be a comparison"),
        ("/target auc >= 1e999", "auc >= 1e999", "must be a comparison"),
        ("/link #0", "#0", "must be the number of a work item"),
        ("/unassign user=", "user=", "must be a user"),
        ("/block by=,", ",", "must be the number of a work item"),
        ('/label ""', '""', "must be a name"),
        ("/retrain a=1 a=2", "a=2", "given twice"),
        ("/retrain a='1", "'1", "do not end"),
        ("/retrain a=", "a=", "must be one line"),
        ("/retrain " + " ".join(f"k{n}=1" for n in range(21)), "k20=1", "at most 20"),
        ("/approve production", "/approve", "This works on pull requests only."),
        ("/sprin next", "/sprin", "Did you mean `/sprint`?"),
        ("/Statsu", "/Statsu", "Did you mean `/status`?"),
        ("/unasign ada", "/unasign", "Did you mean `/unassign`?"),
        ("/rejeen production", "/rejeen", "Did you mean `/reject` or `/reopen`?"),
        ("/trainboard nothing", "/trainboard nothing", "There is no such command."),
        ("/trainboard /help", "/trainboard", "as in `/trainboard help`"),
        ("/block " + "a" * MAX_LINE, "a" * 7, "at most 2,000 characters"),
    ],
)
def test_a_refusal_points_at_the_word_that_is_wrong(text, pointed, said):
    """A line that is no command as it stands says where and why."""
    found, sentence = refusal(text)
    assert pointed == found
    assert said in sentence


@pytest.mark.parametrize(
    "text", ["/foo", "/lgtm", "/test", "/lint", "/hold on", "/wy", "/etc", "/usr/bin", "/table"]
)
def test_what_others_own_is_let_alone(text):
    """Far from our names, too short to tell, or known as another bot's: nothing is said."""
    assert ((), ()) == (read(text).calls, read(text).refusals)


def test_a_call_tells_where_it_stands():
    """Calls keep the order of their lines, around those that are refused."""
    result = read("/close\n/estimate x\n\n/trainboard Status")
    assert [("close", 1, "/close"), ("status", 4, "/trainboard Status")] == [
        (call.command.name, call.line, call.text) for call in result.calls
    ]
    [refused] = result.refusals
    assert (2, "estimate") == (refused.line, refused.command.name)


def test_html_and_markdown_say_the_same():
    """One grammar reads both."""
    mention = f'<a href="#" data-vss-mention="version:2.0,{GUID}">@Ada</a>'
    html = f"<div>please</div><div>/assign&nbsp;{mention}</div><div>/target auc &gt;= 0.9</div>"
    markdown = f"please\n/assign @<{GUID}>\n/target auc >= 0.9"
    said = [
        [(call.command.name, call.line, call.values) for call in read(text, Surface.WORK_ITEM, markup).calls]
        for text, markup in ((html, Markup.HTML), (markdown, Markup.MARKDOWN))
    ]
    assert said[0] == said[1]
    assert {"user": (User(name=GUID, is_id=True),)} == said[0][0][2]


def test_a_comment_holds_ten_commands():
    """The rest is named and not run; lines of other bots do not count."""
    text = "/foo\n" + "/close\n" * MAX_COMMANDS
    assert (MAX_COMMANDS, 0) == (len(read(text).calls), len(read(text).refusals))
    more = read(text + "/undo\n/undo\n/help\n")
    [refused] = more.refusals
    assert MAX_COMMANDS == len(more.calls)
    assert "left out: `/undo`, `/help`." in refused.said


def test_not_every_unknown_name_is_wondered_about():
    """After so many names of others a comment is no slip of the pen."""
    others = "".join(f"/x{'y' * n}\n" for n in range(MAX_GUESSES))
    assert [] == list(read(others + "/statsu").refusals)
    assert 1 == len(read(others + "/status").calls)


def test_a_value_is_asked_for_by_its_type():
    """A wrong type is a mistake of the program."""
    [call] = read("/estimate 3").calls
    assert (3.0, None) == (call.find("points", float), call.find("reason", str))
    with pytest.raises(TypeError, match="no str in points"):
        call.find("points", str)


NAMES = st.sampled_from([f"/{command.name}" for command in EXAMPLES] + ["/trainboard", "/statu", "/x"])
SIGNS = '" \' ` “ ” « = -- \u2014 , @ >= \\ \\" \u200b é \x00'
PARTS = "by= to= as=x --remove --force a@1 #12 0.9 f1 2h 12 &quot;"
WORDS = st.sampled_from([*SIGNS.split(" "), *PARTS.split(" "), ", "])
LINES = st.builds(
    lambda name, words: " ".join([name, *words]), NAMES, st.lists(WORDS | st.text(max_size=5), max_size=12)
)
GLUED = st.builds(lambda name, words: f"{name} {''.join(words)}", NAMES, st.lists(WORDS, max_size=12))


@pytest.mark.parametrize("markup", Markup)
@given(lines=st.lists(LINES | GLUED, max_size=14), surface=st.sampled_from(Surface))
def test_no_words_break_the_reader(markup, lines, surface):
    """Whatever the words, each line is a call, refused or not ours, and a refusal points into its line."""
    result = read("\n".join(lines), surface, markup)
    assert len(result.calls) <= MAX_COMMANDS
    assert len(result.refusals) <= MAX_COMMANDS + 1
    for each in result.refusals:
        assert 0 <= each.start <= each.end <= len(each.text)
    for call in result.calls:
        assert surface in call.command.surfaces
        needed = {parameter.name for parameter in call.command.parameters if parameter.required}
        assert needed <= call.values.keys()


@given(text=st.text(max_size=300))
def test_text_of_any_kind_is_read(text):
    """No text raises, in either markup."""
    for markup in Markup:
        read(text, markup=markup)
        read(f"/assign {text}\n/block {text}\n/retrain {text}", markup=markup)
