"""MLflow's REST API, as far as reading needs it: plain calls, bounded answers, errors with a sentence.

MLflow's own client is not used: it is an installation of 850 MB for four JSON calls.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import msgspec
import requests

from trainboard.errors import TransientError
from trainboard.experiments.mlflow.answers import (
    Experiment,
    ExperimentPage,
    ModelPage,
    ModelVersion,
    OneExperiment,
    OneRun,
    OneVersion,
    Run,
    RunPage,
)
from trainboard.experiments.mlflow.refusals import ADVICE, HOST_REFUSAL, get_error
from trainboard.outbound import Answer, Outbound

EXPERIMENTS_PER_PAGE = 1000
MODELS_PER_PAGE = 1000

T = TypeVar("T")


class MlflowClient:
    """Reads one server that speaks MLflow's REST API. Any number of threads may use it.

    Args:
        http: asks the server, signed in.
        advice: what to do about an answer, by its status, where this server's is not that of MLflow.

    Raises (any method):
        PermanentError: the server does not understand the question.
        TransientError: no answer, a refusal that the server's operator can lift, or no MLflow.
    """

    def __init__(self, http: Outbound, advice: Mapping[int, str] | None = None) -> None:
        self._http = http
        self._advice = ADVICE | dict(advice or {})
        self.url = http.url

    def list_experiments(self) -> Iterator[Experiment]:
        """All active experiments.

        Source: MLflow REST API, "Search Experiments".
        """
        path, token, used = "experiments/search", "", {""}
        while True:
            question = {"max_results": EXPERIMENTS_PER_PAGE} | _from(token)
            page = self._parse(path, self._ask("POST", path, json=question), ExperimentPage)
            yield from page.experiments
            token = page.next_page_token
            if not token:
                return
            if token in used:
                raise TransientError(f"{self._where(path)} pages in a circle: look at the server")
            used.add(token)

    def find_experiment(self, experiment_id: str) -> Experiment | None:
        """The experiment, also a deleted one; None if there is none that we may see.

        Source: MLflow REST API, "Get Experiment".
        """
        found = self._find("experiments/get", {"experiment_id": experiment_id}, OneExperiment)
        return found.experiment if found else None

    def find_run(self, run_id: str) -> Run | None:
        """The run, also a deleted one; None if there is none that we may see.

        Source: MLflow REST API, "Get Run".
        """
        found = self._find("runs/get", {"run_id": run_id}, OneRun)
        return found.run if found else None

    def search_runs(
        self, experiment_ids: Sequence[str], where: str, order_by: str, size: int, token: str
    ) -> RunPage:
        """One page of runs.

        Args:
            experiment_ids: at least one; without any MLflow says 200 and finds nothing.
            where: MLflow's filter language, which has AND, but no OR, and no IN for a status.
            order_by: as in `attributes.end_time ASC`; MLflow breaks ties by run id in the end.
            size: how many runs at most, up to 50000.
            token: an offset from an earlier page of the same question, or empty.

        Raises:
            TooLargeError: the page is over the size limit.

        Source: MLflow REST API, "Search Runs".
        """
        path = "runs/search"
        question = {
            "experiment_ids": list(experiment_ids),
            "filter": where,
            "order_by": [order_by],
            "max_results": size,
        } | _from(token)
        answer = self._ask("POST", path, json=question)
        page = self._parse(path, answer, RunPage)
        return msgspec.structs.replace(page, date_ms=_parse_date_ms(answer.headers.get("Date", "")))

    def search_models(self, token: str) -> ModelPage:
        """One page of the registered models with their aliases.

        Source: MLflow REST API, "Search RegisteredModels".
        """
        path = "registered-models/search"
        answer = self._ask("GET", path, params={"max_results": MODELS_PER_PAGE} | _from(token))
        page = self._parse(path, answer, ModelPage)
        return msgspec.structs.replace(page, date_ms=_parse_date_ms(answer.headers.get("Date", "")))

    def find_version(self, model: str, version: str) -> ModelVersion | None:
        """The version of the model; None if there is none that we may see.

        Source: MLflow REST API, "Get ModelVersion".
        """
        found = self._find("model-versions/get", {"name": model, "version": version}, OneVersion)
        return found.model_version if found else None

    def _find(self, path: str, params: dict[str, str], kind: type[T]) -> T | None:
        answer = self._send("GET", path, params=params)
        if answer.status in {400, 403, 404} and HOST_REFUSAL not in answer.body:
            return None
        return self._parse(path, self._accept(path, answer), kind)

    def _ask(self, method: str, path: str, **content: Any) -> Answer:
        return self._accept(path, self._send(method, path, **content))

    def _send(self, method: str, path: str, **content: Any) -> Answer:
        return self._http.send(method, _api(path), **content)

    def _accept(self, path: str, answer: Answer) -> Answer:
        if answer.status == requests.codes.ok:
            return answer
        raise get_error(self._where(path), answer, self._advice)

    def _parse(self, path: str, answer: Answer, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(answer.body, type=kind)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise TransientError(
                f"{self._where(path)} did not answer with MLflow's JSON: check that the address is"
                f" that of an MLflow server and needs no login page ({error})"
            ) from error

    def _where(self, path: str) -> str:
        return self._http.where(_api(path))


def _api(path: str) -> str:
    return f"/api/2.0/mlflow/{path}"


def _from(token: str) -> dict[str, str]:
    """Where a page begins; the first one is not asked for with an empty token, which is no server's own."""
    return {"page_token": token} if token else {}


def _parse_date_ms(header: str) -> int | None:
    """Unix milliseconds of an HTTP date, None if it is none."""
    try:
        moment: datetime = parsedate_to_datetime(header)
    except ValueError:
        return None
    return int(moment.timestamp() * 1000)
