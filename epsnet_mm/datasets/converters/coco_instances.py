"""Reads COCO instances files of any tool, and checks how their lists fit together."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from epsnet_runtime.coco.categories import category_problems, plain_categories
from epsnet_runtime.coco.value_rules import faults, fits, shown

from ...structures.instances_schema import INSTANCE, INSTANCES_IMAGE, MAX_PIXELS
from .conversion_report import ConversionReport, InvalidItemError
from .json_values import by_value, read_flag, read_id, read_json
from .segmentation import check_segmentation


@dataclass(frozen=True)
class Instance:
    """An object whose references and mask are valid.

    Attributes:
        name: What messages call it.
        category_id: Id of its category.
        iscrowd: 0, or 1 for a group of objects.
        segmentation: Polygons or RLE.
    """

    name: str
    category_id: int
    iscrowd: int
    segmentation: list | dict


@dataclass(frozen=True)
class InstancesFile:
    """A COCO instances file whose lists fit together.

    Attributes:
        categories: All are things.
        images: `id`, `file_name`, `height` and `width` of each image.
        instances: Its objects, for each image.
    """

    categories: list[dict]
    images: list[dict]
    instances: list[list[Instance]]


def read_instances(
    path: str, report: ConversionReport, skip_invalid: bool = False
) -> InstancesFile:
    """Read a COCO instances file.

    Ids are compared by their value, see `read_id`.

    Args:
        path: The file.
        report: Counts images and objects, and those that are left out.
        skip_invalid: Whether invalid images and objects are left out.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it isn't a COCO instances file; if an image or an object is
            invalid, unless `skip_invalid`.
    """
    content = _read_lists(path)
    categories = _read_categories(content['categories'], path)
    images, left_out = _read_images(content['images'], path, report, skip_invalid)
    known = {category['id'] for category in categories}
    instances: dict[int | str, list[Instance]] = defaultdict(list)
    report.objects.num_read += len(content['annotations'])
    for number, annotation in enumerate(content['annotations']):
        name = f'annotation number {number}'
        if isinstance(annotation, dict) and 'id' in annotation:
            name = f'annotation {shown(annotation["id"])}'
        try:
            key = _read_image_id(annotation, images, left_out)
            instances[key].append(_read_instance(annotation, name, images[key], known))
        except InvalidItemError as error:
            report.objects.leave_out(error.reason, f'{name} ({error})')
    if report.objects.left_out and not skip_invalid:
        raise ValueError(
            f'{path}: {report.objects.left_out.total()} of {report.objects.num_read} '
            f'annotations cannot be converted: {"; ".join(report.objects.reasons())}; '
            'correct or remove them, or pass --skip-invalid to leave them out.'
        )
    _note_types(content['annotations'], images, report)
    _note_crowds(instances, report)
    ordered = [instances[key] for key in images]
    return InstancesFile(categories, _number_text_ids(images, report), ordered)


def _read_lists(path: str) -> dict:
    content = read_json(path, 'annotation file')
    for key in ('images', 'annotations', 'categories'):
        if not isinstance(content, dict) or not isinstance(content.get(key), list):
            raise ValueError(
                f'{path} lacks `{key}` as a list: it must be a COCO '
                'instances file, like instances_train2017.json.'
            )
        if key != 'annotations' and not content[key]:
            raise ValueError(f'{path} has an empty list `{key}`: add at least one.')
    return content


def _read_categories(categories: Sequence[dict], path: str) -> list[dict]:
    things = [
        dict(by_value(category), isthing=1) if isinstance(category, dict) else category
        for category in categories
    ]
    for problem in category_problems(things):
        raise ValueError(f'{path}: {problem}')
    for position, category in enumerate(categories):
        kind = category.get('isthing')
        if kind is not None and not read_flag(kind):
            raise ValueError(
                f'{path}: categories[{position}] {shown(category)} is not a thing, but '
                'all objects of an instances file become things: remove it and its '
                'annotations, or its `isthing` if it is one.'
            )
    return plain_categories(things)


def _read_images(
    images: Sequence[dict], path: str, report: ConversionReport, skip_invalid: bool
) -> tuple[dict[int | str, dict], set]:
    """Images by their id, and the ids of those that are left out."""
    report.images.num_read += len(images)
    valid: dict[int | str, dict] = {}
    left_out = set()
    shared = _shared_ids(images)
    for position, entry in enumerate(images):
        image = by_value(entry)
        key = read_id(image.get('id')) if isinstance(image, dict) else None
        try:
            checked = _read_image(image, f'images[{position}]')
            if key in valid or key in shared:
                raise InvalidItemError(
                    'with the id of another image',
                    f'several images have the id {key!r}; make it unique.',
                )
        except InvalidItemError as error:
            if not skip_invalid:
                raise ValueError(f'{path}: {error}') from None
            report.images.leave_out(error.reason, str(error))
            left_out.add(key)
        else:
            valid[key] = checked
    return valid, left_out - valid.keys()


def _shared_ids(images: Sequence[dict]) -> set:
    """Ids of several files: nobody can tell whose the annotations are."""
    names = defaultdict(set)
    for image in images:
        if isinstance(image, dict):
            names[read_id(image.get('id'))].add(repr(image.get('file_name')))
    return {key for key, files in names.items() if len(files) > 1}


def _read_image(image: dict, where: str) -> dict:
    """The keys of an image that the output has.

    Args:
        image: See `by_value`.
        where: Its JSON path.
    """
    reason = 'with an invalid entry'
    for fault in faults(image, where, INSTANCES_IMAGE):
        raise InvalidItemError(reason, fault)
    if image['height'] * image['width'] > MAX_PIXELS:
        raise InvalidItemError(
            reason,
            f'{where} has {image["width"]} x {image["height"]} pixels, but at most '
            f'{MAX_PIXELS} are allowed; correct it.',
        )
    return {key: image[key] for key in INSTANCES_IMAGE}


def _read_image_id(annotation: dict, images: dict, left_out: set) -> int | str:
    """The id of an annotation's image, which is one of `images`."""
    if not isinstance(annotation, dict):
        raise InvalidItemError('that are no JSON objects', shown(annotation))
    key = read_id(annotation.get('image_id'))
    if key in left_out and key is not None:
        raise InvalidItemError('of an image left out', f'image id {key!r}')
    if key is None or key not in images:
        raise InvalidItemError(
            'of an unknown image', f'`image_id` {shown(annotation.get("image_id"))}'
        )
    return key


