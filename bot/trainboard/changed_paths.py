"""What the paths of a change tell: infrastructure as code, notebooks, and whether a model is touched."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import msgspec

from trainboard.notebooks import ChangedNotebook, is_notebook

_INFRASTRUCTURE = (
    ("Bicep", re.compile(r"\.bicep(?:param)?$")),
    ("Terraform", re.compile(r"\.tf(?:vars)?(?:\.json)?$|(?:^|/)\.terraform\.lock\.hcl$")),
    (
        "ARM",
        re.compile(
            r"(?:^|/)(?:azuredeploy[^/]*|maintemplate)\.json$|\.arm\.json$|(?:^|/)arm(?:-?templates)?/.*\.json$"
        ),
    ),
    (
        "Helm",
        re.compile(
            r"(?:^|/)(?:chart\.ya?ml|helmfile[^/]*\.ya?ml)$|(?:^|/)(?:charts|helm)/.*\.(?:ya?ml|tpl)$"
        ),
    ),
    (
        "Kubernetes",
        re.compile(
            r"(?:^|/)kustomization\.ya?ml$|(?:^|/)(?:k8s|kubernetes|manifests|kustomize|overlays)/.*\.ya?ml$"
        ),
    ),
)
_PROSE = re.compile(
    r"\.(?:md|rst|txt|adoc|png|jpe?g|gif|svg)$|(?:^|/)(?:licen[cs]e|notice|codeowners|authors|\.gitignore)[^/]*$"
    r"|^docs/|^\.github/(?:issue_template|pull_request_template)"
)
_REQUIREMENTS = re.compile(r"requirements[^/]*\.txt$")
_SCRIPTS = frozenset({".py", ".r", ".jl", ".scala"})
_TEST = re.compile(r"(?:^|/)(?:tests?/|test_[^/]*$|conftest\.py$)|_test\.[a-z]+$")


class ChangedPaths(msgspec.Struct, frozen=True, kw_only=True):
    """Infrastructure files by kind, all notebooks that are left, and those where no script came along.

    `touches_model` is False where nothing but prose, pictures and infrastructure is changed.
    """

    infrastructure: dict[str, tuple[str, ...]] = {}
    notebooks: tuple[ChangedNotebook, ...] = ()
    lone_notebooks: tuple[str, ...] = ()
    touches_model: bool = True


def read_paths(paths: Sequence[str]) -> ChangedPaths:
    """What `paths` tell; no path at all tells nothing, and counts as touching a model."""
    kinds = {path: _find_infrastructure(path.casefold()) for path in paths}
    found: dict[str, tuple[str, ...]] = {}
    for path, kind in kinds.items():
        if kind is not None:
            found[kind] = (*found.get(kind, ()), path)
    notebooks = tuple(filter(is_notebook, paths))
    return ChangedPaths(
        infrastructure={kind: found[kind] for kind, _ in _INFRASTRUCTURE if kind in found},
        lone_notebooks=() if any(map(_is_script, paths)) else notebooks,
        touches_model=not paths or any(kind is None and not _is_prose(path) for path, kind in kinds.items()),
    )


def _find_infrastructure(path: str) -> str | None:
    return next((kind for kind, pattern in _INFRASTRUCTURE if pattern.search(path)), None)


def _is_prose(path: str) -> bool:
    folded = path.casefold()
    return _PROSE.search(folded) is not None and not _REQUIREMENTS.search(folded)


def _is_script(path: str) -> bool:
    folded = path.casefold()
    return PurePosixPath(folded).suffix in _SCRIPTS and not _TEST.search(folded)
