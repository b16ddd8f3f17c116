"""Each argument and method of `DetInferencer` does what it says there."""

import inspect
import json
import re

from epsnet_mm.apis import PanopticInferencer
from tests.apis.conftest import SEGMENTS, written_files

import numpy as np
import pytest
from mmdet.apis import DetInferencer
from mmdet.structures import DetDataSample
from mmdet.visualization.palette import get_palette

# Of 10 rows, enlarged by 39: a pixel of the prediction, left of the middle.
DISC = (100, 39 * 20 + 6 + 50)


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
        # What is more here can only be given by its name.
        ours = [key for key in ours if ours[key].kind != inspect.Parameter.KEYWORD_ONLY]
        assert ours == [key for key in upstream if key not in prompts]


def test_progress_has_an_end(inferencer, folder, tmp_path, capsys):
    """Also where images can't be read; stdout is left to results."""
    (tmp_path / 'in/c.png').write_bytes(b'no image')
    inferencer.show_progress = True
    inferencer(folder)
    printed = capsys.readouterr()
    assert re.search(r'Inference \S+ +3/3 100 %', printed.err)
    assert printed.out == ''
    inferencer.show_progress = False
    inferencer(folder)
    assert capsys.readouterr().err == ''


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
