"""How much PQ each rule of post-processing takes, over a dataset."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import torch
from mmdet.registry import METRICS
from mmengine.dataset import BaseDataset, pseudo_collate
from torch import nn

from ...evaluation.pq_terms.decomposition import decompose
from ...evaluation.pq_terms.terms import FN
from ...structures.segment_ids import index_segments, read_segment_ids
from ..fusion_counter import quality_percent
from ..markdown_table import markdown_table
from ..pq_errors.image_counts import ImageCounts, image_counts
from .attribution import count_dropped, rule_of_miss
from .image_candidates import find_candidates
from .rules import Rule
from .solid_ious import TruthIndex

#: The rule of a term that is no miss.
NO_MISS = -1


@dataclass(frozen=True)
class ImageDrops:
    """What rules drop in an image.

    Attributes:
        terms: Rows of TERM.
        rules: Rule of each term, NO_MISS for what is no miss.
        ious: IoU of what was dropped with the missed segment, per term.
        dropped: See `count_dropped`.
    """

    terms: np.ndarray
    rules: np.ndarray
    ious: np.ndarray
    dropped: dict[Rule, np.ndarray]


@torch.no_grad()
def find_drops(
    model: nn.Module, dataset: BaseDataset, evaluator: dict, lowest_score: float
) -> Iterator[ImageDrops]:
    """Run an EPSNet on each image, and find the rule behind each miss.

    Args:
        model: An EPSNet in evaluation mode.
        dataset: Of the images, with ground truth.
        evaluator: Config of an `EPSNetPanopticMetric`.
        lowest_score: Detections of lower scores are no output of the network.
    """
    metric = METRICS.build(dict(evaluator, outfile_prefix=None, classwise=True))
    metric.dataset_meta = dataset.metainfo
    num_things = model.panoptic_fusion_head.num_things_classes
    for index in range(len(dataset)):
        data = model.data_preprocessor(pseudo_collate([dataset[index]]), False)
        info = dataset.get_data_info(index)
        segments, unusable = info['segments_info'], info.get('unusable_ids', [])
        listed = [segment['id'] for segment in segments] + unusable
        path = info['seg_map_path']
        truth = TruthIndex(
            index_segments(read_segment_ids(path), listed, path), len(listed)
        )
        candidates, sample = find_candidates(
            model, data['inputs'], data['data_samples'][0], truth, lowest_score
        )
        metric.process({}, [sample.to_dict()])
        terms = metric.results.pop().terms
        rules = np.full(len(terms), NO_MISS)
        ious = np.zeros(len(terms))
        missed = np.flatnonzero(terms['kind'] == FN)
        positions = [listed.index(number) for number in terms['gt_id'][missed]]
        for row, segment in zip(missed, positions, strict=True):
            label = int(terms['category'][row])
            rules[row], ious[row] = rule_of_miss(candidates, segment, label, num_things)
        labels = [-1 if x['is_crowd'] else x['category'] for x in segments]
        labels += [-1] * len(unusable)
        yield ImageDrops(
            terms, rules, ious, count_dropped(candidates, labels, positions)
        )


def shares(
    terms: np.ndarray, rules: np.ndarray, num_categories: int
) -> dict[int, Fraction]:
    """What the misses of each rule, and all other terms, take from PQ, in [0, 1].

    The parts add up to 1 - PQ exactly.

    Args:
        terms: Rows of TERM, of all images.
        rules: Rule of each term, or NO_MISS.
        num_categories: C.
    """
    whole = decompose(terms, num_categories)
    everything = range(num_categories)
    return {
        rule: sum(
            decompose(terms[rules == rule], num_categories)
            .lost(everything, whole)
            .values()
        )
        for rule in (NO_MISS, *Rule)
    }


def drop_summary(
    drops: Sequence[ImageDrops], is_thing: np.ndarray, names: Sequence[str]
) -> dict:
    """Sum up all images.

    Args:
        drops: Of each image.
        is_thing: (C,) whether each category is a thing.
        names: (C,) of the categories.

    Returns:
        - `pq`, and `others`, what terms that are no misses take, in percent.
        - `rules`: for each rule its `name`, the number of `misses`, what they take
          (`lost`), PQ if the dropped outputs were their matches (`repaired`), the
          number of misses by class (`classes`), and numbers of dropped detections:
          `right` for a miss, `second` on an object that has a match, and `false`;
          None where it drops no detections.
    """
    terms = np.concatenate([x.terms for x in drops])
    rules = np.concatenate([x.rules for x in drops])
    ious = np.concatenate([x.ious for x in drops])
    num_categories = len(is_thing)
    counts = image_counts(terms, 1 + int(terms['image'].max(initial=0)), num_categories)
    everything = np.ones_like(is_thing)
    lost = shares(terms, rules, num_categories)
    return dict(
        pq=quality_percent(counts, everything),
        others=float(100 * lost[NO_MISS]),
        rules=[
            dict(
                name=rule.title,
                misses=int((rules == rule).sum()),
                lost=float(100 * lost[rule]),
                repaired=quality_percent(
                    _found(counts, terms[rules == rule], ious[rules == rule]),
                    everything,
                )
                if rule != Rule.NETWORK
                else None,
                classes={
                    names[c]: int(n)
                    for c, n in enumerate(
                        np.bincount(
                            terms['category'][rules == rule], minlength=num_categories
                        )
                    )
                    if n
                },
                **_dropped(drops, rule),
            )
            for rule in Rule
        ],
    )


def _found(counts: ImageCounts, missed: np.ndarray, ious: np.ndarray) -> ImageCounts:
    """Counts in which some misses are matches."""
    size = counts.tp.shape[1]
    number = np.bincount(missed['category'], minlength=size)
    gained = np.bincount(missed['category'], ious, minlength=size)
    iou, tp, fp, fn = (table.sum(axis=0, keepdims=True) for table in counts)
    return ImageCounts(iou + gained, tp + number, fp, fn - number)


def _dropped(drops: Sequence[ImageDrops], rule: Rule) -> dict:
    kinds = ('right', 'second', 'false')
    if rule not in drops[0].dropped:
        return dict.fromkeys(kinds)
    totals = sum(x.dropped[rule] for x in drops)
    return dict(zip(kinds, map(int, totals), strict=True))


def drop_table(summary: dict) -> str:
    """Markdown: what each rule takes, the largest part first.

    Args:
        summary: As `drop_summary` gives.
    """
    rows = [
        [
            row['name'],
            str(row['misses']),
            f'{row["lost"]:.2f}',
            '' if row['repaired'] is None else f'{row["repaired"]:.2f}',
            *('' if row[x] is None else str(row[x]) for x in ('second', 'false')),
        ]
        for row in sorted(summary['rules'], key=lambda row: -row['lost'])
    ]
    rows.append(['no miss', '', f'{summary["others"]:.2f}', '', '', ''])
    rows.append(['100 - PQ', '', f'{100 - summary["pq"]:.2f}', '', '', ''])
    header = [
        'rule',
        'misses',
        'lost',
        'PQ without it',
        'second ones dropped',
        'false ones dropped',
    ]
    return markdown_table(header, rows, 'lrrrrr')
