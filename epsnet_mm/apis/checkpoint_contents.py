"""What an inferencer takes from a checkpoint: weights and class names."""

import logging

from mmdet.registry import DATASETS
from mmengine.config import Config
from mmengine.logging import print_log
from mmengine.runner import load_state_dict
from torch import nn
from torch.nn.modules.utils import consume_prefix_in_state_dict_if_present

from ..engine.checkpoint_check import class_names
from ..engine.checkpoint_fit import class_difference, compare, weights_in


def load_weights(model: nn.Module, checkpoint: dict) -> None:
    """Load all weights of a model.

    Args:
        model: Changed in place.
        checkpoint: With `state_dict`, or a state dict itself.

    Raises:
        ValueError: If weights are missing, left over, of another shape or of another
            kind of number.
    """
    retyped = compare(model.state_dict(), weights_in(checkpoint)).retyped
    if retyped:
        raise ValueError(
            f'The checkpoint does not belong to the model of this config: '
            f'{", ".join(retyped[:3])} is another kind of number there; give the '
            'config that it was trained with.'
        )
    state_dict = checkpoint.get('state_dict', checkpoint)
    # Of models that were saved inside a wrapper for several GPUs.
    consume_prefix_in_state_dict_if_present(state_dict, 'module.')
    try:
        load_state_dict(model, state_dict, strict=True)
    except RuntimeError as error:
        differences = ' '.join(str(error).split())
        raise ValueError(
            f'The checkpoint does not belong to the model of this config; '
            'give the config that it was trained with. MMEngine says: '
            f'{differences[:400]}'
        ) from error


def find_dataset_meta(checkpoint: dict, cfg: Config, palette: str = 'none') -> dict:
    """Find class names and colors, in the checkpoint or else in the config.

    Args:
        checkpoint: With `meta.dataset_meta`, if MMEngine has written it.
        cfg: With `test_dataloader.dataset`.
        palette: A palette's name of MMDetection, which is taken. 'none' takes the
            config's `metainfo.palette`, or else the palette that belongs to the
            classes.

    Returns:
        `classes`, `thing_classes` and any other keys.

    Raises:
        ValueError: If neither has class names.
    """
    metainfo = (checkpoint.get('meta') or {}).get('dataset_meta')
    if metainfo is None:
        dataset = dict(cfg.test_dataloader.dataset, lazy_init=True)
        metainfo = DATASETS.build(dataset).metainfo
    metainfo = {key.lower(): value for key, value in metainfo.items()}
    for key in ('classes', 'thing_classes'):
        if key not in metainfo:
            raise ValueError(
                f'Neither the checkpoint nor test_dataloader.dataset of '
                f'the config names the {key}; add metainfo.{key} there.'
            )
    in_config = cfg.test_dataloader.dataset.get('metainfo') or {}
    trained = class_names(checkpoint)
    difference = trained and class_difference(
        trained, in_config.get('classes', trained)
    )
    if difference:
        print_log(
            'The checkpoint was trained on classes that differ from those of the '
            f'config ({difference}); results have the names of the checkpoint.',
            logger='current',
            level=logging.WARNING,
        )
    if palette != 'none':
        metainfo['palette'] = palette
    elif 'palette' in in_config:
        metainfo['palette'] = in_config['palette']
    return metainfo
