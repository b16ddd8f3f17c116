"""Convert labelme's annotation files to COCO panoptic.

Shapes of one label and group are one object. Labels are things unless --stuff names
them. Convert the training images first; then the other splits with --classes and the
file that came out, so that all have the same classes:
labelme_to_panoptic.py TRAIN OUT/panoptic_train.json --stuff sky road
labelme_to_panoptic.py VAL OUT/panoptic_val.json --classes OUT/panoptic_train.json
"""

import argparse
import sys

from epsnet_mm.datasets.converters.labelme_to_panoptic import convert_labelme
from epsnet_mm.datasets.converters.mask_orientation import MASK_ORIENTATIONS


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        'folder', help="folder of labelme's JSON files, searched with all folders in it"
    )
    parser.add_argument(
        'ann_file',
        help='JSON to make, e.g. annotations/panoptic_train.json; the PNGs '
        'go to the folder of that name',
    )
    classes = parser.add_mutually_exclusive_group()
    classes.add_argument(
        '--stuff',
        nargs='+',
        default=[],
        metavar='LABEL',
        help='labels that are not counted, such as sky (default: all are things)',
    )
    classes.add_argument(
        '--classes',
        metavar='FILE',
        help='JSON list of the categories (id, name, isthing, color), or a file that '
        'has it, such as that of another split',
    )
    parser.add_argument(
        '--image-dir',
        metavar='FOLDER',
        help='folder of the images, where their names in the output start '
        '(default: that of the JSON files)',
    )
    parser.add_argument(
        '--mask-orientation',
        choices=MASK_ORIENTATIONS,
        default='displayed',
        help='for images with an EXIF orientation: whether they were labelled turned, '
        'as labelme displays them (default), or as they are stored',
    )
    parser.add_argument(
        '--skip-invalid',
        action='store_true',
        help='leave out what cannot be converted, and go on; the summary tells why',
    )
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    try:
        report = convert_labelme(
            args.folder,
            args.ann_file,
            args.stuff,
            args.classes,
            image_dir=args.image_dir,
            mask_orientation=args.mask_orientation,
            skip_invalid=args.skip_invalid,
        )
    except (OSError, ValueError) as error:
        sys.exit(f'labelme_to_panoptic: {error}')
    print(report.summary())


if __name__ == '__main__':
    main()
