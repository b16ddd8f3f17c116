"""PQ at many thresholds, from one run of the network per image.

Detections come in descending score, and NMS does not look at the threshold. So those
above a threshold are the first ones of those above a lower one, and only the fusion
into a panoptic map has to be repeated.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from mmengine.config import Config
from mmengine.dataset import BaseDataset, pseudo_collate
from panopticapi.evaluation import PQStat
from torch import nn

from ..functional import InstanceMasks
from .detection_recall import require_epsnet
from .fusion_counter import FusionCounter, quality_percent
from .pq_errors.bootstrap import (
    average_categories,
    draw,
    interval,
    resampled_qualities,
)
from .pq_errors.image_counts import ImageCounts


class Setting(NamedTuple):
    """Thresholds of post-processing, with their names in `model.test_cfg`."""

    score_thr: float
    mask_overlap: float
    stuff_area_limit: int

    @classmethod
    def of_config(cls, cfg: Config) -> 'Setting':
        """The thresholds of an EPSNet's config.

        Raises:
            ValueError: If the config is of another detector.
        """
        require_epsnet(cfg)
        test_cfg = cfg.model.test_cfg
        return cls(
            test_cfg.bbox_head.score_thr,
            test_cfg.panoptic.mask_overlap,
            test_cfg.panoptic.stuff_area_limit,
        )

    def config_lines(self) -> str:
        """What to write into a config."""
        return (
            'model = dict(\n    test_cfg=dict(\n'
            f'        bbox_head=dict(score_thr={self.score_thr:g}),\n'
            f'        panoptic=dict(mask_overlap={self.mask_overlap:g}, '
            f'stuff_area_limit={self.stuff_area_limit}),\n    )\n)'
        )


@torch.no_grad()
def sweep_dataset(
    model: nn.Module, dataset: BaseDataset, evaluator: dict, settings: Sequence[Setting]
) -> Iterator[list[PQStat]]:
    """Evaluate each image of a dataset at all settings.

    Args:
        model: An EPSNet in evaluation mode, whose `score_thr` is that of the lowest
            setting or less.
        dataset: Of the images.
        evaluator: Config of an `EPSNetPanopticMetric`, which does the counting.
        settings: The settings.

    Yields:
        For each image its counts at each setting.
    """
    count = FusionCounter(model, dataset, evaluator)
    for index in range(len(dataset)):
        data = model.data_preprocessor(pseudo_collate([dataset[index]]), False)
        (sample,) = data['data_samples']
        (found,), (masks,), (logits,) = model.predict_parts(data['inputs'], [sample])
        keys = [
            # Other thresholds may keep the same detections.
            (int((found.scores > score_thr).sum()), *others)
            for score_thr, *others in settings
        ]
        counted: dict[tuple, PQStat] = {}
        for key in keys:
            if key not in counted:
                kept, mask_overlap, stuff_area_limit = key
                model.panoptic_fusion_head.test_cfg.update(
                    mask_overlap=mask_overlap, stuff_area_limit=stuff_area_limit
                )
                first = InstanceMasks(
                    masks.windows[:kept], masks.masks[:kept], masks.size
                )
                counted[key] = count(found[:kept], first, logits, sample)
        yield [counted[key] for key in keys]


def sweep_summary(
    settings: Sequence[Setting],
    counts: Sequence[ImageCounts],
    is_thing: np.ndarray,
    own: Setting,
    groups: Sequence,
    resamples: int = 1000,
) -> dict:
    """Compare all settings.

    Args:
        settings: The settings; `own` is one of them.
        counts: Of each setting.
        is_thing: (C,) whether each category is a thing.
        own: The setting of the config.
        groups: Of each image, see `draw`.
        resamples: Draws of them for the interval of the gain.

    Returns:
        - `settings`: for each its thresholds, and `pq`, `pq_things` and `pq_stuff`
          in percent.
        - `best`, `own`: those of the highest PQ and of the config. Among equal ones
          the first is the best.
        - `gain`: of the best one, and `gain_interval`, from a paired bootstrap.
    """
    rows = [
        dict(
            setting._asdict(),
            pq=quality_percent(table, np.ones_like(is_thing)),
            pq_things=quality_percent(table, is_thing),
            pq_stuff=quality_percent(table, ~is_thing),
        )
        for setting, table in zip(settings, counts, strict=True)
    ]
    best = max(range(len(rows)), key=lambda i: rows[i]['pq'])
    mine = settings.index(own)
    draws = draw(groups, resamples)
    resampled = [
        average_categories(
            resampled_qualities(counts[i], draws).pq, np.ones_like(is_thing)
        )
        for i in (best, mine)
    ]
    return dict(
        settings=rows,
        best=rows[best],
        own=rows[mine],
        gain=rows[best]['pq'] - rows[mine]['pq'],
        gain_interval=interval(100 * (resampled[0] - resampled[1])),
    )
