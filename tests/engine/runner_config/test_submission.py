"""Predictions for a server that keeps the ground truth to itself."""

import json
from zipfile import ZipFile

from epsnet_mm.engine import runner_config

import pytest
from mmengine.config import Config

CATEGORIES = [
    dict(id=7, name='disc', isthing=1, supercategory='x'),
    dict(id=30, name='sand', isthing=0, supercategory='x'),
]
IMAGES = [dict(id=5, file_name='a.jpg', width=4, height=3)]


def without(key, items):
    return [{k: v for k, v in item.items() if k != key} for item in items]


@pytest.fixture
def cfg(tmp_path):
    val = dict(images=[], annotations=[], categories=CATEGORIES)
    (tmp_path / 'val.json').write_text(json.dumps(val))
    dataset = dict(
        data_root=str(tmp_path),
        ann_file='val.json',
        data_prefix=dict(img='i/', seg='s/'),
        pipeline=[dict(type='LoadImageFromFile'), dict(type='LoadPanopticSegments')],
    )
    return Config(
        dict(
            val_dataloader=dict(dataset=dataset),
            test_dataloader=dict(dataset=dict(dataset, ann_file='test.json')),
            test_evaluator=dict(type='EPSNetPanopticMetric', seg_prefix='s/'),
            work_dir=str(tmp_path / 'work'),
        )
    )


def write_test_set(folder, categories):
    content = dict(images=IMAGES, categories=categories)
    (folder / 'test.json').write_text(json.dumps(content))


def test_config(cfg, tmp_path):
    write_test_set(tmp_path, CATEGORIES)
    prefix = str(tmp_path / 'new/results')
    runner_config.format_only(cfg, prefix)
    dataset = cfg.test_dataloader.dataset
    assert dataset.ann_file == str(tmp_path / 'test.json')
    assert dataset.data_prefix == dict(img='i/')
    assert dataset.pipeline == [dict(type='LoadImageFromFile')]
    assert dataset.test_mode
    assert cfg.test_evaluator == dict(
        type='EPSNetPanopticMetric',
        ann_file=dataset.ann_file,
        format_only=True,
        outfile_prefix=prefix,
        backend_args=None,
    )
    assert (tmp_path / 'new').is_dir()
    # The validation set, from which a test set may take its categories, stays.
    assert cfg.val_dataloader.dataset.data_prefix.seg == 's/'


@pytest.mark.parametrize(
    'categories', [without('isthing', CATEGORIES), without('isthing', CATEGORIES[:1])]
)
def test_categories_of_the_validation_set(cfg, tmp_path, categories):
    """COCO's test-dev lists 80 of the 133 categories, without `isthing`."""
    write_test_set(tmp_path, categories)
    runner_config.format_only(cfg, str(tmp_path / 'results'))
    path = tmp_path / 'work/format_only/test.json'
    assert cfg.test_dataloader.dataset.ann_file == str(path)
    assert json.loads(path.read_text()) == dict(
        images=IMAGES, annotations=[], categories=CATEGORIES
    )


def test_categories_of_another_dataset(cfg, tmp_path):
    write_test_set(tmp_path, [dict(id=7, name='dog')])
    with pytest.raises(ValueError, match=r"'dog'.* of .*test.json is none of .*val"):
        runner_config.format_only(cfg, str(tmp_path / 'results'))


def test_categories_that_nobody_knows(cfg, tmp_path):
    write_test_set(tmp_path, without('isthing', CATEGORIES))
    (tmp_path / 'val.json').unlink()
    with pytest.raises(ValueError, match=r'lack `isthing`, and neither.*add `isthing`'):
        runner_config.format_only(cfg, str(tmp_path / 'results'))


def test_archive(tmp_path):
    prefix = tmp_path / 'panoptic_test-dev2017_x_results'
    content = dict(annotations=[dict(image_id=5, file_name='a.png')])
    prefix.with_name(f'{prefix.name}.panoptic.json').write_text(json.dumps(content))
    folder = prefix.with_name(f'{prefix.name}.panoptic')
    folder.mkdir()
    (folder / 'a.png').write_bytes(b'png')
    (folder / 'old.png').write_bytes(b'of an earlier run')
    path = runner_config.pack_submission(str(prefix))
    assert path == f'{prefix}.zip'
    with ZipFile(path) as archive:
        assert sorted(archive.namelist()) == [
            'panoptic_test-dev2017_x_results.json',
            'panoptic_test-dev2017_x_results/a.png',
        ]
        assert json.loads(archive.read(f'{prefix.name}.json')) == content
