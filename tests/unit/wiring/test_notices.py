"""What a bot says when it starts of what it cannot see to."""

import pytest

from fakes.clock import FakeClock
from trainboard.settings import Settings
from trainboard.wiring import build

LEFT_ALONE = "Pull requests of github:acme/churn show nothing of the bot: the settings name no way in."
NOT_RECOVERED = (
    "Webhooks of GitHub that do not arrive cannot be recovered with github.token: "
    "GitHub remembers deliveries for a GitHub App only."
)


@pytest.mark.parametrize(
    ("code", "github", "expected"),
    [
        ("local", {}, ()),
        ("github:acme/churn", {}, (LEFT_ALONE,)),
        ("github:acme/churn", {"token": "t"}, ()),
        ("github:acme/churn", {"token": "t", "webhook_secrets": ["s" * 32]}, (NOT_RECOVERED,)),
    ],
)
def test_what_is_left_alone_is_said(code, github, expected, tmp_path):
    """Once, where an operator looks, and only where it is so."""
    settings = Settings.model_validate(
        {
            "server": {"database": f"sqlite:///{tmp_path}/trainboard.db"},
            "projects": [{"name": "churn", "code": code}],
            "github": github,
        }
    )
    bot = build(settings, clock=FakeClock())
    bot.close()
    assert expected == bot.notices
