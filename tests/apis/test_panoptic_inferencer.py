"""Overlay pictures and COCO results of a model that says the same always."""

import json
import re

from epsnet_mm.apis import PanopticInferencer

import mmcv
import numpy as np
import pytest
import torch
from PIL import Image

SEGMENTS = [
    dict(id=1, category_id=2, isthing=0, iscrowd=0, area=90, bbox=[10, 0, 10, 9]),
    dict(
        id=2,
        category_id=1,
        isthing=1,
        iscrowd=0,
        area=90,
        bbox=[0, 0, 10, 9],
        score=0.75,
    ),
]


class Mischief:
    """Runs code when unpickled: creates the file `path`."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), 'w')


def test_pixels(inferencer, pixels):
    results = inferencer(pixels)
    assert results['predictions'] == [
        dict(image_id=0, file_name='00000000.png', segments_info=SEGMENTS)
    ]
    (numbers,) = results['panoptic']
    assert numbers[0].tolist() == [2] * 10 + [1] * 10
    assert numbers[9].tolist() == [0] * 20


def test_folder_writes_pictures_pngs_and_json(inferencer, pixels, tmp_path):
    folder, out = tmp_path / 'in', tmp_path / 'out'
    for name in ('b.jpg', 'a.png'):
        mmcv.imwrite(pixels, str(folder / name))
    (folder / 'notes.txt').write_text('not an image')

    results = inferencer(str(folder), batch_size=2, out_dir=str(out))

    assert results['panoptic'] == []
    written = sorted(str(path.relative_to(out)) for path in out.rglob('*.*'))
    assert written == [
        'panoptic.json',
        'panoptic/a.png',
        'panoptic/b.png',
        'vis/a.png',
        'vis/b.png',
    ]
    content = json.loads((out / 'panoptic.json').read_text())
    assert content['images'] == [
        dict(id=1, file_name='a.png', height=10, width=20),
        dict(id=2, file_name='b.jpg', height=10, width=20),
    ]
    assert content['annotations'] == results['predictions']
    assert content['annotations'][1] == dict(
        image_id=2, file_name='b.png', segments_info=SEGMENTS
    )
    assert content['categories'] == [
        dict(id=1, name='disc', isthing=1),
        dict(id=2, name='sand', isthing=0),
    ]
    png = np.asarray(Image.open(out / 'panoptic/a.png'))
    assert png[0, 0].tolist() == [2, 0, 0]


def test_picture_shows_input_and_prediction(inferencer, pixels):
    results = inferencer(pixels, return_vis=True)
    (picture,) = results['visualization']
    assert picture.shape[1] == 2 * 20 * 39 + 6  # 10 rows enlarged to 390


def test_category_ids_are_the_annotation_files(
    config, weights, annotation_file, pixels
):
    inferencer = PanopticInferencer(config, weights, 'cpu', show_progress=False)
    segments = inferencer(pixels)['predictions'][0]['segments_info']
    assert [segment['category_id'] for segment in segments] == [30, 7]


def test_coco_names_give_coco_ids(inferencer, pixels, tmp_path):
    path = tmp_path / '000000142238.png'
    mmcv.imwrite(pixels, str(path))
    assert inferencer(str(path))['predictions'][0]['image_id'] == 142238


def test_unreadable_image_is_reported_and_the_others_kept(inferencer, pixels, tmp_path):
    for name in ('a.png', 'c.png'):
        mmcv.imwrite(pixels, str(tmp_path / 'in' / name))
    (tmp_path / 'in/b.png').write_bytes(b'no image')
    results = inferencer(str(tmp_path / 'in'), batch_size=2)
    assert [result['file_name'] for result in results['predictions']] == [
        'a.png',
        'c.png',
    ]
    (sentence,) = inferencer.failures
    assert re.search(r'Cannot read image .*b\.png', sentence)
    inferencer(pixels)
    assert inferencer.failures == []


def test_empty_folder(inferencer, tmp_path):
    (tmp_path / 'empty').mkdir()
    with pytest.raises(ValueError, match='empty holds no images'):
        inferencer(str(tmp_path / 'empty'))


def test_class_names_from_the_config(config, tmp_path, pixels):
    path = tmp_path / 'bare.pth'
    torch.save(dict(weights=torch.zeros(1)), path)
    inferencer = PanopticInferencer(config, str(path), 'cpu', show_progress=False)
    assert inferencer.model.dataset_meta['classes'] == ('disc', 'sand')


def test_no_class_names(config, tmp_path):
    path = tmp_path / 'bare.pth'
    torch.save(dict(weights=torch.zeros(1)), path)
    del config.test_dataloader.dataset.metainfo
    with pytest.raises(ValueError, match='names the classes; add metainfo'):
        PanopticInferencer(config, str(path), 'cpu')


def test_code_in_a_checkpoint_is_not_run(config, tmp_path, monkeypatch):
    # What MMEngine falls back to for such a file.
    monkeypatch.setattr(
        'mmengine.runner.checkpoint._safe_torch_load',
        lambda file, map_location=None: torch.load(file, weights_only=False),
    )
    path, trace = tmp_path / 'evil.pth', tmp_path / 'trace'
    torch.save(dict(state_dict={}, extra=Mischief(trace)), path)
    with pytest.raises(ValueError, match=r'open, which could run code'):
        PanopticInferencer(config, str(path), 'cpu')
    assert not trace.exists()


def test_checkpoint_of_another_architecture(config, weights):
    config.model.num_weights = 3
    with pytest.raises(ValueError, match='does not belong to the model'):
        PanopticInferencer(config, weights, 'cpu')


def test_weights_are_needed(config):
    with pytest.raises(ValueError, match='checkpoint'):
        PanopticInferencer(config, None, 'cpu')
