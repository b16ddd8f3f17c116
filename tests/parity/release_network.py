"""The network with the golden weights, its golden inputs, and its outputs by name."""

import json
from pathlib import Path

from epsnet_mm.models.converters.release_weights import convert_state_dict

import numpy as np
import torch
import torch.nn.functional as F
from fixtures import fill, ground_truth, image
from mmdet.registry import MODELS
from mmdet.structures import DetDataSample
from mmdet.structures.mask import BitmapMasks
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.structures import InstanceData, PixelData
from torch import Tensor, nn

ROOT = Path(__file__).parents[2]
GOLDEN_FORWARD = ROOT / 'tests/data/forward_r101.npz'
GOLDEN_LOSSES = ROOT / 'tests/data/loss_r101.json'
ORIGINAL, INPUT, T = (480, 640), (550, 550), 80


def build_release_model() -> nn.Module:
    """The release config of ResNet-101, its weights taken through the converter."""
    init_default_scope('mmdet')
    cfg = Config.fromfile(ROOT / 'configs/epsnet/epsnet_r101_fpn_coco_release.py')
    model = MODELS.build(cfg.model)
    shapes = json.loads((ROOT / 'tests/data/release_keys_r101.json').read_text())
    released = {
        key: torch.from_numpy(fill(key, tuple(shape))) for key, shape in shapes.items()
    }
    converted, _ = convert_state_dict(released, model.state_dict())
    model.load_state_dict(converted)
    return model


def golden_batch(model: nn.Module) -> dict:
    """The golden image, resized and normalized."""
    pixels = torch.from_numpy(image(*ORIGINAL, seed=1)).permute(2, 0, 1).float()
    pixels = F.interpolate(pixels[None], INPUT, mode='bilinear', align_corners=False)[0]
    sample = DetDataSample(metainfo=dict(ori_shape=ORIGINAL, img_shape=INPUT))
    return model.data_preprocessor(
        dict(inputs=[pixels], data_samples=[sample]), training=False
    )


def network_outputs(model: nn.Module, batch: dict) -> dict[str, Tensor]:
    """Every golden array by its name, in the release's layout."""
    head, coeffs = model.bbox_head, []
    keep = model.semantic_head.to_coeffs.register_forward_hook(
        lambda module, args, output: coeffs.append(output.tanh())
    )
    with torch.no_grad():
        stages = model.backbone(batch['inputs'])
        levels = model.neck(stages)
        prototypes = model.prototype_head(model.fusion_neck(levels))
        scores, deltas, mask_coeffs = head(levels)
        logits = model.semantic_head(levels, prototypes)
    keep.remove()
    found = {f'c{i}': x for i, x in enumerate(stages, start=2)}
    found.update({f'p{i}': x for i, x in enumerate(levels, start=3)})
    anchors = head.prior_generator.image_priors(
        [x.shape[-2:] for x in levels], INPUT, logits.device
    )
    x1, y1, x2, y2 = (anchors / INPUT[0]).unbind(1)
    found.update(
        proto=prototypes.permute(0, 2, 3, 1),
        loc=_of_each_anchor(deltas, 4),
        # The release's first class, background and "unlabelled", is our last.
        conf=_of_each_anchor(scores, 81).softmax(-1).roll(1, dims=-1),
        mask=_of_each_anchor(mask_coeffs, 32),
        priors=torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1], 1),
        segm=coeffs[0].unflatten(1, (32, 55)).roll(1, dims=2).flatten(1, 2),
        semantic_logits=F.interpolate(
            logits, ORIGINAL, mode='bilinear', align_corners=False
        )[0].roll(1, dims=0),
    )
    return found


def largest_error(found: Tensor, golden: dict[str, np.ndarray], name: str) -> float:
    """Largest difference to a golden array, over the range of its values."""
    index, values = golden[f'{name}.index'], golden[f'{name}.value']
    found = found.float().cpu().numpy().reshape(-1)[index]
    return float(np.abs(found - values).max() / np.ptp(values))


def training_data() -> dict:
    """The two golden images for training; the last object of the first is a crowd."""
    return dict(
        inputs=[
            torch.from_numpy(image(*INPUT, seed)).permute(2, 0, 1) for seed in (1, 2)
        ],
        data_samples=[
            _training_sample(1, num_crowds=1),
            _training_sample(2, num_crowds=0),
        ],
    )


def _of_each_anchor(levels: list[Tensor], channels: int) -> Tensor:
    """Levels of (N, 3 C, H_l, W_l) to (N, A, C): rows, columns, then anchors."""
    return torch.cat(
        [x.permute(0, 2, 3, 1).reshape(len(x), -1, channels) for x in levels], dim=1
    )


def _training_sample(seed: int, num_crowds: int) -> DetDataSample:
    """Ground truth of one image; the last objects are crowds."""
    boxes, labels, masks, semantic = ground_truth(INPUT[0], seed)
    sample = DetDataSample(metainfo=dict(ori_shape=INPUT, img_shape=INPUT))
    objects = len(boxes) - num_crowds
    for name, part in (
        ('gt_instances', slice(objects)),
        ('ignored_instances', slice(objects, None)),
    ):
        setattr(
            sample,
            name,
            InstanceData(
                bboxes=torch.from_numpy(boxes[part]),
                labels=torch.from_numpy(labels[part]),
                masks=BitmapMasks(masks[part], *INPUT),
            ),
        )
    # From 0 = unlabelled, 1 to 53 = stuff, 54 = thing to labels of the dataset.
    order = np.array([255, *range(T, T + 53), 0])
    sample.gt_sem_seg = PixelData(sem_seg=torch.from_numpy(order[semantic])[None])
    return sample
