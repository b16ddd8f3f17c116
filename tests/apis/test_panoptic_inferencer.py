"""What `DetInferencer` promises, with a model whose predictions are known."""

import inspect
import json
import re

from epsnet_mm.apis import PanopticInferencer

import mmcv
import numpy as np
import pytest
import torch
from mmdet.apis import DetInferencer
from mmdet.structures import DetDataSample
from mmdet.visualization.palette import get_palette
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
# Of 10 rows, enlarged by 39: a pixel of the prediction, left of the middle.
DISC = (100, 39 * 20 + 6 + 50)


@pytest.fixture
def folder(pixels, tmp_path):
    """Two images, and a file that is none and has another suffix."""
    for name in ('b.jpg', 'a.png'):
        mmcv.imwrite(pixels, str(tmp_path / 'in' / name))
    (tmp_path / 'in/notes.txt').write_text('not an image')
    return str(tmp_path / 'in')


def written_files(out):
    return sorted(str(path.relative_to(out)) for path in out.rglob('*.*'))


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


@pytest.mark.parametrize(
    ('options', 'files'),
    [
        (dict(no_save_vis=True), ['panoptic.json', 'panoptic/a.png']),
        (dict(no_save_pred=True), ['vis/a.png']),
        (dict(no_save_vis=True, no_save_pred=True), []),
    ],
)
def test_what_is_saved(inferencer, folder, tmp_path, options, files):
    out = tmp_path / 'out'
    results = inferencer(f'{folder}/a.png', out_dir=str(out), **options)
    assert written_files(out) == files
    assert ('panoptic_seg' in results['predictions'][0]) == (
        'panoptic.json' not in files
    )


def test_data_samples_are_returned_and_saved(inferencer, folder, tmp_path):
    out = tmp_path / 'out'
    results = inferencer(folder, return_datasamples=True, out_dir=str(out))
    first, second = results['predictions']
    assert isinstance(first, DetDataSample)
    assert (first.img_id, first.img_path) == (1, f'{folder}/a.png')
    assert second.pred_panoptic_seg.sem_seg[0, 0, 0] == 1000
    content = json.loads((out / 'panoptic.json').read_text())
    assert len(content['annotations']) == 2
    # Void in the map is as the model predicted it.
    assert first.pred_panoptic_seg.sem_seg[0, 9].tolist() == [2] * 20


def test_picture_shows_input_and_prediction(inferencer, pixels):
    results = inferencer(pixels, return_vis=True)
    (picture,) = results['visualization']
    assert picture.shape[1] == 2 * 20 * 39 + 6  # 10 rows enlarged to 390
    (alone,) = inferencer(pixels, return_vis=True, draw_pred=False)['visualization']
    assert alone.shape[1] == 20 * 39


def test_score_threshold_is_of_pictures_only(inferencer, pixels):
    black = np.zeros_like(pixels)
    results = {
        threshold: inferencer(black, return_vis=True, pred_score_thr=threshold)
        for threshold in (0, 0.75, 0.76)
    }
    colors = [x['visualization'][0][DISC].tolist() for x in results.values()]
    assert colors == [[140, 0, 0], [140, 0, 0], [0, 0, 0]]
    for result in results.values():
        assert result['predictions'][0]['scores'] == [0.75]


def test_pictures_are_shown(inferencer, pixels, monkeypatch):
    shown = []
    monkeypatch.setattr(
        inferencer.visualizer,
        'show',
        lambda picture, win_name, wait_time: shown.append((win_name, wait_time)),
    )
    results = inferencer([pixels, pixels], show=True, wait_time=0.5)
    assert shown == [('00000000', 0.5), ('00000001', 0.5)]
    assert results['visualization'] == []


def test_results_are_printed(inferencer, pixels, capsys):
    inferencer(pixels)
    assert 'segments_info' not in capsys.readouterr().out
    inferencer(pixels, print_result=True)
    assert "'segments_info': [{'id': 1," in capsys.readouterr().out


