"""Jobs of GitHub Actions at the door: whose tokens are believed, and where the keys behind them are fetched.

Source: GitHub, "OpenID Connect reference": the issuers of GitHub itself, of a server and of data residency.
"""

from collections.abc import Callable, Iterable
from functools import partial

from trainboard.errors import PayloadError, TransientError
from trainboard.settings import RunsSource, Settings
from trainboard.wiring import entra
from trainboard.wiring.key_sets import fetch_keys
from trainboard_webhooks.job_tokens import JobTrust
from trainboard_webhooks.signing_keys import SigningKeys, read_keys

_DOTCOM = "https://token.actions.githubusercontent.com"
_SERVER = "/_services/token"


def list_issuers(sources: Iterable[object]) -> dict[str, str]:
    """Who signs tokens that the settings believe, each with the address of its keys."""
    return {
        source.github_issuer: f"{source.github_issuer}/.well-known/jwks"
        for source in sources
        if isinstance(source, RunsSource) and source.github_repository_ids
    }


def make_trusts(settings: Settings) -> dict[str, JobTrust]:
    """Whose jobs are believed, by the name of the source of runs.

    The keys of an issuer are fetched beforehand, so that the first job need not come again.
    """
    keys = {issuer: _open_keys(address) for issuer, address in list_issuers(settings.sources).items()}
    return {
        source.name: JobTrust(
            issuer=source.github_issuer,
            audience=settings.server.public_url,
            web=web_of(source.github_issuer),
            owner_id=str(source.github_owner_id),
            repository_ids=frozenset(str(number) for number in source.github_repository_ids),
            keys=keys[source.github_issuer],
        )
        for source in settings.sources
        if isinstance(source, RunsSource) and source.github_repository_ids
    }


def list_key_counts(settings: Settings) -> dict[str, Callable[[], int]]:
    """What counts the keys of each issuer by which reporters of runs are known, or raises TransientError.

    Those of tenants of Microsoft Entra are among them.
    """
    issuers = list_issuers(settings.sources) | entra.list_issuers(settings.sources)
    return {issuer: partial(_count_keys, address) for issuer, address in issuers.items()}


def web_of(issuer: str) -> str:
    """The address of the GitHub whose tokens `issuer` signs."""
    if issuer == _DOTCOM:
        return "https://github.com"
    return issuer.removesuffix(_SERVER).replace("https://token.actions.", "https://")


def _count_keys(address: str) -> int:
    try:
        return len(read_keys(fetch_keys(address)))
    except (OSError, PayloadError) as error:
        raise TransientError(f"The keys at {address} could not be fetched: {error}") from error


def _open_keys(address: str) -> SigningKeys:
    keys = SigningKeys(lambda: fetch_keys(address))
    keys.refresh()
    return keys
