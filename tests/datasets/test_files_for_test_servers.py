"""EPSNetPanopticDataset on files without ground truth."""

import json

from epsnet_mm.datasets import LoadPanopticSegments
from tests.datasets.test_epsnet_panoptic_dataset import build

import pytest
from mmcv.transforms import LoadImageFromFile


@pytest.fixture
def server_file(write_files, content):
    """A folder as for a test server: no ground truth at all."""
    del content['annotations']
    root = write_files(content)
    for path in (root / 'seg').iterdir():
        path.unlink()
    return root


@pytest.mark.parametrize('prefix', [dict(img='img'), dict(img='img', seg='seg')])
def test_test_set_without_annotations(server_file, prefix):
    pipeline = [LoadImageFromFile(), LoadPanopticSegments(with_bbox=False)]
    dataset = build(server_file, data_prefix=prefix, test_mode=True, pipeline=pipeline)
    info = dataset.get_data_info(1)
    assert info['seg_map_path'] is None
    assert info['instances'] == info['segments_info'] == []
    assert [x['img_id'] for x in dataset] == [1, 2]
    assert dataset.metainfo['thing_classes'] == ('car', 'person')
    with pytest.raises(ValueError, match='lacks annotations'):
        build(server_file)


def test_test_set_without_isthing(server_file, content):
    for category in content['categories']:
        del category['isthing']
    (server_file / 'panoptic.json').write_text(json.dumps(content))
    bare = build(server_file, test_mode=True)
    assert len(bare) == 2
    assert bare.metainfo['classes'] == ('grass', 'car', 'sky', 'person')
    assert 'thing_classes' not in bare.metainfo
    # What the config says, a test of COCO for instance.
    things = dict(thing_classes=('car', 'person'))
    known = build(server_file, test_mode=True, metainfo=things)
    assert known.metainfo['classes'] == ('car', 'person', 'grass', 'sky')
    assert known.cat2label == {3: 0, 9: 1, 7: 2, 5: 3}
    wrong = dict(thing_classes=('car', 'tree'))
    with pytest.raises(ValueError, match=r'`metainfo.thing_classes`.* disagrees'):
        build(server_file, test_mode=True, metainfo=wrong)


def test_some_categories_without_isthing(server_file, content):
    del content['categories'][0]['isthing']
    (server_file / 'panoptic.json').write_text(json.dumps(content))
    with pytest.raises(ValueError, match='lacks `isthing`'):
        build(server_file, test_mode=True)