def test_prompts_reach_the_pipeline(inferencer, folder, pixels):
    seen = []
    pipeline = inferencer.pipeline
    inferencer.pipeline = lambda data: seen.append(data) or pipeline(data)
    results = inferencer([f'{folder}/a.png', pixels], texts='a disc')
    assert [data['text'] for data in seen] == ['a disc', 'a disc']
    assert [x['file_name'] for x in results['predictions']] == ['a.png', '00000001.png']


def test_unknown_argument(inferencer, pixels):
    with pytest.raises(ValueError, match='unknown argument'):
        inferencer(pixels, threshold=0.5)


def test_arguments_are_upstreams():
    for name in ('__init__', '__call__', 'visualize', 'postprocess', 'pred2dict'):
        ours = inspect.signature(getattr(PanopticInferencer, name)).parameters
        upstream = inspect.signature(getattr(DetInferencer, name)).parameters
        # Prompts are passed on as keywords.
        prompts = {'texts', 'stuff_texts', 'custom_entities', 'tokens_positive'}
        assert list(ours) == [key for key in upstream if key not in prompts]


def test_progress_has_an_end(inferencer, folder, tmp_path, capsys):
    """Also where images can't be read."""
    (tmp_path / 'in/c.png').write_bytes(b'no image')
    inferencer.show_progress = True
    inferencer(folder)
    assert re.search(r'Inference \S+ +100%', capsys.readouterr().out)


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


def test_steps_by_themselves(inferencer, pixels, folder, tmp_path):
    """Each public method can be called on its own, as upstream's."""
    ((images, data),) = inferencer.preprocess([pixels, pixels], batch_size=2)
    samples = inferencer.forward(data)
    paths = [f'{folder}/a.png', pixels]
    for inputs in (images, paths):
        pictures = inferencer.visualize(inputs, samples, return_vis=True)
        assert len(pictures) == 2
    out = tmp_path / 'out'
    results = inferencer.postprocess(samples, pictures, pred_out_dir=str(out))
    assert results['visualization'] is pictures
    content = json.loads((out / 'panoptic.json').read_text())
    assert [image['id'] for image in content['images']] == [0, 1]
    prediction = inferencer.pred2dict(samples[0], str(out))
    assert prediction['segments_info'] == SEGMENTS


def test_class_names_from_the_config(config, tmp_path, pixels):
    path = tmp_path / 'bare.pth'
    torch.save(dict(weights=torch.zeros(1)), path)
    inferencer = PanopticInferencer(config, str(path), 'cpu', show_progress=False)
    assert inferencer.model.dataset_meta['classes'] == ('disc', 'sand')


def test_palette(config, weights, pixels):
    inferencer = PanopticInferencer(
        config, weights, 'cpu', palette='voc', show_progress=False
    )
    results = inferencer(np.zeros_like(pixels), return_vis=True)
    expected = np.round(0.55 * np.array(get_palette('voc', 2)[0]))
    assert results['visualization'][0][DISC].tolist() == expected.tolist()


def test_scope(config, weights, pixels):
    inferencer = PanopticInferencer(config, weights, 'cpu', 'mmdet', 'none', False)
    assert (inferencer.scope, inferencer.show_progress) == ('mmdet', False)
    assert len(inferencer(pixels)['predictions']) == 1


def test_weights_are_needed(config):
    with pytest.raises(ValueError, match='checkpoint'):
        PanopticInferencer(config, None, 'cpu')


def test_checkpoint_with_code(config, tmp_path):
    class Code:
        def __reduce__(self):
            return print, ('run',)

    torch.save(dict(weights=torch.zeros(1), meta=Code()), tmp_path / 'code.pth')
    with pytest.raises(ValueError, match='could run code'):
        PanopticInferencer(config, str(tmp_path / 'code.pth'), 'cpu')
