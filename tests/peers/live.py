"""A training as people write it, with DVCLive's own client. Run by DVCLive's Python, never imported.

live.py <name> <last step's metric>...
"""

import sys

from dvclive import Live

name, *values = sys.argv[1:]
with Live(exp_name=name, save_dvc_exp=False) as live:
    live.log_params({"max_depth": 6, "optimizer": {"lr": 0.1}})
    for value in values:
        live.log_metric("val/auc", float(value))
        live.next_step()
