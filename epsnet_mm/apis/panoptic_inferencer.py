"""From images to overlay pictures and COCO panoptic results."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from mmdet.apis import DetInferencer
from mmdet.registry import DATASETS
from mmdet.structures import DetDataSample
from mmengine.config import Config
from mmengine.dataset import Compose
from mmengine.logging import print_log
from mmengine.runner.checkpoint import _load_checkpoint_to_model
from mmengine.visualization import Visualizer
from torch import nn

from ..engine.safe_load import install_safe_load
from ..progress import show_progress
from ..structures.coco_results import (
    coco_categories,
    read_category_ids,
    to_segments,
    write_json,
)
from ..structures.panoptic_map import prediction_map, thing_scores
from ..structures.segment_ids import write_segment_ids
from .input_images import InputImage, name_inputs

Inputs = str | np.ndarray | Sequence[str | np.ndarray]


class PanopticInferencer(DetInferencer):
    """`DetInferencer` that writes panoptic results in COCO's format.

    Beside the format it differs in this: class names come from the checkpoint
    or the config, never from a default; an unreadable image is reported and
    passed over instead of ending a long run; the progress bar has an end.

    Category ids are those of the annotation file that the config's
    `test_dataloader.dataset` names, if it is on this machine; otherwise class
    label + 1. The JSON's `info` says which.

    Args:
        model: Config or its path. A checkpoint's own copy of its config is
            not used: a config is Python code, which would be run.
        weights: Checkpoint.
        device: Such as 'cpu' or 'cuda:0'; None for a GPU if there is one.
        show_progress: Show a progress bar.

    Attributes:
        failures: One sentence for each image of the last call that could not
            be read.

    Raises:
        ValueError: If `model` or `weights` is missing, or neither the
            checkpoint nor the config has class names.
    """

    def __init__(
        self,
        model: str | Config,
        weights: str,
        device: str | None = None,
        show_progress: bool = True,
    ) -> None:
        if model is None or weights is None:
            raise ValueError(
                'PanopticInferencer needs both a config (model) '
                'and a checkpoint (weights).'
            )
        install_safe_load()
        # The parent's bar does not know the number of images.
        super().__init__(model, weights, device, show_progress=False)
        self.show_progress = show_progress
        self.failures: list[str] = []
        category_ids = read_category_ids(self.cfg)
        self._ids_source = (
            'label + 1'
            if category_ids is None
            else self.cfg.test_dataloader.dataset.ann_file
        )
        self.categories = coco_categories(self.model.dataset_meta, category_ids)

    def __call__(
        self,
        inputs: Inputs,
        batch_size: int = 1,
        out_dir: str = '',
        return_vis: bool = False,
        show: bool = False,
        wait_time: float = 0,
    ) -> dict[str, list]:
        """Predict, and draw or write the results.

        Args:
            inputs: An image (path or (H, W, 3) uint8 BGR pixels), a folder, or
                a list of images.
            batch_size: Images at a time.
            out_dir: Where to write `vis/<name>.png` (input and prediction),
                `panoptic/<name>.png` (segment ids) and `panoptic.json`; ''
                writes nothing.
            return_vis: Return the pictures too.
            show: Open each picture in a window.
            wait_time: Seconds it stays open; 0 waits for a key.

        Returns:
            `predictions`: the JSON's annotations (`image_id`, `file_name`,
            `segments_info`). `panoptic`: their (H, W) segment numbers, only
            where they are not written. `visualization`: (h, w, 3) RGB
            pictures, only if `return_vis`.

        Raises:
            ValueError: If there is no image in `inputs`.
        """
        sources = self._inputs_to_list(inputs)
        if isinstance(inputs, str):
            sources.sort()  # a folder is listed in no particular order
        images = name_inputs(sources)
        if not images:
            raise ValueError(
                f'{inputs} holds no images; give an image or a '
                'folder with images such as .jpg or .png.'
            )
        self.failures = []
        results = dict(predictions=[], panoptic=[], visualization=[])
        sizes = []
        for batch, data in self.preprocess(images, batch_size):
            for (image, pixels), sample in zip(batch, self.forward(data), strict=True):
                annotation, numbers = self._to_coco(image, sample)
                results['predictions'].append(annotation)
                sizes.append(pixels.shape[:2])
                if out_dir:
                    png = Path(out_dir, 'panoptic', annotation['file_name'])
                    write_segment_ids(numbers, png)
                else:
                    results['panoptic'].append(numbers)
                if out_dir or return_vis or show:
                    self._draw(image, pixels, sample, out_dir, show, wait_time)
                if return_vis:
                    results['visualization'].append(self.visualizer.get_image())
        if out_dir:
            self._write_json(Path(out_dir), images, sizes, results['predictions'])
        return results

    def preprocess(
        self, inputs: Sequence[InputImage], batch_size: int = 1
    ) -> Iterator[tuple[list[tuple[InputImage, np.ndarray]], dict]]:
        """Read images and make batches of them, without the unreadable ones.

        Yields:
            The batch's images with their pixels (H, W, 3) uint8 BGR, and the
            collated input of `model.test_step`.
        """
        batch = []
        bar = show_progress(inputs, 'Inference', disable=not self.show_progress)
        for image in bar:
            try:
                batch.append((image, image.read()))
            except ValueError as error:
                self.failures.append(str(error))
                print_log(str(error), logger='current', level=logging.WARNING)
            if len(batch) == batch_size:
                yield batch, self._collate_pixels(batch)
                batch = []
        if batch:
            yield batch, self._collate_pixels(batch)

    def _collate_pixels(self, batch: list[tuple[InputImage, np.ndarray]]) -> dict:
        return self.collate_fn([self.pipeline(pixels) for _, pixels in batch])

    def _to_coco(
        self, image: InputImage, sample: DetDataSample
    ) -> tuple[dict, np.ndarray]:
        sample = sample.cpu()
        numbers, segments = to_segments(
            prediction_map(sample), self.categories, thing_scores(sample)
        )
        return dict(
            image_id=image.image_id,
            file_name=f'{image.stem}.png',
            segments_info=segments,
        ), numbers

    def _draw(
        self,
        image: InputImage,
        pixels: np.ndarray,
        sample: DetDataSample,
        out_dir: str,
        show: bool,
        wait_time: float,
    ) -> None:
        picture = Path(out_dir, 'vis', f'{image.stem}.png')
        self.visualizer.add_datasample(
            image.stem,
            pixels[..., ::-1],
            sample,
            draw_gt=False,
            show=show,
            wait_time=wait_time,
            out_file=str(picture) if out_dir else None,
        )

    def _write_json(
        self,
        out_dir: Path,
        inputs: Sequence[InputImage],
        sizes: Sequence[tuple[int, int]],
        annotations: list[dict],
    ) -> None:
        names = {image.image_id: image.file_name for image in inputs}
        images = [
            dict(
                id=annotation['image_id'],
                file_name=names[annotation['image_id']],
                height=height,
                width=width,
            )
            for annotation, (height, width) in zip(annotations, sizes, strict=True)
        ]
        write_json(
            out_dir / 'panoptic.json',
            images,
            annotations,
            self.categories,
            f'Category ids: {self._ids_source}',
        )

    def _load_weights_to_model(
        self, model: nn.Module, checkpoint: dict | None, cfg: Config
    ) -> None:
        """Load weights; take class names from the checkpoint or the config."""
        try:
            _load_checkpoint_to_model(model, checkpoint, strict=True)
        except RuntimeError as error:
            differences = ' '.join(str(error).split())
            raise ValueError(
                f'The checkpoint does not belong to the model of this config; '
                'give the config that it was trained with. MMEngine says: '
                f'{differences[:400]}'
            ) from error
        metainfo = checkpoint.get('meta', {}).get('dataset_meta')
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
        model.dataset_meta = metainfo

    def _init_visualizer(self, cfg: Config) -> Visualizer:
        """The config's, without the backends of a training's work directory."""
        cfg.visualizer.vis_backends = []
        return super()._init_visualizer(cfg)

    def _init_pipeline(self, cfg: Config) -> Compose:
        """The test pipeline without the annotations, which are not there."""
        dataset = cfg.test_dataloader.dataset
        dataset.pipeline = [
            transform
            for transform in dataset.pipeline
            if not transform['type'].startswith(('LoadPanoptic', 'LoadAnnotations'))
        ]
        return super()._init_pipeline(cfg)
