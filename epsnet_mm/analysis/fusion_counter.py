"""Counts of panoptic maps that an EPSNet fuses anew from parts of an image."""

from collections.abc import Sequence

import numpy as np
from mmdet.registry import METRICS
from mmdet.structures import DetDataSample
from mmengine.dataset import BaseDataset
from mmengine.structures import InstanceData
from panopticapi.evaluation import PQStat
from torch import Tensor, nn

from ..functional import InstanceMasks
from .pq_errors.bootstrap import average_categories
from .pq_errors.image_counts import ImageCounts


class FusionCounter:
    """Fuses instances and semantic logits, and counts what the metric counts.

    Args:
        model: An EPSNet in evaluation mode.
        dataset: Of the images.
        evaluator: Config of an `EPSNetPanopticMetric`.
    """

    def __init__(self, model: nn.Module, dataset: BaseDataset, evaluator: dict) -> None:
        self.model = model
        self.metric = METRICS.build(
            dict(evaluator, outfile_prefix=None, classwise=False)
        )
        self.metric.dataset_meta = dataset.metainfo

    def __call__(
        self,
        instances: InstanceData,
        masks: InstanceMasks,
        logits: Tensor,
        sample: DetDataSample,
    ) -> PQStat:
        """Counts of one image.

        Args:
            instances: `labels` (D,), best first.
            masks: D masks of the size of the image.
            logits: (S + 1, h, w).
            sample: Of the image; changed in place.
        """
        self.model.fuse([instances], [masks], [logits], [sample])
        self.metric.process({}, [sample.to_dict()])
        return self.metric.results.pop()


def tabulate_counts(
    stats: Sequence[PQStat], category_ids: Sequence[int]
) -> ImageCounts:
    """Counts of all images as tables.

    Args:
        stats: Of each of N images.
        category_ids: The C ids, in the order of the tables.
    """
    rows = [
        [[getattr(stat[i], key) for i in category_ids] for stat in stats]
        for key in ImageCounts._fields
    ]
    return ImageCounts(*map(np.array, rows))


def quality_percent(counts: ImageCounts, chosen: np.ndarray) -> float:
    """The average PQ of some categories, in percent.

    Args:
        counts: Of N images and C categories.
        chosen: (C,) booleans.
    """
    iou, tp, fp, fn = (table.sum(axis=0) for table in counts)
    segments = np.where(tp + fp + fn > 0, tp + fp / 2 + fn / 2, np.nan)
    return float(100 * average_categories((iou / segments)[None], chosen)[0])
