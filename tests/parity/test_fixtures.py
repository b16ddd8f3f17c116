"""The inputs of the golden numbers keep every bit."""

import zlib

import numpy as np
import pytest
from fixtures import CATEGORY_IDS, fill, ground_truth, image


def checksum(array):
    return zlib.crc32(np.ascontiguousarray(array).tobytes())


@pytest.mark.parametrize(
    ('key', 'shape', 'expected'),
    [
        ('proto_net.0.weight', (2, 3, 3, 3), 1232408549),
        ('prediction_layers.0.conf_layer.weight', (2, 3, 3, 3), 3201409522),
        ('prediction_layers.0.conf_layer.bias', (243,), 1928875111),
        ('prediction_layers.0.mask_layer.weight', (2, 3, 3, 3), 647584343),
        ('proto_net.0.bias', (8,), 4009299394),
        ('backbone.layers.0.0.bn3.weight', (8,), 3601387857),
        ('backbone.layers.0.0.bn3.running_mean', (8,), 647489168),
        ('backbone.layers.0.0.bn3.running_var', (8,), 3894630947),
    ],
)
def test_fill(key, shape, expected):
    assert checksum(fill(key, shape)) == expected


def test_fill_of_other_entries():
    assert fill('bn1.num_batches_tracked', ()) == 0
    with pytest.raises(KeyError, match=r'bn1.scale'):
        fill('bn1.scale', (3,))


def test_image():
    assert checksum(image(48, 64, seed=1)) == 1998018931


def test_ground_truth():
    found = [checksum(x) for x in ground_truth(120, seed=3)]

    assert found == [4015950081, 4250946528, 354241533, 2298655075]


def test_category_ids():
    assert len(CATEGORY_IDS) == len(set(CATEGORY_IDS)) == 133
    assert CATEGORY_IDS[79:82] == [90, 92, 93]
    assert CATEGORY_IDS[-1] == 200
