"""Predictions for a test server, where there is no ground truth."""

import json
import os.path as osp
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from epsnet_runtime.coco.panoptic_json import write_panoptic_json

from mmengine.config import Config, ConfigDict

from ...datasets.transforms.loads_annotations import loads_annotations
from ...structures.panoptic_json import load_panoptic_json


def format_only(cfg: Config, prefix: str) -> None:
    """Let a test write its predictions, without evaluating them.

    The annotation file of the test set needs `images` and `categories` only. A list of
    categories without `isthing`, as test servers publish it, is replaced by that of the
    validation or training set.

    Args:
        cfg: Changed in place: its test set, and its test evaluator.
        prefix: The results are `<prefix>.panoptic.json` and the PNGs in
            `<prefix>.panoptic/`.

    Raises:
        FileNotFoundError: If the annotation file does not exist.
        ValueError: If the categories cannot be told.
    """
    dataset = cfg.test_dataloader.dataset
    ann_file = _with_categories(cfg, _path(dataset))
    # Absolute: the copy is not in `data_root`.
    dataset.ann_file = ann_file if '://' in ann_file else osp.abspath(ann_file)
    dataset.test_mode = True
    dataset.get('data_prefix', {}).pop('seg', None)
    dataset.pipeline = [x for x in dataset.pipeline if not loads_annotations(x)]
    Path(prefix).parent.mkdir(parents=True, exist_ok=True)
    cfg.test_evaluator = dict(
        type='EPSNetPanopticMetric',
        ann_file=dataset.ann_file,
        format_only=True,
        outfile_prefix=prefix,
        backend_args=dataset.get('backend_args'),
    )


def _path(dataset: ConfigDict) -> str:
    return osp.join(dataset.get('data_root') or '', dataset.ann_file)


def _with_categories(cfg: Config, ann_file: str) -> str:
    """The annotation file, or a copy in the work directory with full categories."""
    backend_args = cfg.test_dataloader.dataset.get('backend_args')
    content = load_panoptic_json(ann_file, False, backend_args)
    if _complete(content['categories']):
        return ann_file
    for reference in _references(cfg):
        categories = json.loads(Path(reference).read_text('utf-8')).get('categories')
        if not _complete(categories):
            continue
        names = {(x['id'], x['name']) for x in categories}
        other = [x for x in content['categories'] if (x['id'], x['name']) not in names]
        if other:
            raise ValueError(
                f'The category {other[0]} of {ann_file} is none of {reference}: the '
                'test set must have the classes that the model was trained on.'
            )
        copy = Path(cfg.work_dir, 'format_only', Path(ann_file).name)
        copy.parent.mkdir(parents=True, exist_ok=True)
        write_panoptic_json(copy, content['images'], [], categories)
        return str(copy)
    raise ValueError(
        f'The categories of {ann_file} lack `isthing`, and neither the validation nor '
        'the training set is on this machine: add `isthing` to each (1 for things, 0 '
        'for stuff).'
    )


def _complete(categories: object) -> bool:
    if not isinstance(categories, list):
        return False
    return all(isinstance(x, dict) and 'isthing' in x for x in categories)


def _references(cfg: Config) -> Iterator[str]:
    for split in ('val', 'train'):
        dataset = (cfg.get(f'{split}_dataloader') or {}).get('dataset') or {}
        if dataset.get('ann_file') and osp.isfile(_path(dataset)):
            yield _path(dataset)


def pack_submission(prefix: str) -> str:
    """Pack results as COCO's server takes them.

    Args:
        prefix: As `format_only` takes. Its last part should be a name such as
            `panoptic_test-dev2017_NAME_results`.

    Returns:
        `<prefix>.zip`, with a JSON file and a folder of PNGs, both named after the
        last part of the prefix.
    """
    name, json_path = Path(prefix).name, Path(f'{prefix}.panoptic.json')
    annotations = json.loads(json_path.read_text('utf-8'))['annotations']
    with ZipFile(f'{prefix}.zip', 'w', ZIP_DEFLATED) as archive:
        archive.write(json_path, f'{name}.json')
        for annotation in annotations:
            png = annotation['file_name']
            # PNGs are compressed already.
            archive.write(Path(f'{prefix}.panoptic', png), f'{name}/{png}', ZIP_STORED)
    return f'{prefix}.zip'
