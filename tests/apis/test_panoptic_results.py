import json

from epsnet_mm.apis.panoptic_results import PanopticResults, read_category_ids

import numpy as np
import pytest
import torch
from mmdet.structures import DetDataSample
from mmengine.config import Config
from mmengine.structures import PixelData

META = dict(classes=('disc', 'sand'), thing_classes=('disc',))
CATEGORIES = [dict(id=7, name='disc', isthing=1), dict(id=30, name='sand', isthing=0)]


@pytest.fixture
def cfg(tmp_path):
    dataset = dict(data_root=str(tmp_path), ann_file='a.json')
    return Config(dict(test_dataloader=dict(dataset=dataset)))


@pytest.fixture
def sample():
    """One disc, and void."""
    result = DetDataSample()
    result.pred_panoptic_seg = PixelData(sem_seg=torch.tensor([[[1000, 2]]]))
    return result


def write_annotations(folder):
    (folder / 'a.json').write_text(json.dumps(dict(categories=CATEGORIES)))


def test_category_ids_from_the_annotation_file(cfg, tmp_path):
    assert read_category_ids(cfg) is None
    write_annotations(tmp_path)
    assert read_category_ids(cfg) == dict(disc=7, sand=30)
    del cfg.test_dataloader.dataset.ann_file
    assert read_category_ids(cfg) is None


def segment(category_id):
    return dict(
        id=1, category_id=category_id, isthing=1, iscrowd=0, area=1, bbox=[0, 0, 1, 1]
    )


def test_description_of_a_sample(cfg, sample):
    found = PanopticResults(cfg, META).add(sample, 5)
    assert found.pop('panoptic_seg').tolist() == [[[1, 0, 0], [0, 0, 0]]]
    assert found == dict(
        image_id=5, file_name='00000005.png', segments_info=[segment(1)]
    )


def test_written_files(cfg, sample, tmp_path):
    write_annotations(tmp_path)
    results = PanopticResults(cfg, META)
    assert results.categories == CATEGORIES
    out = str(tmp_path / 'out')
    other = sample.clone()
    other.set_metainfo(dict(img_path='x/b.jpg', img_id=9, output_name='b'))
    with results.writing(out), results.writing(out):
        found = results.add(sample, 0, out)
        results.add(other, 1, out)
        # The outer block is still open.
        assert not (tmp_path / 'out/panoptic.json').exists()
    assert found['panoptic_seg_path'] == str(tmp_path / 'out/panoptic/00000000.png')
    content = json.loads((tmp_path / 'out/panoptic.json').read_text())
    assert content['info'] == dict(description='Category ids: a.json')
    assert content['images'] == [
        dict(id=0, file_name='00000000.png', height=1, width=2),
        dict(id=9, file_name='b.jpg', height=1, width=2),
    ]
    assert content['annotations'][1] == dict(
        image_id=9, file_name='b.png', segments_info=[segment(7)]
    )


def test_nothing_to_write(cfg, sample):
    results = PanopticResults(cfg, META)
    with results.writing('') as writer:
        assert writer is None
        assert isinstance(results.add(sample, 0)['panoptic_seg'], np.ndarray)
