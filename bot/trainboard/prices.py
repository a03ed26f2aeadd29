"""What an hour of a device costs a project. Money is Decimal, never a float."""

from decimal import Decimal
from fnmatch import fnmatchcase

import msgspec


class Prices(msgspec.Struct, frozen=True, kw_only=True):
    """Prices in one currency, which is a word of three capitals, empty where nobody set any.

    `gpu_hour` are globs of the names of devices, in the order in which they are tried, with the price of an
    hour of one. `*` also fits a run that does not tell what its devices are called.
    """

    currency: str = ""
    gpu_hour: tuple[tuple[str, Decimal], ...] = ()

    def find(self, device: str) -> Decimal | None:
        """The price of an hour of a device of that name, in whatever letters; None where there is none."""
        folded = device.casefold()
        fits = (price for glob, price in self.gpu_hour if fnmatchcase(folded, glob.casefold()))
        return next(fits, None)
