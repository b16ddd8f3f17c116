#!/usr/bin/env bash
# Replaces the mmcv in .venv by one with compiled ops. Compiles once: the wheel is
# kept in the user's cache directory, and later clones take it from there.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

MMCV=onedl-mmcv==$(pinned onedl-mmcv)
KEY=$("$PY" scripts/ops_key.py)
CACHE_ROOT=${XDG_CACHE_HOME:-$HOME/.cache}/epsnet_mm
CACHE=$CACHE_ROOT/$KEY

# Ops for GPUs are tested on the GPU, if there is one.
DEVICES=(cpu)
[[ $KEY == *_cpu ]] || DEVICES+=(cuda)
ops_work() { "$PY" scripts/check_ops.py "${DEVICES[@]}" >>"$LOG" 2>&1; }

install_wheel() {
    step "Installing ${1##*/} (seconds)" "pip could not install $1: delete it and run \`make ops\` again" \
        "$PY" -m pip install --no-cache-dir --force-reinstall --no-deps "$1"
    rm -f "$VENV/.ops-key"
}

require_compiler() {
    local header
    command -v "${CXX:-c++}" >/dev/null ||
        die "compiling mmcv's ops needs a C++ compiler, and ${CXX:-c++} is not" \
            "there: install one (on Debian or Ubuntu: apt install g++). Only deformable" \
            "convolutions and some of MMDetection's own networks need compiled ops"
    header=$("$PY" -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h
    [ -e "$header" ] ||
        die "compiling mmcv's ops needs Python's headers, and $header is not there:" \
            "install them (on Debian or Ubuntu: apt install python3-dev)"
}

compile_wheel() {
    local -a for_device=(FORCE_CUDA=1)
    # With a GPU but no CUDA compiler, mmcv would try to compile for the GPU and fail.
    if [[ $KEY == *_cpu ]]; then
        for_device=(FORCE_CUDA=0 CUDA_VISIBLE_DEVICES=)
        [ -z "$("$PY" -c 'import torch; print(torch.version.cuda or "")')" ] ||
            say "There is no CUDA compiler (nvcc), so the ops will run on the CPU only"
    fi
    require_compiler
    step "Installing ninja, setuptools, wheel (seconds)" \
        "pip could not fetch them: check the network connection" \
        "$PY" -m pip install -c "$VENV/constraints.txt" -r requirements/build.txt
    # -O1 halves the time. Not isolated, because the ops are compiled against the
    # torch in .venv; without pip's cache, which holds the wheel without ops under
    # the same name.
    step "Compiling mmcv's ops, once for this machine (5 minutes on 2 idle processors)" \
        "mmcv's ops did not compile: see the compiler's messages above" \
        env PATH="$VENV/bin:$PATH" CFLAGS='-O1 -g0' CXXFLAGS='-O1 -g0' \
        MAX_JOBS="$("$PY" scripts/compile_jobs.py)" "${for_device[@]}" \
        "$PY" -m pip wheel -v --no-cache-dir --no-build-isolation --no-deps \
        --no-binary onedl-mmcv --wheel-dir "$1" "$MMCV"
}

main() {
    if [ "$(cat "$VENV/.ops-key" 2>/dev/null)" = "$KEY" ] && ops_work; then
        say "mmcv's compiled ops are there already"
        return
    fi

    local wheel
    wheel=$(find "$CACHE" -name '*.whl' -print -quit 2>/dev/null || true)
    if [ -n "$wheel" ]; then
        say "Taking mmcv's compiled ops from $CACHE"
        install_wheel "$wheel"
        if ops_work; then
            echo "$KEY" >"$VENV/.ops-key"
            return
        fi
        say "They do not work here, so they are compiled anew"
    fi

    mkdir -p "$CACHE_ROOT"
    # Inside the cache's file system, so that the last move is atomic.
    SCRATCH=$(mktemp -d "$CACHE_ROOT/build.XXXXXX")
    compile_wheel "$SCRATCH"
    wheel=$(find "$SCRATCH" -name '*.whl' -print -quit)
    install_wheel "$wheel"
    ops_work || die "mmcv's ops compiled but do not work: see ${LOG#"$ROOT"/}"
    mkdir -p "$CACHE"
    mv -f "$wheel" "$CACHE/"
    echo "$KEY" >"$VENV/.ops-key"
    say "Kept the wheel for later clones in $CACHE"
}

main
