"""COCO instances files and stuff masks, as `coco_to_panoptic` takes them."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

from epsnet_mm.datasets.converters.coco_to_panoptic import convert_coco

import numpy as np
from PIL import Image

from ..mutators.coco_instances import (
    HEIGHT,
    INSTANCE_VALUES,
    WIDTH,
    instances_content,
)
from ..mutators.json_content import mutate_json
from ..outcomes import SilentFault
from .written_dataset import check_tally, count_segments, read_written

_STUFF = [dict(id=10, name='sky', isthing=0), dict(id=11, name='sea', isthing=0)]


def coco_converter(folder: Path) -> Callable[[random.Random], None]:
    """Objects in are objects out, or left out for a reason."""
    images, masks = folder / 'images', folder / 'masks'
    for path in (images, masks):
        path.mkdir()
    for number in range(3):
        Image.new('RGB', (WIDTH, HEIGHT)).save(images / f'{number}.png')
        stuff = np.full((HEIGHT, WIDTH), 10 + number % 2, np.uint8)
        stuff[: number + 1] = 0
        Image.fromarray(stuff).save(masks / f'{number}.png')
    (folder / 'stuff.json').write_text(json.dumps(_STUFF))
    out = folder / 'out'

    def run(draw: random.Random) -> None:
        shutil.rmtree(out, ignore_errors=True)
        content = instances_content(draw)
        data = mutate_json(content, draw, INSTANCE_VALUES)
        if draw.random() < 0.05:
            data = json.dumps(content).encode()
        (folder / 'instances.json').write_bytes(data)
        with_stuff = draw.random() < 0.5
        skip_invalid = draw.random() < 0.6
        report = convert_coco(
            str(folder / 'instances.json'),
            str(masks) if with_stuff else None,
            str(folder / 'stuff.json') if with_stuff else None,
            str(out / 'panoptic.json'),
            image_dir=str(images) if draw.random() < 0.3 else None,
            skip_invalid=skip_invalid,
            used_only=draw.random() < 0.3,
        )
        source = json.loads(data.decode('utf-8-sig'))
        written = read_written(out / 'panoptic.json', report)
        things, stuff = count_segments(written)
        check_tally(report.objects, len(source['annotations']), things)
        check_tally(report.images, len(source['images']), len(written['images']))
        check_tally(report.stuff, report.stuff.num_read, stuff)
        _check_crowds(source, written)
        left_out = report.objects.left_out.total() + report.images.left_out.total()
        hidden = ('covered by objects', 'without a pixel inside of the image')
        left_out -= sum(report.objects.left_out[reason] for reason in hidden)
        if left_out and not skip_invalid:
            raise SilentFault(f'{left_out} items are left out without --skip-invalid')

    return run


def _check_crowds(source: dict, written: dict) -> None:
    """A segment is a crowd only if an annotation says so by its value."""
    flagged = sum(
        str(annotation.get('iscrowd')).strip() in ('1', '1.0', 'True', '01')
        for annotation in source['annotations']
        if isinstance(annotation, dict)
    )
    crowds = sum(
        segment['iscrowd']
        for annotation in written['annotations']
        for segment in annotation['segments_info']
    )
    if crowds > flagged:
        raise SilentFault(f'{crowds} crowds come from {flagged} flags')
