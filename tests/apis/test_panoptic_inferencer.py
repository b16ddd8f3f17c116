"""Results and files of a model whose predictions are known."""

import json
import re

from epsnet_mm.apis import PanopticInferencer
from tests.apis.conftest import SEGMENTS, written_files

import cv2
import mmcv
import numpy as np
import pytest
import torch
from PIL import Image


def test_pixels(inferencer, pixels):
    results = inferencer(pixels)
    assert results.keys() == {'predictions', 'visualization'}
    assert results['visualization'] == []
    (prediction,) = results['predictions']
    panoptic_seg = prediction.pop('panoptic_seg')
    assert prediction == dict(
        labels=[0],
        scores=[0.75],
        bboxes=[[0.0, 0.0, 10.0, 9.0]],
        image_id=0,
        file_name='00000000.png',
        segments_info=SEGMENTS,
    )
    assert panoptic_seg.dtype == np.uint8
    assert panoptic_seg[0].tolist() == [[2, 0, 0]] * 10 + [[1, 0, 0]] * 10
    assert not panoptic_seg[9].any()


def test_folder_writes_pictures_pngs_and_json(inferencer, folder, tmp_path):
    out = tmp_path / 'out'
    results = inferencer(folder, batch_size=2, out_dir=str(out))
    assert written_files(out) == [
        'panoptic.json',
        'panoptic/a.png',
        'panoptic/b.png',
        'vis/a.png',
        'vis/b.png',
    ]
    content = json.loads((out / 'panoptic.json').read_text())
    assert content['info'] == dict(description='Category ids: label + 1')
    assert content['images'] == [
        dict(id=1, file_name='a.png', height=10, width=20),
        dict(id=2, file_name='b.jpg', height=10, width=20),
    ]
    assert content['annotations'] == [
        dict(image_id=1, file_name='a.png', segments_info=SEGMENTS),
        dict(image_id=2, file_name='b.png', segments_info=SEGMENTS),
    ]
    assert content['categories'] == [
        dict(id=1, name='disc', isthing=1),
        dict(id=2, name='sand', isthing=0),
    ]
    for prediction, annotation in zip(
        results['predictions'], content['annotations'], strict=True
    ):
        assert annotation.items() <= prediction.items()
        assert 'panoptic_seg' not in prediction
        png = np.asarray(Image.open(prediction['panoptic_seg_path']))
        assert png[0, 0].tolist() == [2, 0, 0]


def test_files_of_an_earlier_call_are_replaced(inferencer, pixels, folder, tmp_path):
    out = tmp_path / 'out'
    for inputs in (folder, f'{folder}/a.png'):
        inferencer(inputs, out_dir=str(out))
    content = json.loads((out / 'panoptic.json').read_text())
    assert [image['file_name'] for image in content['images']] == ['a.png']
    assert 'panoptic/b.png' in written_files(out)


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


def test_unreadable_image_is_reported_and_the_others_kept(
    inferencer, folder, pixels, tmp_path
):
    for name in ('aa.png', 'c.png'):
        (tmp_path / 'in' / name).write_bytes(b'no image')
    out = tmp_path / 'out'
    # The last batch has no image at all.
    results = inferencer(folder, batch_size=3, out_dir=str(out), return_vis=True)
    names = [result['file_name'] for result in results['predictions']]
    assert names == ['a.png', 'b.png']
    assert len(results['visualization']) == 2
    content = json.loads((out / 'panoptic.json').read_text())
    assert [image['id'] for image in content['images']] == [1, 3]
    first, second = inferencer.failures
    assert re.search(r'Cannot read image .*aa\.png', first)
    assert re.search(r'Cannot read image .*c\.png', second)
    inferencer(pixels)
    assert inferencer.failures == []


def test_no_image(inferencer, tmp_path):
    (tmp_path / 'empty').mkdir()
    with pytest.raises(ValueError, match='empty holds no images'):
        inferencer(str(tmp_path / 'empty'))
    with pytest.raises(ValueError, match='holds no images'):
        inferencer([])


