"""Convert images with semantic masks to COCO panoptic.

Each stuff class becomes one segment of an image, each connected component of a
thing class an object; so objects of a class that touch become one.
"""

import argparse

from epsnet_mm.datasets.converters.mask_orientation import MASK_ORIENTATIONS
from epsnet_mm.datasets.converters.semantic_to_panoptic import convert_semantic
from epsnet_mm.engine.command_line import exit_on_error


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('image_dir', help='folder of the images')
    parser.add_argument(
        'mask_dir',
        help='folder of the masks: gray values or palette indices are '
        'category ids, RGB values their colors (black is unlabelled)',
    )
    parser.add_argument(
        'classes', help='JSON list of the categories: id, name, isthing, color'
    )
    parser.add_argument(
        'ann_file',
        help='JSON to make, e.g. annotations/panoptic_train.json; the PNGs '
        'go to the folder of that name',
    )
    parser.add_argument(
        '--mask-suffix',
        default='.png',
        help='end of the mask names, after the '
        "image's name without its suffix (default: .png)",
    )
    parser.add_argument(
        '--ignore',
        type=int,
        nargs='+',
        default=[],
        metavar='VALUE',
        help='values that mean unlabelled, beside 0 and 255 (unless those are classes)',
    )
    parser.add_argument(
        '--min-area',
        type=int,
        default=1,
        metavar='PIXELS',
        help='smaller components of things become unlabelled (default: 1)',
    )
    parser.add_argument(
        '--mask-orientation',
        choices=MASK_ORIENTATIONS,
        help='for images with an EXIF orientation: whether the masks are turned as a '
        'viewer displays the images, or as their pixels are stored; without it, '
        'masks that may be wrong are an error',
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
        report = convert_semantic(
            args.image_dir,
            args.mask_dir,
            args.classes,
            args.ann_file,
            args.mask_suffix,
            args.ignore,
            args.min_area,
            mask_orientation=args.mask_orientation,
            skip_invalid=args.skip_invalid,
        )
    print(report.summary())


if __name__ == '__main__':
    main()
