"""Command lines of the converters; what they do is tested with the package."""

import json
import runpy
import sys

import cv2
import numpy as np
import pytest

from ..conftest import REPO

FOLDER = REPO / 'tools/dataset_converters'


@pytest.fixture
def run_tool(monkeypatch, capsys):
    """Returns a function: tool and arguments to its printed text."""

    def run(name, *arguments):
        tool = FOLDER / f'{name}.py'
        monkeypatch.setattr(sys, 'argv', [str(tool), *map(str, arguments)])
        runpy.run_path(str(tool), run_name='__main__')
        return capsys.readouterr().out

    return run


@pytest.fixture
def masks(tmp_path):
    """An image with a gray mask of the values 1, 2 and 9."""
    for name, content in (
        ('images/a.png', np.zeros((2, 3, 3), np.uint8)),
        ('masks/a.png', np.uint8([[1, 2, 9], [1, 1, 2]])),
    ):
        (tmp_path / name).parent.mkdir()
        cv2.imwrite(str(tmp_path / name), content)
    classes = [dict(id=1, name='sky', isthing=0), dict(id=2, name='car', isthing=1)]
    (tmp_path / 'classes.json').write_text(json.dumps(classes))
    (tmp_path / 'stuff.json').write_text(json.dumps(classes[:1]))
    (tmp_path / 'instances.json').write_text(
        json.dumps(
            dict(
                images=[dict(id=3, file_name='a.png', height=2, width=3)],
                annotations=[
                    dict(
                        image_id=3,
                        category_id=2,
                        iscrowd=0,
                        segmentation=[[0, 0, 1, 0, 1, 1, 0, 1]],
                    )
                ],
                categories=[dict(id=2, name='car')],
            )
        )
    )
    return tmp_path


def test_semantic(run_tool, masks):
    arguments = [
        masks / 'images',
        masks / 'masks',
        masks / 'classes.json',
        masks / 'out.json',
    ]
    with pytest.raises(SystemExit, match='--ignore 9'):
        run_tool('semantic_to_panoptic', *arguments)
    text = run_tool('semantic_to_panoptic', *arguments, '--ignore', 9)
    assert 'Wrote 1 images with 2 segments' in text
    with pytest.raises(SystemExit, match=r'out.json exists already'):
        run_tool('semantic_to_panoptic', *arguments, '--ignore', 9)


def test_coco(run_tool, masks):
    arguments = [
        masks / 'instances.json',
        masks / 'masks',
        masks / 'stuff.json',
        masks / 'out.json',
    ]
    with pytest.raises(SystemExit, match='value 2'):
        run_tool('coco_to_panoptic', *arguments)
    text = run_tool('coco_to_panoptic', *arguments, '--ignore', 2, 9)
    assert 'Wrote 1 images with 2 segments' in text


def test_coco_without_stuff(run_tool, masks):
    paths = [masks / 'instances.json', masks / 'out.json']
    text = run_tool('coco_to_panoptic', *paths, '--stuff', 'none')
    assert 'Wrote 1 images with 1 segments' in text
    assert 'objects: 1 read, 1 written' in text
    # Options may stand between the paths.
    (masks / 'out.json').rename(masks / 'old.json')
    (masks / 'out').rename(masks / 'old')
    text = run_tool('coco_to_panoptic', paths[0], '--stuff', 'none', paths[1])
    assert 'Wrote 1 images with 1 segments' in text


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (['in', 'out'], 'or pass --stuff none'),
        (['in', 'masks', 'out'], 'or pass --stuff none'),
        (['in', 'masks', 'classes', 'out', '--stuff', 'none'], 'takes no STUFF_DIR'),
        (
            ['in', 'out', '--stuff', 'none', '--mask-orientation', 'stored'],
            'needs --image-dir',
        ),
    ],
)
def test_coco_arguments_that_do_not_fit(run_tool, capsys, arguments, message):
    with pytest.raises(SystemExit):
        run_tool('coco_to_panoptic', *arguments)
    assert message in capsys.readouterr().err


def test_skip_invalid(run_tool, masks):
    """What is left out is on the screen, with counts per reason."""
    cv2.imwrite(str(masks / 'images/b.png'), np.zeros((2, 3, 3), np.uint8))
    cv2.imwrite(str(masks / 'masks/c.png'), np.zeros((2, 3), np.uint8))
    arguments = [masks / x for x in ('images', 'masks', 'classes.json', 'out.json')]
    arguments += ['--ignore', 9]
    with pytest.raises(SystemExit, match='1 of 2 images have no mask'):
        run_tool('semantic_to_panoptic', *arguments)
    text = run_tool('semantic_to_panoptic', *arguments, '--skip-invalid')
    assert 'images: 2 read, 1 written, 1 left out\n  1 without a mask, e.g. b' in text
    assert 'masks: 2 read, 1 written, 1 left out\n  1 without an image, e.g. c' in text


def test_cityscapes(run_tool, masks):
    with pytest.raises(SystemExit, match=r'cityscapes_to_panoptic: .*none.json'):
        run_tool(
            'cityscapes_to_panoptic',
            masks / 'none.json',
            masks,
            masks,
            masks / 'out.json',
        )


def test_labelme(run_tool, masks, capsys):
    square = [[0, 0], [2, 0], [2, 1], [0, 1]]
    content = dict(
        imagePath='a.png', shapes=[dict(label=name, points=square) for name in 'ab']
    )
    (masks / 'images/a.json').write_text(json.dumps(content))
    train, val = masks / 'out/train.json', masks / 'out/val.json'
    text = run_tool('labelme_to_panoptic', masks / 'images', train, '--stuff', 'b')
    assert 'stuff regions: 1 read, 0 written, 1 left out' in text
    run_tool('labelme_to_panoptic', masks / 'images', val, '--classes', train)
    with pytest.raises(SystemExit) as end:
        run_tool('labelme_to_panoptic', 'a', 'b', '--classes', 'c', '--stuff', 'd')
    assert end.value.code == 2
    assert [x['isthing'] for x in json.loads(val.read_text())['categories']] == [1, 0]
    with pytest.raises(SystemExit, match='labelme_to_panoptic: There are no JSON'):
        run_tool('labelme_to_panoptic', masks / 'masks', masks / 'x.json')
