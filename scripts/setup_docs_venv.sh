#!/usr/bin/env bash
# Puts MkDocs and its plugins into .venv-docs, at the pinned versions.
#
# From the environment (make passes it on):
#   PYTHON  the Python to use; by default the first of python3.11, 3.12, 3.13
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

VENV=$ROOT/.venv-docs
PY=$VENV/bin/python
LOG=$VENV/setup.log

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3}; do
        if "$candidate" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' \
            2>/dev/null; then
            FOUND=$candidate
            return
        fi
    done
    die "found no Python from 3.11 on with its venv module (looked for" \
        "${PYTHON:-python3.11, python3.12, python3.13, python3}): install" \
        "one, or name it: make docs PYTHON=/path/to/python3.11"
}

find_python
say "Making .venv-docs with $("$FOUND" --version)"
"$FOUND" -m venv --clear "$VENV" ||
    die "$FOUND could not make .venv-docs: see its message above"
: >"$LOG"
step "Installing MkDocs and its plugins (seconds)" \
    "pip could not fetch a package: check the network connection" \
    "$PY" -m pip install --disable-pip-version-check -r requirements/docs.txt
touch "$VENV/.stamp"
