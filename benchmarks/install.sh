#!/bin/sh
# Install the peers that the benchmarks measure beside ours, below .peers/bench or $TRAINBOARD_PEERS/bench.
# Safe to repeat; what is there in the wanted version stays.
set -eu

PROBOT=14.3.2
OCTOKIT_WEBHOOKS=14.2.0
GIDGETHUB=6.0.0
AIOHTTP=3.14.5
FLASK_GITHUBAPP=0.4.0
GUNICORN=27.0.1
DBOS=3.4.0
PROCRASTINATE=3.10.0

here=$(cd "$(dirname "$0")/../tests/peers" && pwd)
# shellcheck source=../tests/peers/packages.sh
. "$here/packages.sh"

mkdir -p "$peers/bench"
node
package "$peers/bench/npm" probot "$PROBOT"
package "$peers/bench/npm" @octokit/webhooks "$OCTOKIT_WEBHOOKS"
wheel "$peers/bench/gidgethub" gidgethub "$GIDGETHUB" "aiohttp==$AIOHTTP"
wheel "$peers/bench/flask-githubapp" flask-githubapp "$FLASK_GITHUBAPP" "gunicorn==$GUNICORN"
wheel "$peers/bench/dbos" dbos "$DBOS"
wheel "$peers/bench/procrastinate" procrastinate "$PROCRASTINATE" "psycopg[binary]"
