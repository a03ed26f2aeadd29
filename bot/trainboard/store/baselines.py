"""What the runs of an experiment can be compared with: models that are in use, and other runs."""

from collections import defaultdict

import msgspec
from sqlalchemy import Connection, select

from trainboard.runs import RunReport
from trainboard.store import runs, servings
from trainboard.store.models import ModelVersionRow, RunRow

_CHAMPION = "champion"
_decode = msgspec.json.Decoder(RunReport).decode


def list_of(connection: Connection, project: str, experiment: str, named: str = "") -> dict[str, RunReport]:
    """The runs behind the aliases of the models that the experiment ever made, by `alias:<name>`.

    `champion` is the alias of that name. An alias that several of its models have stands for none of them.
    With them the run that `named` names as `run:<id>`, of whatever experiment of the project.
    """
    ids = _list_aliases(connection, project, _list_models(connection, project, experiment))
    if f"alias:{_CHAMPION}" in ids:
        ids[_CHAMPION] = ids[f"alias:{_CHAMPION}"]
    if named.startswith("run:"):
        ids[named] = named.removeprefix("run:")
    found = {name: _find(connection, project, id_) for name, id_ in ids.items()}
    return {name: report for name, report in found.items() if report is not None}


def _list_models(connection: Connection, project: str, experiment: str) -> set[str]:
    made = (RunRow.project == ModelVersionRow.project) & (RunRow.run_id == ModelVersionRow.run_id)
    mine = (RunRow.project == project) & (RunRow.experiment == experiment)
    return set(connection.execute(select(ModelVersionRow.model).join(RunRow, made).where(mine)).scalars())


def _list_aliases(connection: Connection, project: str, models: set[str]) -> dict[str, str]:
    """The run behind each alias that points at a version of one of the models."""
    pointers = servings.list_pointers(connection, [project])
    found = defaultdict(set)
    for (_, model, version), aliases in pointers.items():
        for alias in aliases if model in models else ():
            found[alias].add((model, version))
    only = {alias: next(iter(versions)) for alias, versions in found.items() if len(versions) == 1}
    makers = {alias: runs.run_of_version(connection, project, *version) for alias, version in only.items()}
    return {f"alias:{alias}": run for alias, run in makers.items() if run is not None}


def _find(connection: Connection, project: str, run_id: str) -> RunReport | None:
    mine = (RunRow.project == project) & (RunRow.run_id == run_id)
    document = connection.execute(
        select(RunRow.document).where(mine).order_by(RunRow.id.desc()).limit(1)
    ).scalar()
    return _decode(document) if document else None
