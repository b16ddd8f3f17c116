"""Convert COCO instances and stuff masks to COCO panoptic.

Objects go over stuff, crowds under objects, and smaller objects over larger ones.
Files without stuff, such as exports of labelme, CVAT or Roboflow, need two paths only:
coco_to_panoptic.py INSTANCES.json OUT.json --stuff none
"""

import argparse

from epsnet_mm.datasets.converters.coco_to_panoptic import convert_coco
from epsnet_mm.datasets.converters.mask_orientation import MASK_ORIENTATIONS
from epsnet_mm.engine.command_line import exit_on_error


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        'instances', help='COCO instances JSON; its categories are the things'
    )
    parser.add_argument(
        'stuff_dir',
        nargs='?',
        help="masks of stuff, named after the images' files: gray values "
        'or palette indices are category ids, RGB values their colors',
    )
    parser.add_argument(
        'stuff_classes',
        nargs='?',
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
    parser.add_argument(
        '--stuff',
        choices=['masks', 'none'],
        default='masks',
        help='none: there are no masks and no classes of stuff (default: masks)',
    )
    parser.add_argument(
        '--image-dir',
        help='folder of the images, to compare their sizes and EXIF orientations '
        'with the annotations',
    )
    parser.add_argument(
        '--mask-orientation',
        choices=MASK_ORIENTATIONS,
        help='for images with an EXIF orientation: whether the masks are turned as a '
        'viewer displays the images, or as their pixels are stored; without it, '
        'masks that may be wrong are an error',
    )
    parser.add_argument(
        '--used-only',
        action='store_true',
        help='leave out categories without a segment; all splits of a dataset must '
        'end up with the same categories',
    )
    parser.add_argument(
        '--skip-invalid',
        action='store_true',
        help='leave out what cannot be converted, and go on; the summary tells why',
    )
    # The optional paths between the others need it.
    args = parser.parse_intermixed_args()
    paths = [args.stuff_dir, args.stuff_classes]
    if args.stuff == 'masks' and None in paths:
        parser.error('give STUFF_DIR and STUFF_CLASSES, or pass --stuff none')
    if args.stuff == 'none' and paths != [None, None]:
        parser.error('--stuff none takes no STUFF_DIR and no STUFF_CLASSES')
    if args.mask_orientation and not args.image_dir:
        parser.error('--mask-orientation needs --image-dir, to read the orientations')
    return args


def main() -> None:
    args = parse_args()
    with exit_on_error():
        report = convert_coco(
            args.instances,
            args.stuff_dir,
            args.stuff_classes,
            args.ann_file,
            args.mask_suffix,
            args.ignore,
            image_dir=args.image_dir,
            mask_orientation=args.mask_orientation,
            used_only=args.used_only,
            skip_invalid=args.skip_invalid,
        )
    print(report.summary())


if __name__ == '__main__':
    main()
