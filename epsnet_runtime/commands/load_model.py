"""Finds what a command is to predict with."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from ..class_info import ClassInfo
from ..models.panoptic_model import PanopticModel
from ..optional import require
from ..panoptic_result import PanopticResult
from .training_stack import load_inferencer

_PROVIDERS = dict(
    cpu='CPUExecutionProvider',
    cuda='CUDAExecutionProvider',
    tensorrt='TensorrtExecutionProvider',
    openvino='OpenVINOExecutionProvider',
)


class Predictor(Protocol):
    """What `PanopticModel` and `PanopticInferencer` have in common."""

    classes: Sequence[ClassInfo]
    failures: list[str]

    def iter_results(
        self, sources: Iterable, batch_size: int = 1
    ) -> Iterator[PanopticResult]:
        """Predict images one after the other."""


def load_model(
    files: Sequence[str], device: str, max_pixels: int, threads: int | None = None
) -> Predictor:
    """Load a network.

    Args:
        files: An exported file, a config and a checkpoint, or nothing for the network
            that comes with epsnet_mm.
        device: 'auto', 'cpu', 'cuda:0', ...; for an exported file also 'tensorrt' and
            'openvino'.
        max_pixels: Width times height that an image file may declare.
        threads: Number of threads of an exported file; None for all cores.

    Raises:
        ImportError: If a package is missing.
        OSError: If a file is missing.
        ValueError: If something is wrong with one.
    """
    if len(files) in (0, 2):
        return load_inferencer(files, device, max_pixels)
    if len(files) > 2 or files[0].endswith(('.py', '.pth')):
        raise ValueError(
            f'--model {" ".join(files)} is neither an exported file (.onnx, .xml) nor '
            'a config with its checkpoint; give one or two files, and sources before '
            '--model.'
        )
    return PanopticModel(
        files[0],
        threads=threads,
        providers=_providers(files[0], device),
        warm_up=False,
        max_pixels=max_pixels,
    )


def _providers(file: str, device: str) -> list[str | tuple[str, dict]] | None:
    """The providers of a device, the CPU last; None for files of OpenVINO."""
    kind, _, number = device.partition(':')
    if file.endswith('.xml'):
        if kind not in ('auto', 'cpu'):
            raise ValueError(
                f'{file} runs on the CPU, not on the device {device}: leave --device '
                'out, or export an .onnx file.'
            )
        return None
    if kind == 'auto':
        runtime = require('onnxruntime', 'onnxruntime', 'An ONNX file')
        has_gpu = _PROVIDERS['cuda'] in runtime.get_available_providers()
        kind = 'cuda' if has_gpu else 'cpu'
    if kind not in _PROVIDERS:
        raise ValueError(
            f'The device {device} is unknown for an exported file; choose among auto, '
            f'{", ".join(_PROVIDERS)}.'
        )
    if kind == 'cpu':
        return [_PROVIDERS['cpu']]
    options = dict(device_id=number) if number else {}
    return [(_PROVIDERS[kind], options), _PROVIDERS['cpu']]
