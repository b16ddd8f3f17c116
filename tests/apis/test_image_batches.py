from epsnet_mm.apis.image_batches import ImageBatches
from epsnet_mm.apis.input_images import name_inputs
from epsnet_mm.datasets.image_reader import ImageReader

import cv2
import mmcv
import numpy as np
import pytest
from mmdet.structures import DetDataSample

PIXELS = np.arange(27, dtype=np.uint8).reshape(3, 3, 3)


def pipeline(data):
    return dict(inputs=data, data_samples=DetDataSample())


def batches(sources, batch_size, pipeline=pipeline):
    return ImageBatches(name_inputs(sources), batch_size, pipeline, list, ImageReader())


def test_batches(tmp_path):
    path = str(tmp_path / 'a.png')
    mmcv.imwrite(PIXELS, path)
    sources = [path, dict(img=PIXELS, text='disc'), PIXELS]
    two = batches(sources, 2)
    assert len(two) == 2
    (first, packed), (second, _) = two
    assert (len(first), len(second)) == (2, 1)
    assert (first[0] == PIXELS).all()
    assert packed[1]['inputs'] == dict(img=PIXELS, text='disc')
    assert [x['data_samples'].metainfo for x in packed] == [
        dict(img_path=path, img_id=1, file_name='a.png', output_name='a'),
        dict(
            img_path='00000001',
            img_id=2,
            file_name='00000001',
            output_name='00000001',
        ),
    ]


def test_unreadable_images(tmp_path):
    """Leave fewer images in as many batches, here none in the second."""
    sources = [PIXELS, str(tmp_path / 'x.png'), str(tmp_path / 'y.png')]
    two = batches(sources, 2)
    found = [(len(pixels), len(packed)) for pixels, packed in two]
    assert found == [(1, 1), (0, 0)]
    assert len(two) == 2
    assert ['x.png' in two.failures[0], 'y.png' in two.failures[1]] == [True, True]


@pytest.mark.parametrize('error', [cv2.error('empty'), MemoryError('full')])
def test_an_image_that_a_transform_cannot_take(error):
    def fail_at_black(data):
        if not data['img'].any():
            raise error
        return pipeline(data)

    one = batches([PIXELS, 0 * PIXELS, PIXELS], 3, fail_at_black)
    ((pixels, packed),) = one
    assert (len(pixels), len(packed)) == (2, 2)
    assert one.failures == [f'Cannot prepare image 00000001: {error}']


def test_batch_size():
    with pytest.raises(ValueError, match='batch_size is 0; set it to 1 or more'):
        batches([PIXELS], 0)
