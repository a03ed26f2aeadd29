#!/bin/bash
# Calls `report-run` with what the variables RUN_… say; the sources are on PYTHONPATH.
set -euo pipefail

python=$(command -v python3 || command -v python || true)
if ! "${python:-false}" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "report-run: Python 3.11 or newer is not there, and the run is not reported." >&2
    [ "${RUN_STRICT:-}" != true ]
    exit
fi

arguments=()
option() {
    if [ -n "$2" ]; then arguments+=("$1=$2"); fi
}
options() {
    while IFS= read -r line; do
        line=${line%$'\r'}
        option "$1" "$line"
    done <<<"$2"
}

option --state "${RUN_STATE:-}"
option --name "${RUN_NAME:-}"
option --stage "${RUN_STAGE:-}"
option --metrics "${RUN_METRICS:-}"
option --junit "${RUN_JUNIT:-}"
options --param "${RUN_PARAMS:-}"
options --tag "${RUN_TAGS:-}"
option --model "${RUN_MODEL:-}"
option --mlflow-run "${RUN_MLFLOW:-}"
option --started-at "${RUN_STARTED_AT:-}"
option --gpus "${RUN_GPUS:-}"
if [ "${RUN_STRICT:-}" = true ]; then arguments+=(--strict); fi
if [ -z "${TRAINBOARD_URL:-}" ]; then option --write "${RUNNER_TEMP:-.}/trainboard/trainboard-run.json"; fi

# Jobs of a matrix have one name.
if [ -z "${TRAINBOARD_RUN_ID:-}" ] && [ "${RUN_JOB_TOTAL:-1}" -gt 1 ]; then
    export TRAINBOARD_RUN_ID="$GITHUB_RUN_ID/$GITHUB_JOB-$RUN_JOB_INDEX"
fi

# -P: else a folder of the repository could stand in for a module.
exec "$python" -P -m trainboard.report_run ${arguments[@]+"${arguments[@]}"}
