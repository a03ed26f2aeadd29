"""What an hour of a GPU costs, as an operator writes it."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from trainboard.settings.section import Section
from trainboard.settings.values import MisfitError, Text, matching

_PRICE = re.compile(r"\d{1,9}(?:\.\d{1,6})?")
_CURRENCY = r"[A-Z]{3}"


def _read_price(value: object) -> Decimal:
    """A number of TOML means the digits that are written, not the nearest binary fraction."""
    said = "" if isinstance(value, bool) else str(value)
    if not _PRICE.fullmatch(said):
        raise ValueError('must be a price of 0 or more, like "2.40"')
    return Decimal(said)


Price = Annotated[
    Decimal,
    BeforeValidator(_read_price),
    WithJsonSchema({"type": ["string", "number"], "minimum": 0, "pattern": f"^{_PRICE.pattern}$"}),
]


class Prices(Section):
    """What runs cost: for the sprint report."""

    currency: Annotated[
        str, AfterValidator(matching(f"(?:{_CURRENCY})?", 'must be three capitals, like "EUR"'))
    ] = Field(
        default="",
        json_schema_extra={"pattern": f"^(?:{_CURRENCY})?$"},
        description="Currency of all prices, like `EUR`. Runs that tell their own cost in it count with "
        "that. Empty: no costs are shown.",
    )
    gpu_hour: dict[Text, Price] = Field(
        default={},
        description="What an hour of one GPU costs, by a glob of its name, like "
        '`"*A100*" = "2.40"`; the first that fits counts, upper and lower case are alike. `"*"` also fits '
        "where a run does not tell the name.",
    )

    @model_validator(mode="after")
    def _prices_have_a_currency(self) -> "Prices":
        if self.gpu_hour and not self.currency:
            raise MisfitError((("currency",), "must be set, for there are prices"))
        return self
