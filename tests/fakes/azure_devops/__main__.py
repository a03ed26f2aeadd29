"""Serve an organisation with one project until standard input ends: `python -m fakes.azure_devops`.

The first line of its output says where it is and who may come in, as JSON.
"""

import json
import sys
from datetime import UTC, datetime

from fakes.azure_devops import AzureDevOps
from fakes.azure_devops.serving import serving

PROJECT, TEAM = "Churn", "Churn Team"
PERSON_TOKEN = "pat-of-ana"


def main():
    org = AzureDevOps(lambda: datetime.now(UTC))
    org.add_project(PROJECT, process="Agile", team=TEAM)
    org.tokens[PERSON_TOKEN] = org.ana
    with serving(org):
        greeting = {
            "url": org.url,
            "organization": org.url.rpartition("/")[2],
            "project": PROJECT,
            "team": TEAM,
            "token": org.token,
            "person_token": PERSON_TOKEN,
        }
        sys.stdout.write(json.dumps(greeting) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
