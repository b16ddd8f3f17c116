import json

from epsnet_mm.apis.category_ids import read_category_ids

from mmengine.config import Config


def test_category_ids_from_the_annotation_file(tmp_path):
    dataset = dict(data_root=str(tmp_path), ann_file='a.json')
    cfg = Config(dict(test_dataloader=dict(dataset=dataset)))
    assert read_category_ids(cfg) is None
    categories = [dict(id=7, name='disc'), dict(id=30, name='sand')]
    (tmp_path / 'a.json').write_text(json.dumps(dict(categories=categories)))
    assert read_category_ids(cfg) == dict(disc=7, sand=30)
    del cfg.test_dataloader.dataset.ann_file
    assert read_category_ids(cfg) is None
