"""From images to overlay pictures and COCO panoptic results."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from epsnet_runtime.panoptic_result import PanopticResult
from epsnet_runtime.sources.sources import Source, Sources
from epsnet_runtime.streams.batches import read_batches

import numpy as np
import torch
from mmdet.structures import DetDataSample
from mmengine.config import Config

from ..datasets.image_file import MAX_PIXELS
from .config_inferencer import ConfigInferencer
from .image_batches import ImageBatches
from .input_images import Inputs, check_pixels, list_sources, name_inputs
from .input_images import Source as InputSource
from .own_progress import own_progress
from .panoptic_results import PanopticResults, output_name
from .prediction_pictures import draw_prediction
from .result_objects import make_result, read_and_pack, result_classes


class PanopticInferencer(ConfigInferencer):
    """`DetInferencer` with panoptic results in COCO's format.

    It takes the arguments of `DetInferencer` and gives its results, with these
    differences:

    - Each prediction also holds its annotation in COCO's panoptic format, and
      `out_dir` gets COCO's files instead of one JSON per image.
    - With `out_dir`, predictions are saved unless `no_save_pred`. Pictures are kept
      in memory only with `return_vis`.
    - Pictures show all segments of the panoptic map, unless `pred_score_thr` is set.
    - `iter_results` gives objects instead of dicts, and never holds more than a few
      images.
    - Folders inside a folder are searched, too, and their names kept in the results.
    - An image that fails is reported and left out; it does not end a long run.

    Which category ids the results have is decided by `PanopticResults`.

    The arguments are those of `ConfigInferencer`.

    Attributes:
        results: Describes and writes the predictions.
        classes: The classes, in label order.
        failures: One sentence per image of the last call that failed.
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
        self._folder, self.shows_own_progress = '', False
        super().__init__(
            model,
            weights,
            device,
            scope,
            palette,
            show_progress,
            max_pixels=max_pixels,
        )
        self.failures: list[str] = []
        dataset_meta = self.model.dataset_meta
        self.results = PanopticResults(self.cfg, dataset_meta)
        self.classes = result_classes(self.results.categories, dataset_meta)

    def __call__(
        self,
        inputs: Inputs,
        batch_size: int = 1,
        return_vis: bool = False,
        show: bool = False,
        wait_time: float = 0,
        no_save_vis: bool = False,
        draw_pred: bool = True,
        pred_score_thr: float = 0.0,
        return_datasamples: bool = False,
        print_result: bool = False,
        no_save_pred: bool = False,
        out_dir: str = '',
        **kwargs,
    ) -> dict[str, list]:
        """Predict, and draw or write the results.

        Args:
            inputs: An image (path, address, array, image of Pillow or RGB tensor), a
                folder, a pattern such as 'a/*.jpg', a .txt file of paths, or several
                images; videos are for `iter_results`. An array is (H, W), (H, W, 1),
                (H, W, 3) BGR or (H, W, 4) BGRA. Its values are integers from 0 to 255,
                uint16, whose upper byte is taken, or floats from 0 to 1 or from 0 to
                255: from 0 to 1 if none is larger than 1.
            batch_size: Images at a time.
            return_vis: Return the pictures.
            show: Open each picture in a window.
            wait_time: Seconds it stays open; 0 waits for a key.
            no_save_vis: Write no pictures to `out_dir`.
            draw_pred: Draw the prediction beside the input.
            pred_score_thr: Minimum score in [0, 1] of things in pictures. The
                predictions hold all of them.
            return_datasamples: Return predictions as `DetDataSample`.
            print_result: Print the predictions.
            no_save_pred: Write no predictions to `out_dir`.
            out_dir: Where to write `vis/<name>.png` (input and prediction),
                `panoptic/<name>.png` (segment ids) and `panoptic.json`. Files of
                these names are replaced. '' writes nothing.
            **kwargs: Prompts of open-vocabulary models, see `DetInferencer`.

        Returns:
            `predictions`: for each image a dict as `pred2dict` gives, or a data
            sample. `visualization`: see `visualize`, but empty for None.

        Raises:
            ValueError: If there is no image in `inputs`, or an array is none.
        """
        sources, self._folder = list_sources(inputs, leave_out=out_dir)
        check_pixels(sources, self.reader)
        with self.results.writing('' if no_save_pred else out_dir), own_progress(self):
            return super().__call__(
                sources,
                batch_size=batch_size,
                return_vis=return_vis,
                show=show,
                wait_time=wait_time,
                no_save_vis=no_save_vis,
                draw_pred=draw_pred,
                pred_score_thr=pred_score_thr,
                return_datasamples=return_datasamples,
                print_result=print_result,
                no_save_pred=no_save_pred,
                out_dir=out_dir,
                **kwargs,
            )

    def iter_results(
        self,
        sources: Source | Iterable[Source],
        batch_size: int = 1,
        every: int = 1,
        half: bool = False,
    ) -> Iterator[PanopticResult]:
        """Predict images one after the other, with bounded memory.

        Images are read in a thread while the network works. One that fails is left
        out and named in `failures`. Nothing is written.

        Args:
            sources: Images, folders, patterns, videos and more: see
                `epsnet_runtime.sources.Sources`.
            batch_size: Images at a time.
            every: Take each N-th frame of videos.
            half: Compute in 16 bits where that is safe: bfloat16 on a CPU, float16
                on a GPU.

        Yields:
            The result of each image, in order.

        Raises:
            ValueError: If there is no image.
        """
        images = sources if isinstance(sources, Sources) else Sources(sources, every)
        self.failures = []
        device = next(self.model.parameters()).device.type
        read = partial(read_and_pack, reader=self.reader, pipeline=self.pipeline)
        for batch in read_batches(images, read, batch_size, self.failures):
            data = self.collate_fn([packed for _, (_, packed) in batch])
            with torch.autocast(device, enabled=half):
                samples = self.forward(data)
            for (image, (pixels, _)), sample in zip(batch, samples, strict=True):
                yield make_result(image, pixels, sample, self.classes)

    def preprocess(
        self, inputs: Sequence[InputSource], batch_size: int = 1, **kwargs
    ) -> ImageBatches:
        """Read images, `batch_size` at a time, and leave out those that fail.

        Returns:
            Iterable over the pixels of each image of a batch and the model's input.
        """
        batches = ImageBatches(
            name_inputs(inputs, self._folder),
            batch_size,
            self.pipeline,
            self.collate_fn,
            self.reader,
            self.shows_own_progress,
        )
        self.failures = batches.failures
        return batches

    def forward(self, inputs: dict, **kwargs) -> list[DetDataSample]:
        """Predict a batch; an empty one gives an empty list."""
        return super().forward(inputs, **kwargs) if inputs else []

    def visualize(
        self,
        inputs: Sequence[str | np.ndarray],
        preds: Sequence[DetDataSample],
        return_vis: bool = False,
        show: bool = False,
        wait_time: float = 0,
        draw_pred: bool = True,
        pred_score_thr: float = 0.0,
        no_save_vis: bool = False,
        img_out_dir: str = '',
        **kwargs,
    ) -> list[np.ndarray] | None:
        """Draw the predictions of a batch; arguments as `__call__`.

        Returns:
            (h, w, 3) uint8 RGB pictures, None where drawing failed; None unless
            `return_vis`.
        """
        if no_save_vis:
            img_out_dir = ''
        if not (return_vis or show or img_out_dir):
            return None
        pictures = []
        for image, sample in zip(inputs, preds, strict=True):
            picture = draw_prediction(
                self.visualizer,
                output_name(sample, self.num_visualized_imgs),
                self.reader.read(image) if isinstance(image, str) else image,
                sample,
                img_out_dir,
                self.failures,
                draw_pred=draw_pred,
                show=show,
                wait_time=wait_time,
                pred_score_thr=pred_score_thr,
            )
            self.num_visualized_imgs += 1
            if return_vis:
                pictures.append(picture)
        return pictures if return_vis else None

    def postprocess(
        self,
        preds: Sequence[DetDataSample],
        visualization: list[np.ndarray] | None = None,
        return_datasamples: bool = False,
        print_result: bool = False,
        no_save_pred: bool = False,
        pred_out_dir: str = '',
        **kwargs,
    ) -> dict:
        """Write and return the predictions of a batch; arguments as `__call__`.

        Unlike upstream's, data samples are written too.
        """
        if no_save_pred:
            pred_out_dir = ''
        with self.results.writing(pred_out_dir):
            if return_datasamples and pred_out_dir:
                for sample in preds:
                    self.pred2dict(sample, pred_out_dir)
                pred_out_dir = ''
            return super().postprocess(
                preds,
                visualization,
                return_datasamples=return_datasamples,
                print_result=print_result,
                pred_out_dir=pred_out_dir,
            )

    def pred2dict(self, data_sample: DetDataSample, pred_out_dir: str = '') -> dict:
        """Turn a prediction into plain values, and write it.

        Args:
            data_sample: With `pred_panoptic_seg`.
            pred_out_dir: Where to write; '' writes nothing.

        Returns:
            - `labels`, `scores`, `bboxes` and, where the model has them, `masks`
              (RLE), as upstream gives.
            - `panoptic_seg`, (H, W, 3) uint8 RGB of segment ids R + 256 G +
              65536 B, where nothing is written; else `panoptic_seg_path`, its PNG.
            - `image_id`, `file_name` and `segments_info`: the annotation in COCO's
              format, see `panoptic_annotation`.
        """
        # Upstream's code gets no map: it would overwrite void there.
        instances = DetDataSample()
        if 'pred_instances' in data_sample:
            instances.pred_instances = data_sample.pred_instances
        result = super().pred2dict(instances)
        result.update(
            self.results.add(data_sample, self.num_predicted_imgs, pred_out_dir)
        )
        self.num_predicted_imgs += 1
        return result
