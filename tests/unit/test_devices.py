"""On how many devices a run trained, as far as it tells."""

import pytest
from msgspec.structs import replace

from fakes.experiments import run
from trainboard.devices import count_devices, name_device


def told(*, tags=None, params=None, metrics=None):
    """A run that says so."""
    made = run("r", metrics=metrics)
    made = made if tags is None else replace(made, tags=tags)
    return made if params is None else replace(made, params=params)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, None),
        ({"tags": {"gpu_count": "8"}}, 8),
        ({"tags": {"gpu_count": "0"}}, 0),
        ({"params": {"num_gpus": 2.0}}, 2),
        ({"params": {"gpus": "auto"}}, None),
        ({"params": {"gpus": "-1"}}, None),
        ({"params": {"gpus": True}}, None),
        ({"params": {"gpus": None}}, None),
        ({"params": {"gpus": "12345678"}}, None),
        ({"params": {"gpus": float("1e300")}}, None),
        ({"tags": {"gpus": "many"}, "params": {"gpu_count": "4"}}, 4),
        ({"tags": {"gpus": "2"}, "params": {"plan.gpus": "4"}}, 2),
        ({"metrics": {"system/gpu_0_utilization_percentage": 3.0, "system/gpu_1_power_usage_watts": 2.0}}, 2),
        ({"metrics": {f"system/node-{n}/gpu_0_utilization_percentage": None for n in range(3)}}, 3),
        ({"metrics": {"system/cpu_utilization_percentage": 3.0, "val_auc": 0.9}}, None),
    ],
)
def test_a_run_is_believed_that_tells_a_whole_number(said, expected):
    """What is none tells nothing, and nothing is not 0."""
    assert expected == count_devices(told(**said))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, ""),
        ({"tags": {"gpu_type": " A100 "}}, "A100"),
        ({"params": {"gpu": "1"}}, ""),
        ({"params": {"gpu": "NVIDIA T4"}}, "NVIDIA T4"),
        ({"tags": {"gpu_name": "T4"}, "params": {"gpu_type": "A100"}}, "T4"),
    ],
)
def test_a_device_is_called_what_the_run_calls_it(said, expected):
    """A number is no name."""
    assert expected == name_device(told(**said))
