"""Who may sign in, and the tokens of programs."""

import pytest

from trainboard.settings import SettingsError, load

SERVER = '[server]\ndashboard = "sign-in"\npublic_url = "https://board.example"\n'
GITHUB = '[[sign_in]]\nkind = "github"\nname = "github"\nclient_id = "c"\nclient_secret = "s"\n'
OIDC = (
    '[[sign_in]]\nkind = "oidc"\nname = "acme"\nissuer = "https://issuer.example"\nclient_id = "c"\n'
    'client_secret = "s"\n'
)
TOKEN = '[[sign_in]]\nkind = "token"\nname = "token"\n'
API = f'[[api_tokens]]\nname = "ci"\nsecret = "{"a" * 32}"\nscopes = ["board:read"]\n'


def read(text, folder):
    """The settings of a file with `text`."""
    file = folder / "trainboard.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, {})


def complaints(text, folder):
    """What is said of a file with `text`, without the file's name and line."""
    with pytest.raises(SettingsError) as caught:
        read(text, folder)
    return [finding.message for finding in caught.value.findings]


def test_nobody_comes_in_who_is_not_named(tmp_path):
    """The lists are empty at first."""
    settings = read(SERVER + GITHUB + OIDC + TOKEN, tmp_path)
    assert [((), ()), ((), ())] == [(way.viewers, way.operators) for way in settings.sign_in[:2]]
    assert "viewer" == settings.sign_in[2].role


@pytest.mark.parametrize(
    "rule", ["login:octocat", "id:583231", "organization:acme", "team:acme/ml-leads", "anyone"]
)
def test_rules_of_github(tmp_path, rule):
    """Each names people on that GitHub."""
    assert (rule,) == read(f'{SERVER}{GITHUB}viewers = ["{rule}"]', tmp_path).sign_in[0].viewers


@pytest.mark.parametrize(
    "rule", ["*", "octocat", "login:*", "organization:", "team:acme", "team:acme/..", "id:0", "group:x", ""]
)
def test_what_is_no_rule_of_github(tmp_path, rule):
    """Wildcards among it: everybody is said by a word."""
    [said] = complaints(f'{SERVER}{GITHUB}operators = ["{rule}"]', tmp_path)
    assert 'or "anyone"' in said


@pytest.mark.parametrize(
    "rule",
    ["email:ada@acme.example", "group:3f2a", "role:Trainboard.Viewer", "subject:1", "object:2", "anyone"],
)
def test_rules_of_an_issuer(tmp_path, rule):
    """Each is about claims of the token."""
    assert (rule,) == read(f'{SERVER}{OIDC}viewers = ["{rule}"]', tmp_path).sign_in[0].viewers


@pytest.mark.parametrize("rule", ["*", "email:*@acme.example", "email:ada", "group:*", "role:", "login:ada"])
def test_what_is_no_rule_of_an_issuer(tmp_path, rule):
    """Wildcards among it."""
    [said] = complaints(f'{SERVER}{OIDC}viewers = ["{rule}"]', tmp_path)
    assert 'or "anyone"' in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SERVER, "is missing: server.dashboard"),
        ('[server]\ndashboard = "sign-in"\n' + GITHUB, 'needs "public_url" in [server] too'),
        (SERVER + GITHUB + GITHUB, '"github"'),
        (SERVER + OIDC.replace("https://", "http://"), "must begin with https://"),
        (SERVER + OIDC + 'scopes = ["email"]', 'needs "openid"'),
        (SERVER + TOKEN + 'token = "short"', "must have 32 to 512"),
        (SERVER + TOKEN + 'role = "admin"', 'must be "viewer" or "operator"'),
        (API.replace("a" * 32, "a" * 31), "must have 32 to 512"),
        (API.replace("board:read", "board:write"), "must be"),
        (API.replace('["board:read"]', "[]"), "at least 1"),
        (API + API.replace('"ci"', '"cd"'), "is that of a token before it"),
        (API + API, '"ci"'),
        ('[server]\nmetrics = "token"\n', 'has none with "metrics:read"'),
        ('[server]\nmetrics = "token"\n' + API, 'has none with "metrics:read"'),
        (API + 'projects = ["defalt"]', 'did you mean "default"?'),
    ],
)
def test_what_does_not_go_together(tmp_path, text, said):
    """Is said where it stands."""
    found = complaints(text, tmp_path)
    assert any(said in each for each in found), found


def test_no_complaint_shows_a_token(tmp_path):
    """Not even a bad one."""
    assert "sh0rt" not in " ".join(complaints(SERVER + TOKEN + 'token = "sh0rt"', tmp_path))
