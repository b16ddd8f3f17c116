"""Convert COCO instances and stuff masks to COCO panoptic.

Objects go over stuff, crowds under objects, and smaller objects over larger ones.
"""

import argparse
import sys

from epsnet_mm.datasets.converters.coco_to_panoptic import convert_coco


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'instances', help='COCO instances JSON; its categories are the things'
    )
    parser.add_argument(
        'stuff_dir',
        help="masks of stuff, named after the images' files: grey values "
        'or palette indices are category ids, RGB values their colours',
    )
    parser.add_argument(
        'stuff_classes',
        help='JSON list of the stuff categories: id, name, isthing, color',
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
        help='values that mean unlabelled, beside 0 and 255 (unless those are '
        "classes); 183 in COCO's own stuff maps",
    )
    return parser.parse_args()


def main() -> None:
    args = parse_args()
    try:
        written = convert_coco(
            args.instances,
            args.stuff_dir,
            args.stuff_classes,
            args.ann_file,
            args.mask_suffix,
            (0, 255, *args.ignore),
        )
    except (OSError, ValueError) as error:
        sys.exit(f'coco_to_panoptic: {error}')
    print(written.summary())


if __name__ == '__main__':
    main()
