"""Rules of COCO instances files, beside those of panoptic ones.

They hold for entries whose ids and flags are plain numbers: tools write them as
texts, too, which `datasets.converters` reads first.
"""

from pathlib import PurePosixPath

from epsnet_runtime.coco.value_rules import Rule, is_file_name

from .panoptic_schema import IMAGE, SEGMENT

# Pillow refuses larger images.
MAX_PIXELS = 2 * 89_478_485


def _is_below_folder(name: object) -> bool:
    """Whether a name is that of a file below the folder of the images."""
    if not is_file_name(name):
        return False
    path = PurePosixPath(name)
    return not path.is_absolute() and '..' not in path.parts


#: What an image needs to be converted.
INSTANCES_IMAGE = IMAGE | dict(
    file_name=Rule(_is_below_folder, 'a path below the folder of the images')
)
#: What an object needs, beside a mask and an image.
INSTANCE = {key: SEGMENT[key] for key in ('category_id', 'iscrowd')}
