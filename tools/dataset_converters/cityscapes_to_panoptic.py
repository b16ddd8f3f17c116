"""Convert Cityscapes' panoptic layout to COCO panoptic.

Cityscapes' own script createPanopticImgs.py makes the input. The images stay where
they are; the new JSON names them with the folder of their city.
"""

import argparse

from epsnet_mm.datasets.converters.cityscapes_to_panoptic import convert_cityscapes
from epsnet_mm.engine.command_line import exit_on_error


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'cityscapes_json', help='e.g. gtFine/cityscapes_panoptic_val.json'
    )
    parser.add_argument(
        'png_dir', help='folder of its PNGs, e.g. gtFine/cityscapes_panoptic_val'
    )
    parser.add_argument('image_dir', help='folder of the cities, e.g. leftImg8bit/val')
    parser.add_argument(
        'ann_file',
        help='JSON to make, e.g. annotations/panoptic_val.json; the PNGs '
        'go to the folder of that name',
    )
    parser.add_argument(
        '--skip-invalid',
        action='store_true',
        help='leave out what cannot be converted, and go on; the summary tells why',
    )
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    with exit_on_error():
        report = convert_cityscapes(
            args.cityscapes_json,
            args.png_dir,
            args.image_dir,
            args.ann_file,
            skip_invalid=args.skip_invalid,
        )
    print(report.summary())


if __name__ == '__main__':
    main()
