"""Reads all runs of an experiment with MLflow's own client; prints runs, seconds and megabytes."""

import resource
import sys
import time

from mlflow import MlflowClient

PAGE = 1000


def main(url, experiment):
    """Page by page, and nothing kept."""
    client, token, runs = MlflowClient(url), None, 0
    began = time.perf_counter()
    while True:
        page = client.search_runs([experiment], max_results=PAGE, page_token=token)
        runs, token = runs + len(page), page.token
        if not token:
            break
    print(runs, time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main(*sys.argv[1:])
