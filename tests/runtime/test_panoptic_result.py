"""Each method of a result, on a map of 8 x 6 pixels."""

import builtins
import json

from epsnet_mm.structures.segment_ids import decode_segment_ids
from epsnet_runtime import PanopticResult

import numpy as np
import pytest
from PIL import Image


def test_mask(result):
    assert result.mask(3).sum() == 1
    assert result.mask(3)[2, 5]
    with pytest.raises(ValueError, match=r'a/b has no segment 4; its numbers are \[1'):
        result.mask(4)


def test_crop_is_transparent_outside_the_segment(result):
    crop = result.crop(2)
    assert (crop.mode, crop.size) == ('RGBA', (4, 5))
    pixels = np.asarray(crop)
    assert (pixels[..., 3] == np.where(result.panoptic[:5, 4:] == 2, 255, 0)).all()
    assert (pixels[..., :3] == result.image[:5, 4:]).all()


def test_polygons_are_in_pixels_of_the_image(result):
    outer, hole = result.polygons(2)
    assert outer.tolist() == [[4, 0], [8, 0], [8, 5], [4, 5]]
    assert sorted(hole.tolist()) == [[5, 2], [5, 3], [6, 2], [6, 3]]


def test_plot(result):
    plain = result.plot(labels=False, legend=False)
    assert plain.size == (8, 6)
    assert result.plot().size[1] > 6
    masks = np.asarray(result.plot(masks_only=True, labels=False, legend=False))
    assert masks[5, 4].tolist() == [40, 40, 40]
    with pytest.raises(ValueError, match='blend is 2; give a number from 0 to 1'):
        result.plot(blend=2)


def test_masks_need_no_image(result):
    result.image = None
    assert result.plot(masks_only=True, legend=False).size == (8, 6)
    with pytest.raises(ValueError, match='a/b was predicted without its pixels'):
        result.plot()


def test_the_image_is_read_from_its_path(result, tmp_path):
    path = tmp_path / 'x.png'
    Image.fromarray(result.image).save(path)
    again = PanopticResult(
        result.panoptic, result.segments, result.classes, path=str(path)
    )
    assert again.name == 'x'
    assert (again.pixels() == result.image).all()
    Image.fromarray(result.image[:4]).save(path)
    with pytest.raises(ValueError, match='another size than its result'):
        again.pixels()


def test_save(result, tmp_path):
    result.save(tmp_path, blend=0.3)
    assert (tmp_path / 'vis/a/b.png').is_file()
    png = (tmp_path / 'panoptic/a/b.png').read_bytes()
    assert (decode_segment_ids(png, 'b.png') == result.panoptic).all()
    content = json.loads((tmp_path / 'panoptic/a/b.json').read_text())
    assert content['annotations'] == [result.to_coco()]
    assert [x['id'] for x in content['categories']] == [7, 30]


def test_to_coco(result):
    result.image_id = 5
    assert result.to_coco() == dict(
        image_id=5,
        file_name='a/b.png',
        segments_info=[
            dict(
                id=1,
                category_id=7,
                isthing=1,
                iscrowd=0,
                score=0.75,
                area=20,
                bbox=[0, 0, 4, 5],
            ),
            dict(
                id=2,
                category_id=30,
                isthing=0,
                iscrowd=0,
                area=19,
                bbox=[4, 0, 4, 5],
            ),
            dict(
                id=3,
                category_id=7,
                isthing=1,
                iscrowd=0,
                score=0.25,
                area=1,
                bbox=[5, 2, 1, 1],
            ),
        ],
    )


def test_select(result):
    kept = result.select(min_score=0.5)
    assert [segment.number for segment in kept.segments] == [1, 2]
    assert kept.panoptic[2, 5] == 0
    assert result.panoptic[2, 5] == 3
    assert (kept.panoptic[:, :4] == result.panoptic[:, :4]).all()
    assert [x.number for x in result.select(['disc']).segments] == [1, 3]
    assert result.select() is result
    with pytest.raises(ValueError, match="no class 'cat'; choose among disc, sand"):
        result.select(['cat'])


def test_to_pandas(result):
    pytest.importorskip('pandas', reason='pandas is not installed')
    table = result.to_pandas()
    assert table['class_name'].tolist() == ['disc', 'sand', 'disc']
    assert table.loc[2, ['x1', 'y1', 'x2', 'y2']].tolist() == [5, 2, 6, 3]


def test_to_supervision(result):
    pytest.importorskip('supervision', reason='supervision is not installed')
    detections = result.to_supervision()
    assert len(detections) == 3
    assert detections.mask.sum(axis=(1, 2)).tolist() == [20, 19, 1]


@pytest.mark.parametrize('package', ['pandas', 'supervision'])
def test_missing_packages_are_named(result, package, monkeypatch):
    real = builtins.__import__

    def fail(name, *args, **kwargs):
        if name == package:
            raise ImportError('not here')
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, '__import__', fail)
    monkeypatch.setattr(
        'epsnet_runtime.optional.importlib.import_module',
        lambda name: fail(name),
    )
    with pytest.raises(ImportError, match=f'pip install {package}'):
        getattr(result, f'to_{package}')()


def test_a_result_is_short_in_a_console(result):
    assert repr(result) == '<PanopticResult a/b: 8 x 6 pixels, 3 segments>'
