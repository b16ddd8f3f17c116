# Sourced by the set-up scripts: paths, and messages to the user.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Another name for `make test-stack`, which leaves .venv alone.
VENV=$ROOT/${VENV_NAME:-.venv}
PY=$VENV/bin/python
LOG=$VENV/setup.log
HEARTBEAT=
SCRATCH=
cd "$ROOT"

# A script that fails or is interrupted leaves nothing behind.
clean_up() {
    [ -z "$HEARTBEAT" ] || kill "$HEARTBEAT" 2>/dev/null || true
    [ -z "$SCRATCH" ] || rm -rf "$SCRATCH"
}
trap clean_up EXIT

say() { printf '== %s\n' "$*"; }

die() {
    printf '\nERROR: %s\n' "$*" >&2
    exit 1
}

# A line every 20 s shows that a long step is alive: the time, and the progress of the
# compilation if the log tells it.
heartbeat() {
    local start=$1 progress
    while sleep 20 </dev/null >/dev/null 2>&1 && kill -0 "$$" 2>/dev/null; do
        progress=$(tail -n 50 "$LOG" | grep -oE '\[[0-9]+/[0-9]+\]' | tail -n 1 || true)
        printf '   ... %d s %s\n' $((SECONDS - start)) "$progress"
    done
}

# step WHAT REMEDY COMMAND...: run the command with its output in the log, and say
# what it does and how long it took. If it fails, show the log's end and REMEDY.
step() {
    local what=$1 remedy=$2 start=$SECONDS
    shift 2
    say "$what"
    printf '\n$ %s\n' "$*" >>"$LOG"
    heartbeat "$start" &
    HEARTBEAT=$!
    if ! "$@" </dev/null >>"$LOG" 2>&1; then
        tail -n 15 "$LOG" >&2
        die "$remedy (the full output is in ${LOG#"$ROOT"/})"
    fi
    kill "$HEARTBEAT" 2>/dev/null || true
    wait "$HEARTBEAT" 2>/dev/null || true
    HEARTBEAT=
    printf '   done in %d s\n' $((SECONDS - start))
}

# pinned NAME: its version in constraints.txt.
pinned() { sed -n "s/^$1==//p" constraints.txt; }
