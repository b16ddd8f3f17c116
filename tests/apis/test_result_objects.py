"""`PanopticInferencer.iter_results`: objects instead of dicts."""

import threading

from epsnet_runtime.coco.segment_ids import encode_segment_ids
from tests.apis.conftest import SEGMENTS

import numpy as np
import pytest
import torch


def test_values(inferencer, folder, pixels, annotation_file):
    first, second = inferencer.iter_results(folder)
    assert (first.name, first.file_name, first.image_id) == ('a', 'a.png', 1)
    assert first.path == f'{folder}/a.png'
    assert (first.image == pixels[..., ::-1]).all()
    assert second.name == 'b'
    sand, disc = first.segments
    assert (sand.number, sand.class_name, sand.isthing, sand.score) == (
        *(1, 'sand', False, None),
    )
    assert (disc.number, disc.score, disc.area, disc.box) == (
        *(2, 0.75, 90, (0, 0, 10, 9)),
    )
    assert first.classes[0].color == (255, 0, 0)


def test_the_same_as_the_dicts(inferencer, pixels):
    (result,) = inferencer.iter_results(pixels)
    (prediction,) = inferencer(pixels)['predictions']
    assert result.to_coco()['segments_info'] == SEGMENTS
    assert prediction['segments_info'] == SEGMENTS
    assert (encode_segment_ids(result.panoptic) == prediction['panoptic_seg']).all()


def test_any_source(inferencer, folder, pixels):
    tensor = torch.from_numpy(pixels[..., ::-1].copy()).permute(2, 0, 1)
    sources = [f'{folder}/*.png', tensor, pixels[..., 0]]
    one, two, three = inferencer.iter_results(sources, batch_size=3)
    assert [one.name, two.name, three.name] == ['a', '00000001', '00000002']
    assert (two.image == one.image).all()


def test_images_that_fail_are_named(inferencer, folder, tmp_path):
    (tmp_path / 'in/c.png').write_bytes(b'no image')
    results = list(inferencer.iter_results(folder, batch_size=2))
    assert [x.name for x in results] == ['a', 'b']
    assert len(inferencer.failures) == 1
    assert 'Cannot read image' in inferencer.failures[0]


def test_images_are_taken_as_they_are_needed(inferencer, pixels):
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield pixels

    results = inferencer.iter_results(endless())
    for _ in range(3):
        next(results)
    results.close()
    assert len(taken) < 10
    for thread in threading.enumerate():
        if thread.name == 'prefetch':
            thread.join(5)
            assert not thread.is_alive()


@pytest.mark.parametrize('half', [False, True])
def test_half(inferencer, pixels, half):
    (result,) = inferencer.iter_results(np.stack([pixels[0]] * 10), half=half)
    assert len(result.segments) == 2
