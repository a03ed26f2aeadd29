"""Puts ended runs into a tracking store's database, with MLflow's own tables: the server reads the same."""

import random
import sys
import uuid

from mlflow.store.tracking.dbmodels.models import SqlLatestMetric, SqlMetric, SqlParam, SqlRun, SqlTag
from sqlalchemy import create_engine, insert

METRICS, PARAMS, TAGS = 8, 10, 6
PORTION = 1000


def main(url, experiment, amount, last_end_ms, spread_ms):
    """So many runs of ten seconds each, whose ends lie evenly in the time before the last one."""
    chance, engine = random.Random(amount), create_engine(url)
    for first in range(0, amount, PORTION):
        ids = [uuid.UUID(int=chance.getrandbits(128)).hex for _ in range(first, min(first + PORTION, amount))]
        ends = [last_end_ms - spread_ms + spread_ms * (first + n) // amount for n in range(len(ids))]
        with engine.begin() as connection:
            for table, rows in rows_of(ids, ends, experiment, chance).items():
                connection.execute(insert(table), rows)


def rows_of(ids, ends, experiment, chance):
    """The rows of these runs, by their tables."""
    timed = list(zip(ids, ends, strict=True))
    metrics = [
        {"run_uuid": run, "key": f"metric_{n}", "value": chance.random(), "timestamp": end, "step": 100}
        | {"is_nan": False}
        for run, end in timed
        for n in range(METRICS)
    ]
    return {
        SqlRun: [
            {
                "run_uuid": run,
                "name": f"trial-{run[:8]}",
                "source_type": "LOCAL",
                "source_name": "train.py",
                "entry_point_name": "",
                "source_version": "",
                "user_id": "ada",
                "status": "FINISHED",
                "start_time": end - 10_000,
                "end_time": end,
                "lifecycle_stage": "active",
                "artifact_uri": f"mlflow-artifacts:/{experiment}/{run}/artifacts",
                "experiment_id": experiment,
            }
            for run, end in timed
        ],
        SqlMetric: metrics,
        SqlLatestMetric: metrics,
        SqlParam: [
            {"run_uuid": run, "key": f"param_{n}", "value": str(chance.random())}
            for run in ids
            for n in range(PARAMS)
        ],
        SqlTag: [
            {"run_uuid": run, "key": f"tag_{n}", "value": f"value {n}"} for run in ids for n in range(TAGS)
        ],
    }


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
