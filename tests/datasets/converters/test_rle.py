from epsnet_mm.datasets.converters.rle import decode_counts, encode_rle, read_rle

import numpy as np
import pytest
from pycocotools import mask as coco_mask


@pytest.mark.parametrize('share', [0, 0.01, 0.5, 0.99, 1])
def test_compressed_counts(share):
    generator = np.random.default_rng(0)
    for _ in range(20):
        mask = np.asfortranarray(generator.random((40, 60)) < share)
        encoded = coco_mask.encode(mask.astype(np.uint8))
        counts = decode_counts(encoded['counts'])
        # The runs by their definition: down the columns, background first.
        column_wise = mask.ravel(order='F')
        changes = np.flatnonzero(np.diff(column_wise, prepend=False))
        expected = np.diff(changes, prepend=0, append=mask.size)
        assert counts == expected.tolist()
        assert encode_rle(counts, 40, 60) == encoded
        assert read_rle(encoded, 40, 60) == counts


@pytest.mark.parametrize('as_bytes', [False, True])
def test_large_and_uncompressed_counts(as_bytes):
    text = coco_mask.frPyObjects(
        dict(size=[9000, 9000], counts=[0, 81_000_000]), 9000, 9000
    )['counts']
    assert decode_counts(text if as_bytes else text.decode()) == [0, 81_000_000]
    assert read_rle(dict(size=[2, 3], counts=[1, 2, 3]), 2, 3) == [1, 2, 3]


def compressed(counts):
    encoded = coco_mask.frPyObjects(dict(size=[4, 6], counts=counts), 4, 6)
    return encoded['counts'].decode()


@pytest.mark.parametrize(
    ('segmentation', 'message'),
    [
        (dict(counts=[24]), 'the size None'),
        (dict(size=[6, 4], counts=[24]), r'the size \[6, 4\] instead of \[4, 6\]'),
        (dict(size='46', counts=[24]), 'the size 46'),
        (dict(size=[4, 6]), 'neither a list nor a text'),
        (dict(size=[4, 6], counts=5), 'neither a list nor a text'),
        (dict(size=[4, 6], counts=[5, 5]), 'add up to 10 instead of 4 x 6 = 24'),
        (dict(size=[4, 6], counts=[]), 'add up to 0'),
        (dict(size=[4, 6], counts=[10**12]), 'add up to 1000000000000'),
        (dict(size=[4, 6], counts=[30, -6]), 'no integer from 0 on'),
        (dict(size=[4, 6], counts=[24.0]), 'no integer from 0 on'),
        (dict(size=[4, 6], counts=['24']), 'no integer from 0 on'),
        (dict(size=[4, 6], counts=compressed([5, 5])), 'add up to 10'),
        (dict(size=[4, 6], counts=compressed([0, 10**9])), 'add up to 1000000000'),
        (dict(size=[4, 6], counts=compressed([24])[:-1] + 'X'), 'cut short'),
        (dict(size=[4, 6], counts='X'), 'cut short'),
        (dict(size=[4, 6], counts='@'), 'no integer from 0 on'),
        (dict(size=[4, 6], counts='P' * 10_000), 'no code of pycocotools'),
        (dict(size=[4, 6], counts='5 5'), 'no code of pycocotools'),
        (dict(size=[4, 6], counts='ü'), 'no code of pycocotools'),
    ],
)
def test_wrong_rles(segmentation, message):
    with pytest.raises(ValueError, match=message):
        read_rle(segmentation, 4, 6)
