"""Answers of W&B's GraphQL API about models, as far as reading needs them.

A model is a collection of artifacts of the type `model`: a sequence in the project of the runs that made its
versions, or a portfolio, to which versions are linked, in a registry.

Source: wandb, `wandb/sdk/artifacts/_generated/operations.py`.
"""

from datetime import datetime

from msgspec import Struct

from trainboard.experiments.wandb.answers import PageInfo


class _Answer(Struct, frozen=True, rename="camel"):
    pass


class Alias(_Answer, frozen=True):
    """A name that points at a version."""

    alias: str


class AliasEdge(_Answer, frozen=True):
    """A place in a page."""

    node: Alias | None


class AliasPage(_Answer, frozen=True):
    """Some aliases of a collection."""

    edges: list[AliasEdge]
    page_info: PageInfo


class Home(_Answer, frozen=True):
    """Whose a project is."""

    name: str


class RunProject(_Answer, frozen=True):
    """The project of a run."""

    name: str
    entity: Home


class Maker(_Answer, frozen=True):
    """What made a version; a person has neither a name nor a project here."""

    name: str | None = None
    project: RunProject | None = None


class Artifact(_Answer, frozen=True):
    """A version by itself, whatever collections it is in."""

    created_at: datetime
    created_by: Maker | None = None


class Membership(_Answer, frozen=True):
    """A version in a collection, which counts its own from 0."""

    version_index: int | None = None
    artifact: Artifact | None = None


class Collection(_Answer, frozen=True):
    """A model, with what was asked of it."""

    name: str = ""
    aliases: AliasPage | None = None
    artifact_membership: Membership | None = None


class CollectionEdge(_Answer, frozen=True):
    """A place in a page."""

    node: Collection | None


class CollectionPage(_Answer, frozen=True):
    """Some collections of a project."""

    edges: list[CollectionEdge]
    page_info: PageInfo


class Type(_Answer, frozen=True):
    """The collections of one type."""

    artifact_collections: CollectionPage | None = None


class ProjectOfModels(_Answer, frozen=True):
    """A project, with what was asked of its models."""

    artifact_type: Type | None = None
    artifact_collection: Collection | None = None


class OneProjectOfModels(_Answer, frozen=True):
    """A project; None if there is none that we may see."""

    project: ProjectOfModels | None


class Pointed(_Answer, frozen=True):
    """A project whose collections were asked for under names of our own, one for each alias."""

    project: dict[str, Collection | None] | None
