"""An exported file in the place of a detector, so that the same metric judges it."""

from pathlib import Path

from epsnet_runtime.models.model_metadata import parse_metadata
from epsnet_runtime.models.panoptic_model import THRESHOLDS
from epsnet_runtime.models.session import SUFFIXES, open_session

import numpy as np
import torch
from mmdet.evaluation import INSTANCE_OFFSET
from mmdet.registry import MODELS
from mmdet.structures import DetDataSample
from mmengine.config import Config
from mmengine.model import BaseModel
from mmengine.structures import InstanceData, PixelData
from torch import Tensor


def is_exported(path: str) -> bool:
    """Whether a path names an exported file, not a checkpoint."""
    return Path(path).suffix in SUFFIXES


def use_exported(cfg: Config, path: str) -> None:
    """Test an exported file instead of the config's model.

    The file resizes images, so the test pipeline no longer does.

    Args:
        cfg: Changed in place.
        path: ONNX file, or OpenVINO's `.xml` file.
    """
    cfg.model = dict(type='EPSNetExportedDetector', path=path)
    dataset = cfg.test_dataloader.dataset
    steps = [dict(x) for x in dataset.pipeline if x['type'] != 'Resize']
    for step in steps:
        if step['type'] == 'LoadImageFromFile':
            step['to_float32'] = False
        if step['type'] == 'PackDetInputs':
            # Resize is what writes `scale_factor`.
            keys = step.get('meta_keys', ('img_id', 'img_path', 'ori_shape'))
            step['meta_keys'] = tuple(x for x in keys if x != 'scale_factor')
    dataset.pipeline = steps
    # There are no weights whose average could be tested.
    hooks = cfg.get('custom_hooks') or []
    cfg.custom_hooks = [x for x in hooks if x['type'] != 'EMAHook']


@MODELS.register_module()
class EPSNetExportedDetector(BaseModel):
    """Runs an exported file on whole images, as `EPSNet.test_step` would.

    Args:
        path: File of `tools/deployment/export.py`.
        threads: Threads of the runtime; 0 for one per core.

    Raises:
        ImportError: The file's runtime is missing.
        FileNotFoundError: There is no such file.
        ValueError: The file is none of this project, or of another version.
    """

    def __init__(self, path: str, threads: int = 0) -> None:
        super().__init__()
        self.session = open_session(path, threads or None)
        self.metadata = parse_metadata(self.session.metadata, path)
        defaults = self.metadata.defaults
        # Files of OpenVINO have no optional inputs.
        self.thresholds = {
            name: np.array(defaults[name], kind)
            for name, kind in THRESHOLDS.items()
            if name in defaults and name in self.session.inputs
        }

    def test_step(self, data: dict) -> list[DetDataSample]:
        """Predict images, one after the other, as their sizes differ.

        Args:
            data: `inputs`, a list of (3, H, W) BGR uint8, and `data_samples`.
        """
        for image, sample in zip(data['inputs'], data['data_samples'], strict=True):
            self._predict(image, sample)
        return data['data_samples']

    val_step = test_step

    def forward(self, inputs: Tensor, data_samples=None, mode: str = 'tensor') -> None:
        """Not there: the file holds the whole of `test_step`."""
        raise NotImplementedError('An exported file predicts only: call test_step.')

    def _predict(self, image: Tensor, sample: DetDataSample) -> None:
        """Add `pred_panoptic_seg` and `pred_instances` to a sample."""
        pixels = image.permute(1, 2, 0).numpy()
        if self.metadata.channel_order == 'rgb':
            pixels = pixels[..., ::-1]
        found = self.session.run(
            dict(image=np.ascontiguousarray(pixels)[None], **self.thresholds)
        )
        labels, scores = found['segment_class'], found['segment_score']
        ids, boxes = found['panoptic_map'], found['segment_box']
        classes = self.metadata.classes
        things = np.array([x.isthing for x in classes], dtype=bool)[labels]
        # Label + instance * INSTANCE_OFFSET, the first segment after void.
        values = labels + things.cumsum() * things * INSTANCE_OFFSET
        table = np.concatenate([[len(classes)], values]).astype(np.int32)
        sample.pred_panoptic_seg = PixelData(sem_seg=torch.from_numpy(table[ids]))
        sample.pred_instances = InstanceData(
            bboxes=torch.from_numpy(boxes[things]),
            scores=torch.from_numpy(scores[things]),
            labels=torch.from_numpy(labels[things]),
        )
