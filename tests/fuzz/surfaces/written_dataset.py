"""What every converter must keep to: nothing lost, and a dataset that loads."""

from collections import Counter
from pathlib import Path

from epsnet_mm.datasets.converters.conversion_report import ConversionReport, Tally
from epsnet_mm.structures.panoptic_json import read_panoptic_json
from epsnet_mm.structures.segment_ids import decode_segment_ids

import numpy as np

from ..outcomes import SilentFault


def check_tally(tally: Tally, num_in: int, num_out: int) -> None:
    """What goes in comes out, or is left out for a reason."""
    left_out = sum(tally.left_out.values())
    if (tally.num_read, tally.num_written) != (num_in, num_out):
        raise SilentFault(
            f'{tally.what}: {tally.num_read} read and {tally.num_written} written, '
            f'but there are {num_in} and {num_out}'
        )
    if num_in != num_out + left_out:
        raise SilentFault(
            f'{tally.what}: {num_in} in, {num_out} out, {left_out} left out'
        )
    if not all(reason.strip() for reason in tally.left_out):
        raise SilentFault(f'{tally.what} are left out without a reason')


def read_written(ann_file: Path, report: ConversionReport) -> dict:
    """Read what a converter has written, and compare it with its PNGs and report."""
    try:
        content = read_panoptic_json(str(ann_file), check_segments=True)
    except ValueError as error:
        raise SilentFault(f'the converter wrote a file that fails: {error}') from error
    report.summary()
    for annotation in content['annotations']:
        png = ann_file.with_suffix('') / annotation['file_name']
        ids = decode_segment_ids(png.read_bytes(), str(png))
        found = dict(zip(*np.unique(ids[ids > 0], return_counts=True), strict=True))
        listed = {x['id']: x['area'] for x in annotation['segments_info']}
        if found != listed:
            raise SilentFault(f'the PNG has the areas {found}, the file says {listed}')
    return content


def count_segments(content: dict) -> tuple[int, int]:
    """Numbers of segments of things and of stuff."""
    things = {x['id'] for x in content['categories'] if x['isthing']}
    kinds = Counter(
        segment['category_id'] in things
        for annotation in content['annotations']
        for segment in annotation['segments_info']
    )
    return kinds[True], kinds[False]
