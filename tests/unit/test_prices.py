"""What an hour of a device costs."""

from decimal import Decimal

import pytest

from trainboard.prices import Prices

PRICES = Prices(currency="EUR", gpu_hour=(("*A100*", Decimal("2.40")), ("T4", Decimal("0.35"))))


@pytest.mark.parametrize(
    ("device", "expected"),
    [("NVIDIA A100-SXM4-80GB", "2.40"), ("a100", "2.40"), ("t4", "0.35"), ("T4G", None), ("", None)],
)
def test_a_price_is_found_by_the_name_of_the_device(device, expected):
    """In whatever letters, as a whole; what no glob fits has none."""
    assert (None if expected is None else Decimal(expected)) == PRICES.find(device)


def test_the_first_glob_counts_and_a_star_fits_what_has_no_name():
    """So that an operator writes the exception before the rule."""
    prices = Prices(currency="EUR", gpu_hour=(("A*", Decimal(1)), ("*", Decimal(2))))
    assert (Decimal(1), Decimal(2), Decimal(2)) == (prices.find("A10"), prices.find("H100"), prices.find(""))
