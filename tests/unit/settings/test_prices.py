"""What runs cost, as an operator writes it."""

from decimal import Decimal

import pytest

from trainboard.prices import Prices
from trainboard.settings import SettingsError, load, projects_of


@pytest.fixture
def prices(tmp_path):
    """What the project's runs cost that has these lines below its prices."""

    def read(lines):
        file = tmp_path / "trainboard.toml"
        file.write_text(f'[[projects]]\nname = "churn"\n[projects.prices]\n{lines}')
        [project] = projects_of(load(file, {}))
        return project.prices

    return read


def test_a_price_is_what_is_written(prices):
    """As text or as a number of TOML, which is no binary fraction; globs keep their order."""
    written = 'currency = "EUR"\ngpu_hour = { "*A100*" = 2.40, "T4" = "0.35", "*" = 1 }'
    assert Prices(
        currency="EUR", gpu_hour=(("*A100*", Decimal("2.4")), ("T4", Decimal("0.35")), ("*", Decimal(1)))
    ) == prices(written)


def test_without_prices_there_are_none(prices):
    """A currency alone takes what runs tell themselves."""
    assert Prices() == prices("")
    assert Prices(currency="EUR") == prices('currency = "EUR"')


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('currency = "euro"', '4: "currency" in [projects.prices] must be three capitals, like "EUR"'),
        ("currency = 3", '4: "currency" in [projects.prices] must be text'),
        (
            'gpu_hour = { "*" = 1 }',
            '3: "currency" in [projects.prices] must be set, for there are prices',
        ),
        *(
            (
                f'currency = "EUR"\ngpu_hour = {{ "T4" = {price} }}',
                '5: "T4" in [projects.prices.gpu_hour] must be a price of 0 or more, like "2.40"',
            )
            for price in ("-1", "true", '"2,40"', "nan", "1e300", '"1e3"', '""', "[]")
        ),
    ],
)
def test_what_is_no_price_is_said(prices, written, expected):
    """With its line."""
    with pytest.raises(SettingsError) as caught:
        prices(written)
    assert str(caught.value).endswith(f"/trainboard.toml:{expected}")
