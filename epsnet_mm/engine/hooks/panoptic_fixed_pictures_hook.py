"""The same validation pictures over time."""

from collections.abc import Sequence
from pathlib import PurePath

import numpy as np
from mmdet.registry import HOOKS
from mmdet.structures import DetDataSample
from mmengine.runner import Runner

from .panoptic_visualization_hook import PanopticVisualizationHook, picture_name


@HOOKS.register_module()
class PanopticFixedPicturesHook(PanopticVisualizationHook):
    """Draws the same images of the validation set in each validation.

    Each image has a name of its own in the visualizer's backends, `val_<file>`, so
    that its pictures are steps of one series. Upstream's hook draws whatever image
    comes first in a batch, all under one name.

    Args:
        num_images: Number of images, evenly spread over the validation set.
        images: Ends of their paths, in place of `num_images`.
        score_thr: Things of lower scores are not drawn.
    """

    def __init__(
        self,
        num_images: int = 4,
        images: Sequence[str] | None = None,
        score_thr: float = 0.0,
    ) -> None:
        super().__init__(draw=True, score_thr=score_thr)
        self.num_images = num_images
        self.images = images
        self._chosen: set[str] = set()

    def before_val(self, runner: Runner) -> None:
        """Choose the images.

        Raises:
            ValueError: If the validation set has none of `images`.
        """
        super().before_val(runner)
        dataset = runner.val_dataloader.dataset
        paths = [dataset.get_data_info(i)['img_path'] for i in range(len(dataset))]
        if self.images is None:
            count = min(self.num_images, len(paths))
            numbers = np.linspace(0, len(paths) - 1, count).round().astype(int)
            self._chosen = {paths[number] for number in numbers}
            return
        self._chosen = {path for path in paths if path.endswith(tuple(self.images))}
        if not self._chosen:
            raise ValueError(
                f'The validation set has none of the images {list(self.images)}: '
                'correct `images` of PanopticFixedPicturesHook.'
            )

    def after_val_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict,
        outputs: Sequence[DetDataSample],
    ) -> None:
        """Draw the chosen images of a batch, at the iteration of the training."""
        for sample in outputs:
            if sample.img_path in self._chosen:
                name = PurePath(picture_name(sample.img_path, self._folder))
                # A name with a slash would be a folder of the local backend.
                name = '_'.join(name.with_suffix('').parts)
                self._draw(sample, f'val_{name}', runner.iter)

    def before_test(self, runner: Runner) -> None:
        """Nothing; a test has pictures of all images, see `--show-dir`."""

    def after_test_iter(self, *args, **kwargs) -> None:
        """Nothing."""
