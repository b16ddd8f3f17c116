"""The one check of the values of COCO panoptic annotation files.

Dataset, checker, metric and converters call it. The rules are written by hand: a
library for schemas would need as many lines, and its messages name no remedy.
"""

from collections import Counter
from collections.abc import Container, Iterator, Mapping

from epsnet_runtime.coco.categories import category_problems
from epsnet_runtime.coco.segment_ids import NUM_IDS
from epsnet_runtime.coco.value_rules import (
    Rule,
    faults,
    fits,
    is_box,
    is_file_name,
    is_flag,
    is_id,
    is_integer,
    is_list,
    is_number,
    is_size,
    is_text,
    is_whole,
    shown,
)

_ID = Rule(is_id, 'a number or a text')
_PIXELS = Rule(is_size, 'a whole number of pixels')
IMAGE = dict(
    id=_ID, file_name=Rule(is_file_name, 'a file name'), height=_PIXELS, width=_PIXELS
)
ANNOTATION = dict(
    image_id=_ID,
    file_name=Rule(is_file_name, 'a file name', required=False),
    segments_info=Rule(is_list, 'a list of segments'),
)
#: What a segment needs to be counted.
SEGMENT = dict(
    id=Rule(
        lambda value: is_whole(value) and 0 < value < NUM_IDS,
        f'an integer from 1 to {NUM_IDS - 1}',
    ),
    category_id=Rule(is_whole, 'the id of a category'),
    iscrowd=Rule(is_flag, '0 or 1', required=False),
)
#: What a segment needs to be trained on.
MEASURED_SEGMENT = dict(
    **SEGMENT,
    area=Rule(is_number, 'a finite number'),
    bbox=Rule(is_box, 'four finite numbers, [x, y, width, height]'),
)


def structure_problems(content: dict, with_segments: bool = True) -> Iterator[str]:
    """Find what keeps a dataset from being read, outside of its segments.

    Args:
        content: As `load_panoptic_json` gives.
        with_segments: See `read_panoptic_json`.

    Yields:
        One sentence per problem, with its JSON path and remedy.
    """
    yield from category_problems(content['categories'], with_segments)
    keys = dict(images=(IMAGE, 'id'), annotations=(ANNOTATION, 'image_id'))
    ids = {}
    for what, (rules, key) in keys.items():
        entries = content.get(what, ())
        for position, entry in enumerate(entries):
            if not fits(entry, rules):
                yield from faults(entry, f'{what}[{position}]', rules)
        ids[what] = Counter(
            entry[key]
            for entry in entries
            if isinstance(entry, Mapping) and is_id(entry.get(key))
        )
    for what, counts in ids.items():
        for value, count in counts.items():
            if count > 1:
                yield f'several {what} have the image id {value!r}; make it unique.'
    bare = [value for value in ids['images'] if value not in ids['annotations']]
    if with_segments and bare:
        yield (
            f'{len(bare)} images have no annotation, e.g. the id '
            f'{bare[0]!r}; remove them, or add an entry with an empty '
            '`segments_info` for images without labels.'
        )


def segment_faults(
    segment: object,
    where: str,
    category_ids: Container[int],
    rules: Mapping[str, Rule] = SEGMENT,
) -> Iterator[str]:
    """Find what is wrong with one segment.

    Args:
        segment: An element of `segments_info`.
        where: Its JSON path, for instance "annotations[3].segments_info[0]".
        category_ids: The known ones.
        rules: `SEGMENT` or `MEASURED_SEGMENT`.

    Yields:
        One sentence per problem, with its JSON path and remedy.
    """
    yield from faults(segment, where, rules)
    category = segment.get('category_id') if isinstance(segment, dict) else None
    if is_whole(category) and category not in category_ids:
        yield (
            f'{where}.category_id is the unknown category {shown(category)}; correct '
            'it or add the category.'
        )


def all_segment_faults(content: dict) -> Iterator[str]:
    """Find what is wrong with the segments of a file; see `segment_faults`.

    Args:
        content: Without `structure_problems`.
    """
    known = {category['id'] for category in content['categories']}
    for i, annotation in enumerate(content.get('annotations', ())):
        for j, segment in enumerate(annotation['segments_info']):
            if not fits(segment, SEGMENT) or segment['category_id'] not in known:
                where = f'annotations[{i}].segments_info[{j}]'
                yield from segment_faults(segment, where, known)


def sound_categories(content: dict) -> list[dict]:
    """The categories of a file that can be told apart.

    Args:
        content: As `load_panoptic_json` gives, perhaps with faults.

    Returns:
        The categories; a name that is no text is "?".
    """
    return [
        category if is_text(category['name']) else dict(category, name='?')
        for category in content['categories']
        if isinstance(category, dict)
        and {'name', 'isthing'} <= category.keys()
        and is_integer(category.get('id'))
    ]


def sound_segments(content: dict) -> Iterator[tuple[int | str, list[dict]]]:
    """The segments of a file that can be counted.

    Args:
        content: As `load_panoptic_json` gives, perhaps with faults.

    Yields:
        Image id and segments of each annotation without faults.
    """
    for annotation in content['annotations']:
        if fits(annotation, ANNOTATION):
            rows = annotation['segments_info']
            yield annotation['image_id'], [row for row in rows if fits(row, SEGMENT)]
