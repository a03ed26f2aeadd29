"""A fake GitHub, a clock that stands still, and a tracker between them."""

from fakes.github.fixtures import clock, fake, tracker

__all__ = ["clock", "fake", "tracker"]
