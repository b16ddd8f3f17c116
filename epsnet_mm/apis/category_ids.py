"""Category ids of a config's dataset."""

import json
from pathlib import Path

from mmengine.config import Config


def read_category_ids(cfg: Config) -> dict[str, int] | None:
    """Category ids by name, from the annotation file that a config names.

    Args:
        cfg: With `test_dataloader.dataset`.

    Returns:
        None if the config names no file or the file is not on this machine. That is
        usual where a model is only used, not evaluated.
    """
    dataset = cfg.test_dataloader.dataset
    if not dataset.get('ann_file'):
        return None
    path = Path(dataset.get('data_root') or '', dataset.ann_file)
    if not path.is_file():
        return None
    categories = json.loads(path.read_text(encoding='utf-8'))['categories']
    return {category['name']: category['id'] for category in categories}
