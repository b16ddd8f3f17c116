"""PQ of an EPSNet with one part of its outputs replaced by the truth at a time.

The network runs once per image; only fusion is repeated.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from mmdet.structures import DetDataSample
from mmengine.dataset import BaseDataset, pseudo_collate
from mmengine.structures import InstanceData
from panopticapi.evaluation import PQStat
from torch import Tensor, nn

from ...functional import InstanceMasks, scale_boxes
from ..fusion_counter import FusionCounter, quality_percent
from ..markdown_table import markdown_table
from ..pq_errors.bootstrap import (
    average_categories,
    draw,
    interval,
    resampled_qualities,
)
from ..pq_errors.image_counts import ImageCounts
from .image_parts import ImageParts, assign_objects
from .replacements import ORACLES, Oracle
from .truth import Truth, read_truth

# So large that it decides against any change of a logit by fusion.
_CERTAIN = 1e4


@torch.no_grad()
def run_oracles(
    model: nn.Module,
    dataset: BaseDataset,
    evaluator: dict,
    oracles: Mapping[str, Oracle] = ORACLES,
) -> Iterator[list[PQStat]]:
    """Evaluate each image of a dataset with each oracle.

    Args:
        model: An EPSNet in evaluation mode.
        dataset: Of the images, with ground truth.
        evaluator: Config of an `EPSNetPanopticMetric`, which does the counting.
        oracles: See `replacements`.

    Yields:
        For each image its counts with each oracle.
    """
    count = FusionCounter(model, dataset, evaluator)
    fusion = model.panoptic_fusion_head
    classes = fusion.num_things_classes, fusion.num_stuff_classes
    for index in range(len(dataset)):
        data = model.data_preprocessor(pseudo_collate([dataset[index]]), False)
        info = dataset.get_data_info(index)
        truth = read_truth(info, *classes, data['inputs'].device)
        (sample,) = data['data_samples']
        parts = predict_image_parts(model, data['inputs'], sample, truth)
        yield [
            _count(count, oracle(parts, truth), truth, sample)
            for oracle in oracles.values()
        ]


def predict_image_parts(
    model: nn.Module, inputs: Tensor, sample: DetDataSample, truth: Truth
) -> ImageParts:
    """Run the network on one image; the steps are those of `EPSNet.predict_parts`.

    Args:
        model: An EPSNet in evaluation mode.
        inputs: (1, 3, H, W).
        sample: Of the image.
        truth: Of the image.
    """
    feats = model.extract_feat(inputs)
    prototypes = model.prototype_head(model.fusion_neck(feats))
    (found,) = model.bbox_head.predict(feats, [sample])
    crop = partial(_crop, model, prototypes, found, sample.metainfo)
    (masks,) = model.mask_head.predict(prototypes, [found], [sample.metainfo])
    (logits,) = model.semantic_head.predict(feats, prototypes)
    return ImageParts(
        labels=found.labels,
        masks=masks,
        objects=assign_objects(found.bboxes, found.labels, truth),
        logits=logits,
        crop=crop,
        boxes=found.bboxes,
    )


def _crop(
    model: nn.Module,
    prototypes: Tensor,
    found: InstanceData,
    meta: dict,
    boxes: Tensor,
) -> InstanceMasks:
    """Masks of the detections in other boxes, in pixels of the image."""
    moved = boxes != found.bboxes
    (height, width), (rows, columns) = meta['ori_shape'], meta['img_shape'][:2]
    padded_height, padded_width = meta['batch_input_shape']
    relative = scale_boxes(
        boxes, columns / width / padded_width, rows / height / padded_height
    )
    # Boxes that stay are not rounded anew.
    relative = torch.where(moved.any(dim=1)[:, None], relative, found.relative_boxes)
    placed = InstanceData(bboxes=boxes, relative_boxes=relative, coeffs=found.coeffs)
    (masks,) = model.mask_head.predict(prototypes, [placed], [meta])
    return masks


def _count(
    count: FusionCounter, parts: ImageParts, truth: Truth, sample: DetDataSample
) -> PQStat:
    logits = parts.logits
    if logits is None:
        num_labels = count.model.panoptic_fusion_head.num_stuff_classes + 1
        logits = F.one_hot(truth.semantic, num_labels).permute(2, 0, 1) * _CERTAIN
        # These logits have the size of the image, without padding.
        size = tuple(truth.semantic.shape)
        sample = DetDataSample(
            metainfo=dict(sample.metainfo, img_shape=size, batch_input_shape=size)
        )
    return count(InstanceData(labels=parts.labels), parts.masks, logits, sample)


def oracle_summary(
    names: Sequence[str],
    counts: Sequence[ImageCounts],
    is_thing: np.ndarray,
    groups: Sequence,
    resamples: int = 1000,
) -> list[dict]:
    """Compare oracles with the first one.

    Args:
        names: Of the oracles; the first one is the prediction itself.
        counts: Of each oracle.
        is_thing: (C,) whether each category is a thing.
        groups: Of each image, see `draw`.
        resamples: Draws of the bootstrap.

    Returns:
        For each oracle its `name`, `pq`, `pq_things` and `pq_stuff` in percent, the
        `gain` in PQ, and `gain_interval` from a paired bootstrap.
    """
    everything = np.ones_like(is_thing)
    draws = draw(groups, resamples)
    resampled = [
        average_categories(resampled_qualities(x, draws).pq, everything) for x in counts
    ]
    own = quality_percent(counts[0], everything)
    return [
        dict(
            name=name,
            pq=quality_percent(table, everything),
            pq_things=quality_percent(table, is_thing),
            pq_stuff=quality_percent(table, ~is_thing),
            gain=quality_percent(table, everything) - own,
            gain_interval=interval(100 * (values - resampled[0])),
        )
        for name, table, values in zip(names, counts, resampled, strict=True)
    ]


def oracle_table(rows: Sequence[dict]) -> str:
    """Markdown: PQ, PQ_th and PQ_st with each oracle, and the gain.

    Args:
        rows: As `oracle_summary` gives.
    """
    cells = []
    for number, row in enumerate(rows):
        low, high = row['gain_interval']
        gain = f'{row["gain"]:+.1f}', f'{low:+.1f} to {high:+.1f}'
        qualities = (f'{row[key]:.1f}' for key in ('pq', 'pq_things', 'pq_stuff'))
        cells.append([row['name'], *qualities, *(gain if number else ('', ''))])
    header = ['', 'PQ', 'PQ_th', 'PQ_st', 'gain', '95 %']
    return markdown_table(header, cells, 'lrrrrr')
