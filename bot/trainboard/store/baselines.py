"""What the runs of an experiment can be compared with: models that are in use, and other runs."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, select

from trainboard.runs import RunReport
from trainboard.store import runs, servings
from trainboard.store.models import ModelVersionRow, RunRow

_RUN = "run:"
_ALIAS = "alias:"


def list_of(
    connection: Connection, project: str, experiment: str, names: Collection[str]
) -> dict[str, RunReport]:
    """The runs behind these names, without those that stand for none.

    `run:<id>` is that run, of whatever experiment of the project; `alias:<name>` the one behind that alias of
    the models that the experiment ever made, `champion` that of the alias of this name. An alias that several
    of its models have stands for none of them.
    """
    ids = {name: name.removeprefix(_RUN) for name in names if name.startswith(_RUN)}
    if len(ids) < len(names):
        aliases = _list_aliases(connection, project, _list_models(connection, project, experiment))
        ids |= {name: aliases[alias] for name in names if (alias := name.removeprefix(_ALIAS)) in aliases}
    found = {name: runs.find_latest(connection, project, id_) for name, id_ in ids.items()}
    return {name: latest[0] for name, latest in found.items() if latest is not None}


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
    return {alias: run for alias, run in makers.items() if run is not None}
