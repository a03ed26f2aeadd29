"""How many deliveries are understood in one transaction."""

import pytest

from trainboard.deliveries import Delivery
from trainboard.engine.incoming import TOGETHER, TOGETHER_BYTES, _portion
from trainboard.store.inbox import StoredDelivery


def stored(*sizes):
    return [
        StoredDelivery(
            number=number,
            delivery=Delivery(source="runs/ci", id=str(number), kind="run", entity="e", body=b"x" * size),
            attempts=0,
            mailbox="in:runs",
        )
        for number, size in enumerate(sizes)
    ]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((), []),
        ((1,) * (TOGETHER + 1), [TOGETHER, 1]),
        ((TOGETHER_BYTES // 2,) * 5, [2, 2, 1]),
        ((1, TOGETHER_BYTES + 1, 1), [1, 1, 1]),
        ((TOGETHER_BYTES, 1), [1, 1]),
    ],
)
def test_a_transaction_is_short(sizes, expected):
    """So many, or so many bytes, in the order in which they came; one at least."""
    waiting = stored(*sizes)
    portions = list(_portion(waiting))
    assert expected == [len(portion) for portion in portions]
    assert waiting == [each for portion in portions for each in portion]
