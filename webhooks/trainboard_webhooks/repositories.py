"""Repositories that senders of runs name."""

from msgspec import UnsetType

from trainboard.errors import PayloadError
from trainboard_webhooks import Credential
from trainboard_webhooks.payload import shorten


def check_repository(sender: Credential, repository: str | UnsetType) -> None:
    """Refuse a run that names a repository which is not the sender's.

    Raises:
        PayloadError: with both names.
    """
    if sender.repository and repository and sender.repository.casefold() != repository.casefold():
        named = shorten(repository, 300)
        raise PayloadError(f"the sender's secret is for {sender.repository}, and the run is one of {named}")
