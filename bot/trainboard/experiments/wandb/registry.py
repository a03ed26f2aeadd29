"""Models of W&B: which version each alias points at, and which run made a version."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from trainboard.experiments import RegisteredVersion, Registry
from trainboard.experiments.wandb.client import WandbClient
from trainboard.experiments.wandb.model_collections import CollectionReader
from trainboard.experiments.wandb.registry_answers import Artifact

MOST_REMEMBERED = 10_000
_MOST_CHARACTERS = 250
_VERSION = re.compile(r"v[0-9]{1,9}")


class RegistryReader:
    """Reads the models of some projects of W&B. A model is called `project/collection`.

    `latest` and `v0`, `v1` and so on are left out: W&B sets them by itself with each version, so that they
    say nothing of where one is in use. What made a version never changes, so that it is asked for once; the
    memory is emptied when it is full.

    Args:
        client: asks W&B.
        entity: whose the projects are where nothing else is said.
        registries: projects that are read beside those of the runs, `entity/project` or `project`.
        models: shell patterns of the models, letter case counts.
    """

    def __init__(
        self, client: WandbClient, entity: str, registries: Sequence[str], models: Sequence[str]
    ) -> None:
        self._collections = CollectionReader(client)
        self._entity = entity
        self._registries = {
            project: owner or entity for owner, _, project in (each.rpartition("/") for each in registries)
        }
        self._patterns = tuple(models)
        self._artifacts: dict[tuple[str, str], Artifact] = {}

    def read(self, projects: Iterable[str], now: datetime) -> Registry:
        """The models of those projects and of the registries; W&B tells no time, so that it is `now`."""
        aliases: dict[str, dict[str, str]] = {}
        if self._patterns:
            for project, entity in self._homes(projects).items():
                aliases.update(self._list_models(entity, project))
        return Registry(at=now, aliases=aliases)

    def find_version(self, projects: Iterable[str], model: str, version: str) -> RegisteredVersion | None:
        """The version; None if there is none that we may see, or if it is none of those projects."""
        project, _, collection = model.partition("/")
        watched = frozenset(projects)
        homes = self._homes(watched)
        if project not in homes or not _VERSION.fullmatch(version):
            return None
        known = self._artifacts.get((model, version))
        if known is None:
            found = self._collections.find(homes[project], project, collection, version)
            if found is None or found.artifact is None:
                return None
            known = found.artifact
            self._remember(model, version, known)
        return self._tell(known, watched)

    def _homes(self, projects: Iterable[str]) -> dict[str, str]:
        """Whose each project is, by its name."""
        return dict.fromkeys(projects, self._entity) | self._registries

    def _list_models(self, entity: str, project: str) -> Iterator[tuple[str, dict[str, str]]]:
        wanted = {
            name: [alias for alias in aliases if _is_set_by_somebody(alias)]
            for name, aliases in self._collections.list_aliases(
                entity, project, is_needed=project in self._registries
            )
            if self._wants(f"{project}/{name}")
        }
        models: dict[str, dict[str, str]] = {name: {} for name in wanted}
        pointers = [(name, alias) for name, aliases in wanted.items() for alias in aliases]
        for (name, alias), found in self._collections.list_pointed(entity, project, pointers):
            if found.version_index is None:
                continue
            version = f"v{found.version_index}"
            models[name][alias] = version
            if found.artifact is not None:
                self._remember(f"{project}/{name}", version, found.artifact)
        yield from ((f"{project}/{name}", aliases) for name, aliases in models.items())

    def _wants(self, model: str) -> bool:
        return _is_word(model) and any(fnmatchcase(model, pattern) for pattern in self._patterns)

    def _remember(self, model: str, version: str, artifact: Artifact) -> None:
        if len(self._artifacts) >= MOST_REMEMBERED:
            self._artifacts.clear()
        self._artifacts[model, version] = artifact

    def _tell(self, artifact: Artifact, watched: Container[str]) -> RegisteredVersion:
        """Names the run if it is one of those projects': its id is unique within its own only."""
        at, maker = artifact.created_at, artifact.created_by
        home = maker.project if maker else None
        is_ours = home is not None and home.entity.name == self._entity and home.name in watched
        return RegisteredVersion(
            at=at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC),
            run_id=maker.name if maker and is_ours else None,
        )


def _is_set_by_somebody(alias: str) -> bool:
    return _is_word(alias) and alias != "latest" and not _VERSION.fullmatch(alias)


def _is_word(text: str) -> bool:
    """False for what is not to be stored: it would not come back as it was."""
    return 0 < len(text) <= _MOST_CHARACTERS and text.isprintable()
