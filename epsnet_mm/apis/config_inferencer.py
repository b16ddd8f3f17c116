"""Builds what an inferencer needs from a config and a checkpoint."""

from collections.abc import Callable
from functools import partial

from mmdet.apis import DetInferencer
from mmengine.config import Config
from mmengine.dataset import Compose
from mmengine.registry import FUNCTIONS, MODELS
from mmengine.runner.checkpoint import CheckpointLoader
from mmengine.visualization import Visualizer
from torch import nn

from ..datasets.image_file import MAX_PIXELS
from ..datasets.image_reader import ImageReader
from ..datasets.transforms.loads_annotations import loads_annotations
from ..engine.safe_load import install_safe_load
from ..environment.default_network import default_network
from .checkpoint_contents import find_dataset_meta, load_weights


class ConfigInferencer(DetInferencer):
    """`DetInferencer` whose parts are those of the config, and nothing else.

    - Class names come from the checkpoint or the config, never from a default.
    - Images are read with the flags of the config's `LoadImageFromFile`.
    - Weights that do not fit the model are an error. Loading them runs no code.

    Args:
        model: Config, its path, or a model name of MMDetection; None, with `weights`
            None too, for the network that comes with the package. A checkpoint's own
            copy of its config is not used: a config is Python code, which would be
            run.
        weights: Checkpoint.
        device: Such as 'cpu' or 'cuda:0'; None for a GPU if there is one.
        scope: Registry scope of the model.
        palette: Colors of the classes in pictures: a palette's name of
            MMDetection, such as 'coco' or 'random'. 'none' takes the config's
            `metainfo.palette`, or else the checkpoint's.
        show_progress: Show a progress bar.
        max_pixels: Width times height that an image file may declare; None for no
            limit. A small file that declares more is likely to be an attack.

    Attributes:
        reader: Reads image files.

    Raises:
        ValueError: If one of `model` and `weights` is missing, the weights do not
            belong to the model, or neither the checkpoint nor the config has class
            names.
    """

    def __init__(
        self,
        model: str | Config | dict | None = None,
        weights: str | None = None,
        device: str | None = None,
        scope: str = 'mmdet',
        palette: str = 'none',
        show_progress: bool = True,
        *,
        max_pixels: int | None = MAX_PIXELS,
    ) -> None:
        if model is None and weights is None:
            model, weights = default_network()
        if model is None or weights is None:
            raise ValueError(
                'PanopticInferencer needs both a config (model) '
                'and a checkpoint (weights), or none of them.'
            )
        install_safe_load()
        self._max_pixels = max_pixels
        super().__init__(model, weights, device, scope, palette, show_progress)

    @property
    def overlap_threshold(self) -> float | None:
        """Share of a thing that better ones may cover before it is dropped.

        From 0 to 1; None if the detector has no such threshold.
        """
        return self._fusion_settings().get('mask_overlap')

    @overlap_threshold.setter
    def overlap_threshold(self, value: float | None) -> None:
        if value is not None:
            self._fusion_settings()['mask_overlap'] = value

    def _fusion_settings(self) -> dict:
        head = getattr(self.model, 'panoptic_fusion_head', None)
        return {} if head is None else head.test_cfg

    def _init_model(self, cfg: Config, weights: str, device: str) -> nn.Module:
        """Build the model and load its weights.

        Unlike upstream's, it prints nothing: a command's output is its result.
        """
        checkpoint = CheckpointLoader.load_checkpoint(weights, 'cpu', logger='silent')
        # The checkpoint has all weights.
        cfg.model.pop('pretrained', None)
        model = MODELS.build(cfg.model)
        model.cfg = cfg
        self._load_weights_to_model(model, checkpoint, cfg)
        return model.to(device).eval()

    def _init_collate(self, cfg: Config) -> Callable:
        """The config's `collate_fn`, found as `Runner` finds it.

        Upstream looks it up in a registry of functions of mmdet, which does not
        exist, and warns of that.

        Raises:
            ValueError: If there is no such function.
        """
        default = dict(type='pseudo_collate')
        given = cfg.test_dataloader.get('collate_fn', default)
        if callable(given):
            return given
        options = dict(given)
        name = options.pop('type')
        function = FUNCTIONS.get(name) if isinstance(name, str) else name
        if function is None:
            raise ValueError(
                f'test_dataloader.collate_fn is {name!r}, which is not registered; '
                f'leave it out for {default["type"]!r}.'
            )
        return partial(function, **options)

    def _load_weights_to_model(
        self, model: nn.Module, checkpoint: dict | None, cfg: Config
    ) -> None:
        """Load weights; take class names from the checkpoint or the config."""
        load_weights(model, checkpoint)
        model.dataset_meta = find_dataset_meta(checkpoint, cfg, self.palette)

    def _init_visualizer(self, cfg: Config) -> Visualizer:
        """The config's, without the backends of a training's work directory."""
        cfg.visualizer.vis_backends = []
        return super()._init_visualizer(cfg)

    def _init_pipeline(self, cfg: Config) -> Compose:
        """The test pipeline without loading annotations: there are none."""
        dataset = cfg.test_dataloader.dataset
        # Images of a user are wherever their path says.
        self.reader = ImageReader.of_pipeline(
            dataset.pipeline, backend_args=None, max_pixels=self._max_pixels
        )
        dataset.pipeline = [
            transform
            for transform in dataset.pipeline
            if not loads_annotations(transform)
        ]
        return super()._init_pipeline(cfg)
