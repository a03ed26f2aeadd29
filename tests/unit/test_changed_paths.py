"""What the paths of a change tell."""

import pytest

from trainboard.changed_paths import ChangedPaths, read_paths


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("infra/main.bicep", "Bicep"),
        ("infra/dev.bicepparam", "Bicep"),
        ("infra/main.tf", "Terraform"),
        ("prod.tfvars", "Terraform"),
        ("infra/.terraform.lock.hcl", "Terraform"),
        ("azuredeploy.parameters.json", "ARM"),
        ("infra/arm/workspace.json", "ARM"),
        ("charts/model/values-prod.yaml", "Helm"),
        ("serving/Chart.yaml", "Helm"),
        ("k8s/deployment.yml", "Kubernetes"),
        ("serving/kustomization.yaml", "Kubernetes"),
    ],
)
def test_infrastructure_is_told_by_its_path(path, kind):
    """In whatever letters; it touches no model."""
    expected = ChangedPaths(infrastructure={kind: (path,)}, touches_model=False)
    assert expected == read_paths([path])
    assert [kind] == list(read_paths([path.upper()]).infrastructure)


@pytest.mark.parametrize(
    "path", ["train.py", "conf/train.yaml", "params.json", "data.dvc", "requirements-dev.txt", "Dockerfile"]
)
def test_everything_else_may_touch_a_model(path):
    """Also its configuration and what it is built with."""
    assert ChangedPaths() == read_paths([path])


def test_prose_and_pictures_touch_no_model():
    """One file of another kind among them does."""
    prose = ["README.md", "docs/api/conf.py", "img/curve.PNG", "LICENSE", ".github/ISSUE_TEMPLATE/bug.yml"]

    assert (False, True) == (read_paths(prose).touches_model, read_paths([*prose, "a.sql"]).touches_model)


def test_no_paths_tell_nothing():
    """A change that could not be listed is judged."""
    assert ChangedPaths() == read_paths([])


def test_notebooks_are_named_where_no_script_came_along():
    """A test is no script."""
    notebooks = ("nb/train.ipynb", "eda.ipynb")

    assert notebooks == read_paths([*notebooks, "README.md", "tests/test_train.py"]).lone_notebooks
    assert () == read_paths([*notebooks, "src/train.py"]).lone_notebooks


def test_kinds_stand_in_one_order():
    """Whatever the order of the paths is."""
    found = read_paths(["k8s/a.yaml", "b.tf", "a.bicep", "a.tf"]).infrastructure
    assert [
        ("Bicep", ("a.bicep",)),
        ("Terraform", ("b.tf", "a.tf")),
        ("Kubernetes", ("k8s/a.yaml",)),
    ] == list(found.items())
