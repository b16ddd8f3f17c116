"""Class lists and masks, as `semantic_to_panoptic` takes them."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

from epsnet_mm.datasets.converters.semantic_to_panoptic import convert_semantic
from epsnet_mm.structures.segment_ids import decode_segment_ids

import numpy as np
from PIL import Image

from ..mutators.json_content import mutate_json
from ..mutators.raw_bytes import damage
from ..outcomes import SilentFault
from .written_dataset import check_tally, count_segments, read_written

_CLASSES = [
    dict(id=5, name='sky', isthing=0, color=[1, 2, 3]),
    dict(id=7, name='car', isthing=1, color=[4, 5, 6]),
    dict(id=9, name='sea', isthing=0, color=[7, 8, 9]),
]
_SIZE = (10, 14)


def semantic_converter(folder: Path) -> Callable[[random.Random], None]:
    """Each pixel keeps its class, and each component is written or left out."""
    images, masks, out = (folder / name for name in ('images', 'masks', 'out'))
    for path in (images, masks):
        path.mkdir()
    for name in 'ab':
        Image.new('RGB', _SIZE[::-1]).save(images / f'{name}.jpg')

    def run(draw: random.Random) -> None:
        shutil.rmtree(out, ignore_errors=True)
        classes = json.dumps(_CLASSES).encode()
        if draw.random() < 0.4:
            classes = mutate_json(_CLASSES, draw)
        (folder / 'classes.json').write_bytes(classes)
        labels = {name: _labels(draw) for name in 'ab'}
        for name, each in labels.items():
            _write_mask(masks / f'{name}.png', each, draw)
        data = None
        if draw.random() < 0.3:
            data = damage((masks / 'a.png').read_bytes(), draw)
            (masks / 'a.png').write_bytes(data)
        report = convert_semantic(
            str(images),
            str(masks),
            str(folder / 'classes.json'),
            str(out / 'panoptic.json'),
            ignored=draw.choice([(), (3,), (255, 7)]),
            min_area=draw.choice([1, 1, 3, 0, -1]),
            skip_invalid=draw.random() < 0.5,
        )
        written = read_written(out / 'panoptic.json', report)
        things, stuff = count_segments(written)
        check_tally(report.images, 2, len(written['images']))
        check_tally(report.objects, report.objects.num_read, things)
        check_tally(report.stuff, report.stuff.num_read, stuff)
        _compare_pixels(written, out / 'panoptic', labels)

    return run


def _labels(draw: random.Random) -> np.ndarray:
    noise = np.random.default_rng(draw.randrange(2**32))
    values = draw.choice(
        [[5, 7, 9], [0, 5, 7], [255, 7], [0, 255], [3, 5, 7], [5, 200]]
    )
    size = _SIZE if draw.random() < 0.9 else draw.choice([(14, 10), (1, 1), (10, 15)])
    return noise.choice(values, size).astype(np.uint8)


def _write_mask(path: Path, labels: np.ndarray, draw: random.Random) -> None:
    kind = draw.choice(
        ['gray', 'gray', 'palette', 'RGB', 'RGBA', '16 bit', 'LA', 'JPEG']
    )
    image = Image.fromarray(labels)
    if kind == 'palette':
        image.putpalette([each for i in range(256) for each in (i, 255 - i, 0)])
    elif kind in ('RGB', 'RGBA'):
        color = np.zeros((*labels.shape, 3), np.uint8)
        for each in _CLASSES:
            color[labels == each['id']] = each['color']
        image = Image.fromarray(color).convert(kind)
    elif kind == '16 bit':
        image = Image.fromarray(labels.astype(np.uint16))
    elif kind == 'LA':
        image = image.convert('LA')
    image.save(path, 'JPEG' if kind == 'JPEG' else 'PNG', quality=100)


def _compare_pixels(written: dict, pngs: Path, labels: dict) -> None:
    """Written classes are those of the mask, or unlabelled."""
    if {x['id'] for x in written['categories']} != {5, 7, 9}:
        return  # another class list: other colors may be meant
    things = {x['id'] for x in written['categories'] if x['isthing']}
    names = {image['id']: image['file_name'] for image in written['images']}
    for annotation in written['annotations']:
        source = labels[names[annotation['image_id']][0]]
        path = pngs / annotation['file_name']
        ids = decode_segment_ids(path.read_bytes(), str(path))
        for segment in annotation['segments_info']:
            inside = np.unique(source[ids == segment['id']])
            if inside.tolist() != [segment['category_id']]:
                raise SilentFault(
                    f'a segment of {segment["category_id"]} covers {inside.tolist()}'
                )
        lost = set(np.unique(source[ids == 0]).tolist()) & ({5, 7, 9} - things)
        if lost:
            raise SilentFault(f'pixels of the stuff {lost} became unlabelled')
