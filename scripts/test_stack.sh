#!/usr/bin/env bash
# Tests epsnet_mm with one family of OpenMMLab packages, in an environment of its own:
# the check of the installation, the fast tests, and a training that is resumed and
# evaluated. .venv stays as it is.
#
# From the environment (make passes them on):
#   FAMILY   `openmmlab` (default): mmengine, mmcv-lite, mmdet; or `onedl`
#   NEWEST   not empty: the newest versions allowed; torch stays TORCH_SPEC's
#   TESTS    test files or folders (default: all)
#   PYTHON, TORCH_SPEC, TORCH_INDEX_URL: as for scripts/setup_venv.sh
FAMILY=${FAMILY:-openmmlab}
VENV_NAME=.venv-$FAMILY${NEWEST:+-newest}
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

case $FAMILY in
onedl | openmmlab) ;;
*) die "there is no family $FAMILY: use FAMILY=onedl or FAMILY=openmmlab" ;;
esac

env VENV_NAME="$VENV_NAME" STACK_FAMILY="$FAMILY" STACK_NEWEST="${NEWEST:-}" \
    bash scripts/setup_venv.sh tests

say "Checking the installation"
"$PY" -m epsnet_mm.check

say "Running the fast tests"
# shellcheck disable=SC2086  # several paths
"$PY" -m pytest -m 'not slow' ${TESTS:-tests}

say "Training for an epoch, going on for another, evaluating"
SCRATCH=$(mktemp -d "$VENV/run.XXXXXX")
run_demo() { "$PY" demo/shapes_demo.py --out "$SCRATCH" --train 16 --val 8 --epochs "$1"; }
run_demo 1
run_demo 2
grep -q 'resumed epoch: 1' "$SCRATCH"/work_dirs/*/*/*.log ||
    die "the second training did not go on: see the output above"
say "$FAMILY works: $("$PY" -c \
    'from epsnet_mm.environment.stack import read_stack; print(read_stack().describe())')"
