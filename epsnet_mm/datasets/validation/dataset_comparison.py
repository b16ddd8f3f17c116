"""Compares a dataset with another one, as training and validation."""

import os.path as osp
from collections.abc import Iterator
from itertools import zip_longest

from epsnet_runtime.coco.categories import category_problems
from epsnet_runtime.coco.value_rules import fits

from ...structures.panoptic_json import load_panoptic_json
from ...structures.panoptic_schema import IMAGE
from .duplicate_images import duplicate_images


def compare_datasets(
    content: dict, img_dir: str, other_file: str, other_img_dir: str
) -> Iterator[str]:
    """Find what makes an evaluation on the other dataset wrong.

    Args:
        content: The annotation file.
        img_dir: Folder of its images.
        other_file: Annotation file of the other dataset; `annotations` may be absent.
        other_img_dir: Folder of the other images.

    Yields:
        A sentence for the first category that differs, and for each image of both.

    Raises:
        FileNotFoundError: The other file does not exist.
        ValueError: It is not a panoptic one at all.
    """
    other = load_panoptic_json(other_file, with_segments=False)
    for problem in category_problems(other['categories'], with_kinds=False):
        yield f'{other_file}: {problem}'
        break
    else:
        yield from _category_differences(content, other, other_file)
    own, others = _paths(content, img_dir), _paths(other, other_img_dir)
    in_both = own & others
    for path in sorted(in_both):
        yield f'{other_file} has the image {path}, too; remove it from one of the two.'
    for group in duplicate_images(sorted(own | others)):
        here = [path for path in group if path in own]
        there = [path for path in group if path in others and path not in own]
        if here and there:
            yield (
                f'{other_file} has the image {here[0]} under the name {there[0]}; '
                'remove it from one of the two.'
            )


def _category_differences(content: dict, other: dict, other_file: str) -> Iterator[str]:
    for position, (mine, theirs) in enumerate(
        zip_longest(content['categories'], other['categories'], fillvalue={})
    ):
        for key in ('id', 'name', 'isthing'):
            pair = [
                each.get(key) if isinstance(each, dict) else None
                for each in (mine, theirs)
            ]
            # Files for test servers lack `isthing`.
            if pair[0] != pair[1] and not (key == 'isthing' and pair[1] is None):
                yield (
                    f'categories[{position}].{key} is {pair[0]!r}, but {pair[1]!r} in '
                    f'{other_file}; give both files the same categories in the same '
                    'order.'
                )
                return


def _paths(content: dict, img_dir: str) -> set[str]:
    return {
        osp.normpath(osp.join(img_dir, image['file_name']))
        for image in content['images']
        if fits(image, IMAGE)
    }
