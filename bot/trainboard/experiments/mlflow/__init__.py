"""MLflow: runs are found by asking for them, because MLflow sends no event about a run."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from trainboard.experiments.mlflow.client import MlflowClient
from trainboard.experiments.mlflow.mapping import parse_run
from trainboard.experiments.mlflow.reading import TrackerReader, utc_now
from trainboard.experiments.mlflow.search import FilteredSearch
from trainboard.outbound import Outbound


class MlflowReader(TrackerReader):
    """Reads the runs of one MLflow server; keeps the contract of `RunReader`.

    Args:
        name: the configured source, `mlflow/prod`; reports carry the source `mlflow:prod`.
        url: the server's address, with the path below which it lives, if any.
        experiments: shell patterns of the experiments' names, letter case counts.
        token: bearer token; without one, basic authentication with user name and password, which may also
            stand in the address.
        username: for basic authentication, if there is no token.
        password: for basic authentication.
        clock: tells the moment, aware.
    """

    def __init__(  # noqa: PLR0913  # these are the keys of the configuration
        self,
        *,
        name: str,
        url: str,
        experiments: Sequence[str],
        token: str = "",
        username: str = "",
        password: str = "",
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        client = MlflowClient(Outbound("MLflow", url, token=token, username=username, password=password))
        source = f"mlflow:{name.partition('/')[2] or name}"
        super().__init__(
            name=name,
            experiments=experiments,
            client=client,
            search=FilteredSearch(client),
            parse=partial(parse_run, source, client.url),
            clock=clock,
        )
