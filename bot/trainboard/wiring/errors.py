"""What can go wrong when settings become a bot."""

from trainboard.errors import TrainboardError


class WiringError(TrainboardError):
    """The settings are valid each by itself, but a part that they name cannot be made of them."""
