"""The process of a network in PyTorch.

`python -m benchmarks.measurement.leaderboard.torch_worker ROW.json IMAGE.npy THREADS`.
"""

import json
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from epsnet_mm.engine.safe_load import install_safe_load

import numpy as np
import torch
from mmcv.cnn import fuse_conv_bn
from mmcv.transforms import Compose
from mmdet.registry import TRANSFORMS
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.runner import load_checkpoint
from torch import nn

from ..detectors import compile_network, initialize, load_config, use_detections
from ..environment import set_threads
from ..latency import DTYPES
from .exported_worker import answers, serve
from .row import Row, parse_row

CONFIGS = Path(__file__).resolve().parents[3] / 'configs'
# Of random weights, which find nothing that they are sure of.
DETECTIONS = 100


class TorchPipeline:
    """A network from image array to panoptic map, as fast as PyTorch runs it here.

    Normalization is folded into convolutions, and weights and images are
    channels-last.

    Args:
        row: What to build.
        image: (H, W, 3) uint8 BGR.
    """

    def __init__(self, row: Row, image: np.ndarray) -> None:
        self.image, self.precision = image, row.precision
        cfg = load_config(row.config, CONFIGS)
        resize = input_resize(cfg, row.size)
        self.transform = Compose([TRANSFORMS.build(x) for x in _steps(resize)])
        if not row.checkpoint:
            accept_all(cfg.model)
        self.model = initialize(cfg.model).eval().requires_grad_(False)
        if row.checkpoint:
            install_safe_load()
            load_checkpoint(self.model, row.checkpoint, 'cpu', strict=True)
        elif cfg.model.type == 'PanopticFPN':
            # Its last NMS would get 80,000 boxes that no trained network passes on.
            (sample,) = self._prepare()['data_samples']
            use_detections(self.model, DETECTIONS, sample.img_shape, image.shape[:2])
        self.megabytes = _state_megabytes(self.model)
        fuse_conv_bn(self.model)
        self.model.to(memory_format=torch.channels_last)
        if row.compiled:
            compile_network(self.model)

    @torch.inference_mode()
    def predict(self) -> np.ndarray:
        """The panoptic map, (H, W)."""
        data = self._prepare()
        with self._autocast():
            (sample,) = self.model.predict(data['inputs'], data['data_samples'])
        return sample.pred_panoptic_seg.sem_seg[0].numpy()

    def input_size(self) -> tuple[int, int]:
        """(H, W) of the network's input, with its padding."""
        return tuple(self._prepare()['inputs'].shape[-2:])

    def _prepare(self) -> dict:
        batch = pseudo_collate([self.transform(dict(img=self.image))])
        data = self.model.data_preprocessor(batch, False)
        inputs = data['inputs'].contiguous(memory_format=torch.channels_last)
        return dict(data, inputs=inputs)

    def _autocast(self) -> AbstractContextManager:
        if self.precision == 'fp32':
            return nullcontext()
        return torch.autocast('cpu', DTYPES[self.precision])


def input_resize(cfg: Config, size: tuple[int, int] | None) -> dict:
    """The transform that makes the network's input: of a size, or the config's own."""
    if size:
        return dict(type='Resize', scale=tuple(size)[::-1], keep_ratio=False)
    pipeline = cfg.test_dataloader.dataset.pipeline
    (resize,) = (x for x in pipeline if x.type == 'Resize')
    return resize


def accept_all(model: dict) -> None:
    """Set score thresholds to 0, so that random weights find something.

    Panoptic FPN keeps its own; see `use_detections`.
    """
    if model['type'] == 'EPSNet':
        model['test_cfg']['bbox_head'].update(score_thr=0.0, max_per_img=DETECTIONS)
    elif model['type'] in ('MaskFormer', 'Mask2Former'):
        model['test_cfg']['object_mask_thr'] = 0.0


def _steps(resize: dict) -> list[dict]:
    keys = ('ori_shape', 'img_shape', 'scale_factor')
    return [
        dict(type='mmdet.LoadImageFromNDArray'),
        dict(resize, type='mmdet.Resize'),
        dict(type='mmdet.PackDetInputs', meta_keys=keys),
    ]


def _state_megabytes(model: nn.Module) -> float:
    tensors = model.state_dict().values()
    return sum(x.numel() * x.element_size() for x in tensors) / 1e6


def main(text: str, image: str, threads: str) -> None:
    """Build the network of a row and serve."""
    out = answers()
    set_threads(int(threads))
    row = parse_row(json.loads(text))
    pipeline = TorchPipeline(row, np.load(image))
    facts = dict(
        precision=row.precision,
        size=pipeline.input_size(),
        megabytes=pipeline.megabytes,
        torch=True,
    )
    serve(pipeline.predict, facts, out)


if __name__ == '__main__':
    main(*sys.argv[1:])
