"""Cityscapes' panoptic files, as `cityscapes_to_panoptic` takes them."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

from epsnet_mm.datasets.converters.cityscapes_to_panoptic import convert_cityscapes
from tests.tiny_panoptic import FIRST_IDS, SECOND_IDS, tiny_content, write_ids

from PIL import Image

from ..mutators.json_content import mutate_json
from ..mutators.segmentation_png import mutate_png
from ..outcomes import SilentFault
from .written_dataset import check_tally, count_segments, read_written


def cityscapes_converter(folder: Path) -> Callable[[random.Random], None]:
    """Segments in are segments out, or left out for a reason."""
    content = tiny_content()
    pngs, images, out = (folder / name for name in ('pngs', 'images', 'out'))
    pngs.mkdir()
    for name, image, annotation in zip(
        ('aachen_1', 'bochum_2'), content['images'], content['annotations'], strict=True
    ):
        image['id'] = annotation['image_id'] = name
        path = images / name.split('_')[0] / f'{name}_leftImg8bit.png'
        path.parent.mkdir(parents=True)
        Image.new('RGB', (6, 4)).save(path)
    write_ids(pngs / 'b_panoptic.png', SECOND_IDS)

    def run(draw: random.Random) -> None:
        shutil.rmtree(out, ignore_errors=True)
        write_ids(pngs / 'a_panoptic.png', FIRST_IDS)
        data = json.dumps(content).encode()
        if draw.random() < 0.7:
            data = mutate_json(content, draw)
        else:
            (pngs / 'a_panoptic.png').write_bytes(mutate_png(FIRST_IDS, draw)[0])
        (folder / 'cityscapes.json').write_bytes(data)
        report = convert_cityscapes(
            str(folder / 'cityscapes.json'),
            str(pngs),
            str(images),
            str(out / 'panoptic.json'),
            skip_invalid=draw.random() < 0.6,
        )
        source = json.loads(data.decode('utf-8-sig'))
        written = read_written(out / 'panoptic.json', report)
        things, stuff = count_segments(written)
        check_tally(report.images, len(source['images']), len(written['images']))
        check_tally(report.objects, report.objects.num_read, things)
        check_tally(report.stuff, report.stuff.num_read, stuff)
        segments = sum(len(x['segments_info']) for x in source['annotations'])
        read = report.objects.num_read + report.stuff.num_read
        if segments != read:
            raise SilentFault(f'{segments} segments in the file, {read} are counted')

    return run
