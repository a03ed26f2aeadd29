"""The addresses of workspaces of Azure Machine Learning."""

import pytest

from trainboard.workspaces import parse_workspace

SUBSCRIPTION = "00000000-1111-2222-3333-444444444444"
RESOURCE = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-ml"
    "/providers/Microsoft.MachineLearningServices/workspaces/ws-prod"
)
HOST = "westeurope.api.azureml.ms"
PRINTED = f"azureml://{HOST}/mlflow/v1.0{RESOURCE}"


@pytest.mark.parametrize(
    "address",
    [
        PRINTED,
        f"https://{HOST}/mlflow/v1.0{RESOURCE}",
        f"https://{HOST}/mlflow/v2.0{RESOURCE}/",
        f"azureml://{HOST.upper()}/mlflow/v1.0{RESOURCE}",
    ],
)
def test_all_ways_to_write_it_are_one_workspace(address):
    """It is asked over https, in the version of the API that MLflow's own clients use."""
    assert f"https://{HOST}/mlflow/v2.0{RESOURCE}" == parse_workspace(address).url


def test_the_source_is_the_resource_in_small_letters():
    """So events of Event Grid call it too; the case of the address does not tell workspaces apart."""
    assert f"azureml:{RESOURCE.lower()}" == parse_workspace(PRINTED).source
    assert parse_workspace(PRINTED).source == parse_workspace(PRINTED.replace("rg-ml", "RG-ML")).source


@pytest.mark.parametrize(
    ("host", "studio"),
    [
        (HOST, "https://ml.azure.com"),
        ("usgovvirginia.api.ml.azure.us", "https://ml.azure.us"),
        ("chinaeast2.api.ml.azure.cn", "https://studio.ml.azure.cn"),
    ],
)
def test_people_look_at_the_studio(host, studio):
    """Each cloud has its own; what a run is called cannot leave its place in the address."""
    workspace = parse_workspace(PRINTED.replace(HOST, host))
    selected = f"?wsid=/subscriptions/{SUBSCRIPTION}/resourcegroups/rg-ml/workspaces/ws-prod"
    assert f"{studio}/runs/a%2F..%3Fb{selected}" == workspace.page_of_run("a/..?b")
    assert f"{studio}/experiments/id/7{selected}" == workspace.page_of_experiment("7")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://mlflow.example.com",
        PRINTED.replace("azureml://", "http://"),
        PRINTED.replace("azureml://", "https://user:secret@"),
        PRINTED.replace(SUBSCRIPTION, "mine"),
        PRINTED.replace("workspaces/ws-prod", "registries/models"),
        PRINTED.replace("ws-prod", "ws/../other"),
        f"{PRINTED}?a=b",
        f"{PRINTED}/api/2.0/mlflow",
        f"{PRINTED}\n",
        PRINTED.replace("rg-ml", "r#g"),
    ],
)
def test_what_is_no_workspace_is_refused(address):
    """With the command that prints the right address; a token is not sent without encryption."""
    with pytest.raises(ValueError, match="az ml workspace show"):
        parse_workspace(address)
