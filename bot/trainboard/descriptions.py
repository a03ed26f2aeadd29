"""Pull requests of a repository, as far as their descriptions go."""

from typing import Protocol


class Descriptions(Protocol):
    """One repository's descriptions; `name` is the repository's, such as `github:acme/churn`.

    Raises (any method):
        MissingError: there is surely no such pull request.
        TrainboardError: as of `trainboard.trackers.Tracker`.
    """

    name: str

    def get(self, number: int) -> str:
        """The description of a pull request, empty if it has none."""
        ...

    def replace(self, number: int, text: str) -> None:
        """Give a pull request another description. Doing it again changes nothing more."""
        ...
