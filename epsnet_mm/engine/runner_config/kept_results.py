"""Keeps the predictions of a test, for a report about them."""

import os.path as osp
from pathlib import Path
from typing import NamedTuple

from mmengine.config import Config, ConfigDict


class ResultPaths(NamedTuple):
    """Files that a report is made of.

    Attributes:
        results: COCO panoptic JSON of the predictions.
        ann_file: That of the ground truth.
        seg_dir: Folder of the ground truth's PNGs.
        img_dir: Folder of the images.
    """

    results: str
    ann_file: str
    seg_dir: str
    img_dir: str


def keep_results(cfg: Config, prefix: str | None = None) -> ResultPaths:
    """Let a test write its predictions beside evaluating them.

    The evaluator stays as it is, and so do its numbers.

    Args:
        cfg: Changed in place: its test evaluator.
        prefix: The predictions are `<prefix>.panoptic.json` and the PNGs in
            `<prefix>.panoptic/`. None takes the evaluator's `outfile_prefix`, or else
            one in the folder `report` of the work directory.

    Raises:
        ValueError: If the config does not tell where ground truth and images are.
    """
    evaluators = cfg.test_evaluator
    if not isinstance(evaluators, list | tuple):
        evaluators = [evaluators]
    dataset = cfg.test_dataloader.dataset
    evaluator = next(filter(_has_ground_truth, evaluators), None)
    images = (dataset.get('data_prefix') or {}).get('img')
    if evaluator is None or images is None:
        raise ValueError(
            'Writing results needs `ann_file` and `seg_prefix` in `test_evaluator`, '
            'and `data_prefix.img` in one dataset of `test_dataloader`: set them.'
        )
    kept = evaluator.get('outfile_prefix')
    prefix = prefix or kept or osp.join(cfg.work_dir, 'report', Path(cfg.filename).stem)
    if prefix != kept:
        writer = dict(
            type='EPSNetPanopticMetric',
            ann_file=evaluator.ann_file,
            format_only=True,
            outfile_prefix=prefix,
            backend_args=evaluator.get('backend_args'),
        )
        cfg.test_evaluator = [*evaluators, writer]
    Path(prefix).parent.mkdir(parents=True, exist_ok=True)
    return ResultPaths(
        f'{prefix}.panoptic.json',
        evaluator.ann_file,
        evaluator.seg_prefix,
        osp.join(dataset.get('data_root') or '', images),
    )


def _has_ground_truth(evaluator: ConfigDict) -> bool:
    return bool(evaluator.get('ann_file') and evaluator.get('seg_prefix'))