def _read_instance(annotation: dict, name: str, image: dict, known: set) -> Instance:
    plain = by_value(annotation)
    is_known = INSTANCE['category_id'].holds(plain.get('category_id'))
    if not is_known or plain['category_id'] not in known:
        raise InvalidItemError(
            'of an unknown category',
            f'`category_id` {shown(annotation.get("category_id"))}',
        )
    if not fits(plain, INSTANCE):
        raise InvalidItemError(
            'with an unknown `iscrowd`', f'{shown(annotation["iscrowd"])} is not 0 or 1'
        )
    segmentation = annotation.get('segmentation')
    check_segmentation(segmentation, image['height'], image['width'])
    crowd = plain.get('iscrowd', 0)
    return Instance(name, plain['category_id'], int(crowd), segmentation)


def _note_types(
    annotations: Sequence[dict], images: dict, report: ConversionReport
) -> None:
    """Say how many ids were matched by value only."""
    as_text = Counter(
        repr(annotation['image_id'])
        for annotation in annotations
        if isinstance(annotation, dict)
        and not isinstance(annotation.get('image_id'), int)
        and isinstance(read_id(annotation.get('image_id')), int)
    )
    if as_text:
        report.notes.append(
            f'{as_text.total()} annotations name their image like {min(as_text)}, '
            'which is no integer; ids are compared by their value.'
        )


def _note_crowds(instances: dict, report: ConversionReport) -> None:
    crowds = Counter(x.iscrowd for objects in instances.values() for x in objects)
    if crowds[1] > crowds[0]:
        report.notes.append(
            f'{crowds[1]} of {crowds.total()} objects are crowds, which are neither '
            'learnt nor counted: set `iscrowd` to 0 if they are single objects.'
        )


def _number_text_ids(images: dict, report: ConversionReport) -> list[dict]:
    """Number all images from 1 if an id is a text, which COCO's tools don't read."""
    if all(isinstance(key, int) for key in images):
        return list(images.values())
    report.notes.append('The images are numbered from 1, because an id is a text.')
    return [dict(image, id=number) for number, image in enumerate(images.values(), 1)]
