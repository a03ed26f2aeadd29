"""Answers of W&B's GraphQL API about models, as far as reading needs them.

A model is a collection of artifacts of the type `model`: a sequence in the project of the runs that made its
versions, or a portfolio, to which versions are linked, in a registry.

Source: wandb, `wandb/sdk/artifacts/_generated/operations.py`.
"""

from datetime import datetime

from trainboard.experiments.wandb.answers import PageOf, WandbAnswer


class Alias(WandbAnswer, frozen=True):
    """A name that points at a version."""

    alias: str


class Home(WandbAnswer, frozen=True):
    """Whose a project is."""

    name: str


class RunProject(WandbAnswer, frozen=True):
    """The project of a run."""

    name: str
    entity: Home


class Maker(WandbAnswer, frozen=True):
    """What made a version; a person has neither a name nor a project here."""

    name: str | None = None
    project: RunProject | None = None


class Artifact(WandbAnswer, frozen=True):
    """A version by itself, whatever collections it is in."""

    created_at: datetime
    created_by: Maker | None = None


class Membership(WandbAnswer, frozen=True):
    """A version in a collection, which counts its own from 0."""

    version_index: int | None = None
    artifact: Artifact | None = None


class Collection(WandbAnswer, frozen=True):
    """A model, with what was asked of it."""

    name: str = ""
    aliases: PageOf[Alias | None] | None = None
    artifact_membership: Membership | None = None


class Type(WandbAnswer, frozen=True):
    """The collections of one type."""

    artifact_collections: PageOf[Collection | None] | None = None


class ProjectOfModels(WandbAnswer, frozen=True):
    """A project, with what was asked of its models."""

    artifact_type: Type | None = None
    artifact_collection: Collection | None = None


class OneProjectOfModels(WandbAnswer, frozen=True):
    """A project; None if there is none that we may see."""

    project: ProjectOfModels | None


class Pointed(WandbAnswer, frozen=True):
    """A project whose collections were asked for under names of our own, one for each alias."""

    project: dict[str, Collection | None] | None
