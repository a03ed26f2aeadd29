"""A fake GitHub, and a clock that stands still."""

from fakes.github.fixtures import clock, fake

__all__ = ["clock", "fake"]
