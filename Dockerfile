# epsnet_mm with mmcv's compiled ops, for a CPU:
#
#   docker build -t epsnet_mm --build-arg TORCH_INDEX_URL=... .
#   docker run --rm -it -v "$PWD/data:/epsnet_mm/data" -v "$PWD/work_dirs:/epsnet_mm/work_dirs" epsnet_mm
#
# For CUDA, name an image with CUDA's compiler, the index of the matching torch, and the
# compute capabilities of the GPUs, which are not visible in a build:
#
#   docker build -t epsnet_mm:cuda --build-arg TORCH_INDEX_URL=... \
#       --build-arg BASE=nvidia/cuda:12.8.1-devel-ubuntu24.04 \
#       --build-arg TORCH_CUDA_ARCH_LIST="8.0 8.6 9.0" .
#   docker run --rm -it --gpus all --shm-size 8g ... epsnet_mm:cuda
#
# TORCH_INDEX_URL is the package index to take torch from: the address that pytorch.org's
# page "Get started" shows after `--index-url`. Without it, torch comes from pip's default
# index, as a CUDA build of several gigabytes that also runs on a CPU.
ARG BASE=ubuntu:24.04
FROM ${BASE}

ARG TORCH_INDEX_URL=
ARG TORCH_SPEC=
ARG TORCH_CUDA_ARCH_LIST=

# libgl1 and libglib2.0-0t64 are what OpenCV loads.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        ca-certificates g++ libgl1 libglib2.0-0t64 make python3 python3-dev python3-venv \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /epsnet_mm
COPY . .
# The wheel with the compiled ops is installed, so its copy in the cache can go.
RUN make venv ops PYTHON=python3 \
    && rm -rf "$HOME/.cache"

ENV PATH=/epsnet_mm/.venv/bin:$PATH
CMD ["bash"]
