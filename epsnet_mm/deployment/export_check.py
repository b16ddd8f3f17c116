"""Whether a network and its settings can be exported."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from epsnet_runtime.sources.sources import Sources

from torch import nn

#: Format -> suffix of its file, and the packages that write it.
FORMATS = dict(
    onnx=('.onnx', ('onnx', 'onnxscript')),
    openvino=('.xml', ('onnx', 'onnxscript', 'openvino')),
)

#: Of the network's weights. Resizing and post-processing are fp32 in each.
PRECISIONS = ('fp32', 'fp16', 'int8')


def check_target(out: str | Path, form: str) -> None:
    """Check the output file and the packages that write it.

    Args:
        out: File to write.
        form: One of `FORMATS`.

    Raises:
        ValueError: The suffix belongs to another format, a package is missing, or the
            folder does not exist.
    """
    suffix, packages = FORMATS[form]
    path = Path(out)
    if path.suffix != suffix:
        raise ValueError(
            f'--out {out} does not fit --format {form}: its suffix must be {suffix}.'
        )
    if not path.parent.is_dir():
        raise ValueError(
            f'The folder {path.parent} of --out does not exist: make it first.'
        )
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise ValueError(
            f'--format {form} needs {" and ".join(missing)}: run '
            f'`pip install {" ".join(missing)}`.'
        )


def check_precision(precision: str, calibration: str | Sequence[str] | None) -> None:
    """Check that INT8, and nothing else, has calibration images.

    Args:
        precision: One of `PRECISIONS`.
        calibration: Images, folders and patterns, see `Sources`.

    Raises:
        ValueError: Images are missing, not needed or not there, or onnxruntime is
            missing.
    """
    if precision != 'int8':
        if calibration:
            raise ValueError(
                f'--calibration is for --precision int8, but the precision is '
                f'{precision}: leave one of them out.'
            )
        return
    if not calibration:
        raise ValueError(
            '--precision int8 needs --calibration IMAGES, some training images that '
            "tell the ranges of the network's activations."
        )
    if find_spec('onnxruntime') is None:
        raise ValueError(
            '--precision int8 needs onnxruntime: run `pip install onnxruntime`.'
        )
    # Says which folder has no image.
    Sources(calibration)


def check_network(model: nn.Module) -> None:
    """Check that all parts of a network can be exported.

    Raises:
        ValueError: The detector is no EPSNet, or has layers or an NMS that have no
            form in the exported graph.
    """
    # By name: configs may hold a subclass.
    if not any(kind.__name__ == 'EPSNet' for kind in type(model).__mro__):
        raise ValueError(
            f'The config is of a {type(model).__name__}, but only EPSNet can be '
            'exported: give the config of an EPSNet.'
        )
    compiled = _modules_named(model, ('DeformConv', 'ModulatedDeformConv'))
    if compiled:
        raise ValueError(
            f'The layer {compiled[0]} is a deformable convolution (DCN), which has no '
            'portable form: export a network without `dcn`.'
        )
    nms = model.bbox_head.test_cfg.nms
    known = dict(
        nms={'type', 'iou_threshold'}, fast_nms={'type', 'iou_threshold', 'top_k'}
    )
    kind = nms.get('type', 'nms')
    if kind not in known or not nms.keys() <= known[kind]:
        raise ValueError(
            f'`model.test_cfg.bbox_head.nms` is {dict(nms)}, which cannot be exported: '
            "use dict(type='nms', iou_threshold=0.5)."
        )
    preprocessor = model.data_preprocessor
    if getattr(preprocessor, 'pad_size_divisor', 1) != 1:
        raise ValueError(
            '`model.data_preprocessor.pad_size_divisor` pads images, which cannot be '
            'exported: remove it.'
        )


def _modules_named(model: nn.Module, starts: Sequence[str]) -> list[str]:
    return [
        name
        for name, module in model.named_modules()
        if type(module).__name__.startswith(tuple(starts))
    ]
