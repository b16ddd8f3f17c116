"""Finds images with more things than a network can return."""

from collections.abc import Iterator, Mapping

from ...structures.panoptic_schema import sound_categories, sound_segments


def max_per_img(cfg: Mapping, config: str) -> int:
    """The largest number of things that the network of a config returns.

    Args:
        cfg: The config.
        config: Its file, for the message.

    Returns:
        The smallest `max_per_img` in `model.test_cfg`.

    Raises:
        ValueError: The config has no such number.
    """
    limits = list(_values(cfg.get('model', {}).get('test_cfg') or {}))
    if not limits:
        raise ValueError(
            f'{config} has no `max_per_img` in `model.test_cfg`: give the config of a '
            'panoptic network.'
        )
    return min(limits)


def crowd_warnings(content: dict, limit: int, config: str) -> Iterator[str]:
    """Find images with more things than a limit.

    Args:
        content: The annotation file; entries with faults are left out.
        limit: See `max_per_img`.
        config: The config file, for the message.

    Yields:
        A sentence about all of them, if there are any.
    """
    things = {x['id'] for x in sound_categories(content) if x['isthing']}
    counts = {
        image_id: sum(
            row['category_id'] in things and not row.get('iscrowd', 0) for row in rows
        )
        for image_id, rows in sound_segments(content)
    }
    crowded = {image_id: count for image_id, count in counts.items() if count > limit}
    if crowded:
        most = max(crowded, key=crowded.__getitem__)
        yield (
            f'{len(crowded)} images have more things than `max_per_img` of {config}, '
            f'{limit}; the image id {most!r} has {crowded[most]}: raise '
            '`max_per_img`, as a network finds no more.'
        )


def _values(cfg: Mapping) -> Iterator[int]:
    for key, value in cfg.items():
        if key == 'max_per_img' and isinstance(value, int):
            yield value
        elif isinstance(value, Mapping):
            yield from _values(value)