def test_an_error_leaves_no_results(inferencer, pixels, tmp_path, monkeypatch):
    out = tmp_path / 'out'
    monkeypatch.setattr(inferencer.visualizer, 'add_datasample', lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        inferencer(pixels, out_dir=str(out))
    assert list(out.iterdir()) == []
    inferencer(pixels, out_dir=str(out), no_save_vis=True)
    assert written_files(out) == ['panoptic.json', 'panoptic/00000000.png']


def test_class_names_from_the_config(config, tmp_path, pixels):
    path = tmp_path / 'bare.pth'
    torch.save(dict(weights=torch.zeros(1)), path)
    inferencer = PanopticInferencer(config, str(path), 'cpu', show_progress=False)
    assert inferencer.model.dataset_meta['classes'] == ('disc', 'sand')


def test_weights_are_needed(config):
    with pytest.raises(ValueError, match='checkpoint'):
        PanopticInferencer(config, None, 'cpu')


class CreatesFile:
    """Runs code when unpickled: creates the file `path`."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), 'w')


def test_code_in_a_checkpoint_is_not_run(config, tmp_path, monkeypatch):
    # Other tests may have replaced MMEngine's.
    monkeypatch.setattr('mmengine.runner.checkpoint.torch', torch)
    path, trace = tmp_path / 'code.pth', tmp_path / 'trace'
    torch.save(dict(state_dict={}, extra=CreatesFile(trace)), path)
    with pytest.raises(ValueError, match=r'open, which could run code'):
        PanopticInferencer(config, str(path), 'cpu')
    assert not trace.exists()


def test_nothing_readable_and_a_new_folder(inferencer, tmp_path):
    (tmp_path / 'v.mp4').write_bytes(bytes(1000))
    out = tmp_path / 'new/out'
    results = inferencer(str(tmp_path / 'v.mp4'), out_dir=str(out))
    assert results == dict(predictions=[], visualization=[])
    (failure,) = inferencer.failures
    assert failure.startswith(f'Cannot read image {tmp_path}/v.mp4: it is a video')
    assert json.loads((out / 'panoptic.json').read_text())['images'] == []


def test_folders_of_folders(inferencer, pixels, tmp_path):
    for name in ('seq0/0000.png', 'seq1/0000.png'):
        mmcv.imwrite(pixels, str(tmp_path / 'in' / name))
    out = tmp_path / 'in/out'
    for _ in range(2):  # The second run does not take the first one's pictures.
        inferencer(tmp_path / 'in', out_dir=str(out))
        assert written_files(out) == [
            'panoptic.json',
            'panoptic/seq0/0000.png',
            'panoptic/seq1/0000.png',
            'vis/seq0/0000.png',
            'vis/seq1/0000.png',
        ]
    content = json.loads((out / 'panoptic.json').read_text())
    assert [image['file_name'] for image in content['images']] == [
        'seq0/0000.png',
        'seq1/0000.png',
    ]
    # An array that follows has no folder.
    assert inferencer(pixels)['predictions'][0]['file_name'] == '00000000.png'


@pytest.mark.parametrize(
    'convert',
    [
        lambda bgr: bgr[..., ::-1][..., ::-1],
        lambda bgr: np.dstack([bgr, bgr[..., 0]]),
        lambda bgr: bgr.astype(np.uint16) * 257,
        lambda bgr: (bgr / 255).astype(np.float32),
        lambda bgr: Image.fromarray(bgr[..., ::-1]),
    ],
)
def test_forms_of_arrays(inferencer, pixels, convert):
    """Whatever holds the same image gives the network the same input."""
    seen = []
    pipeline = inferencer.pipeline
    inferencer.pipeline = lambda data: seen.append(data['img']) or pipeline(data)
    inferencer(convert(pixels), return_vis=True)
    assert seen[0].dtype == np.uint8
    assert (seen[0] == pixels).all()


def test_an_array_that_is_no_image_stops_at_once(inferencer, pixels, tmp_path):
    with pytest.raises(ValueError, match=r'shape \(2, 10, 20, 3\) is no image: give'):
        inferencer([pixels, np.stack([pixels] * 2)], out_dir=str(tmp_path / 'out'))
    assert not (tmp_path / 'out').exists()


def test_a_gray_network_is_given_gray_images(config, weights, pixels, tmp_path):
    pipeline = config.test_dataloader.dataset.pipeline
    pipeline[0].color_type = 'grayscale'
    inferencer = PanopticInferencer(config, weights, 'cpu', show_progress=False)
    path = str(tmp_path / 'a.png')
    mmcv.imwrite(pixels, path)
    ((_, from_file),) = inferencer.preprocess([path])
    ((_, from_array),) = inferencer.preprocess([mmcv.imread(path)])
    assert from_file['inputs'][0].shape == (1, 32, 32)
    # libpng and OpenCV round differently.
    difference = from_file['inputs'][0].int() - from_array['inputs'][0].int()
    assert difference.abs().max() <= 2
    results = inferencer(path, return_vis=True)
    # The picture shows what the network sees: a gray image.
    inner = results['visualization'][0][30:400, : 20 * 39]
    assert (inner[..., 0] == inner[..., 2]).all()
    assert inferencer.failures == []


def test_flags_of_reading_are_the_configs(config, weights, pixels, tmp_path):
    pipeline = config.test_dataloader.dataset.pipeline
    pipeline[0].update(color_type='color_ignore_orientation', imdecode_backend='pillow')
    inferencer = PanopticInferencer(
        config, weights, 'cpu', show_progress=False, max_pixels=200
    )
    exif = Image.Exif()
    exif[274] = 6
    path = str(tmp_path / 'a.png')
    Image.fromarray(pixels).save(path, exif=exif)
    assert inferencer(path)['predictions'][0]['panoptic_seg'].shape == (10, 20, 3)
    mmcv.imwrite(np.vstack([pixels, pixels]), path)
    assert inferencer(path)['predictions'] == []
    assert 'declares 20 x 20 pixels, but the limit is 200' in inferencer.failures[0]


@pytest.mark.parametrize('error', [cv2.error('empty'), MemoryError('full')])
def test_a_picture_that_fails_is_reported_and_the_rest_goes_on(
    inferencer, pixels, tmp_path, monkeypatch, error
):
    draw = inferencer.visualizer.add_datasample

    def fail_at_first(name, *args, **kwargs):
        if name == '00000000':
            raise error
        return draw(name, *args, **kwargs)

    monkeypatch.setattr(inferencer.visualizer, 'add_datasample', fail_at_first)
    out = tmp_path / 'out'
    results = inferencer([pixels, pixels], 2, out_dir=str(out), return_vis=True)
    assert len(results['predictions']) == 2
    assert results['visualization'][0] is None
    assert results['visualization'][1].ndim == 3
    assert inferencer.failures == [f'Cannot draw the result of 00000000: {error}']
    assert [path.name for path in (out / 'vis').iterdir()] == ['00000001.png']


@pytest.mark.parametrize('shape', [(3000, 2, 3), (1, 1, 3)])
def test_any_aspect_ratio(inferencer, shape):
    results = inferencer(np.zeros(shape, np.uint8), return_vis=True)
    assert max(results['visualization'][0].shape) < 2300
    assert inferencer.failures == []
