"""Panoptic quality of COCO files by two other programs: panopticapi and vernier.

Both functions read a ground truth file and a file of predictions. The PNGs of a file
are in the folder of the same name without `.json`. Evaluated are the images of the
predictions, in their order. Categories are averaged in the order of the predictions,
which is the order of labels. So even the rounding of the sums can be compared.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from panopticapi.evaluation import PQStat, pq_compute_single_core

#: Figures by name, in percent, and the true positives, false positives, misses and
#: summed IoU of each category that has any.
Quality = tuple[dict[str, float], dict[int, tuple]]


def figures(suffix: str, pq: float, sq: float, rq: float) -> dict[str, float]:
    """Name averages in [0, 1] as the metric does."""
    return {
        f'coco_panoptic/{name}{suffix}': 100 * value
        for name, value in (('PQ', pq), ('SQ', sq), ('RQ', rq))
    }


def counts_of(stat: PQStat) -> dict[int, tuple]:
    return {
        category: (counts.tp, counts.fp, counts.fn, counts.iou)
        for category, counts in stat.pq_per_cat.items()
        if counts.tp + counts.fp + counts.fn
    }


def read_pairs(gt_file: Path, pred_file: Path) -> tuple[list[dict], list[tuple]]:
    """The categories, and of each image the two annotations."""
    gt = json.loads(gt_file.read_text(encoding='utf-8'))
    pred = json.loads(pred_file.read_text(encoding='utf-8'))
    gt_of = {annotation['image_id']: annotation for annotation in gt['annotations']}
    pairs = [
        (gt_of[annotation['image_id']], annotation)
        for annotation in pred['annotations']
    ]
    return pred['categories'], pairs


def original_pq(gt_file: Path, pred_file: Path) -> Quality:
    """By the code of panopticapi."""
    categories, pairs = read_pairs(gt_file, pred_file)
    categories = {category['id']: category for category in categories}
    total = PQStat()
    for pair in pairs:
        # One by one: how `pq_compute` groups the images, and so how it rounds,
        # depends on the number of CPUs.
        total += pq_compute_single_core(
            0, [pair], gt_file.with_suffix(''), pred_file.with_suffix(''), categories
        )
    averages = {}
    for suffix, isthing in (('', None), ('_th', True), ('_st', False)):
        mean, _ = total.pq_average(categories, isthing=isthing)
        averages |= figures(suffix, mean['pq'], mean['sq'], mean['rq'])
    return averages, counts_of(total)


def vernier_pq(
    gt_file: Path, pred_file: Path, parity_mode: str = 'strict', boundary: bool = False
) -> Quality:
    """By vernier, a program in Rust with its own reading of the rules.

    `strict` follows panopticapi and raises where that divides by zero. `corrected`
    gives 0 there, and lets all crowds of a category excuse a prediction. With
    `boundary` it measures boundary PQ.
    """
    vernier = pytest.importorskip('vernier.panoptic')
    categories, pairs = read_pairs(gt_file, pred_file)
    # It sums in the order of ids, so images and categories are numbered anew.
    number_of = {category['id']: i for i, category in enumerate(categories)}

    def load(annotations: tuple, folder: Path) -> tuple[dict[int, np.ndarray], bytes]:
        maps, segments = {}, {}
        for i, annotation in enumerate(annotations):
            maps[i] = vernier.decode_label_map_png(folder / annotation['file_name'])
            segments[str(i)] = [
                dict(segment, category_id=number_of[segment['category_id']])
                for segment in annotation['segments_info']
            ]
        return maps, json.dumps(segments).encode()

    gt, pred = zip(*pairs, strict=True)
    numbered = [dict(x, id=number_of[x['id']]) for x in categories]
    summary = vernier.Evaluator(parity_mode=parity_mode, boundary=boundary).evaluate(
        vernier.Dataset.from_arrays(
            *load(gt, gt_file.with_suffix('')), json.dumps(numbered).encode()
        ),
        vernier.Predictions.from_arrays(*load(pred, pred_file.with_suffix(''))),
    )
    averages = (
        figures('', summary.pq, summary.sq, summary.rq)
        | figures('_th', summary.pq_things, summary.sq_things, summary.rq_things)
        | figures('_st', summary.pq_stuff, summary.sq_stuff, summary.rq_stuff)
    )
    per_class = summary.per_class()
    counts = {
        category: (found.n_tp, found.n_fp, found.n_fn, found.iou_sum)
        for category, number in number_of.items()
        if (found := per_class.get(number))
    }
    return averages, counts
