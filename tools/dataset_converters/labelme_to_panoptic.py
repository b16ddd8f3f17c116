r"""Convert labelme's annotation files to COCO panoptic.

Shapes of one label and group are one object. Labels are things unless --stuff names
them. All splits of a dataset need the same classes: those that occur anywhere in the
folder of --labels-of.
labelme_to_panoptic.py images/train annotations/panoptic_train.json \
    --labels-of images --stuff sky road
"""

import argparse

from epsnet_mm.datasets.converters.labelme_to_panoptic import convert_labelme
from epsnet_mm.datasets.converters.mask_orientation import MASK_ORIENTATIONS
from epsnet_mm.engine.command_line import exit_on_error


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
        '--classes',
        metavar='FILE',
        help='JSON list of the categories (id, name, isthing, color), or a file that '
        'has it; it tells what is stuff, too',
    )
    classes.add_argument(
        '--labels-of',
        metavar='FOLDER',
        help='folder of all splits, whose labels are the classes (default: FOLDER)',
    )
    parser.add_argument(
        '--stuff',
        nargs='+',
        default=[],
        metavar='LABEL',
        help='labels that are not counted, such as sky (default: all are things)',
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
    args = parser.parse_args()
    if args.classes and args.stuff:
        parser.error('--classes tells what is stuff; leave --stuff out')
    return args


def main() -> None:
    args = parse_args()
    with exit_on_error():
        report = convert_labelme(
            args.folder,
            args.ann_file,
            args.stuff,
            args.classes,
            label_folder=args.labels_of,
            image_dir=args.image_dir,
            mask_orientation=args.mask_orientation,
            skip_invalid=args.skip_invalid,
        )
    print(report.summary())


if __name__ == '__main__':
    main()
