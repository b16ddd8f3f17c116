"""Options of a test."""

from mmengine.config import Config

from ...datasets.transforms.loads_annotations import loads_annotations


def enable_tta(cfg: Config) -> None:
    """Test with the config's test-time augmentation.

    MMDetection would fill in a default here, but that one merges boxes only
    and yields no panoptic map.

    Raises:
        ValueError: If the config does not define it.
    """
    missing = [key for key in ('tta_model', 'tta_pipeline') if key not in cfg]
    if missing:
        raise ValueError(
            f'--tta needs {" and ".join(missing)} in the config; '
            'define it there, or leave out --tta.'
        )
    cfg.model = dict(**cfg.tta_model, module=cfg.model)
    cfg.test_dataloader.dataset.pipeline = cfg.tta_pipeline


def add_ground_truth(cfg: Config) -> None:
    """Load the test set's annotations, which pictures show.

    The metric reads annotations itself, so test pipelines leave them out. They
    are loaded after resizing and thus keep the size of the original image. A
    dataset without segmentation PNGs keeps its pipeline.
    """
    dataset = cfg.test_dataloader.dataset
    if any(map(loads_annotations, dataset.pipeline)):
        return
    if not dataset.get('data_prefix', {}).get('seg'):
        return
    *transforms, pack = dataset.pipeline
    load = dict(type='LoadPanopticSegments', backend_args=dataset.get('backend_args'))
    dataset.pipeline = [*transforms, load, pack]


def keep_picture_folders(cfg: Config) -> None:
    """Take this project's hook for pictures in configs of 0.1.0, see there."""
    hook = cfg.default_hooks.get('visualization')
    if hook is not None and hook.type == 'DetVisualizationHook':
        hook.type = 'PanopticVisualizationHook'
