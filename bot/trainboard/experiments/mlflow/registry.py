"""The model registry beside the runs: which version each alias points at, and which run made a version."""

from collections.abc import Iterator
from datetime import UTC, datetime

from trainboard.errors import TransientError
from trainboard.experiments import RegisteredVersion, Registry
from trainboard.experiments.mlflow.answers import ModelPage
from trainboard.experiments.mlflow.client import MlflowClient

MOST_REMEMBERED = 10_000


class RegistryReader:
    """Reads the registry of one MLflow server.

    What made a version never changes, so that it is asked for once; the memory is emptied when it is full.
    """

    def __init__(self, client: MlflowClient) -> None:
        self._client = client
        self._versions: dict[tuple[str, str], RegisteredVersion] = {}

    def read(self, now: datetime) -> Registry:
        """All models; `now` stands for the server's time where it tells none."""
        pages = list(self._list_pages())
        date_ms = pages[0].date_ms
        return Registry(
            at=now if date_ms is None else _from_ms(date_ms),
            aliases={
                model.name: {each.alias: each.version for each in model.aliases}
                for page in pages
                for model in page.registered_models
            },
        )

    def find_version(self, model: str, version: str) -> RegisteredVersion | None:
        """The version; None if there is none that we may see."""
        known = self._versions.get((model, version))
        found = None if known else self._client.find_version(model, version)
        if found is None:
            return known
        made = RegisteredVersion(at=_from_ms(found.creation_timestamp), run_id=found.run_id or None)
        if len(self._versions) >= MOST_REMEMBERED:
            self._versions.clear()
        self._versions[model, version] = made
        return made

    def _list_pages(self) -> Iterator[ModelPage]:
        token, used = "", {""}
        while True:
            page = self._client.search_models(token)
            yield page
            token = page.next_page_token
            if not token:
                return
            if token in used:
                raise TransientError("MLflow's registered models page in a circle: look at the server")
            used.add(token)


def _from_ms(moment_ms: int) -> datetime:
    return datetime.fromtimestamp(moment_ms / 1000, UTC)
