"""What an exported file says about itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..class_info import ClassInfo, make_classes

KEY = 'epsnet'
FORMAT_VERSION = 1


@dataclass(frozen=True)
class ModelMetadata:
    """What an exported file says about itself.

    Args:
        classes: The classes, in label order.
        channel_order: Of the input, 'bgr' or 'rgb'.
        defaults: Values of the thresholds.
        network_size: (height, width) that images are resized to in the file; None if
            it does not say.
        precision: Of the weights, such as 'fp32'.
        config: Name of the config.
        config_hash: SHA-256 of the config.
        versions: Versions that the file was made with.
    """

    classes: list[ClassInfo]
    channel_order: str
    defaults: Mapping[str, float] = field(default_factory=dict)
    network_size: tuple[int, int] | None = None
    precision: str = ''
    config: str = ''
    config_hash: str = ''
    versions: Mapping[str, str] = field(default_factory=dict)


def parse_metadata(entries: Mapping[str, str], file: str) -> ModelMetadata:
    """Read the metadata of a file.

    Args:
        entries: Its `metadata_props`.
        file: Its name, for the messages.

    Raises:
        ValueError: If it has none, or none that this version knows.
    """
    export_again = 'export the network again with tools/deployment/export.py'
    if KEY not in entries:
        raise ValueError(
            f'{file} has no metadata named {KEY!r}: it was not made by this project; '
            f'{export_again}.'
        )
    try:
        content = json.loads(entries[KEY])
        version = content['format_version']
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(
            f'The metadata of {file} cannot be read ({error!r}); {export_again}.'
        ) from None
    if version != FORMAT_VERSION:
        raise ValueError(
            f'{file} has format version {version}, but this version of epsnet_runtime '
            f'reads {FORMAT_VERSION}; {export_again}, or install the version that it '
            f'was made with: {content.get("versions")}.'
        )
    order = content.get('channel_order')
    if order not in ('bgr', 'rgb'):
        raise ValueError(
            f'The metadata of {file} has the channel_order {order!r} instead of '
            f"'bgr' or 'rgb'; {export_again}."
        )
    try:
        classes = make_classes(content.get('classes') or [])
        defaults = dict(content.get('defaults') or {})
        size = content.get('network_size')
        size = tuple(size) if size else None
    except (ValueError, TypeError) as error:
        raise ValueError(
            f'The metadata of {file} cannot be read ({error}); {export_again}.'
        ) from None
    return ModelMetadata(
        classes,
        order,
        defaults,
        size,
        content.get('precision') or '',
        content.get('config') or '',
        content.get('config_hash') or '',
        content.get('versions') or {},
    )
