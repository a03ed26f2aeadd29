"""Tags of Git that tell of models, as GTO writes them: `churn@v1.2.0` is a version, `churn#prod#3` its use.

What stands is worked out from all tags at once, so that it is the same in whatever order they were made or
heard of. Source: "GTO", reference of Git tags.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

import msgspec

_NAME = r"[a-z0-9](?:[a-z0-9/-]{0,198}[a-z0-9])?"
_NUMBER = r"(?:0|[1-9]\d{0,8})"
_TAG = re.compile(
    rf"(?P<model>(?:[A-Za-z0-9_./-]{{1,200}}=)?{_NAME})"
    rf"(?:#(?P<stage>{_NAME})"
    rf"|@(?P<version>v{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-[0-9A-Za-z.-]{{1,50}})?(?:\+[0-9A-Za-z.-]{{1,50}})?)"
    r"|@(?P<word>created|deprecated))"
    rf"(?P<gone>!?)(?:#(?P<counter>{_NUMBER}))?",
    re.ASCII,
)


Subject = TypeVar("Subject")


class Tag(msgspec.Struct, frozen=True):
    """A tag of a repository, without `refs/tags/`, and the commit that it leads to."""

    name: str
    commit: str


class TaggedModels(msgspec.Struct, frozen=True, kw_only=True):
    """The commit of each version by model and version, and by model the version that each stage has.

    A model without stages is in `stages`; one that is deprecated has neither.
    """

    versions: Mapping[tuple[str, str], str]
    stages: Mapping[str, Mapping[str, str]]


class _Said(msgspec.Struct, frozen=True):
    """What a tag says of a subject. The highest counter has the last word, and of equals what takes away."""

    counter: int
    gone: bool
    commit: str


def read_tags(tags: Iterable[Tag]) -> TaggedModels:
    """What the tags say; those of another form say nothing.

    A stage has the version that is registered at its tag's commit, of several the highest.
    """
    versions: dict[tuple[str, str], _Said] = {}
    stages: dict[tuple[str, str], _Said] = {}
    words: dict[str, _Said] = {}
    for tag in tags:
        match = _TAG.fullmatch(tag.name)
        if match is None:
            continue
        model = match["model"].replace("=", ":")
        gone = bool(match["gone"]) or match["word"] == "deprecated"
        said = _Said(int(match["counter"] or 0), gone, tag.commit)
        if match["version"]:
            _hear(versions, (model, match["version"]), said)
        elif match["stage"]:
            _hear(stages, (model, match["stage"]), said)
        else:
            _hear(words, model, said)
    left = {model for model, said in words.items() if said.gone}
    standing = {key: said.commit for key, said in versions.items() if not said.gone and key[0] not in left}
    return TaggedModels(
        versions=standing, stages=_place(standing, stages, {*left, *(m for m, _ in versions)})
    )


def _hear(known: dict[Subject, _Said], key: Subject, said: _Said) -> None:
    before = known.get(key)
    if before is None or (before.counter, before.gone, before.commit) < (
        said.counter,
        said.gone,
        said.commit,
    ):
        known[key] = said


def _place(
    standing: Mapping[tuple[str, str], str], stages: Mapping[tuple[str, str], _Said], models: Iterable[str]
) -> Mapping[str, Mapping[str, str]]:
    at: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for (model, version), commit in standing.items():
        at[model, commit].append(version)
    placed: dict[str, dict[str, str]] = {model: {} for model in sorted(models)}
    for (model, stage), said in stages.items():
        versions = at.get((model, said.commit))
        if versions and not said.gone:
            placed[model][stage] = max(versions, key=_rank)
    return placed


def _rank(version: str) -> tuple[tuple[int, ...], bool, str]:
    """A version comes after its own previews."""
    core, _, preview = version.removeprefix("v").partition("+")[0].partition("-")
    return tuple(map(int, core.split("."))), not preview, preview
